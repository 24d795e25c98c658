package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// sendings are the messages staff may send, in the order of a wave.
var sendings = []struct{ population, kind string }{
	{"office", "invitation"}, {"office", "reminder"}, {"employer", "invitation"}, {"employer", "reminder"}, {"employer", "thanks"},
	{"office", "thanks"}, {"office", "results"}, {"employer", "results"},
}

type mailPage struct {
	frame
	Paused  bool
	MaySend bool
	Plans   []Plan
	Counts  []MailCount
	Trouble []troubleLine
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
	p := &mailPage{frame: r.waveFrame(c, w, say(c, "mail.title", "label", w.Label)), Paused: state.Paused, MaySend: may(c, auth.Send), Counts: state.Rows}
	for _, s := range sendings {
		plan, err := r.Mail.PlanMail(web.Context(c), w.Label, s.population, s.kind)
		if err != nil {
			return err
		}
		p.Plans = append(p.Plans, plan)
	}

	for _, t := range state.Trouble {
		p.Trouble = append(p.Trouble, troubleLine{t, t.State == "unknown"})
	}
	return r.Kit.Show(c, fiber.StatusOK, "desk/mail", p)
}

// showSending says how many messages would be queued.
func (r *Room) showSending(c *fiber.Ctx) error {
	w, plan, err := r.plan(c)
	if err != nil {
		return err
	}
	if plan.Blocked != "" || plan.Queue == 0 {
		return web.SeeOther(c, wavePath(w.Label)+"/mail")
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
	if plan.Blocked != "" {
		return web.SeeOther(c, wavePath(w.Label)+"/mail")
	}
	if problems := counted(form, plan.Queue); len(problems) > 0 {
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
	title := say(c, "step.step_of", "step", say(c, "kind."+plan.Kind), "population", say(c, "population."+plan.Population))
	page := &confirmPage{frame: r.waveFrame(c, w, title), Sentence: say(c, "mail.confirm_text"), Button: say(c, "mail.send"),
		Back: wavePath(w.Label) + "/mail", Final: true, Fields: countField(c, plan.Queue), Facts: []fact{
			{say(c, "mail.queue"), itoa(plan.Queue)}, {say(c, "mail.already"), itoa(plan.Already)}, {say(c, "mail.suppressed"), itoa(plan.Suppressed)}}}
	if plan.Kind == "reminder" {
		page.Facts = append([]fact{{say(c, "mail.reminder_n"), itoa(plan.Number)}}, page.Facts...)
		page.Note = say(c, "mail.reminder_note")
	}
	return r.confirm(c, page, form, problems)
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

// settleMail decides about one message of which the machine cannot know what became.
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

	if err := r.did(c, action, w.Label+"/"+id, "", settle(web.Context(c), w.Label, id)); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "settled")
}
