package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"rondo/storage/db"
	"rondo/storage/identity"
)

// Scheduler queues by itself what the schedules of all waves say is due. Any number of schedulers
// may run on one database: what one has queued, another finds queued. It writes no row when there
// is nothing to do.
type Scheduler struct {
	Outbox *Outbox
	Ready  func(ctx context.Context, population, kind string) error                       // called before anything is queued
	Note   func(ctx context.Context, w identity.Wave, plan Plan, number, added int) error // told what was queued
	Log    *slog.Logger

	quiet map[string]quiet // what was looked at and led to nothing, by entry
}

// quiet keeps one entry from being planned every minute because of a few whom nothing is ever due,
// such as those who want no messages.
type quiet struct {
	waiting int
	until   time.Time
}

// again is after how long an entry that led to nothing is planned anew, though nothing has changed.
const again = 15 * time.Minute

// Look queues what is due now.
func (s *Scheduler) Look(ctx context.Context) error {
	now, err := s.Outbox.DB.Now(ctx)
	if err != nil {
		return err
	}
	waves, err := s.Outbox.Identity.Waves(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range waves {
		if w.MailPaused || w.NotBefore.After(now) || w.State == "setup" || w.State == "archived" {
			continue
		}
		failed = errors.Join(failed, s.wave(ctx, w, now))
	}
	return failed
}

// wave queues what is due of one wave.
func (s *Scheduler) wave(ctx context.Context, w identity.Wave, now time.Time) error {
	kept, err := s.Outbox.Identity.Schedule(ctx, w.ID)
	if err != nil || len(kept) == 0 {
		return err // nothing is automatic unless somebody has said so
	}
	populations, err := s.Outbox.Identity.Populations(ctx, w.ID)
	if err != nil {
		return err
	}
	var failed error
	for _, p := range populations {
		schedule := scheduleOf(kept, w.ID, p.Name)
		for _, kind := range Kinds {
			e, due := dueEntry(schedule, p, kind, now)
			if due && e.Automatic && blocked(kind, w, p, now) == "" {
				failed = errors.Join(failed, s.entry(ctx, w, e, now))
			}
		}
	}
	return failed
}

// dueEntry is the entry of a kind whose time it is.
func dueEntry(schedule []Entry, p identity.Population, kind string, now time.Time) (Entry, bool) {
	if kind == "reminder" {
		return current(schedule, p, now)
	}
	for _, e := range schedule {
		if e.Kind == kind {
			at, fits := Due(e, schedule, p)
			return e, kind == "results" || fits && !at.After(now)
		}
	}
	return Entry{}, false
}

// entry queues what one entry says, if somebody waits for it.
func (s *Scheduler) entry(ctx context.Context, w identity.Wave, e Entry, now time.Time) error {
	o, name := s.Outbox, w.ID+" "+e.Population+" "+e.Kind+" "+strconv.Itoa(e.Number)
	waiting, err := o.Identity.Waiting(ctx, w.ID, e.Population, e.Kind, returned(e.Kind), e.Number, eligible(e.Kind))
	if err != nil || waiting == 0 {
		return err
	}
	if q := s.quiet[name]; q.waiting == waiting && now.Before(q.until) {
		return nil
	}
	v, err := o.look(ctx, w)
	if err != nil {
		return err
	}
	plan, err := v.plan(e.Population, e.Kind, true)
	if err != nil {
		return err
	}
	if plan.Queue > 0 && plan.Number == e.Number {
		if err := s.queue(ctx, w, e, plan, v); err != nil {
			return err
		}
	}
	if s.quiet == nil {
		s.quiet = map[string]quiet{}
	}
	s.quiet[name] = quiet{waiting, now.Add(again)}
	return nil
}

// queue queues a plan, unless its dry run finds a fault.
func (s *Scheduler) queue(ctx context.Context, w identity.Wave, e Entry, plan Plan, v view) error {
	o := s.Outbox
	if err := s.Ready(ctx, e.Population, e.Kind); err != nil {
		return err
	}
	o.rehearseAll(&plan, v.texts, v.now)
	if len(plan.Faults) > 0 {
		s.Log.Error("scheduled messages have faults: nothing is queued", "wave", w.Label, "population", e.Population, "kind", e.Kind, "fault", plan.Faults[0].Rule)
		return nil
	}
	added, err := o.Identity.QueueScheduled(ctx, e, plan.messages())
	switch {
	case errors.Is(err, db.ErrState), err == nil && added == 0:
		return nil // somebody took it into their hand, or another instance was quicker
	case err != nil:
		return fmt.Errorf("queue by schedule: %w", err)
	}
	return s.Note(ctx, w, plan.Told(), e.Number, added)
}

// eligible are the states of participants to whom messages of a kind are made.
func eligible(kind string) []string {
	switch kind {
	case "invitation":
		return []string{"open"}
	case "reminder":
		return []string{"open", "refused", "wrong_person"}
	}
	return []string{"done"}
}
