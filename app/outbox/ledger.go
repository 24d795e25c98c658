package outbox

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"rondo/storage/identity"
)

// moment is how long what one session has to write down waits for the others.
const moment = 20 * time.Millisecond

// ledger writes down, for all sessions of a worker together, which messages are about to be
// transmitted and what became of those that were: a durable write for each of them would be more
// work than all the rest. It writes as soon as every session waits for it, and in any case a moment
// after it was told something: a session that hangs keeps nobody back.
//
// A message is marked together with every end that is known by then, so that no session has marked
// its next message while the end of its last one is not written. That is why a worker that dies
// leaves no more messages unknown than it has sessions.
type ledger struct {
	write func(lines []line)

	mu       sync.Mutex
	sessions int // under way
	waiting  int // of them, for their mark
	lines    []line
	overdue  bool // the first line has waited for a moment
	writing  bool
	late     *time.Timer
	written  *sync.Cond
}

// line is what a message comes to: it is about to be transmitted, or its claim has ended.
type line struct {
	message identity.Message
	verdict verdict
	epoch   int        // of the link it was written with
	marked  chan error // answers who is about to transmit; nil: nobody waits
}

func newLedger(write func(lines []line)) *ledger {
	l := &ledger{write: write}
	l.written = sync.NewCond(&l.mu)
	return l
}

// enter says that a session begins.
func (l *ledger) enter() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions++
}

// leave says that a session is over.
func (l *ledger) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions--
	l.writeDue()
}

// mark returns once it is durable that a session's message is about to be transmitted, or with an
// error where it must not be.
func (l *ledger) mark(m identity.Message, epoch int) error {
	marked := make(chan error, 1)
	l.mu.Lock()
	l.waiting++
	l.note(line{message: m, verdict: verdict{state: identity.Transmitting}, epoch: epoch, marked: marked})
	l.writeDue()
	l.mu.Unlock()
	return <-marked
}

// end takes note of how a claim ended, which is written a moment later at most.
func (l *ledger) end(m identity.Message, end verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note(line{message: m, verdict: end})
}

func (l *ledger) note(n line) {
	if l.lines = append(l.lines, n); len(l.lines) == 1 {
		l.late = time.AfterFunc(moment, l.settle)
	}
}

// settle waits for nobody else.
func (l *ledger) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.overdue = len(l.lines) > 0
	l.writeDue()
}

// writeDue writes what is due, and what becomes so meanwhile; one writes at a time, for all.
func (l *ledger) writeDue() {
	for !l.writing && len(l.lines) > 0 && (l.overdue || l.waiting == l.sessions) {
		lines := l.lines
		l.late.Stop()
		l.lines, l.waiting, l.overdue, l.writing = nil, 0, false, true
		l.mu.Unlock()
		l.write(lines)
		l.mu.Lock()
		l.writing = false
		l.written.Broadcast()
	}
}

// close returns once everything is written; no session is under way any more.
func (l *ledger) close() {
	l.settle()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.writing || len(l.lines) > 0 {
		l.written.Wait()
	}
}

var errPanicked = errors.New("writing it down panicked")

// record writes lines down together. Who is marked then goes on at once: a mark is worth no more than
// its lease. What does not go together is tried by itself: the ends first, again and again while the
// database is away.
func (w *Worker) record(ctx context.Context, lines []line) {
	defer func() {
		if r := recover(); r != nil { // the leases run out, and what was claimed is found again
			w.Log.Error("writing down what became of messages panicked")
			answer(lines, errPanicked)
		}
	}()
	var steps []identity.Step
	for _, n := range lines {
		if n.verdict.unreached != nil {
			continue // not a message's end alone
		}
		steps = append(steps, identity.Step{ID: n.message.ID, Fence: n.message.Fence, State: n.verdict.state, Code: n.verdict.code, Due: n.verdict.due, Epoch: n.epoch})
	}
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeMost)
	defer cancel()
	write = w.uncut(write)
	taken, err := w.Outbox.Identity.StepMessages(write, w.owner, steps)
	if err != nil {
		w.Log.Error("write down what became of messages", "error", err)
		answer(lines, err)
	} else {
		answer(slices.DeleteFunc(slices.Clone(lines), func(n line) bool { return !slices.Contains(taken, n.message.ID) }), nil)
	}
	for _, n := range lines {
		if n.marked == nil && !slices.Contains(taken, n.message.ID) {
			w.finish(ctx, n.message, n.verdict)
		}
	}
	for _, n := range lines {
		if n.marked != nil && err == nil && !slices.Contains(taken, n.message.ID) {
			n.marked <- w.Outbox.Identity.MarkTransmitting(write, n.message.ID, w.owner, n.message.Fence, n.epoch)
		}
	}
}

// answer tells those who wait for their mark whether they may transmit: not with an error.
func answer(lines []line, err error) {
	for _, n := range lines {
		if n.marked != nil {
			select {
			case n.marked <- err:
			default: // answered before
			}
		}
	}
}
