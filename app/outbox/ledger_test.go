package outbox

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rondo/storage/identity"
)

// book holds what a ledger has written, and checks each write against the rule that bounds what a
// worker that dies leaves unknown.
type book struct {
	t            *testing.T
	sessions     int
	writes       []int // lines of each
	transmitting map[string]bool
	ended        map[string]bool
}

func (b *book) write(lines []line) {
	time.Sleep(rand.N(5 * time.Millisecond)) // the database takes its time
	b.writes = append(b.writes, len(lines))
	for _, n := range lines {
		switch id := n.message.ID; n.marked {
		case nil:
			delete(b.transmitting, id)
			b.ended[id] = true
		default:
			b.transmitting[id] = true
		}
	}
	if len(b.transmitting) > b.sessions {
		b.t.Errorf("%d messages are being transmitted by %d sessions", len(b.transmitting), b.sessions)
	}
	answer(lines, nil)
}

func newBook(t *testing.T, sessions int) (*book, *ledger) {
	b := &book{t: t, sessions: sessions, transmitting: map[string]bool{}, ended: map[string]bool{}}
	return b, newLedger(b.write)
}

func TestNoMoreMessagesAreBeingTransmittedThanThereAreSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sessions, each = 4, 100
		b, l := newBook(t, sessions)
		var all sync.WaitGroup
		for s := range sessions {
			l.enter()
			all.Go(func() {
				defer l.leave()
				for i := range each {
					m := identity.Message{ID: fmt.Sprint(s, " ", i)}
					time.Sleep(rand.N(30 * time.Millisecond)) // often longer than the others wait
					if err := l.mark(m, identity.AnyLink); err != nil {
						t.Error(err)
					}
					time.Sleep(rand.N(30 * time.Millisecond))
					l.end(m, verdict{state: "sent"})
				}
			})
		}
		all.Wait()
		l.close()
		if len(b.ended) != sessions*each || len(b.transmitting) != 0 {
			t.Errorf("%d messages have ended, %d have not", len(b.ended), len(b.transmitting))
		}
	})
}

func TestSessionsInStepShareEachWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sessions, each = 4, 10
		b, l := newBook(t, sessions)
		var all sync.WaitGroup
		for range sessions {
			l.enter()
		}
		for s := range sessions {
			all.Go(func() {
				defer l.leave()
				for i := range each {
					m := identity.Message{ID: fmt.Sprint(s, " ", i)}
					time.Sleep(time.Millisecond)
					_ = l.mark(m, identity.AnyLink) // never refused here
					time.Sleep(time.Millisecond)
					l.end(m, verdict{state: "sent"})
				}
			})
		}
		all.Wait()
		l.close()
		if len(b.writes) != each+1 { // the first has no ends, the last nothing but ends
			t.Errorf("lines of each write: %v, want %d writes", b.writes, each+1)
		}
	})
}

func TestASessionThatHangsKeepsNobodyBackForLongerThanAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := newBook(t, 2)
		l.enter() // hangs
		l.enter()
		began, m := time.Now(), identity.Message{ID: "a"}
		if err := l.mark(m, identity.AnyLink); err != nil || time.Since(began) > 2*moment {
			t.Errorf("marked after %v, %v", time.Since(began), err)
		}
		l.end(m, verdict{state: "sent"})
		time.Sleep(2 * moment)
		synctest.Wait()
		if !b.ended["a"] {
			t.Error("what became of a message is not written while another session hangs")
		}
	})
}
