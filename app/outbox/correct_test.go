package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// troubles are the tasks about hand-overs: message id to what may be done.
func (s *scene) troubles(t *testing.T) map[string]Trouble {
	t.Helper()
	state, err := s.State(context.Background(), s.wave)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Trouble{}
	for _, one := range state.Trouble {
		if one.Kind == identity.MessageHandOver {
			all[one.MessageID] = one
		}
	}
	return all
}

// only is the one task there is.
func (s *scene) only(t *testing.T) Trouble {
	t.Helper()
	for _, one := range s.troubles(t) {
		if len(s.troubles(t)) == 1 {
			return one
		}
	}
	t.Fatalf("tasks %+v, want one", s.troubles(t))
	return Trouble{}
}

func TestAMistypedColleagueIsCorrected(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := startSink(t)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		if err := s.HandOver(ctx, s.holder(t, 0), "nobody.anna@firma.example.ch", "it"); err != nil {
			t.Fatal(err)
		}
		send()
		task, dead := s.only(t), s.holder(t, 0)
		if !task.Correctable || task.Again || task.Name != "" || dead.State != "undeliverable" {
			t.Errorf("the task %+v of a participant who is %s", task, dead.State)
		}
		for name, c := range map[string]struct {
			wrong, right string
			want         error
		}{
			"another address than it went to": {"anna@firma.example.ch", "berta@firma.example.ch", ErrWrongAddress},
			"no address at all":               {"", "berta@firma.example.ch", ErrWrongAddress},
			"no right address":                {"nobody.anna@firma.example.ch", "berta", ErrColleague},
			"the same once more":              {"nobody.anna@firma.example.ch", "Nobody.Anna@firma.example.ch", ErrColleague},
			"where a message arrived":         {s.employers[1].Email, "berta@firma.example.ch", ErrWrongAddress},
		} {
			if err := s.Correct(ctx, s.wave, c.wrong, c.right); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Correct(ctx, s.wave, "NOBODY.anna@firma.example.ch", "anna@firma.example.ch"); err != nil {
			t.Fatal(err)
		}
		if err := s.Correct(ctx, s.wave, "nobody.anna@firma.example.ch", "eve@firma.example.ch"); !errors.Is(err, ErrWrongAddress) {
			t.Errorf("once more: %v", err)
		}
		send()
		got := sink.all()
		if len(got) != 1 || got[0].to != "anna@firma.example.ch" || !strings.HasPrefix(got[0].text(t), "Buongiorno") {
			t.Fatalf("%d messages, %v", len(got), s.states(t, "handover"))
		}
		h := s.holder(t, 0)
		if h.State != "open" || h.Handovers != 1 || h.Epoch != dead.Epoch+1 || len(s.troubles(t)) != 0 {
			t.Errorf("afterwards %s, %d hand-overs, epoch %d, tasks %v", h.State, h.Handovers, h.Epoch, s.troubles(t))
		}
		if _, err := s.Identity.HolderByToken(ctx, keys.HashToken(s.Secret.Link(dead.Population.LinkSalt, dead.ID, dead.Epoch))); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the link that went to the wrong address: %v", err)
		}
		if other := s.holder(t, 1); other.Epoch != 1 || other.Handovers != 0 {
			t.Errorf("somebody else's row changed: %+v", other)
		}
		if err := s.HandOver(ctx, h, "berta@firma.example.ch", "de"); err != nil {
			t.Errorf("the next hand-over: %v", err)
		}
	})
}

func TestACorrectedAddressCanBeWrongAgainButNotForEver(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		_, relay := startSink(t)
		if err := s.HandOver(ctx, s.holder(t, 0), "nobody0@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
			wrong, right := fmt.Sprintf("nobody%d@firma.example.ch", i), fmt.Sprintf("nobody%d@firma.example.ch", i+1)
			err := s.Correct(ctx, s.wave, wrong, right)
			if i == 9 != errors.Is(err, db.ErrConflict) || i < 9 && err != nil {
				t.Fatalf("correction %d: %v", i+1, err)
			}
		}
	})
}

func TestAFailedHandOverIsSentOnceMoreWithTheSameLink(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, relay := startSink(t)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		if err := s.HandOver(ctx, s.holder(t, 0), "spam@firma.example.ch", "fr"); err != nil {
			t.Fatal(err)
		}
		send()
		task := s.only(t)
		if !task.Again || task.State != "failed" || s.holder(t, 0).State != "open" {
			t.Fatalf("the task %+v of a participant who is %s", task, s.holder(t, 0).State)
		}
		if err := s.Resend(ctx, task.MessageID); err != nil {
			t.Fatal(err)
		}
		if err := s.Resend(ctx, task.MessageID); !errors.Is(err, db.ErrState) {
			t.Errorf("twice: %v", err)
		}
		if got := s.states(t, "handover"); got["queued"] != 1 || got["failed"] != 1 {
			t.Errorf("messages %v", got)
		}
		messages, err := s.Identity.Messages(ctx, s.wave.ID)
		if err != nil || len(messages) != 2 || messages[1].Number != identity.HandOverNumber(1)+1 {
			t.Fatalf("messages %+v, %v", messages, err)
		}
		// The relay takes it now: the same address, spelt so that the sink lets it through.
		if _, err := s.DB.Exec(ctx, "UPDATE participants SET colleague = 'anna@firma.example.ch' WHERE id = ?", s.employers[0].ID); err != nil {
			t.Fatal(err)
		}
		send()
		got := sink.all()
		if len(got) != 1 || !strings.HasPrefix(got[0].text(t), "Bonjour") {
			t.Fatalf("%d messages went out", len(got))
		}
		_, link, _ := strings.Cut(got[0].text(t), public+"/r/")
		if h, err := s.Identity.HolderByToken(ctx, keys.HashToken(link[:keys.TokenLength])); err != nil || h.ID != s.employers[0].ID {
			t.Errorf("the link in what was sent once more: %v", err)
		}
		if err := s.HandOver(ctx, s.holder(t, 0), "berta@firma.example.ch", "de"); err != nil {
			t.Errorf("the next hand-over: %v", err)
		}
		if err := s.Resend(ctx, task.MessageID); !errors.Is(err, db.ErrState) {
			t.Errorf("sending once more what was handed over since: %v", err)
		}
	})
}
