package outbox

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/app/web/webtest"
	"rondo/storage/identity"
)

// A minute of the standard's timeouts is two seconds here: what comes a minute before the end of our
// patience comes in time on a busy machine, too.
const minute = 2 * time.Second

func compressed(t mail.Timeouts) mail.Timeouts {
	short := func(d time.Duration) time.Duration { return d / (time.Minute / minute) }
	return mail.Timeouts{Connect: short(t.Connect), Command: short(t.Command), DataStart: short(t.DataStart), Chunk: short(t.Chunk), FinalDot: short(t.FinalDot)}
}

// at is a script with one step that is not as usual.
func at(point string, step webtest.Step) map[string]webtest.Step {
	return map[string]webtest.Step{point: step}
}

func offering(what, point, say string) map[string]webtest.Step {
	return map[string]webtest.Step{"EHLO": {Say: "250-scripted.test\r\n250 " + what}, point: {Say: say}}
}

var long = strings.Repeat("x", 1<<20)

// faults are what a relay may do, and what must become of a message (RFC 5321, RFC 1047): only what
// the relay may have taken without our knowing is unknown.
var faults = []struct {
	name        string
	script      map[string]webtest.Step
	state, code string
	taken       int
}{
	{"refuses the connection", nil, "retry", "connect", 0},
	{"accepts and says nothing", at("greeting", webtest.Step{Silent: true, BeforeAnything: true}), "retry", "greeting", 0},
	{"greets after four minutes", at("greeting", webtest.Step{Wait: 4 * minute}), "sent", "250", 1},
	{"greets with 421", at("greeting", webtest.Step{Say: "421 4.3.2 busy", Drop: true}), "retry", "greeting 421 4.3.2", 0},
	{"421 at EHLO", at("EHLO", webtest.Step{Say: "421 4.3.2 busy", Drop: true}), "retry", "ehlo 421 4.3.2", 0},
	{"454 at STARTTLS", offering("STARTTLS", "STARTTLS", "454 4.7.0 not now"), "retry", "tls 454 4.7.0", 0},
	{"a certificate nobody has signed", offering("STARTTLS", "STARTTLS", ""), "retry", "tls", 0},
	{"535 at the sign-in", offering("AUTH PLAIN", "AUTH", "535 5.7.8 wrong password"), "retry", "auth 535 5.7.8", 0},
	{"550 at MAIL", at("MAIL", webtest.Step{Say: "550 5.7.1 who are you"}), "retry", "mail 550 5.7.1", 0},
	{"450 at RCPT", at("RCPT", webtest.Step{Say: "450 4.2.1 busy"}), "retry", "rcpt 450 4.2.1", 0},
	{"452 too many at RCPT", at("RCPT", webtest.Step{Say: "452 4.5.3 too many"}), "retry", "rcpt 452 4.5.3", 0},
	{"550 at RCPT", at("RCPT", webtest.Step{Say: "550 5.1.1 unknown"}), "failed", "rcpt 550 5.1.1", 0},
	{"550 at RCPT by policy", at("RCPT", webtest.Step{Say: "550 5.7.1 not you"}), "failed", "rcpt 550 5.7.1", 0},
	{"drops before 354", at("DATA", webtest.Step{Drop: true, BeforeAnything: true}), "retry", "data", 0},
	{"554 instead of 354", at("DATA", webtest.Step{Say: "554 5.5.1 no valid recipients"}), "failed", "data 554 5.5.1", 0},
	{"drops in the middle of the content", at("content", webtest.Step{Drop: true}), "retry", "content", 0},
	{"451 after the dot", at(".", webtest.Step{Say: "451 4.3.0 disk full"}), "retry", "dot 451 4.3.0", 0},
	{"552 after the dot", at(".", webtest.Step{Say: "552 5.3.4 too big"}), "failed", "dot 552 5.3.4", 0},
	{"554 after the dot", at(".", webtest.Step{Say: "554 5.7.1 spam"}), "failed", "dot 554 5.7.1", 0},
	{"421 after the dot", at(".", webtest.Step{Say: "421 4.3.2 closing", Drop: true}), "retry", "dot 421 4.3.2", 0},
	{"takes it and drops before 250", at(".", webtest.Step{Drop: true, BeforeAnything: true}), "unknown", "dot", 1},
	{"takes it and says nothing", at(".", webtest.Step{Silent: true, BeforeAnything: true}), "unknown", "dot", 1},
	{"takes it and says 250 after nine minutes", at(".", webtest.Step{Wait: 9 * minute}), "sent", "250", 1},
	{"many lines", at("RCPT", webtest.Step{Say: "250-one\r\n250-two\r\n250 three"}), "sent", "250", 1},
	{"bytes that are no ASCII", at("RCPT", webtest.Step{Say: "250 gr\xfcezi \x00\x01"}), "sent", "250", 1},
	{"a line of a megabyte at RCPT", at("RCPT", webtest.Step{Say: "250 " + long}), "sent", "250", 1},
	{"a line of a megabyte after the dot", at(".", webtest.Step{Say: "250 " + long}), "sent", "250", 1},
	{"lines without end at EHLO", at("EHLO", webtest.Step{Say: "250-" + strings.Repeat(long+"\r\n250-", 8) + "\r\n250 end"}), "retry", "ehlo", 0},
	{"hangs up instead of a goodbye", at("QUIT", webtest.Step{Drop: true, BeforeAnything: true}), "sent", "250", 1},
}

// waysApart leads each recipient's message to a relay of its own, and begins only when all are claimed:
// so one fault does not keep the others back.
type waysApart struct {
	relays map[string]*mail.Relay
	all    *sync.WaitGroup
	long   string // whose message is longer than the buffers on the way, so that it is not sent in one go
}

func (a waysApart) Send(ctx context.Context, l mail.Letter, transmitting func() error) mail.Outcome {
	a.all.Done()
	a.all.Wait()
	if l.To == a.long {
		l.Body = append(l.Body, strings.Repeat("and so on\r\n", 1<<20)...)
	}
	return a.relays[l.To].Send(ctx, l, transmitting)
}

func TestWhateverTheRelayDoesEndsInTheRightState(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s, ways := newScene(t, o, 0), waysApart{relays: map[string]*mail.Relay{}, all: new(sync.WaitGroup)}
		servers := map[string]*webtest.Scripted{}
		for i, f := range faults {
			p := s.add(t, identity.Participant{Population: "employer", Code: fmt.Sprint(i), Name: "F", Email: fmt.Sprintf("f%d@firma.example.ch", i), Language: "de", OfficeID: s.office.ID})
			address := closedPort(t)
			if f.script != nil {
				servers[p.ID] = webtest.Script(t, f.script)
				address = servers[p.ID].Addr
			}
			relay, err := mail.NewRelay("smtp://"+address, "")
			if err != nil {
				t.Fatal(err)
			}
			relay.Timeouts = compressed(mail.Patient)
			if f.script["AUTH"].Say != "" {
				relay.User, relay.Password = "anna", "geheim"
			}
			if f.script["content"].Drop {
				ways.long = p.Email
			}
			ways.relays[p.Email] = relay
			s.employers = append(s.employers, p)
		}
		s.queue(t, "employer", "invitation", len(faults))
		ways.all.Add(len(faults))
		w := s.worker(ways)
		w.Parallel, w.PerDomain = len(faults), len(faults)
		run(t, []*Worker{w}, func() bool { return s.idleNow(t) })

		messages, err := s.Identity.Messages(context.Background(), s.wave.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			for i, f := range faults {
				if s.employers[i].ID != m.ParticipantID {
					continue
				}
				taken := 0
				if server := servers[m.ParticipantID]; server != nil {
					taken = server.Taken()
				}
				if m.State != f.state || m.Code != f.code || taken != f.taken {
					t.Errorf("relay %s: %s (%s), %d taken; want %s (%s), %d", f.name, m.State, m.Code, taken, f.state, f.code, f.taken)
				}
			}
		}
	})
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.Addr().String()
}
