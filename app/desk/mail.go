package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
)

// sendings are the messages staff may send, in the order of a wave.
var sendings = []struct{ population, kind string }{
	{"office", "invitation"}, {"office", "reminder"}, {"employer", "invitation"}, {"employer", "reminder"}, {"employer", "thanks"},
	{"office", "thanks"}, {"office", "results"}, {"employer", "results"},
}

type mailPage struct {
	frame
	Paused   bool
	MaySend  bool
	Sendings []web.NavLink
	Counts   []MailCount
	Trouble  []troubleLine
	Ahead    []outlookLine
	Progress []progressLine
}

type troubleLine struct {
	Trouble
	Unknown bool
}

// showMail shows what may be sent now, what became of what was sent, and what a person must settle.
func (r *Room) showMail(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	state, err := r.Mail.MailState(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	outlook, err := r.Schedules.Outlook(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	p := &mailPage{frame: r.waveFrame(c, w, say(c, "mail.title", "label", w.Label)), Paused: state.Paused, MaySend: may(c, auth.Send), Counts: state.Rows}
	p.Ahead, p.Progress = outlookLines(c, w, outlook.Entries, p.MaySend), progressLines(c, w, outlook.Progress, p.MaySend)
	if p.MaySend {
		p.Sendings = r.sendings(c, w)
	}
	for _, t := range state.Trouble {
		p.Trouble = append(p.Trouble, troubleLine{t, t.State == "unknown"})
	}
	return r.show(c, fiber.StatusOK, "desk/mail", p)
}

// sendings links to what the state of the wave does not rule out; the plan on the next page says what would really be queued.
func (r *Room) sendings(c *fiber.Ctx, w Wave) (links []web.NavLink) {
	state := map[string]string{}
	for _, p := range w.Populations {
		state[p.Name] = p.State
	}
	for _, s := range sendings {
		possible := map[string]bool{"invitation": state[s.population] == "open", "reminder": state[s.population] == "open",
			"thanks": state[s.population] == "closed", "results": w.State == "released"}
		if possible[s.kind] {
			links = append(links, web.NavLink{URL: wavePath(w.Label) + "/mail/" + s.population + "/" + s.kind, Name: sendingTitle(c, s.population, s.kind)})
		}
	}
	return links
}

func sendingTitle(c *fiber.Ctx, population, kind string) string {
	return say(c, "step.step_of", "step", say(c, "kind."+kind), "population", say(c, "population."+population))
}

// showSending says how many messages would be queued, or why none.
func (r *Room) showSending(c *fiber.Ctx) error {
	w, plan, err := r.plan(c)
	if err != nil {
		return err
	}
	return r.sendingPage(c, w, plan, nil, nil)
}

// send queues what is due; serve transmits it.
func (r *Room) send(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, plan, err := r.plan(c)
	if err != nil {
		return err
	}
	if problems := counted(form, plan.Queue); stopped(plan) || len(problems) > 0 {
		return r.sendingPage(c, w, plan, form, problems)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	n, err := r.Mail.QueueMail(ctx, w.Label, plan.Population, plan.Kind)
	object := fmt.Sprintf("%s/%s/%s", w.Label, plan.Population, plan.Kind)
	if err := r.did(c, "mail.send", object, itoa(n), err); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "queued")
}

// stopped says whether the plan queues nothing.
func stopped(plan Plan) bool { return plan.Blocked != "" || nobody(plan) || len(plan.Faults) > 0 }

// nobody says whether nobody is due. Of a floored plan it is not known: it may always be tried.
func nobody(plan Plan) bool { return plan.Queue == 0 && !plan.Floored }

// plan finds the wave and the sending a request names.
func (r *Room) plan(c *fiber.Ctx) (Wave, Plan, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, Plan{}, err
	}
	for _, s := range sendings {
		if s.population == c.Params("population") && s.kind == c.Params("kind") {
			plan, err := r.Mail.PlanMail(web.Context(c), w.Label, s.population, s.kind)
			return w, plan, err
		}
	}
	return w, Plan{}, web.ErrUnknown
}

func (r *Room) sendingPage(c *fiber.Ctx, w Wave, plan Plan, form web.Form, problems []Problem) error {
	page := &confirmPage{frame: r.waveFrame(c, w, sendingTitle(c, plan.Population, plan.Kind)), Sentence: say(c, "mail.confirm_text"),
		Button: say(c, "mail.send_button"), Back: wavePath(w.Label) + "/mail", Final: true, Facts: planFacts(c, plan)}
	if plan.Floored {
		page.Note = say(c, "mail.floored")
	}
	if plan.Kind == "reminder" {
		page.Note = joined(page.Note, say(c, "mail.reminder_note"))
	}
	switch {
	case plan.Blocked != "":
		page.Stop = say(c, "mail.blocked."+plan.Blocked)
	case len(plan.Faults) > 0:
		page.Stop = say(c, "mail.faulty", "n", len(plan.Faults))
		for _, f := range plan.Faults[:min(len(plan.Faults), 20)] {
			page.Faults = append(page.Faults, faultLine(c, f))
		}
	case nobody(plan):
		page.Stop = say(c, "mail.blocked.no_one")
	default:
		page.Fields = countField(c, plan.Queue)
	}
	return r.confirm(c, page, form, problems)
}

// planFacts are the numbers of a plan.
func planFacts(c *fiber.Ctx, plan Plan) (facts []fact) {
	if plan.Kind == "reminder" {
		facts = append(facts, fact{say(c, "mail.kind"), entryTitle(c, plan.Name)})
	}
	if plan.Floored {
		few := say(c, "mail.below_5")
		if plan.Queue > 0 {
			few = say(c, "mail.at_least", "n", itoa(plan.Queue))
		}
		facts = append(facts, fact{say(c, "mail.queue"), few})
		if len(plan.Faults) == 0 {
			facts = append(facts, fact{say(c, "schedule.rehearsal"), say(c, "schedule.rehearsed")})
		}
		return facts
	}
	if len(plan.Faults) == 0 && plan.Queue > 0 {
		facts = append(facts, fact{say(c, "schedule.rehearsal"), say(c, "schedule.rehearsed")})
	}
	facts = append(facts, fact{say(c, "mail.queue"), itoa(plan.Queue)}, fact{say(c, "schedule.takes"), howLong(c, plan.Takes)}, fact{say(c, "mail.already"), itoa(plan.Already)},
		fact{say(c, "mail.suppressed"), itoa(plan.Suppressed)}, fact{say(c, "mail.unreachable"), itoa(plan.Unreachable)})
	for _, lang := range i18n.Languages {
		if n := plan.Languages[lang]; n > 0 {
			facts = append(facts, fact{web.Names[lang], itoa(n)})
		}
	}
	return facts
}

// faultLine says a fault, and whose message has it where the desk may know that.
func faultLine(c *fiber.Ctx, f Fault) string {
	rule := say(c, "mail.fault."+f.Rule)
	if f.Participant == "" {
		return rule
	}
	return f.Participant + ": " + rule
}

// pauseMail stops the sending of a wave or lets it go on.
func (r *Room) pauseMail(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	action, done := "mail.resume", "resumed"
	switch form.First("paused") {
	case "yes":
		action, done = "mail.pause", "paused"
	case "no":
	default:
		return web.ErrForm
	}

	err = r.Mail.PauseMail(web.Context(c), w.Label, done == "paused")
	if err := r.did(c, action, w.Label, "", err); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", done)
}

// settleMail decides about one message of which the machine cannot know what became. The journal says
// so with the wave alone: the message would tell to whom, and about when somebody handed over.
func (r *Room) settleMail(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	id, action := form.First("id"), "mail.count-as-sent"
	settle := r.Mail.CountAsSent
	switch form.First("do") {
	case "sent":
	case "again":
		action, settle = "mail.resend", r.Mail.Resend
	default:
		return web.ErrForm
	}

	if err := r.did(c, action, w.Label, "", settle(web.Context(c), w.Label, id)); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "settled")
}
