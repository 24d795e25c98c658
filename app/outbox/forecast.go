package outbox

import (
	"context"
	"slices"
	"time"

	"rondo/storage/identity"
)

// Outlook is one entry of a schedule with its day and what it comes to. State is ahead, due (it may
// be sent now), faulty (it would be sent by itself now, but the dry run finds a fault), done, waits
// (for the opening, the close or the release), or outside (it falls out: it would lie outside the
// window, or shortly before the last call).
type Outlook struct {
	Population, Kind string
	Number           int       // of a reminder, as in the schedule
	Due              time.Time // zero: it has no day
	State            string
	N                int  // messages; as people may read it
	Floored          bool // N is rounded down to a multiple of 5
	AtMost           bool // N is how many were asked: how many have answered is not known, or not said
	Automatic        bool
}

// Takes is how long the messages need at a rate per second.
func (l Outlook) Takes(rate float64) time.Duration { return takes(l.N, rate) }

// Forecast says what goes out when, of the whole wave, in the order of time.
func (o *Outbox) Forecast(ctx context.Context, w identity.Wave) ([]Outlook, error) {
	v, err := o.look(ctx, w)
	if err != nil {
		return nil, err
	}
	var all []Outlook
	for _, population := range Scheduled {
		pop, known := v.populations[population]
		if !known {
			continue
		}
		for _, e := range v.schedule[population] {
			l, err := v.outlook(e, pop)
			if err == nil && l.State == "due" && l.Automatic && !w.MailPaused && o.faulty(v, e) {
				l.State = "faulty"
			}
			if err != nil {
				return nil, err
			}
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Outlook) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.Due.IsZero()]
		}
		return a.Due.Compare(b.Due)
	})
	return all, nil
}

// faulty says whether the dry run keeps an automatic entry from being queued now.
func (o *Outbox) faulty(v view, e Entry) bool {
	plan, err := v.plan(e.Population, e.Kind, true)
	if err != nil || plan.Queue == 0 {
		return false
	}
	o.rehearseAll(&plan, v.texts, v.now)
	return len(plan.Faults) > 0
}

// outlook says what one entry comes to.
func (v view) outlook(e Entry, pop identity.Population) (Outlook, error) {
	schedule := v.schedule[e.Population]
	l := Outlook{Population: e.Population, Kind: e.Kind, Number: e.Number, Automatic: e.Automatic}
	due, fits := Due(e, schedule, pop)
	if e.Kind != "results" {
		l.Due = due
	}
	now, isDue := dueEntry(schedule, pop, e.Kind, v.now)
	block, made := blocked(e.Kind, v.wave, pop, v.now), v.made(e)
	var failed error
	queue := func() int { // only where it is asked for: it looks at everybody
		plan, err := v.plan(e.Population, e.Kind, false)
		failed = err
		return plan.Queue
	}
	left := queue
	if e.Kind == "reminder" { // what would be queued now is another one
		left = func() int { return v.reachable(e) }
	}
	switch {
	case e.Kind != "results" && !fits:
		l.State = "outside"
	case block == "not_open" && pop.State == "planned", block == "not_closed" && !due.After(v.now), block == "not_released":
		l.State, l.N = "waits", v.reachable(e)
	case e.Kind != "results" && due.After(v.now) && (made == 0 || v.open(e, left, made)):
		l.State, l.N = "ahead", v.reachable(e)
	case block == "" && isDue && now.Number == e.Number && v.open(e, queue, made):
		l.State, l.N = "due", queue()
	default: // its time is over, whether or not anything was sent
		l.State, l.N = "done", made
	}
	if failed != nil {
		return l, failed
	}
	if (l.State == "ahead" || l.State == "waits") && (e.Kind == "thanks" || e.Kind == "results") {
		l.AtMost = true // it goes to those who will have answered; how many were asked is no secret
		return l, nil
	}
	l.N, l.Floored = Told(e.Population, e.Kind, l.N)
	return l, nil
}

// open says whether something of an entry whose time it is is still to be queued. Where the entry
// goes to those who have answered, that there is nothing left would say that nobody has: it is open
// until at least five are made.
func (v view) open(e Entry, queue func() int, made int) bool {
	if toAnswered(e.Population, e.Kind) {
		return made < step
	}
	return queue() > 0
}

// made is how many participants an entry has messages for.
func (v view) made(e Entry) (n int) {
	for _, one := range v.entries[e.Population] {
		messages := v.sent[one.Participant.ID][e.Kind]
		if _, there := messages[e.Number]; there || e.Kind != "reminder" && len(messages) > 0 {
			n++
		}
	}
	return n
}

// reachable is how many messages an entry to come is made for, as things stand: of an invitation
// those not invited yet, of a reminder those who have not had it (its day may have been moved since),
// else everybody who is on the list and can be reached. Of what goes to those who will have answered it
// is everybody on the list: who can be reached changes with the close, when who has answered is noted
// and who has declined is asked no more.
func (v view) reachable(e Entry) (n int) {
	if toAnswered(e.Population, e.Kind) {
		return len(v.entries[e.Population])
	}
	for _, one := range v.entries[e.Population] {
		p := one.Participant
		if p.State == "undeliverable" || p.Address() == "" || v.stopped(p.Address()) {
			continue
		}
		if e.Kind == "invitation" {
			if _, due := v.sent[p.ID].number(e.Kind, p, 0); !due {
				continue
			}
		}
		if had, there := v.sent[p.ID]["reminder"][e.Number]; e.Kind == "reminder" && there && !renewable(had) {
			continue
		}
		n++
	}
	return n
}

// Progress is how far the sending of one kind to a population is. Of messages to employers but
// invitations both numbers are rounded down to a multiple of 5.
type Progress struct {
	Population, Kind string
	Number           int // of a reminder
	Waiting, All     int
	Floored          bool
}

// Takes is how long what waits needs at a rate per second.
func (p Progress) Takes(rate float64) time.Duration { return takes(p.Waiting, rate) }

// Progress says of what is under way how much is left. Thanks and results to employers are no part
// of it: following them would tell how many have answered; nor is what follows another message.
func (o *Outbox) Progress(ctx context.Context, w identity.Wave) ([]Progress, error) {
	counts, err := o.Identity.Progress(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	var all []Progress
	for _, c := range counts {
		if !slices.Contains(Kinds, c.Kind) || toAnswered(c.Population, c.Kind) || further(c.Population, c.Kind, c.Number) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Population != c.Population || all[n-1].Kind != c.Kind || all[n-1].Number != c.Number {
			all = append(all, Progress{Population: c.Population, Kind: c.Kind, Number: c.Number})
		}
		p := &all[len(all)-1]
		p.All += c.N
		if slices.Contains(waiting, c.State) {
			p.Waiting += c.N
		}
	}
	all = slices.DeleteFunc(all, func(p Progress) bool { return p.Waiting == 0 })
	for i := range all {
		p := &all[i]
		p.Waiting, p.Floored = Told(p.Population, p.Kind, p.Waiting)
		p.All, _ = Told(p.Population, p.Kind, p.All)
	}
	return all, nil
}

// CancelQueued cancels what of a kind has not begun to leave for a population, and puts its entries
// of the schedule into the hand of staff. The number is told as people may read it.
func (o *Outbox) CancelQueued(ctx context.Context, w identity.Wave, population, kind string) (n int, floored bool, err error) {
	if n, err = o.Identity.CancelQueued(ctx, w.ID, population, kind); err != nil {
		return 0, false, err
	}
	n, floored = Told(population, kind, n)
	return n, floored, nil
}
