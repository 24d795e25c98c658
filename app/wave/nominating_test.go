package wave

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// stand is a wave whose two offices nominate; employers are planned.
type stand struct {
	*Service
	t       *testing.T
	w       identity.Wave
	offices map[string]identity.Participant
}

func newStand(t *testing.T, store *storage.Store, label string) *stand {
	t.Helper()
	s := &stand{Service: &Service{Store: store}, t: t, offices: map[string]identity.Participant{}}
	ctx := context.Background()
	now, err := store.DB.Now(ctx)
	must(t, err)
	s.w, err = s.Create(ctx, Plan{Label: label, RefFrom: 2021, RefTo: 2026, Opens: now.Add(-time.Hour), Closes: now.AddDate(0, 1, 0)})
	must(t, err)
	must(t, s.AddOffices(ctx, label, []identity.Participant{
		{Code: "ZH", Name: "Zürich", Email: "zh@example.ch", Language: "de", Quota: 40}, {Code: "BE", Name: "Bern", Email: "be@example.ch", Language: "de", Quota: 40},
	}))
	all, err := store.Identity.Participants(ctx, s.w.ID, "office")
	must(t, err)
	for _, o := range all {
		s.offices[o.Code] = o
	}
	must(t, s.Open(ctx, label, "office"))
	return s
}

// propose lets an office propose and gives the ids.
func (s *stand) propose(code string, emails ...string) []string {
	s.t.Helper()
	var list []identity.Nomination
	for _, email := range emails {
		list = append(list, identity.Nomination{WaveID: s.w.ID, OfficeID: s.offices[code].ID, Name: "Firma " + email, Email: email, Language: "de", Size: "1-9", Branch: "f"})
	}
	must(s.t, s.Store.Identity.AddNominations(s.t.Context(), list))
	var ids []string
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return ids
}

func (s *stand) state(id string) string {
	s.t.Helper()
	n, err := s.Store.Identity.NominationByID(s.t.Context(), id)
	must(s.t, err)
	return n.State
}

func (s *stand) employers() []identity.Participant {
	s.t.Helper()
	all, err := s.Store.Identity.Participants(s.t.Context(), s.w.ID, "employer")
	must(s.t, err)
	return all
}

func (s *stand) holder(code string) identity.Holder {
	o := s.offices[code]
	return identity.Holder{ID: o.ID, Code: code, Quota: o.Quota, Wave: identity.HolderWave{ID: s.w.ID}, Population: identity.Population{WaveID: s.w.ID, Name: "office"}}
}

func TestOneInvitationForAnEmployerThatTwoOfficesNominate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s := newStand(t, store, "2026")
		z := s.propose("ZH", "info@firma.ch", "z2@firma.ch")
		b := s.propose("BE", "Info@Firma.ch")
		settled, err := s.Approve(t.Context(), "2026", z) // of ZH alone
		if err != nil || settled != (Settled{Approved: 2, Duplicates: 1}) {
			t.Fatalf("Approve = %+v, %v", settled, err)
		}
		if s.state(z[0]) != "duplicate" || s.state(z[1]) != "approved" || s.state(b[0]) != "approved" {
			t.Errorf("states %s %s %s", s.state(z[0]), s.state(z[1]), s.state(b[0]))
		}
		for _, e := range s.employers() {
			if e.Email == "Info@Firma.ch" && (e.OfficeID != s.offices["BE"].ID || e.Selection != "picked") {
				t.Errorf("invited %+v", e)
			}
		}
		later := s.propose("ZH", "INFO@firma.ch")
		if settled, err = s.Approve(t.Context(), "2026", later); err != nil || settled != (Settled{Duplicates: 1}) || len(s.employers()) != 2 {
			t.Errorf("once more: %+v, %v, %d employers", settled, err, len(s.employers()))
		}
		if _, err := s.Approve(t.Context(), "2026", []string{"nobody"}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("an id of nobody: %v", err)
		}
	})
}

func TestTwoWhoApproveAtOnceInviteOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s := newStand(t, store, "2026")
		ids := slices.Concat(s.propose("ZH", "a@firma.ch", "b@firma.ch"), s.propose("BE", "a@firma.ch", "b@firma.ch"))
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := s.Approve(t.Context(), "2026", ids); err != nil && !errors.Is(err, storage.ErrState) && !errors.Is(err, storage.ErrBusy) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(s.employers()); n != 2 {
			t.Errorf("%d employers, want 2", n)
		}
	})
}

// TestWhoOptedOutIsNotInvitedInALaterWave has an employer that declined, one that declined and answered
// after all, one that stopped messages, and one that did nothing; the wave is archived, and all are
// nominated again, spelled otherwise.
func TestWhoOptedOutIsNotInvitedInALaterWave(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		s := newStand(t, store, "2026")
		_, err := s.Approve(ctx, "2026", s.propose("ZH", "declined@firma.ch", "after.all@firma.ch", "stopped@firma.ch", "quiet@firma.ch"))
		must(t, err)
		must(t, s.Open(ctx, "2026", "employer"))
		must(t, store.Identity.AddPanel(ctx, identity.PanelMember{Name: "Declined", Email: "declined@firma.ch", Language: "de", Year: 2020}))
		done := map[string]bool{}
		for _, e := range s.employers() {
			switch e.Email {
			case "declined@firma.ch":
				must(t, store.Identity.SetParticipantState(ctx, e.ID, []string{"open"}, "refused"))
			case "after.all@firma.ch":
				must(t, store.Identity.SetParticipantState(ctx, e.ID, []string{"open"}, "refused"))
				done[e.ID] = true
			case "stopped@firma.ch":
				must(t, store.Identity.Suppress(ctx, store.Secret.AddressHash(mail.Normal(e.Email)), "stopped"))
			}
		}
		s.answer(done)
		for _, name := range Populations[:2] {
			must(t, s.Close(ctx, "2026", name))
		}
		must(t, s.Open(ctx, "2026", "discussion"))
		must(t, s.Close(ctx, "2026", "discussion"))
		must(t, s.Archive(ctx, "2026"))
		for _, e := range s.employers() {
			if e.Email != "" {
				t.Errorf("an address outlives the archive: %s", e.Email)
			}
		}
		if members, err := store.Identity.Panel(ctx); err != nil || len(members) != 0 {
			t.Errorf("panel %v, %v: who declines leaves it", members, err)
		}

		next := newStand(t, store, "2030")
		ids := next.propose("BE", "Declined@Firma.ch", "after.all@FIRMA.ch", "STOPPED@firma.ch", "quiet@firma.ch")
		settled, err := next.Approve(ctx, "2030", ids)
		if err != nil || settled != (Settled{Approved: 2, Stopped: 2}) {
			t.Fatalf("in the next wave: %+v, %v", settled, err)
		}
		for i, want := range []string{"stopped", "approved", "stopped", "approved"} {
			if got := next.state(ids[i]); got != want {
				t.Errorf("%d is %s, want %s", i, got, want)
			}
		}
	})
}

func TestNobodyIsLaidBareByWithdrawals(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		s := newStand(t, store, "2026")
		var emails []string
		for i := range LeastShared + 2 {
			emails = append(emails, fmt.Sprintf("f%d@firma.ch", i))
		}
		ids := s.propose("ZH", emails...)
		_, err := s.Approve(ctx, "2026", ids)
		must(t, err)
		must(t, s.Withdraw(ctx, s.holder("ZH"), ids[0])) // planned: nothing is fixed yet
		must(t, s.Open(ctx, "2026", "employer"))
		must(t, s.Withdraw(ctx, s.holder("ZH"), ids[1]))
		if err := s.Withdraw(ctx, s.holder("ZH"), ids[2]); !errors.Is(err, ErrInvited) {
			t.Errorf("the eleventh: %v", err)
		}
		if err := s.Withdraw(ctx, s.holder("BE"), ids[3]); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("another office's: %v", err)
		}
		if n := len(s.employers()); n != LeastShared {
			t.Errorf("%d employers are left", n)
		}
	})
}

func TestThePanelIsASourceOfItsOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		s := newStand(t, store, "2026")
		for _, name := range []string{"new", "nominated", "invited", "stopped", "Schreinerei Huber"} {
			must(t, store.Identity.AddPanel(ctx, identity.PanelMember{Name: name, Email: name[:3] + "@firma.ch", Language: "it", Year: 2020}))
		}
		must(t, store.Identity.Suppress(ctx, store.Secret.AddressHash("sto@firma.ch"), "stopped"))
		s.propose("ZH", "Nom@firma.ch")
		_, err := s.Approve(ctx, "2026", s.propose("ZH", "INV@firma.ch"))
		must(t, err)
		must(t, s.AddEmployers(ctx, "2026", []identity.Participant{{Name: "Schreinerei Hubre AG", Email: "other@firma.ch", Language: "de", OfficeID: s.offices["BE"].ID}}))

		candidates, err := s.Candidates(ctx, s.w.ID)
		must(t, err)
		var ids []string
		for _, c := range candidates {
			want := map[string]string{"new": "", "nominated": "nominated", "invited": "invited", "stopped": "stopped", "Schreinerei Huber": ""}[c.Member.Name]
			if c.Why != want || (c.Like == "Schreinerei Hubre AG") != (c.Member.Name == "Schreinerei Huber") {
				t.Errorf("%s: %q, like %q", c.Member.Name, c.Why, c.Like)
			}
			ids = append(ids, c.Member.ID)
		}
		if n, err := s.TakePanel(ctx, "2026", ids); err != nil || n != 2 {
			t.Fatalf("TakePanel = %d, %v", n, err)
		}
		if n, err := s.TakePanel(ctx, "2026", ids); err != nil || n != 0 {
			t.Errorf("once more: %d, %v", n, err)
		}
		for _, e := range s.employers() {
			if e.Email == "new@firma.ch" && (e.Selection != "panel" || e.OfficeID != "" || e.Language != "it" || len(e.TokenHash) == 0) {
				t.Errorf("taken %+v", e)
			}
		}
		if settled, err := s.Approve(ctx, "2026", s.propose("BE", "NEW@firma.ch")); err != nil || settled.Duplicates != 1 {
			t.Errorf("an office nominates a member: %+v, %v", settled, err)
		}
		must(t, s.Open(ctx, "2026", "employer"))
		if _, err := s.Counts(ctx, s.w.ID); err != nil {
			t.Error(err)
		}
		if setting := s.Setting(identity.Holder{Population: identity.Population{Name: "employer"}}, time.Now()); setting.Office.In("fr") == "" {
			t.Error("an employer of no office is asked about nobody")
		}
	})
}
