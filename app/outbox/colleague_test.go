package outbox

import (
	"strings"
	"testing"
	"time"

	"rondo/storage/identity"
	"rondo/storage/keys"
)

// linkIn gives the token of the personal link in a message.
func linkIn(t *testing.T, text string) string {
	t.Helper()
	_, link, found := strings.Cut(text, public+"/r/")
	if !found {
		t.Fatalf("no link in %q", text)
	}
	return link[:keys.TokenLength]
}

// What waits at a hand-over, was put off by the relay, or is claimed and written already would reach the
// colleague beside the message about it, or the old address with a dead link.
func TestWhoTakesOverIsNotInvitedOrRemindedBesideIt(t *testing.T) {
	for _, kind := range []string{"invitation", "reminder"} {
		for _, moment := range []string{"waiting", "put off", "written"} {
			t.Run(kind+" "+moment, func(t *testing.T) {
				each(t, func(t *testing.T, o *Outbox) {
					ctx, s := t.Context(), newScene(t, o, 1)
					sink, relay := startSink(t)
					if kind == "reminder" {
						sink, relay = s.sentOut(t, 1)
					}
					before := len(sink.all())
					s.queue(t, "employer", kind, 1)
					m := s.messagesOf(t, s.employers[0], kind)[0]
					handOver := func() {
						t.Helper()
						if err := s.HandOver(ctx, s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
							t.Fatal(err)
						}
					}
					if moment == "waiting" {
						handOver()
					} else {
						w := s.worker(relay)
						session, c := s.oneClaim(t, w)
						if moment == "put off" {
							if err := s.Identity.FinishMessage(ctx, m.ID, w.owner, c.message.Fence, "retry", "mail 451", time.Time{}); err != nil {
								t.Fatal(err)
							}
						}
						handOver()
						if moment == "written" {
							end, err := w.send(session, c)
							if err != nil || end.state != "queued" {
								t.Fatalf("send = %+v, %v", end, err)
							}
							w.finish(ctx, c.message, end)
						}
					}
					run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) && s.message(t, m.ID).State != "retry" })
					got := sink.all()[before:]
					if len(got) != 1 || got[0].to != "anna@firma.example.ch" || s.message(t, m.ID).State != "cancelled" {
						t.Fatalf("%d messages since, the %s is %s", len(got), kind, s.message(t, m.ID).State)
					}
					if h, err := s.Identity.HolderByToken(ctx, keys.HashToken(linkIn(t, got[0].text(t)))); err != nil || h.ID != s.employers[0].ID {
						t.Errorf("the link of the colleague: %v", err)
					}
				})
			})
		}
	}
}

func TestWhoTookOverIsRemindedLaterAsEverybodyIs(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 2)
		sink, relay := startSink(t)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		s.queue(t, "employer", "invitation", 2)
		if err := s.HandOver(t.Context(), s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "invitation", 0)
		send() // the invitation of one, and the hand-over of the other
		s.passed(t, 10*24*time.Hour)
		s.queue(t, "employer", "reminder", 2)
		send()
		var to []string
		for _, r := range sink.all() {
			to = append(to, r.to)
		}
		if len(to) != 4 || len(sink.to("anna@firma.example.ch")) != 2 || len(sink.to(s.employers[1].Email)) != 2 {
			t.Errorf("messages to %v", to)
		}
		reminder := sink.to("anna@firma.example.ch")[1].text(t)
		if h, err := s.Identity.HolderByToken(t.Context(), keys.HashToken(linkIn(t, reminder))); err != nil || h.ID != s.employers[0].ID {
			t.Errorf("the link in the reminder of the colleague: %v", err)
		}
		if n := s.states(t, identity.MessageHandOver)["sent"]; n != 1 {
			t.Errorf("%d hand-overs were sent", n)
		}
	})
}
