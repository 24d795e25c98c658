package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// holder is who holds the present link of the n-th employer.
func (s *scene) holder(t *testing.T, n int) identity.Holder {
	t.Helper()
	p, err := s.Identity.ParticipantByID(context.Background(), s.employers[n].ID)
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Identity.HolderByToken(context.Background(), p.TokenHash)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAColleagueGetsTheNewLinkOnceInTheirLanguage(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := startSink(t)
		old := s.holder(t, 0)
		if err := s.HandOver(ctx, old, " Anna <anna@Firma.example.ch> ", "it"); err != nil {
			t.Fatal(err)
		}
		if err := s.HandOver(ctx, old, "berta@firma.example.ch", "de"); !errors.Is(err, db.ErrConflict) {
			t.Errorf("handing over by the old link: %v", err)
		}
		run(t, []*Worker{s.worker(relay), s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.all()
		if len(got) != 1 || got[0].to != "anna@firma.example.ch" {
			t.Fatalf("%d messages, the first to %q", len(got), got[0].to)
		}
		text := got[0].text(t)
		h, err := s.Identity.HolderByToken(ctx, keys.HashToken(linkIn(t, text)))
		if err != nil || h.ID != old.ID || h.Language != "it" || !strings.HasPrefix(text, "Buongiorno") {
			t.Errorf("the link in the message: %v; %q", err, text)
		}
		if _, err := s.Identity.HolderByToken(ctx, keys.HashToken(s.Secret.Link(old.Population.LinkSalt, old.ID, old.Epoch))); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the old link: %v", err)
		}
		s.queue(t, "employer", "invitation", 1) // as if nobody had been invited: the colleague was
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if n := len(sink.all()); n != 2 || len(sink.to(s.employers[1].Email)) != 1 {
			t.Errorf("%d messages, %d to who did not hand over", n, len(sink.to(s.employers[1].Email)))
		}
	})
}

// TestAColleagueGetsTheLinkThoughTheEndWasMoved: a relay may put a message off past the first end of a
// window, and nobody would queue this one again.
func TestAColleagueGetsTheLinkThoughTheEndWasMoved(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := startSink(t)
		if err := s.HandOver(ctx, s.holder(t, 0), "anna@firma.example.ch", "it"); err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "invitation", 1)
		pop := s.holder(t, 0).Population
		for _, end := range []time.Duration{-day, 14 * day} { // once to and once fro
			if err := s.Identity.SetWindow(ctx, s.wave.ID, "employer", pop.Opens, pop.Closes.Add(end)); err != nil {
				t.Fatal(err)
			}
		}
		s.passed(t, pop.Closes.Add(time.Hour).Sub(pop.Opens))
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if got := sink.all(); len(got) != 1 || got[0].to != "anna@firma.example.ch" {
			t.Errorf("%d messages, want the one about the hand-over and not the old invitation; states %v", len(got), s.states(t, "handover"))
		}
	})
}

func TestAQuestionnaireIsHandedOverThreeTimesAtMost(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		for range MostHandOvers {
			if err := s.HandOver(ctx, s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
				t.Fatal(err)
			}
		}
		before := s.holder(t, 0)
		if err := s.HandOver(ctx, before, "anna@firma.example.ch", "de"); !errors.Is(err, ErrHandedOften) {
			t.Errorf("once more: %v", err)
		}
		sink, relay := startSink(t)
		defer func() {
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
			if got := s.states(t, "handover"); len(sink.all()) != 1 || got["sent"] != 1 {
				t.Errorf("of three hand-overs in a row %d messages went out: %v", len(sink.all()), got)
			}
		}()
		if after := s.holder(t, 0); after.Epoch != before.Epoch || s.states(t, "handover")["queued"] != MostHandOvers {
			t.Errorf("epoch %d, messages %v", after.Epoch, s.states(t, "handover"))
		}
	})
}

func TestNoQuestionnaireGoesWhereNoMessageCan(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		if err := s.Identity.Suppress(ctx, EmailHash(s.Secret, "NEIN@firma.example.ch"), "stopped"); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "anna", "anna@firma", "a@firma.ch, b@firma.ch", "a@firma.ch\r\nBcc: b@firma.ch", "nein@Firma.example.ch", strings.Repeat("a", 300) + "@firma.ch"} {
			if err := s.HandOver(ctx, s.holder(t, 0), bad, "de"); !errors.Is(err, ErrColleague) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if got := s.states(t, "handover"); len(got) != 0 {
			t.Errorf("messages %v", got)
		}
	})
}

func TestAnOldStopLinkDoesNotStopTheColleague(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		stop := func() string {
			p, err := s.Identity.ParticipantByID(ctx, s.employers[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return strings.TrimPrefix(s.StopURL(p), public+"/u/")
		}
		links := []string{stop()}
		for _, colleague := range []string{"anna@firma.example.ch", "berta@firma.example.ch"} {
			if err := s.HandOver(ctx, s.holder(t, 0), colleague, "de"); err != nil {
				t.Fatal(err)
			}
			links = append(links, stop())
		}
		for i, want := range []Stopper{{"e…@firma.example.ch", "de", false}, {"", "de", true}, {"b…@firma.example.ch", "de", false}} {
			if look, err := s.LookStop(ctx, links[i]); err != nil || look != want {
				t.Errorf("stop link after %d hand-overs: %+v, %v", i, look, err)
			}
		}
		for _, link := range links[:2] {
			if err := s.Stop(ctx, link); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.states(t, "handover"); got["queued"] != 2 {
			t.Errorf("an old stop link cancelled what goes to the colleague: %v", got)
		}
		if err := s.Stop(ctx, links[2]); err != nil || s.states(t, "handover")["cancelled"] != 2 {
			t.Errorf("the colleague's stop link: %v, %v", s.states(t, "handover"), err)
		}
	})
}
