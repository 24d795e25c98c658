package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

func TestANewLinkEndsTheOldOneAndIsSentOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := s.sentOut(t, 2)
		one := s.employers[0]
		if err := s.Anew(ctx, s.wave.ID, one.ID); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.to(one.Email)
		pop, err := s.Identity.Population(ctx, s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		fresh := s.Secret.Link(pop.LinkSalt, one.ID, one.Epoch+1)
		if len(got) != 2 || len(sink.all()) != 3 || !strings.Contains(got[1].text(t), fresh) {
			t.Fatalf("%d messages to the participant, %d in all", len(got), len(sink.all()))
		}
		if _, err := s.Identity.HolderByToken(ctx, keys.HashToken(s.Secret.Link(pop.LinkSalt, one.ID, one.Epoch))); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the old link still works: %v", err)
		}
		if h, err := s.Identity.HolderByToken(ctx, keys.HashToken(fresh)); err != nil || h.ID != one.ID {
			t.Errorf("the new link: %v", err)
		}
	})
}

func TestANewLinkDoesNotTellWhoDeclined(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := s.sentOut(t, 2)
		if err := s.Identity.SetParticipantState(ctx, s.employers[0].ID, []string{"open"}, "refused"); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.employers {
			if err := s.Anew(ctx, s.wave.ID, p.ID); err != nil {
				t.Errorf("one who is %s: %v", s.again(t, p).State, err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if n := len(sink.to(s.employers[0].Email)); n != 1 {
			t.Errorf("%d messages to who declined", n)
		}
		if err := s.Anew(ctx, "another wave", s.employers[1].ID); !errors.Is(err, ErrNothingToCorrect) {
			t.Errorf("a participant of another wave: %v", err)
		}
		if err := s.Identity.Suppress(ctx, EmailHash(s.Secret, s.office.Email), "stopped"); err != nil {
			t.Fatal(err)
		}
		if err := s.Anew(ctx, s.wave.ID, s.office.ID); !errors.Is(err, ErrNoMessages) {
			t.Errorf("an address that wants no messages: %v", err)
		}
	})
}

// seen is what the page about messages counts, planned what it would send.
func (s *scene) seen(t *testing.T) string {
	t.Helper()
	state, err := s.State(t.Context(), s.wave)
	if err != nil {
		t.Fatal(err)
	}
	progress, err := s.Progress(t.Context(), s.wave)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(state, progress)
}

func (s *scene) planned(t *testing.T) (told string) {
	t.Helper()
	for _, kind := range []string{"invitation", "reminder"} {
		plan, err := s.Plan(t.Context(), s.wave, "employer", kind)
		if err != nil {
			t.Fatal(err)
		}
		told += fmt.Sprintf("%s: queue %d, already %d; ", kind, plan.Told().Queue, plan.Told().Already)
	}
	return told
}

// Numbers before and after would tell the same as a name: of those who decline and hand over too.
func TestNoNumberOrLineOfTheLogTellsWhomANewLinkReached(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 4)
		_, relay := s.sentOut(t, 4)
		s.become(t, s.employers[0], "refused")
		if err := s.HandOver(ctx, s.holder(t, 1), "colleague@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		var log bytes.Buffer
		before, planned, waiting := s.seen(t), s.planned(t), ""
		for i, p := range s.employers { // declined, handed over, answered, none of these
			if err := s.Anew(ctx, s.wave.ID, p.ID); err != nil {
				t.Fatal(err)
			}
			if after := s.seen(t); after != before {
				t.Errorf("queueing number %d shows:\n%s\nbefore:\n%s", i, after, before)
			}
			if now := s.planned(t); i == 0 {
				waiting = now
			} else if now != waiting {
				t.Errorf("while number %d waits the plans say %s, of another %s", i, now, waiting)
			}
			w := s.worker(relay)
			w.Log = slog.New(slog.NewTextHandler(&log, nil))
			w.Done = func(_ context.Context, _ identity.Population, among []identity.Participant) (map[string]bool, error) {
				return map[string]bool{s.employers[2].ID: true}, nil
			}
			run(t, []*Worker{w}, func() bool { return s.idleNow(t) })
			if after := s.seen(t); after != before || log.Len() > 0 {
				t.Errorf("sending number %d shows:\n%s\nbefore:\n%s\nlog: %s", i, after, before, log.String())
			}
			if now := s.planned(t); now != planned {
				t.Errorf("after number %d the plans say %s, before %s", i, now, planned)
			}
			log.Reset()
		}
	})
}

func TestFindingAParticipantNeedsPartOfANameAndShowsNoAddress(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 30)
		for typed, want := range map[string]int{"": 0, "fi": 0, " FIRMA 7 ": 1, "e7@firma": 1, "firma": mostFound, "vaud": 1, "nobody": 0} {
			found, more, err := s.Find(ctx, s.wave.ID, typed)
			if err != nil || len(found) != want || more != (want == mostFound) {
				t.Errorf("%q finds %d, more %v, %v; want %d", typed, len(found), more, err, want)
			}
			for _, f := range found {
				if !strings.Contains(f.Masked, "…") {
					t.Errorf("%q shows %s", typed, f.Masked)
				}
			}
		}
	})
}

func TestALinkMadeAnewCountsAsNothingThatCameBack(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 0)
		_, relay := startSink(t)
		s.queue(t, "office", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if err := s.Anew(ctx, s.wave.ID, s.office.ID); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		state, err := s.State(ctx, s.wave)
		if want := []Count{{Population: "office", Kind: "invitation", State: "sent", N: 2}}; err != nil || !slices.Equal(want, state.Counts) {
			t.Errorf("counts %+v, want %+v, %v", state.Counts, want, err)
		}
	})
}
