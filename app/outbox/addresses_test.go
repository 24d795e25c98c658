package outbox

import (
	"testing"

	"rondo/storage/identity"
)

// messagesOf are the messages of a kind to a participant, by number.
func (s *scene) messagesOf(t *testing.T, p identity.Participant, kind string) (of []identity.Message) {
	t.Helper()
	all, err := s.Identity.Messages(t.Context(), s.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.ParticipantID == p.ID && m.Kind == kind {
			of = append(of, m)
		}
	}
	return of
}

// A report may come days after the message: by then others may answer.
func TestAReportAboutAnAddressSaysNothingOfWhoAnswersSince(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 1)
		_, relay := s.sentOut(t, 1)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		one, n := s.employers[0], 0
		back := func(kind string, number int, want string) {
			t.Helper()
			for _, m := range s.messagesOf(t, one, kind) {
				if m.Number == number {
					n++
					s.back(t, bounceOf(s.envelope(t, m), "5.1.1", n))
				}
			}
			if state := s.again(t, one).State; state != want {
				t.Fatalf("after the return of %s %d the participant is %s, want %s", kind, number, state, want)
			}
		}
		s.queue(t, "employer", "reminder", 1)
		send()
		if err := s.HandOver(ctx, s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		send()
		back("invitation", 1, "open")
		back("reminder", 0, "open")
		if err := s.Anew(ctx, s.wave.ID, one.ID); err != nil {
			t.Fatal(err)
		}
		send()
		back(identity.MessageHandOver, 10, "open") // its successor is on its way to the same address, and says so itself
		back(identity.MessageHandOver, 11, "undeliverable")
		if err := s.CorrectColleague(ctx, s.wave, "anna@firma.example.ch", "berta@firma.example.ch"); err != nil {
			t.Fatal(err)
		}
		send()
		if err := s.HandOver(ctx, s.holder(t, 0), "carla@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		send()
		back(identity.MessageHandOver, 12, "open")
		back(identity.MessageHandOver, 20, "undeliverable")
	})
}
