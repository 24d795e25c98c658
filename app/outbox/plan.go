package outbox

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// Plan is what queueing a kind of message for a population would do now.
type Plan struct {
	Population, Kind string
	Number           int            // which reminder: its number in the schedule, 0 ahead of the first; 0 for the other kinds
	Queue            int            // messages that would be added
	Already          int            // participants who have theirs, or to whom it does not apply
	Suppressed       int            // have asked for no messages
	Unreachable      int            // without a usable address
	Languages        map[string]int // of Queue, by language
	Blocked          string         // why nothing can be queued: not_open ended not_closed not_released no_one; or ""
	Faults           []Fault        // what the dry run found; any of them keeps everything from being queued
	Floored          bool           // see Told
	begun            bool           // some have theirs already, or had it queued: the rest depends on what became of it
	letters          []letter
}

// letter is a message that would be queued, and everything it is written from.
type letter struct {
	message identity.Message
	entry   *identity.Entry
}

// Forecast is how long the queue takes at a rate of messages per second.
func (p Plan) Forecast(rate float64) time.Duration { return takes(p.Queue, rate) }

func takes(n int, rate float64) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(float64(n) / rate * float64(time.Second))
}

// Plan says what Queue would do now, and writes every message once as a dry
// run; it changes nothing.
func (o *Outbox) Plan(ctx context.Context, w identity.Wave, population, kind string) (Plan, error) {
	v, err := o.look(ctx, w)
	if err != nil {
		return Plan{Population: population, Kind: kind}, err
	}
	plan, err := v.plan(population, kind, false)
	if err != nil {
		return plan, err
	}
	o.rehearseAll(&plan, v.texts, v.now)
	return plan, nil
}

// view is what planning looks at, read once.
type view struct {
	wave        identity.Wave
	populations map[string]identity.Population
	entries     map[string][]identity.Entry // by population
	schedule    map[string][]Entry          // by population
	texts       texts
	sent        map[string]history // by participant
	stopped     func(address string) bool
	now         time.Time
}

// look reads what planning needs of a wave.
func (o *Outbox) look(ctx context.Context, w identity.Wave) (v view, err error) {
	v = view{wave: w, populations: map[string]identity.Population{}, schedule: map[string][]Entry{}}
	if v.now, err = o.DB.Now(ctx); err != nil {
		return v, err
	}
	populations, err := o.Identity.Populations(ctx, w.ID)
	if err != nil {
		return v, err
	}
	schedule, err := o.Identity.Schedule(ctx, w.ID)
	if err != nil {
		return v, err
	}
	for _, p := range populations {
		v.populations[p.Name] = p
		v.schedule[p.Name] = scheduleOf(schedule, w.ID, p.Name)
	}
	if v.texts, err = o.texts(ctx, w.ID); err != nil {
		return v, err
	}
	participants, err := o.Identity.Participants(ctx, w.ID, "")
	if err != nil {
		return v, err
	}
	v.entries = entries(w, v.populations, participants)
	messages, err := o.Identity.Messages(ctx, w.ID)
	if err != nil {
		return v, err
	}
	v.sent = histories(messages)
	v.stopped, err = o.stopped(ctx)
	return v, err
}

// entries are the participants of a wave by population, each with its office.
func entries(w identity.Wave, populations map[string]identity.Population, all []identity.Participant) map[string][]identity.Entry {
	offices := map[string]*identity.Participant{}
	for i, p := range all {
		if p.Population == "office" {
			offices[p.ID] = &all[i]
		}
	}
	by := map[string][]identity.Entry{}
	for _, p := range all {
		by[p.Population] = append(by[p.Population], identity.Entry{Participant: p, Population: populations[p.Population], Wave: w, Office: offices[p.OfficeID]})
	}
	return by
}

// stopped reads once who wants no messages.
func (o *Outbox) stopped(ctx context.Context) (func(address string) bool, error) {
	set, err := o.Identity.SuppressedSet(ctx)
	if err != nil {
		return nil, err
	}
	hash := o.Secret.AddressHasher()
	return func(address string) bool { return len(set) > 0 && set[string(hash(mail.Normal(address)))] }, nil
}

// plan says what would be queued now, without writing it. careful leaves out whom something
// reached within the last days, as what is queued by itself must.
func (v view) plan(population, kind string, careful bool) (Plan, error) {
	plan := Plan{Population: population, Kind: kind, Languages: map[string]int{}}
	pop, known := v.populations[population]
	if !known {
		return plan, db.ErrNotFound
	}
	if plan.Blocked = blocked(kind, v.wave, pop, v.now); plan.Blocked != "" {
		return plan, nil
	}
	if kind == "reminder" {
		e, _ := current(v.schedule[population], pop, v.now)
		plan.Number = e.Number
	}
	due, soon := later(v.now, pop.Opens), v.now.AddDate(0, 0, -apart)
	for i := range v.entries[population] {
		e := &v.entries[population][i]
		h := v.sent[e.Participant.ID]
		number, isDue := h.number(kind, e.Participant, plan.Number)
		if _, made := h[kind][plan.Number]; made {
			plan.begun = true
		}
		switch {
		case !isDue || careful && kind == "reminder" && h.reachedSince(soon):
			plan.Already++
		case e.Participant.Address() == "":
			plan.Unreachable++
		case v.stopped(e.Participant.Address()):
			plan.Suppressed++
		default:
			plan.add(e, number, due)
		}
	}
	plan.Queue = len(plan.letters)
	if len(v.entries[population]) == 0 {
		plan.Blocked = "no_one"
	}
	return plan, nil
}

// add takes one participant's message into the plan.
func (p *Plan) add(e *identity.Entry, number int, due time.Time) {
	m := identity.Message{
		WaveID: e.Wave.ID, ParticipantID: e.Participant.ID, Kind: p.Kind, Number: number,
		State: "queued", DueAt: due, NotAfter: due.Add(validity),
	}
	if carriesLink(p.Kind) && m.NotAfter.After(e.Population.Closes) {
		m.NotAfter = e.Population.Closes
	}
	p.Languages[e.Participant.Language]++
	p.letters = append(p.letters, letter{m, e})
}

// rehearseAll writes every message of a plan once and notes what is wrong, in the order of the
// messages; several at a time, since each is work of its own.
func (o *Outbox) rehearseAll(plan *Plan, own texts, date time.Time) {
	plan.Faults = own.faults(plan.Population, plan.Kind, plan.Number, plan.Languages)
	parts := min(runtime.GOMAXPROCS(0), 4)
	found, size := make([][]Fault, parts), (len(plan.letters)+parts-1)/parts
	var all sync.WaitGroup
	for i := range parts {
		part := plan.letters[min(i*size, len(plan.letters)):min((i+1)*size, len(plan.letters))]
		all.Go(func() {
			for _, l := range part {
				found[i] = append(found[i], o.rehearse(l.message, *l.entry, own, date)...)
			}
		})
	}
	all.Wait()
	for _, faults := range found {
		plan.Faults = append(plan.Faults, faults...)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// ErrFaulty is the refusal to queue messages in which the dry run found a fault.
var ErrFaulty = errors.New("at least one message would be wrong: nothing was queued")

// Queue queues what is due of a kind for a population and says what it added;
// asked again it adds nothing. Where the dry run finds a fault nothing is
// queued: ErrFaulty, with the faults in the plan.
func (o *Outbox) Queue(ctx context.Context, w identity.Wave, population, kind string) (added int, plan Plan, err error) {
	plan, err = o.Plan(ctx, w, population, kind)
	if err != nil {
		return 0, plan, err
	}
	added, err = o.keep(ctx, plan)
	return added, plan, err
}

// keep queues a plan.
func (o *Outbox) keep(ctx context.Context, plan Plan) (added int, err error) {
	if plan.Queue == 0 {
		return 0, nil
	}
	if len(plan.Faults) > 0 {
		return 0, ErrFaulty
	}
	return o.Identity.QueueDue(ctx, plan.messages())
}

// messages are the rows of a plan.
func (p Plan) messages() []identity.Message {
	messages := make([]identity.Message, len(p.letters))
	for i, l := range p.letters {
		messages[i] = l.message
	}
	return messages
}
