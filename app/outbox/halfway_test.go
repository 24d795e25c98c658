package outbox

import (
	"testing"

	"rondo/app/mail"
)


func TestAFaultOfOurOwnSenderMakesNobodyUnreachable(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		_, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		s.Sender = mail.Sender{From: "BSV Studie", Key: s.Sender.Key}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if p := s.again(t, s.employers[0]); p.State != "open" || s.states(t, "invitation")["failed"] != 1 {
			t.Errorf("the participant is %s, messages %v", p.State, s.states(t, "invitation"))
		}
	})
}
