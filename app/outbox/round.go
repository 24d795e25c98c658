package outbox

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"rondo/app/mail"
	"rondo/storage/identity"
)

// A round is half a second's worth of messages, and not so many that a database has to look long or
// much has to be given back.
const (
	roundsPerSecond = 2
	roundMost       = 64
)

// claim is a claimed message, what was known when it was claimed, and how it would leave then.
type claim struct {
	message   identity.Message
	facts     facts
	letter    mail.Letter
	unwritten error // why there is no letter
}

// sessions are those under way, and how many more there may be.
type sessions struct {
	all      sync.WaitGroup
	free     chan struct{} // holds something for each session
	underWay context.Context
	ledger   *ledger
}

// most is how many messages a round may have: where they are many, as many for each session.
func (w *Worker) most() int {
	most := max(1, min(roundMost, int(w.Rate/roundsPerSecond)))
	if most > w.Parallel {
		most -= most % w.Parallel
	}
	return most
}

// next claims the messages of a round, none to a domain that is busy, and finds out about them. One
// that nothing is found out about is left to its lease: when that is over it is due again.
func (w *Worker) next(ctx context.Context) []claim {
	n := w.take
	if w.breaker.open() {
		n = 1 // it is to find out whether the relay is back
	}
	if !w.breaker.ready() {
		return nil
	}
	ctx = w.uncut(ctx)
	claimed, err := w.Outbox.Identity.ClaimMessages(ctx, w.owner, n, lease, w.domains.busy(w.PerDomain)...)
	var round []claim
	if err == nil && len(claimed) > 0 {
		round, err = w.learn(ctx, claimed)
	}
	if err != nil && ctx.Err() == nil {
		w.Log.Error("claim messages", "error", err)
	}
	if len(round) == 0 {
		w.breaker.skip()
	}
	for i, c := range round { // one after the other, while the machine has the means at hand
		if decide(c.message.Kind, c.facts).state == "" {
			round[i].letter, round[i].unwritten = w.Outbox.compose(c.message, c.facts)
		}
	}
	return round
}

// uncut is ctx for short statements. Where their context may end, SQLite's driver and database/sql start
// goroutines for each, which take as long as the statement; and it waits for no other writer longer
// than its busy timeout anyway. PostgreSQL may be far away: there ctx is what it was.
func (w *Worker) uncut(ctx context.Context) context.Context {
	if w.Outbox.DB.Postgres() {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// learn finds out what is to be known of claimed messages.
func (w *Worker) learn(ctx context.Context, claimed []identity.Message) ([]claim, error) {
	o := w.Outbox
	now, err := o.DB.Now(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range claimed {
		ids = append(ids, m.ParticipantID)
	}
	entries, err := o.Identity.EntriesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	own := map[string]texts{}
	var hashes [][]byte
	for _, m := range claimed {
		if _, known := own[m.WaveID]; !known {
			if own[m.WaveID], err = o.texts(ctx, m.WaveID); err != nil {
				return nil, err
			}
		}
		hashes = append(hashes, EmailHash(o.Secret, recipient(m.Kind, entries[m.ParticipantID].Participant)))
	}
	suppressed, err := o.Identity.SuppressedAmong(ctx, hashes)
	if err != nil {
		return nil, err
	}
	var round []claim
	for i, m := range claimed {
		entry, found := entries[m.ParticipantID]
		if !found {
			w.about(m).Error("message without a participant")
			continue
		}
		overtaken, err := o.overtaken(ctx, m, entry.Participant)
		if err != nil {
			return nil, err
		}
		round = append(round, claim{message: m, facts: facts{
			entry: entry, now: now, texts: own[m.WaveID], suppressed: suppressed[string(hashes[i])], overtaken: overtaken,
		}})
	}
	return w.learnDone(ctx, round), nil
}

// overtaken reports whether a hand-over has brought, or will, what a message is about: whoever answers
// since then is not invited or reminded beside it.
func (o *Outbox) overtaken(ctx context.Context, m identity.Message, p identity.Participant) (bool, error) {
	switch {
	case p.Handovers == 0:
	case m.Kind == "invitation":
		return true, nil
	case m.Kind == "reminder":
		return o.Identity.HandedOverAfter(ctx, m, p.Handovers)
	case m.Kind == identity.MessageHandOver:
		return m.Number < identity.HandOverNumber(p.Handovers), nil
	}
	return false, nil
}

// learnDone finds out who has answered, where that decides about a message. Those of a population
// for which that cannot be found out are left out: nobody is reminded on a guess.
func (w *Worker) learnDone(ctx context.Context, round []claim) []claim {
	type key struct{ wave, population string }
	matters := func(c claim) bool {
		e := c.facts.entry
		return carriesLink(c.message.Kind) && !aboutRelease(c.message.Kind) && e.Participant.State == "open" && e.Population.LinkSalt != nil
	}
	populations, among := map[key]identity.Population{}, map[key][]identity.Participant{}
	of := func(c claim) key { return key{c.message.WaveID, c.facts.entry.Population.Name} }
	for _, c := range round {
		if matters(c) {
			populations[of(c)] = c.facts.entry.Population
			among[of(c)] = append(among[of(c)], c.facts.entry.Participant)
		}
	}
	for k, participants := range among {
		done, err := w.Done(ctx, populations[k], participants)
		if err != nil {
			w.Log.Error("send messages", "error", fmt.Errorf("who is done: %w", err))
			round = slices.DeleteFunc(round, func(c claim) bool { return matters(c) && of(c) == k })
			continue
		}
		for i, c := range round {
			if matters(c) && of(c) == k {
				round[i].facts.done = done[c.facts.entry.Participant.ID]
			}
		}
	}
	return round
}

// round is what waits for a session of those that were claimed together.
type round struct {
	mu      sync.Mutex
	waiting []claim
	begun   int
	closed  bool
	over    chan struct{} // closed with it: nothing of it begins any more
}

// begin gives each message of a round its session, as soon as there is one and its domain is not
// busy, and says how many have begun. The caller has taken a place. What is not on its way after a
// second is given back: what was known of it may hold no longer, and others may reach another
// domain meanwhile.
func (w *Worker) begin(ctx context.Context, claims []claim, s *sessions) (begun int) {
	r := &round{waiting: claims, over: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	for place := true; place; {
		if c, found := w.pick(r); found {
			s.ledger.enter()
			s.all.Go(func() { w.work(s, r, c) })
			select {
			case s.free <- struct{}{}:
			case <-r.over:
				place = false
			case <-ctx.Done():
				place = false
			}
			continue
		}
		select {
		case <-w.domains.freed:
			continue
		case <-r.over:
		case <-ctx.Done():
		}
		<-s.free
		place = false
	}
	begun, rest := r.stop()
	if begun == 0 {
		w.breaker.skip()
	}
	for _, c := range rest {
		s.ledger.end(c.message, verdict{state: "queued", due: c.facts.now})
	}
	return begun
}

// work brings one message after the other to its end, each in a session of its own, as long as the
// round has one.
func (w *Worker) work(s *sessions, r *round, c claim) {
	for found := true; found; c, found = w.pick(r) {
		w.handle(s, c)
		w.domains.leave(c.facts.entry.Participant)
	}
	s.ledger.leave()
	<-s.free
}

// pick takes the next message of a round whose domain is not busy. Where the relay has failed too
// often since, the round is over.
func (w *Worker) pick(r *round) (c claim, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := slices.IndexFunc(r.waiting, func(c claim) bool { return w.domains.has(c.facts.entry.Participant, w.PerDomain) })
	if r.closed || next < 0 {
		return claim{}, false
	}
	if r.begun > 0 && !w.breaker.ready() {
		r.close()
		return claim{}, false
	}
	c = r.waiting[next]
	w.domains.enter(c.facts.entry.Participant)
	r.waiting = slices.Delete(r.waiting, next, next+1)
	r.begun++
	if len(r.waiting) == 0 {
		r.close()
	}
	return c, true
}

func (r *round) close() {
	if !r.closed {
		r.closed = true
		close(r.over)
	}
}

// stop ends a round and gives what has not begun.
func (r *round) stop() (begun int, rest []claim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.close()
	return r.begun, r.waiting
}
