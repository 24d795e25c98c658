package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// The times a claim lives by.
const (
	lease   = 10 * time.Second
	renewal = 3 * time.Second
	idle    = time.Second      // between two looks at an empty queue; a pause or an order takes effect within it
	patient = time.Second      // how long a claimed message waits for its session; then others may have it
	reaping = 5 * time.Second  // between two looks for claims somebody left behind
	grace   = 15 * time.Second // how long a message under way may still take when the service stops
)

// writeMost is how long one try to write down what became of messages may take.
const writeMost = 5 * time.Second

// Done says which of these participants of a population have answered, by id; app/wave computes it.
type Done func(ctx context.Context, p identity.Population, among []identity.Participant) (map[string]bool, error)

// Waits says whether the answers of a participant are with the head of its office, so that a
// reminder of them is not for whoever filled them in; app/wave computes it.
type Waits func(ctx context.Context, e identity.Entry) (bool, error)

// Worker hands queued messages to the relay. Any number of workers, on any
// number of machines, may run on one database.
type Worker struct {
	Outbox    *Outbox
	Transport mail.Transport
	Done      Done
	Waits     Waits        // nil: nobody's do
	Rate      float64      // messages per second; 0 is 5
	Parallel  int          // sessions at once; 0 is 4
	PerDomain int          // sessions at once to addresses of one domain; 0 is 2
	Log       *slog.Logger // nil: silent

	owner   string
	take    int          // messages in the next round
	sent    atomic.Int64 // invitations since the log last said so
	breaker breaker
	domains domains
}

// Run sends until ctx ends, then lets what is under way come to its end.
//
// It works in rounds. A round claims what the rate allows for half a second, finds out about all of
// it and writes it at once: asking the database for one message after the other is most of the work
// of a sender. Each message then has a session of its own, as it must; what the sessions have to
// write down they write together (ledger).
func (w *Worker) Run(ctx context.Context) error {
	w.prepare()
	underWay, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()

	sessions := sessions{free: make(chan struct{}, w.Parallel), underWay: underWay}
	sessions.ledger = newLedger(func(lines []line) { w.record(underWay, lines) })
	defer w.tellSent()
	defer sessions.ledger.close()
	defer sessions.all.Wait()
	most := w.most()
	pace := time.NewTicker(time.Duration(float64(most) * float64(time.Second) / w.Rate))
	defer pace.Stop()
	reap := time.NewTicker(reaping)
	defer reap.Stop()
	w.reap(ctx)
	w.take = most
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-reap.C:
			w.reap(ctx)
			w.tellSent()
			continue
		case sessions.free <- struct{}{}:
		}
		round := w.next(ctx)
		if len(round) == 0 {
			<-sessions.free
			if !w.rest(ctx) {
				return nil
			}
			continue
		}
		if begun := w.begin(ctx, round, &sessions); begun < len(round) {
			w.take = max(1, begun)
		} else {
			w.take = min(most, 2*w.take)
		}
		select {
		case <-ctx.Done():
		case <-pace.C:
		}
	}
}

// rest waits for a while, or until a session ends: then its domain is less busy.
func (w *Worker) rest(ctx context.Context) bool {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-w.domains.freed:
	case <-timer.C:
	}
	return true
}

func (w *Worker) prepare() {
	if w.Rate <= 0 {
		w.Rate = 5
	}
	if w.Parallel <= 0 {
		w.Parallel = 4
	}
	if w.domains.freed == nil {
		w.domains.freed = make(chan struct{}, 1)
	}
	if w.PerDomain <= 0 {
		w.PerDomain = 2
	}
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	if w.owner == "" {
		w.owner = db.NewID()
	}
	if w.breaker.pause == 0 {
		w.breaker.pause = pauseOf
	}
}

// Broken reports whether the sending is stopped because the relay fails.
func (w *Worker) Broken() bool { return w.breaker.open() }

func (w *Worker) reap(ctx context.Context) {
	requeued, unknown, err := w.Outbox.Identity.ReapLeases(ctx)
	if err != nil && ctx.Err() == nil {
		w.Log.Error("reap leases", "error", err)
	}
	if requeued+unknown > 0 {
		w.Log.Warn("found abandoned messages", "requeued", requeued, "unknown", unknown)
	}
}

// handle brings one claimed message to its end. A panic ends this message, not
// the worker: its lease runs out and it is found again.
func (w *Worker) handle(s *sessions, c claim) {
	m := c.message
	defer func() {
		if r := recover(); r != nil {
			w.breaker.report(false)
			w.about(m).Error("sending panicked")
		}
	}()
	stop := w.keepLease(s.underWay, m)
	defer stop()
	end, err := w.send(s, c)
	if err != nil {
		w.about(m).Error("send message", "error", err)
	}
	if end.state == "" { // nothing was handed over: the lease runs out and the message is due again
		w.breaker.skip()
		return
	}
	s.ledger.end(m, end)
}

// named reports whether the log may name a message. A reminder, and a further invitation, goes to those
// who have not answered, thanks and results to those who have: their lines would say who, and how many.
func named(m identity.Message) bool { return m.Kind == "invitation" && m.Number == 1 }

// tell notes what became of a message: of one that was sent only how many there are, every few seconds.
func (w *Worker) tell(ctx context.Context, m identity.Message, outcome mail.Outcome) {
	level := slog.LevelInfo
	switch {
	case !named(m):
		level = slog.LevelDebug
	case outcome.Result == mail.Sent:
		w.sent.Add(1)
		return
	}
	w.about(m).Log(ctx, level, "message", "result", string(outcome.Result), "code", outcome.Code)
}

// tellSent says how many invitations were sent since it was last said.
func (w *Worker) tellSent() {
	if n := w.sent.Swap(0); n > 0 {
		w.Log.Info("invitations sent", "n", n)
	}
}

// about is the log for what befalls one message.
func (w *Worker) about(m identity.Message) *slog.Logger {
	if named(m) {
		return w.Log.With("message", m.ID, "kind", m.Kind)
	}
	return w.Log.With("kind", m.Kind)
}

// keepLease renews the claim until the returned function is called.
func (w *Worker) keepLease(ctx context.Context, m identity.Message) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	long := time.AfterFunc(renewal, func() {
		for again := true; again; again = wait(ctx, renewal) {
			err := w.Outbox.Identity.RenewLease(ctx, m.ID, w.owner, m.Fence, lease)
			if errors.Is(err, db.ErrConflict) {
				return // somebody else has it; marking or finishing it will be refused
			}
		}
	})
	return func() {
		long.Stop()
		cancel()
	}
}

// errUnwritable says that words or the link of a message are missing.
var errUnwritable = errors.New("write message")

// compose gives a message as it leaves; errUnwritable, or mail.ErrAddress where the recipient's is of no use.
func (o *Outbox) compose(m identity.Message, f facts) (letter mail.Letter, err error) {
	defer func() {
		if r := recover(); r != nil { // it ends this message, not the worker
			err = fmt.Errorf("%w: it panicked", errUnwritable)
		}
	}()
	message, err := o.word(m, f.entry, f.texts, f.now)
	if err != nil {
		return mail.Letter{}, fmt.Errorf("%w: %w", errUnwritable, err)
	}
	letter, err = o.Sender.Compose(message)
	if err != nil && !errors.Is(err, mail.ErrAddress) { // our own sender, or its signature: no fault of the recipient's
		err = fmt.Errorf("%w: %w", errUnwritable, err)
	}
	return letter, err
}

// send decides about a claimed message and, where it is due, hands it over.
func (w *Worker) send(s *sessions, c claim) (verdict, error) {
	ctx, m, f := s.underWay, c.message, c.facts
	var err error
	if m.Kind == "reminder" && !f.done && w.Waits != nil {
		if f.waits, err = w.Waits(ctx, f.entry); err != nil {
			return verdict{}, fmt.Errorf("whose answers wait: %w", err)
		}
	}
	if end := decide(m.Kind, f); end.state != "" {
		w.breaker.skip()
		if f.waits {
			if err = w.Outbox.remindHead(ctx, f.entry.Participant); err != nil {
				return verdict{}, fmt.Errorf("remind the head: %w", err) // else nobody would be reminded
			}
		}
		return end, nil
	}
	if errors.Is(c.unwritten, errUnwritable) {
		w.breaker.skip()
		return verdict{state: "failed", code: codeUnwritable}, c.unwritten
	}
	if c.unwritten != nil {
		w.breaker.skip()
		return unreachable(m, f, codeAddress), nil
	}
	doubt := false // whether it may be marked although we were told that it is not
	outcome := w.Transport.Send(ctx, c.letter, func() error {
		err := s.ledger.mark(m, f.entry.Participant.Epoch)
		doubt = err != nil && !errors.Is(err, db.ErrConflict)
		return err
	})
	if w.breaker.report(outcome.Relay) {
		w.Log.Error("the mail relay fails: sending pauses", "code", outcome.Code)
	}
	w.tell(ctx, m, outcome)
	if doubt { // nothing has left: it goes on its way once more, and is not left as one that may have
		return verdict{state: "retry", code: outcome.Code, due: f.now}, nil
	}
	return w.ended(m, f, outcome), nil
}

// ended turns what the relay did into the end of the claim.
func (w *Worker) ended(m identity.Message, f facts, outcome mail.Outcome) verdict {
	switch outcome.Result {
	case mail.Sent:
		return verdict{state: "sent", code: outcome.Code}
	case mail.Permanent:
		if mail.AddressRefused(outcome.Code) {
			return unreachable(m, f, outcome.Code)
		}
		return verdict{state: "failed", code: outcome.Code}
	case mail.Unknown:
		return verdict{state: "unknown", code: outcome.Code}
	}
	if outcome.Code == "withheld" { // paused, cancelled, taken over or its link ended in the meantime
		return verdict{state: "queued", due: f.now}
	}
	if outcome.Relay {
		return verdict{state: "retry", code: outcome.Code, due: f.now.Add(w.breaker.pause)}
	}
	return verdict{state: "retry", code: outcome.Code, due: f.now.Add(backoff(m.Attempts + 1))}
}

// unreachable is the end of a message to a wrong address. That a participant's is wrong is a task
// for somebody; a wrong address of the head says nothing of the office.
func unreachable(m identity.Message, f facts, code string) verdict {
	end := verdict{state: "failed", code: code}
	if !toHead(m.Kind) {
		end.unreached = &f.entry.Participant
	}
	return end
}

// finish writes the end down, again and again while the database is away: what
// the relay said is known nowhere else.
func (w *Worker) finish(ctx context.Context, m identity.Message, end verdict) {
	for try := 0; ; try++ {
		write, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeMost)
		err := w.end(write, m, end)
		cancel()
		if err == nil {
			return
		}
		if errors.Is(err, db.ErrConflict) || errors.Is(err, db.ErrState) || (ctx.Err() != nil && try > 10) {
			w.about(m).Warn("message was taken over")
			return
		}
		w.about(m).Error("finish message", "error", err)
		wait(context.WithoutCancel(ctx), time.Second)
	}
}

// end writes an end down.
func (w *Worker) end(ctx context.Context, m identity.Message, end verdict) error {
	if end.unreached != nil {
		return w.Outbox.Identity.FailUnreachable(ctx, m.ID, w.owner, m.Fence, end.code, *end.unreached)
	}
	return w.Outbox.Identity.FinishMessage(ctx, m.ID, w.owner, m.Fence, end.state, end.code, end.due)
}

// wait sleeps, and reports whether it did so to the end.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
