package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/web"
)

type returnedPage struct {
	frame
	Tasks      []returnedTask
	MayCorrect bool
}

type returnedTask struct {
	Task
	Why, Typed, Problem string
	Languages           []option
}

// showReturned lists what falls to staff: offices, and employers that belong to none, that no invitation reaches.
func (r *Room) showReturned(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.returnedPage(c, fiber.StatusOK, w, nil, "")
}

// correctAddress gives one of them another address and queues one new invitation.
func (r *Room) correctAddress(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	err = r.Mail.Correct(web.Context(c), w.Label, form.First("id"), form.First("email"), form.First("language"))
	err = r.did(c, "mail.correct", w.Label+"/"+form.First("id"), "", err)
	for refusal, key := range map[error]string{outbox.ErrBadAddress: "not_an_address", outbox.ErrTaken: "address_taken", outbox.ErrCorrectedOften: "corrected_often"} {
		if errors.Is(err, refusal) {
			return r.returnedPage(c, fiber.StatusUnprocessableEntity, w, form, key)
		}
	}
	if err != nil {
		return err
	}
	return back(c, w.Label, "/returned", "readdressed")
}

func (r *Room) returnedPage(c *fiber.Ctx, status int, w Wave, form web.Form, problem string) error {
	tasks, err := r.Mail.Tasks(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	p := &returnedPage{frame: r.waveFrame(c, w, say(c, "returned.title", "label", w.Label)), MayCorrect: may(c, auth.Invite)}
	p.Invalid = problem != ""
	for _, t := range tasks {
		line := returnedTask{Task: t, Why: say(c, "returned.hard", "code", t.Status)}
		if t.Soft {
			line.Why = say(c, "returned.soft")
		}
		chosen := t.Language
		if problem != "" && t.ID == form.First("id") {
			line.Typed, line.Problem, chosen = form.First("email"), words(c, Problem{Field: "email", Key: problem}), form.First("language")
			wrong(c, "email-"+t.ID, t.Name+": "+line.Problem)
		}
		for _, lang := range i18n.Languages {
			line.Languages = append(line.Languages, option{Value: lang, Label: web.Names[lang], Chosen: lang == chosen})
		}
		p.Tasks = append(p.Tasks, line)
	}
	return r.show(c, status, "desk/returned", p)
}
