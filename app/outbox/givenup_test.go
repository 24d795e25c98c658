package outbox

import (
	"testing"

	"rondo/storage/identity"
)

// A full mailbox comes back once for each invitation: three of them in a week never come.
func TestAnInvitationThatWasGivenUpIsATaskAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 3)
		sink, relay := s.sentOut(t, 3)
		full, spam, delayed := s.employers[0], s.employers[1], s.employers[2]
		for n, one := range []struct {
			p      identity.Participant
			status string
		}{{full, "5.2.2"}, {full, "4.2.2"}, {spam, "5.7.1"}, {delayed, "4.2.2"}} {
			s.back(t, bounceOf(sink.to(one.p.Email)[0].from, one.status, n))
		}
		tasks := s.tasks(t, s.office.ID)
		if len(tasks) != 1 || tasks[0].ID != full.ID || !tasks[0].Soft || s.again(t, full).State != "open" {
			t.Fatalf("tasks %+v, the participant is %s", tasks, s.again(t, full).State)
		}

		if err := s.Correct(ctx, s.wave.ID, s.office.ID, full.ID, "other@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if n := len(sink.to("other@firma.example.ch")); n != 1 || len(s.tasks(t, s.office.ID)) != 0 {
			t.Errorf("%d invitations to the other address, tasks %+v", n, s.tasks(t, s.office.ID))
		}
		s.queue(t, "employer", "reminder", 3) // who is out of reach for another reason than the address is still reminded
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		for n, m := range s.messagesOf(t, spam, "reminder") { // that would say who has not answered
			s.back(t, bounceOf(s.envelope(t, m), "5.2.2", 10+n))
		}
		if tasks := s.tasks(t, s.office.ID); len(tasks) != 0 {
			t.Errorf("a reminder that came back is a task: %+v", tasks)
		}
	})
}
