package outbox

import (
	"sync"
	"time"
)

const (
	breakAfter = 5                // failures of the relay in a row
	pauseOf    = 30 * time.Second // how long nothing is tried then
)

// breaker stops the sending while the relay is down, and lets one message
// through after each pause to find out.
type breaker struct {
	mu      sync.Mutex
	inARow  int
	trying  bool // one message is on its way to find out
	pause   time.Duration
	resumes <-chan time.Time
}

// ready reports whether the next message may go; each true must be followed by
// one report.
func (b *breaker) ready() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.inARow < breakAfter {
		return true
	}
	if b.trying {
		return false
	}
	select {
	case <-b.resumes:
		b.trying = true
		return true
	default:
		return false
	}
}

// skip takes back a ready for which there was no message.
func (b *breaker) skip() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.trying {
		b.trying = false
		ripe := make(chan time.Time, 1)
		ripe <- time.Time{}
		b.resumes = ripe
	}
}

// report notes how it went, and whether this broke the circuit.
func (b *breaker) report(relayFailed bool) (broke bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	if !relayFailed {
		b.inARow = 0
		return false
	}
	b.inARow++
	if b.inARow >= breakAfter {
		b.resumes = time.After(b.pause)
	}
	return b.inARow == breakAfter
}

// open reports whether the sending is stopped.
func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inARow >= breakAfter
}
