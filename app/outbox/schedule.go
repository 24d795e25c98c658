package outbox

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rondo/app/i18n"
	"rondo/storage/identity"
)

// LastCall is the number of the reminder that is the last call: it has words of its own, and its
// day is counted back from the end of the window.
const LastCall = 100

// Entry is one line of a schedule: a kind, for reminders a number, and when it is due. Days count
// from the first day of the window; for the last call back from its last day; for thanks from its
// last day on. Results wait for the release and have no day.
type Entry = identity.ScheduleEntry

// What a schedule keeps to.
const (
	apart        = 3  // days between two reminders, and between an invitation and an automatic reminder
	maxDays      = 90 // an entry is at most so far from the beginning or the end of the window
	maxReminders = 6
	morning      = 8 // o'clock
)

// Scheduled are the populations that have a schedule: a discussion is recorded by staff.
var Scheduled = []string{"office", "employer"}

// defaultSchedule is what holds where staff have set nothing: all by hand.
func defaultSchedule(waveID, population string) []Entry {
	all := []Entry{
		{Kind: "invitation"}, {Kind: "reminder", Number: 1, Days: 7}, {Kind: "reminder", Number: 2, Days: 14},
		{Kind: "reminder", Number: LastCall, Days: 3}, {Kind: "thanks", Days: 1}, {Kind: "results"},
	}
	for i := range all {
		all[i].WaveID, all[i].Population, all[i].Hour = waveID, population, morning
	}
	return all
}

// Schedule is the schedule of a population in the order in which it runs, or the usual one where
// none is kept.
func (o *Outbox) Schedule(ctx context.Context, waveID, population string) ([]Entry, error) {
	all, err := o.Identity.Schedule(ctx, waveID)
	return scheduleOf(all, waveID, population), err
}

// scheduleOf picks the schedule of one population out of a wave's.
func scheduleOf(all []Entry, waveID, population string) []Entry {
	all = slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return e.Population != population })
	if len(all) == 0 {
		return defaultSchedule(waveID, population)
	}
	slices.SortFunc(all, func(a, b Entry) int {
		if c := slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind); c != 0 {
			return c
		}
		return a.Number - b.Number
	})
	return all
}

// Due is when an entry is due in a window; false where it has no time: results wait for the
// release, and what would lie outside the window, or an ordinary reminder shortly before the last
// call, falls out.
func Due(e Entry, schedule []Entry, p identity.Population) (time.Time, bool) {
	last := p.Closes.Add(-time.Second)
	switch e.Kind {
	case "results":
		return time.Time{}, false
	case "thanks":
		return later(p.Closes, i18n.At(last, e.Days, e.Hour)), true
	}
	if e.Number == LastCall {
		due := i18n.At(last, -e.Days, e.Hour)
		return due, due.After(p.Opens)
	}
	due := later(p.Opens, i18n.At(p.Opens, e.Days, e.Hour))
	if e.Kind == "reminder" {
		for _, other := range schedule {
			if other.Kind != "reminder" || other.Number != LastCall {
				continue
			}
			if call, fits := Due(other, nil, p); fits && due.After(call.AddDate(0, 0, -apart)) {
				return due, false
			}
		}
	}
	return due, due.Before(p.Closes)
}

// current is the reminder whose time it is: the last one that is due. Before the first one is due it
// is 0: whoever presses the button then sends one ahead of the schedule.
func current(schedule []Entry, p identity.Population, now time.Time) (e Entry, due bool) {
	var since time.Time
	for _, one := range schedule {
		if at, fits := Due(one, schedule, p); one.Kind == "reminder" && fits && !at.After(now) && !at.Before(since) {
			e, since, due = one, at, true
		}
	}
	return e, due
}

// Problem is what a person can correct in a schedule or a text: the field, the key of a sentence,
// and what the sentence names.
type Problem struct {
	Field, Key string
	Args       map[string]any
}

// checkSchedule says what is wrong with the schedule of one population. A field is named after its
// entry: "reminder1.days".
func checkSchedule(entries []Entry) (problems []Problem) {
	wrong := func(e Entry, part, key string, args map[string]any) {
		problems = append(problems, Problem{Field: EntryName(e.Kind, e.Number) + "." + part, Key: key, Args: args})
	}
	reminders, before := 0, -apart
	seen := map[string]bool{}
	for _, e := range entries {
		switch {
		case seen[EntryName(e.Kind, e.Number)] || !slices.Contains(Kinds, e.Kind):
			wrong(e, "days", "unknown", nil)
		case e.Days < 0 || e.Days > maxDays:
			wrong(e, "days", "days", map[string]any{"n": maxDays})
		case e.Kind == "reminder" && e.Days == 0:
			wrong(e, "days", "days_first", nil)
		case e.Kind == "reminder" && e.Number != LastCall && reminders > 0 && e.Days < before+apart:
			wrong(e, "days", "days_apart", map[string]any{"n": apart})
		}
		if e.Hour < 0 || e.Hour > 23 {
			wrong(e, "hour", "hour", nil)
		}
		if e.Kind == "reminder" && e.Number != LastCall {
			reminders, before = reminders+1, e.Days
		}
		seen[EntryName(e.Kind, e.Number)] = true
	}
	if reminders > maxReminders {
		problems = append(problems, Problem{Field: "reminder1.days", Key: "reminders", Args: map[string]any{"n": maxReminders}})
	}
	return problems
}

// EntryName is what forms call an entry: invitation, reminder1, last_call, thanks, results.
func EntryName(kind string, number int) string {
	switch {
	case kind == "reminder" && number == LastCall:
		return "last_call"
	case kind == "reminder":
		return kind + strconv.Itoa(number)
	}
	return kind
}

// SetSchedule keeps the schedule of a population, all of it or, with problems, nothing.
func (o *Outbox) SetSchedule(ctx context.Context, waveID, population string, entries []Entry) ([]Problem, error) {
	if problems := checkSchedule(entries); len(problems) > 0 {
		return problems, nil
	}
	return nil, o.Identity.SetSchedule(ctx, waveID, population, entries)
}
