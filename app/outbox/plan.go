package outbox

import (
	"context"
	"errors"
	"time"

	"rondo/storage/identity"
)

// Plan is what queueing a kind of message for a population would do now.
type Plan struct {
	Population, Kind string
	Number           int            // which reminder, from 1; 0 for the other kinds
	Queue            int            // messages that would be added
	Already          int            // participants who have theirs, or to whom it does not apply
	Suppressed       int            // have asked for no messages
	Unreachable      int            // without a usable address
	Languages        map[string]int // of Queue, by language
	Blocked          string         // why nothing can be queued: not_open ended not_closed not_released no_one; or ""
	Faults           []Fault        // what the dry run found; any of them keeps everything from being queued
	Floored          bool           // see Told
	messages         []identity.Message
}

// Forecast is how long the queue takes at a rate of messages per second.
func (p Plan) Forecast(rate float64) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(float64(p.Queue) / rate * float64(time.Second))
}

// Plan says what Queue would do now, and writes every message once as a dry
// run; it changes nothing.
func (o *Outbox) Plan(ctx context.Context, w identity.Wave, population, kind string) (Plan, error) {
	plan := Plan{Population: population, Kind: kind, Languages: map[string]int{}}
	pop, err := o.Identity.Population(ctx, w.ID, population)
	if err != nil {
		return plan, err
	}
	now, err := o.DB.Now(ctx)
	if err != nil {
		return plan, err
	}
	if plan.Blocked = blocked(kind, w, pop, now); plan.Blocked != "" {
		return plan, nil
	}
	reminder := reminderNumber(pop, now)
	if kind == "reminder" {
		plan.Number = reminder
	}
	entries, err := o.entries(ctx, w, pop)
	if err != nil {
		return plan, err
	}
	messages, err := o.Identity.Messages(ctx, w.ID)
	if err != nil {
		return plan, err
	}
	due, sent := later(now, pop.Opens), histories(messages)
	for _, e := range entries {
		number, isDue := sent[e.Participant.ID].number(kind, e.Participant, reminder)
		if !isDue {
			plan.Already++
			continue
		}
		if err := o.consider(ctx, &plan, e, number, due); err != nil {
			return plan, err
		}
	}
	plan.Queue = len(plan.messages)
	if len(entries) == 0 {
		plan.Blocked = "no_one"
	}
	return plan, nil
}

// entries are the participants of a population, each with its office.
func (o *Outbox) entries(ctx context.Context, w identity.Wave, pop identity.Population) ([]identity.Entry, error) {
	all, err := o.Identity.Participants(ctx, w.ID, "")
	if err != nil {
		return nil, err
	}
	offices := map[string]*identity.Participant{}
	for i, p := range all {
		if p.Population == "office" {
			offices[p.ID] = &all[i]
		}
	}
	var entries []identity.Entry
	for _, p := range all {
		if p.Population == pop.Name {
			entries = append(entries, identity.Entry{Participant: p, Population: pop, Wave: w, Office: offices[p.OfficeID]})
		}
	}
	return entries, nil
}

// consider adds one participant's message to the plan, or says why not.
func (o *Outbox) consider(ctx context.Context, plan *Plan, e identity.Entry, number int, due time.Time) error {
	if e.Participant.Address() == "" {
		plan.Unreachable++
		return nil
	}
	suppressed, err := o.Identity.Suppressed(ctx, EmailHash(o.Secret, e.Participant.Address()))
	if err != nil {
		return err
	}
	if suppressed {
		plan.Suppressed++
		return nil
	}
	m := identity.Message{
		WaveID: e.Wave.ID, ParticipantID: e.Participant.ID, Kind: plan.Kind, Number: number,
		State: "queued", DueAt: due, NotAfter: due.Add(validity),
	}
	if carriesLink(plan.Kind) && m.NotAfter.After(e.Population.Closes) {
		m.NotAfter = e.Population.Closes
	}
	plan.Faults = append(plan.Faults, o.rehearse(m, e, due)...)
	plan.Languages[e.Participant.Language]++
	plan.messages = append(plan.messages, m)
	return nil
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
	if err != nil || plan.Queue == 0 {
		return 0, plan, err
	}
	if len(plan.Faults) > 0 {
		return 0, plan, ErrFaulty
	}
	added, err = o.Identity.QueueMessages(ctx, plan.messages)
	return added, plan, err
}
