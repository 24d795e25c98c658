package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
)

// spareReminders is how many empty lines for further reminders a schedule offers.
const spareReminders = 1

type schedulePage struct {
	frame
	Population string
	Seen       string // mark of the schedule that is kept
	Lines      []scheduleLine
	Back       string
}

// scheduleLine is one entry as the form shows it.
type scheduleLine struct {
	Name, Title, Count string // Count: from where its days count
	Days               string // "" for what has no day
	HasDays            bool
	Hours, Hands       []option
	Wrong              bool
	Due                time.Time
	Outside            bool // it falls out of the window
}

// entryTitle is what people call an entry: "Erinnerung 2".
func entryTitle(c *fiber.Ctx, name string) string {
	if number, is := strings.CutPrefix(name, "reminder"); is && number != "" {
		if number == "0" {
			return say(c, "schedule.early")
		}
		return say(c, "schedule.reminder", "n", number)
	}
	if name == "last_call" {
		return say(c, "schedule.last_call")
	}
	return say(c, "kind."+name)
}

// scheduled finds the wave and the population of a schedule.
func (r *Room) scheduled(c *fiber.Ctx) (Wave, string, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, "", err
	}
	p := c.Params("population")
	if p != "office" && p != "employer" {
		return w, p, web.ErrUnknown
	}
	return w, p, nil
}

// showSchedule shows when messages go to a population.
func (r *Room) showSchedule(c *fiber.Ctx) error {
	w, population, err := r.scheduled(c)
	if err != nil {
		return err
	}
	entries, err := r.Schedules.Schedule(web.Context(c), w.Label, population)
	if err != nil {
		return err
	}
	seen, form := shownMark(inWords(entries)), typedIn(c)
	if form != nil {
		seen = cmp.Or(form.First("seen"), seen) // what was typed is about the schedule as it was then
	}
	return r.schedulePage(c, w, &schedulePage{Population: population, Seen: seen}, entries, form, nil)
}

// setSchedule keeps it.
func (r *Room) setSchedule(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, population, err := r.scheduled(c)
	if err != nil {
		return err
	}
	kept, err := r.Schedules.Schedule(web.Context(c), w.Label, population)
	if err != nil {
		return err
	}
	now := shownMark(inWords(kept))
	page := &schedulePage{Population: population, Seen: cmp.Or(form.First("seen"), now)}
	entries, problems := readSchedule(form)
	switch {
	case meanwhile(form, now):
		page.Seen, problems = now, []Problem{{Key: "changed_meanwhile"}}
	case len(problems) == 0:
		problems, err = r.Schedules.SetSchedule(web.Context(c), w.Label, population, entries)
	}
	if err == nil && len(problems) > 0 {
		return r.schedulePage(c, w, page, entries, form, problems)
	}
	if err := r.did(c, "mail.schedule", w.Label+"/"+population, inWords(entries), err); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "scheduled")
}

// inWords is a schedule for the journal: "invitation 0d 8h, reminder1 7d 8h automatic".
func inWords(entries []ScheduleEntry) string {
	var words []string
	for _, e := range entries {
		word := fmt.Sprintf("%s %dd %dh", e.Name, e.Days, e.Hour)
		if e.Automatic {
			word += " automatic"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// readSchedule reads the form; a reminder or last call without days is left out.
func readSchedule(form web.Form) (entries []ScheduleEntry, problems []Problem) {
	names := []string{"invitation"}
	for n := 1; has(form, n); n++ {
		names = append(names, fmt.Sprint("reminder", n))
	}
	for _, name := range append(names, "last_call", "thanks", "results") {
		e := ScheduleEntry{Name: name, Automatic: form.First(name+".how") == "automatic"}
		days := strings.TrimSpace(form.First(name + ".days"))
		if days == "" && (strings.HasPrefix(name, "reminder") || name == "last_call") {
			continue
		}
		var err error
		if e.Days, err = strconv.Atoi(days); err != nil && name != "results" {
			problems = append(problems, Problem{Field: name + ".days", Key: "days", Args: map[string]any{"n": 90}})
		}
		if e.Hour, err = strconv.Atoi(form.First(name + ".hour")); err != nil && name != "results" {
			problems = append(problems, Problem{Field: name + ".hour", Key: "hour"})
		}
		entries = append(entries, e)
	}
	return entries, problems
}

func (r *Room) schedulePage(c *fiber.Ctx, w Wave, p *schedulePage, entries []ScheduleEntry, form web.Form, problems []Problem) error {
	p.frame = r.waveFrame(c, w, say(c, "schedule.title", "population", say(c, "population."+p.Population)))
	p.Back, p.Lines = wavePath(w.Label)+"/mail", scheduleLines(c, entries, form)
	for _, problem := range problems {
		name, _, _ := strings.Cut(problem.Field, ".")
		if name == "" { // it concerns all of it
			wrong(c, "invitation.days", words(c, problem))
			continue
		}
		wrong(c, problem.Field, entryTitle(c, name)+": "+words(c, problem))
		for i := range p.Lines {
			p.Lines[i].Wrong = p.Lines[i].Wrong || p.Lines[i].Name == name
		}
	}
	p.Invalid = len(problems) > 0
	status := fiber.StatusOK
	if p.Invalid {
		status = fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/schedule", p)
}

// has says whether a form has a line for a reminder.
func has(form web.Form, n int) bool {
	_, there := form[fmt.Sprintf("reminder%d.days", n)]
	return there
}

// scheduleLines are the lines of the form: the entries, what is not used yet, and what was typed.
func scheduleLines(c *fiber.Ctx, entries []ScheduleEntry, form web.Form) (lines []scheduleLine) {
	by, reminders := map[string]ScheduleEntry{}, 0
	for _, e := range entries {
		by[e.Name] = e
		if n, err := strconv.Atoi(strings.TrimPrefix(e.Name, "reminder")); err == nil {
			reminders = max(reminders, n)
		}
	}
	names := []string{"invitation"}
	for n := 1; n <= reminders+spareReminders || has(form, n); n++ {
		names = append(names, fmt.Sprint("reminder", n))
	}
	for _, name := range append(names, "last_call", "thanks", "results") {
		e, used := by[name]
		if !used {
			e.Hour = 8
		}
		count := map[bool]string{true: "after_opening", false: name}[!slices.Contains([]string{"last_call", "thanks", "results"}, name)]
		l := scheduleLine{Name: name, Title: entryTitle(c, name), Count: say(c, "schedule.count."+count), HasDays: name != "results", Due: e.Due}
		if used {
			l.Days = itoa(e.Days)
		}
		how, hour := map[bool]string{true: "automatic", false: "hand"}[e.Automatic], e.Hour
		if form != nil {
			l.Days, how = form.First(name+".days"), form.First(name+".how")
			hour, _ = strconv.Atoi(form.First(name + ".hour")) // an unreadable one was a problem already
		}
		l.Outside = used && l.HasDays && e.Due.IsZero() && form == nil
		for h := range 24 {
			l.Hours = append(l.Hours, option{Value: itoa(h), Label: fmt.Sprintf("%02d:00", h), Chosen: h == hour})
		}
		for _, hand := range []string{"hand", "automatic"} {
			l.Hands = append(l.Hands, option{Value: hand, Label: say(c, "schedule."+hand), Chosen: hand == how})
		}
		lines = append(lines, l)
	}
	return lines
}

// outlookLine is a line of the forecast.
type outlookLine struct {
	Day, Title, Population, How, State, N, Takes string
	Send                                         string // where it can be sent now
}

// outlookLines are the forecast in words.
func outlookLines(c *fiber.Ctx, w Wave, entries []Planned, maySend bool) (lines []outlookLine) {
	lang := web.Language(c)
	for _, e := range entries {
		l := outlookLine{
			Day: say(c, "schedule.no_day"), Title: entryTitle(c, e.Name), Population: say(c, "population."+e.Population),
			How: say(c, "schedule."+map[bool]string{true: "automatic", false: "hand"}[e.Automatic]), State: say(c, "schedule.state."+e.State),
			N: howMany(c, e.N, e.Floored),
		}
		switch {
		case e.State == "outside":
			l.N, l.Day = "", say(c, "schedule.no_day")
		case e.AtMost:
			l.N = say(c, "schedule.at_most", "n", i18n.Number(lang, float64(e.N)))
		}
		if !e.Due.IsZero() && e.State != "outside" {
			l.Day = i18n.DateTime(lang, e.Due)
		}
		if e.State == "due" || e.State == "faulty" || e.State == "ahead" {
			l.Takes = howLong(c, e.Takes)
		}
		if (e.State == "due" || e.State == "faulty") && maySend { // where a fault holds it back, the page says which
			l.Send = wavePath(w.Label) + "/mail/" + e.Population + "/" + e.Kind
		}
		lines = append(lines, l)
	}
	return lines
}

// howMany says a number as people may read it.
func howMany(c *fiber.Ctx, n int, floored bool) string {
	written := i18n.Number(web.Language(c), float64(n))
	switch {
	case !floored:
		return written
	case n == 0:
		return say(c, "mail.below_5")
	}
	return say(c, "mail.at_least", "n", written)
}

// howLong says about how long something takes.
func howLong(c *fiber.Ctx, d time.Duration) string {
	switch minutes := int(d.Round(time.Minute) / time.Minute); {
	case d <= 0:
		return ""
	case minutes < 2:
		return say(c, "schedule.minute")
	case minutes < 120:
		return say(c, "schedule.minutes", "n", itoa(minutes))
	default:
		return say(c, "schedule.hours", "n", itoa((minutes+30)/60))
	}
}

// progressLine is a line about what is under way.
type progressLine struct {
	Title, Population, Waiting, Takes, Cancel string
	Done, All                                 int
}

func progressLines(c *fiber.Ctx, w Wave, all []Progress, maySend bool) (lines []progressLine) {
	for _, p := range all {
		l := progressLine{
			Title: entryTitle(c, p.Name), Population: say(c, "population."+p.Population), Takes: howLong(c, p.Takes),
			Waiting: say(c, "schedule.of", "waiting", howMany(c, p.Waiting, p.Floored), "all", howMany(c, p.All, p.Floored)),
			Done:    p.All - p.Waiting, All: p.All,
		}
		if maySend {
			l.Cancel = wavePath(w.Label) + "/mail/" + p.Population + "/" + p.Kind + "/cancel"
		}
		lines = append(lines, l)
	}
	return lines
}

// showCancel says what cancelling does.
func (r *Room) showCancel(c *fiber.Ctx) error {
	w, population, err := r.scheduled(c)
	if err != nil {
		return err
	}
	kind := c.Params("kind")
	if !slices.ContainsFunc(sendings, func(s struct{ population, kind string }) bool { return s.population == population && s.kind == kind }) {
		return web.ErrUnknown
	}
	return r.confirm(c, &confirmPage{frame: r.waveFrame(c, w, say(c, "schedule.cancel_title", "what", sendingTitle(c, population, kind))),
		Sentence: say(c, "schedule.cancel_text"), Button: say(c, "schedule.cancel"), Back: wavePath(w.Label) + "/mail"}, nil, nil)
}

// cancel cancels what is queued of a kind.
func (r *Room) cancel(c *fiber.Ctx) error {
	w, population, err := r.scheduled(c)
	if err != nil {
		return err
	}
	kind := c.Params("kind")
	if !slices.ContainsFunc(sendings, func(s struct{ population, kind string }) bool { return s.population == population && s.kind == kind }) {
		return web.ErrUnknown
	}
	n, err := r.Schedules.CancelMail(web.Context(c), w.Label, population, kind)
	if err := r.did(c, "mail.cancel", w.Label+"/"+population+"/"+kind, itoa(n), err); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "cancelled")
}
