package identity_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// made is a wave with one office and n employers.
func made(t *testing.T, s *storage.Store, n int) (identity.Wave, identity.Participant, []identity.Participant) {
	t.Helper()
	ctx := t.Context()
	opens := time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)
	w, err := s.Identity.CreateWave(ctx, identity.Wave{Label: "2026", RefFrom: 2023, RefTo: 2025, OpensAt: opens, Settings: map[string]string{"order": "size"}},
		[]identity.Population{{Name: "office", Questionnaire: "office/2", Opens: opens, Closes: opens.Add(time.Hour)}, {Name: "employer", Questionnaire: "employer/2"}})
	if err != nil {
		t.Fatal(err)
	}
	people := []identity.Participant{{WaveID: w.ID, Population: "office", Code: "VD", Name: "Office AI Vaud", Language: "fr", Quota: 12,
		Names: map[string]string{"de": "IV-Stelle Waadt"}, TokenHash: keys.HashToken("vd")}}
	for i := range n {
		people = append(people, identity.Participant{WaveID: w.ID, Population: "employer", Code: fmt.Sprintf("e%04d", i), Email: fmt.Sprintf("e%d@firm.example", i),
			Stratum: map[string]string{"mode": "nominated"}, TokenHash: keys.HashToken(fmt.Sprint(i)), OfficeID: ""})
	}
	if err := s.Identity.AddParticipants(ctx, people[:1]); err != nil {
		t.Fatal(err)
	}
	for i := range people[1:] {
		people[i+1].OfficeID = people[0].ID
	}
	if err := s.Identity.AddParticipants(ctx, people[1:]); err != nil {
		t.Fatal(err)
	}
	return w, people[0], people[1:]
}

func TestWave(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, _, _ := made(t, s, 0)
		byLabel, err := s.Identity.WaveByLabel(ctx, "2026")
		if diff := cmp.Diff(w, byLabel); err != nil || diff != "" {
			t.Errorf("WaveByLabel differs: %v\n%s", err, diff)
		}
		if byLabel.OpensAt.Location() != time.UTC || !byLabel.ClosesAt.IsZero() {
			t.Errorf("times are %v and %v, want UTC and zero", byLabel.OpensAt, byLabel.ClosesAt)
		}
		_, err = s.Identity.WaveByLabel(ctx, "2027")
		wantErr(t, "an unknown label", err, storage.ErrNotFound)
		_, err = s.Identity.CreateWave(ctx, identity.Wave{Label: "2026"}, nil)
		wantErr(t, "the same label again", err, storage.ErrDuplicate)

		wantErr(t, "setup → running", s.Identity.SetWaveState(ctx, w.ID, "setup", "running"), nil)
		wantErr(t, "setup → running again", s.Identity.SetWaveState(ctx, w.ID, "setup", "running"), storage.ErrState)
		wantErr(t, "running → closed", s.Identity.SetWaveState(ctx, w.ID, "running", "closed"), nil)
		wantErr(t, "settings", s.Identity.SetWaveSetting(ctx, w.ID, "groups", "4"), nil)
		closed, err := s.Identity.WaveByID(ctx, w.ID)
		if err != nil || closed.ClosedAt.IsZero() || closed.Settings["groups"] != "4" || closed.Settings["order"] != "size" || closed.Label != "2026" {
			t.Errorf("after closing the wave is %+v, %v", closed, err)
		}
		populations, err := s.Identity.Populations(ctx, w.ID)
		if err != nil || len(populations) != 2 || populations[0].Name != "office" || populations[1].State != "planned" || len(populations[0].LinkSalt) != 32 {
			t.Errorf("Populations = %+v, %v", populations, err)
		}
		wantErr(t, "pin another version", s.Identity.SetQuestionnaire(ctx, w.ID, "office", "office/3", "h3"), nil)
		wantErr(t, "open", s.Identity.SetPopulationState(ctx, w.ID, "office", "planned", "open"), nil)
		wantErr(t, "pin another version of an open population", s.Identity.SetQuestionnaire(ctx, w.ID, "office", "office/4", "h4"), storage.ErrState)
	})
}

func TestEntryInOneStatement(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, office, employers := made(t, s, 3)
		before := s.DB.Statements()
		entry, err := s.Identity.EntryByID(ctx, employers[1].ID)
		if n := s.DB.Statements() - before; err != nil || n != 1 {
			t.Fatalf("%d statements, %v; want 1", n, err)
		}
		if diff := cmp.Diff(identity.Entry{Participant: employers[1], Population: population(t, s, w.ID, "employer"), Wave: w, Office: &office}, entry,
			cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Office.TokenHash" }, cmp.Ignore())); diff != "" {
			t.Errorf("entry differs (-want +got):\n%s", diff)
		}
		entry, err = s.Identity.EntryByID(ctx, office.ID)
		if err != nil || entry.Office != nil || entry.Participant.Names["de"] != "IV-Stelle Waadt" {
			t.Errorf("an office's entry = %+v, %v", entry, err)
		}
		_, err = s.Identity.EntryByID(ctx, "nobody")
		wantErr(t, "an unknown id", err, storage.ErrNotFound)
	})
}

func TestManyEntriesAreWhatEachIsByItself(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		_, office, employers := made(t, s, 700) // more than one statement takes
		other, err := s.Identity.CreateWave(ctx, identity.Wave{Label: "2031", State: "running"}, []identity.Population{{Name: "employer", Questionnaire: "employer/3"}})
		if err != nil {
			t.Fatal(err)
		}
		panel := []identity.Participant{{WaveID: other.ID, Population: "employer", Code: "p1", Name: "Panel", TokenHash: keys.HashToken("p1")}} // of no office
		if err := s.Identity.AddParticipants(ctx, panel); err != nil {
			t.Fatal(err)
		}
		ids := []string{"nobody", office.ID, panel[0].ID, office.ID}
		for _, e := range employers {
			ids = append(ids, e.ID)
		}
		got, err := s.Identity.EntriesByID(ctx, ids)
		if err != nil || len(got) != len(employers)+2 {
			t.Fatalf("%d entries, %v, want %d", len(got), err, len(employers)+2)
		}
		for _, id := range []string{office.ID, panel[0].ID, employers[0].ID, employers[len(employers)-1].ID} {
			want, err := s.Identity.EntryByID(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got[id]); diff != "" {
				t.Errorf("entry differs from the one that is read alone (-want +got):\n%s", diff)
			}
		}
		if none, err := s.Identity.EntriesByID(ctx, nil); err != nil || len(none) != 0 {
			t.Errorf("of nobody: %v, %v", none, err)
		}
	})
}

func TestTheHolderOfALinkInOneStatement(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, office, employers := made(t, s, 2)
		employers[1].Stratum = map[string]string{"branch": "B \"<&>\" ü", "size": ""}
		wantErr(t, "strata", s.Identity.SetStrata(ctx, employers[1:]), nil)

		before := s.DB.Statements()
		got, err := s.Identity.HolderByToken(ctx, keys.HashToken("1"))
		if n := s.DB.Statements() - before; err != nil || n != 1 {
			t.Fatalf("%d statements, %v; want 1", n, err)
		}
		holder := func(p identity.Participant) identity.Holder {
			return identity.Holder{
				ID: p.ID, Population: population(t, s, w.ID, p.Population), Code: p.Code, Name: p.Name, Language: p.Language,
				Stratum: p.Stratum, State: p.State, Quota: p.Quota, Names: p.Names,
				Wave: identity.HolderWave{ID: w.ID, RefFrom: w.RefFrom, RefTo: w.RefTo, State: w.State, Synthetic: w.Synthetic, Settings: w.Settings},
			}
		}
		want := holder(employers[1])
		want.Office = &identity.HolderOffice{Code: office.Code, Name: office.Name, Names: office.Names}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("an employer differs (-want +got):\n%s", diff)
		}
		got, err = s.Identity.HolderByToken(ctx, keys.HashToken("vd"))
		if diff := cmp.Diff(holder(office), got); err != nil || diff != "" {
			t.Errorf("an office differs: %v (-want +got):\n%s", err, diff)
		}
		for _, p := range []identity.Participant{employers[1], office} {
			entry, err := s.Identity.EntryByID(ctx, p.ID)
			found, failed := s.Identity.HolderByToken(ctx, p.TokenHash)
			if diff := cmp.Diff(found, entry.Holder()); err != nil || failed != nil || diff != "" {
				t.Errorf("a holder found by id differs from one found by link: %v, %v\n%s", err, failed, diff)
			}
		}
		_, err = s.Identity.HolderByToken(ctx, keys.HashToken("guess"))
		wantErr(t, "a guess", err, storage.ErrNotFound)
		if fmt.Sprint(got.LogValue()) != "[hidden]" {
			t.Error("the holder of a link can be logged")
		}
	})
}

func population(t *testing.T, s *storage.Store, waveID, name string) identity.Population {
	t.Helper()
	p, err := s.Identity.Population(t.Context(), waveID, name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParticipants(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, office, employers := made(t, s, 1201) // more than two statements' worth

		all, err := s.Identity.Participants(ctx, w.ID, "employer")
		if diff := cmp.Diff(employers, all); err != nil || diff != "" {
			t.Errorf("Participants differ: %v\n%s", err, diff)
		}
		mine, err := s.Identity.ParticipantsOf(ctx, office.ID, "employer")
		if err != nil || len(mine) != len(employers) {
			t.Errorf("ParticipantsOf gives %d, %v", len(mine), err)
		}
		err = s.Identity.AddParticipants(ctx, []identity.Participant{{WaveID: w.ID, Population: "employer", Code: "new"}, {WaveID: w.ID, Population: "employer", Code: "e0000"}})
		wantErr(t, "a code that is taken", err, storage.ErrDuplicate)
		_, err = s.Identity.ParticipantByCode(ctx, w.ID, "employer", "new")
		wantErr(t, "the other one of that list", err, storage.ErrNotFound)

		first := employers[0]
		wantErr(t, "refuse", s.Identity.SetParticipantState(ctx, first.ID, []string{"open", "wrong_person"}, "refused"), nil)
		wantErr(t, "refuse again", s.Identity.SetParticipantState(ctx, first.ID, []string{"open"}, "refused"), storage.ErrState)
		wantErr(t, "new link", s.Identity.Reissue(ctx, first.ID, keys.HashToken("new"), 1), nil)
		wantErr(t, "new link by somebody else", s.Identity.Reissue(ctx, first.ID, keys.HashToken("newer"), 1), storage.ErrConflict)
		_, err = s.Identity.HolderByToken(ctx, keys.HashToken("0"))
		wantErr(t, "the old link", err, storage.ErrNotFound)
		first.Stratum, first.Group = map[string]string{}, "west"
		wantErr(t, "strata", s.Identity.SetStrata(ctx, []identity.Participant{first}), nil)
		wantErr(t, "groups", s.Identity.SetGroups(ctx, []identity.Participant{first}), nil)
		got, err := s.Identity.ParticipantByID(ctx, first.ID)
		if err != nil || got.Group != "west" || len(got.Stratum) != 0 || got.State != "refused" || got.Epoch != 1 {
			t.Errorf("after the changes: %+v, %v", got, err)
		}
		if fmt.Sprint(got.LogValue()) != "[hidden]" {
			t.Error("a participant can be logged")
		}

		var done []string
		for _, p := range employers[1:] {
			done = append(done, p.ID)
		}
		wantErr(t, "mark done", s.Identity.MarkDone(ctx, w.ID, "employer", done), nil)
		n := 0
		all, err = s.Identity.Participants(ctx, w.ID, "")
		for _, p := range all {
			if p.State == "done" {
				n++
			}
		}
		if err != nil || n != 1200 {
			t.Errorf("%d are done, want 1200; %v", n, err)
		}
	})
}

func TestMarkDoneWritesEverybodyAnew(t *testing.T) {
	s := storagetest.Open(t, "postgres")
	w, _, employers := made(t, s, 40)
	if err := s.Identity.MarkDone(t.Context(), w.ID, "employer", []string{employers[3].ID, employers[30].ID}); err != nil {
		t.Fatal(err)
	}
	ages := map[any]bool{}
	for _, table := range storagetest.Dump(t, s) {
		if table.Name != "participants" {
			continue
		}
		population, age := table.Column("population"), table.Column("xmin")
		for i := range population {
			if population[i] == "employer" {
				ages[age[i]] = true
			}
		}
	}
	if len(ages) != 1 {
		t.Errorf("the rows of employers have %d ages, want one", len(ages))
	}
}

func TestNominations(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, office, _ := made(t, s, 0)
		two := []identity.Nomination{{WaveID: w.ID, OfficeID: office.ID, Name: "B"}, {WaveID: w.ID, OfficeID: office.ID, Name: "A", Town: "Morges"}}
		wantErr(t, "add", s.Identity.AddNominations(ctx, two), nil)
		if err := s.Identity.AddNominations(ctx, []identity.Nomination{{WaveID: w.ID, OfficeID: office.ID, Name: "C"}, {WaveID: w.ID, OfficeID: "nobody"}}); err == nil {
			t.Error("a nomination by nobody is kept")
		}
		list, err := s.Identity.Nominations(ctx, w.ID, office.ID)
		if err != nil || len(list) != 2 || list[0].Name != "A" || list[0].State != "proposed" {
			t.Errorf("Nominations = %+v, %v", list, err)
		}
		changed := list[0]
		changed.Town = "Nyon"
		wantErr(t, "update", s.Identity.UpdateNomination(ctx, changed), nil)
		wantErr(t, "approve", s.Identity.SetNominationState(ctx, changed.ID, "proposed", "approved", "", "p1"), nil)
		wantErr(t, "approve again", s.Identity.SetNominationState(ctx, changed.ID, "proposed", "rejected", "no", ""), storage.ErrState)
		wantErr(t, "update an approved one", s.Identity.UpdateNomination(ctx, changed), storage.ErrState)
		got, err := s.Identity.NominationByID(ctx, changed.ID)
		if err != nil || got.Town != "Nyon" || got.ParticipantID != "p1" || got.State != "approved" {
			t.Errorf("after approval: %+v, %v", got, err)
		}
	})
}

func TestSuppressionAndPanel(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		is := func(want bool) {
			t.Helper()
			if got, err := s.Identity.Suppressed(ctx, []byte("hash")); err != nil || got != want {
				t.Errorf("Suppressed = %v, %v; want %v", got, err, want)
			}
		}
		is(false)
		wantErr(t, "suppress", s.Identity.Suppress(ctx, []byte("hash"), "wish"), nil)
		wantErr(t, "suppress again", s.Identity.Suppress(ctx, []byte("hash"), "bounce"), nil)
		is(true)
		wantErr(t, "unsuppress", s.Identity.Unsuppress(ctx, []byte("hash")), nil)
		is(false)

		for _, m := range []identity.PanelMember{{Name: "B", Email: "b@x.example", Year: 2026}, {Name: "A", Email: "a@x.example", Year: 2026}, {Name: "B2", Email: "b@x.example", Year: 2029}} {
			wantErr(t, "join", s.Identity.AddPanel(ctx, m), nil)
		}
		members, err := s.Identity.Panel(ctx)
		if err != nil || len(members) != 2 || members[1].Name != "B2" || members[1].Year != 2029 {
			t.Errorf("Panel = %+v, %v", members, err)
		}
		wantErr(t, "leave", s.Identity.LeavePanel(ctx, "a@x.example"), nil)
		if members, _ := s.Identity.Panel(ctx); len(members) != 1 {
			t.Errorf("after leaving there are %d members", len(members))
		}
	})
}

// TestTheTermsOfALinkAreAtMostASecondOld: what many links have in common may be as old as that, what
// is the participant's own never, and a transaction reads what is there.
func TestTheTermsOfALinkAreAtMostASecondOld(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, hash := t.Context(), keys.HashToken("terms")
		w, err := s.Identity.CreateWave(ctx, identity.Wave{Label: "2031"}, []identity.Population{{Name: "employer", State: "open", Questionnaire: "employer/2"}})
		if err != nil {
			t.Fatal(err)
		}
		p := identity.Participant{ID: "p", WaveID: w.ID, Population: "employer", Name: "Before", State: "open", TokenHash: hash, Stratum: map[string]string{}, Names: map[string]string{}}
		if err := s.DB.Gorm(ctx).Create(&p).Error; err != nil {
			t.Fatal(err)
		}
		read := func(from *identity.Store) (name string, closes int64) {
			t.Helper()
			h, err := from.HolderByToken(ctx, hash)
			if err != nil {
				t.Fatal(err)
			}
			return h.Name, h.Population.Closes.Unix()
		}
		_, before := read(s.Identity)
		if err := s.Identity.SetWindow(ctx, w.ID, "employer", time.Unix(1000, 0), time.Unix(2000, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.DB.Exec(ctx, "UPDATE participants SET name = ? WHERE id = ?", "After", "p"); err != nil {
			t.Fatal(err)
		}
		name, closes := read(s.Identity)
		if name != "After" || (closes != before && closes != 2000) {
			t.Errorf("at once: %q, until %d", name, closes)
		}
		err = s.DB.InTx(ctx, func(tx *db.DB) error {
			if _, closes := read(s.Identity.With(tx)); closes != 2000 {
				t.Errorf("in a transaction: until %d", closes)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		for waited := 0; closes != 2000; waited++ { // on a busy machine the second is longer
			if waited > 600 {
				t.Fatalf("long after a second: until %d", closes)
			}
			time.Sleep(100 * time.Millisecond)
			_, closes = read(s.Identity)
		}
		if _, err := s.DB.Exec(ctx, "UPDATE participants SET token_hash = NULL WHERE id = ?", "p"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Identity.HolderByToken(ctx, hash); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("a revoked link, at once: %v", err)
		}
	})
}
