package desk

import (
	"cmp"
	"errors"
	"strings"

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
	Wrong      string // about no one address
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
	return r.returnedPage(c, fiber.StatusOK, w, typedIn(c), "", "")
}

// correctAddress gives one of them another address and queues one new invitation. The journal says so
// with the wave alone, as newLink does.
func (r *Room) correctAddress(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	id := correctedIn(form)
	if id == "" {
		return r.returnedPage(c, fiber.StatusUnprocessableEntity, w, form, "", "returned_which")
	}
	err = r.Mail.Correct(web.Context(c), w.Label, id, form.First("email-"+id), form.First("language-"+id))
	err = r.did(c, "mail.correct", w.Label, "", err)
	for refusal, key := range map[error]string{outbox.ErrBadAddress: "not_an_address", outbox.ErrTaken: "address_taken", outbox.ErrCorrectedOften: "corrected_often"} {
		if errors.Is(err, refusal) {
			return r.returnedPage(c, fiber.StatusUnprocessableEntity, w, form, id, key)
		}
	}
	if err != nil {
		return err
	}
	return back(c, w.Label, "/returned", "readdressed")
}

// correctedIn says whose address a form corrects: whose button was pressed or, where somebody pressed Enter, the one
// that has an address; "" where that is not clear.
func correctedIn(form web.Form) (id string) {
	if id = form.First("id"); id != "" {
		return id
	}
	for name := range form {
		if whose, ok := strings.CutPrefix(name, "email-"); ok && strings.TrimSpace(form.First(name)) != "" {
			if id != "" {
				return ""
			}
			id = whose
		}
	}
	return id
}

// returnedPage shows the tasks. A problem is about the address of id, or about none where that is empty.
func (r *Room) returnedPage(c *fiber.Ctx, status int, w Wave, form web.Form, id, problem string) error {
	tasks, err := r.Mail.Tasks(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	p := &returnedPage{frame: r.waveFrame(c, w, say(c, "returned.title", "label", w.Label)), MayCorrect: may(c, auth.Invite)}
	p.Invalid, p.fixed = problem != "", len(tasks) == 0 || !p.MayCorrect
	if p.Invalid && id == "" {
		p.Wrong = words(c, Problem{Key: problem})
	}
	for _, t := range tasks {
		line := returnedTask{Task: t, Why: say(c, "returned.hard", "code", t.Status)}
		if t.Soft {
			line.Why = say(c, "returned.soft")
		}
		line.Typed = form.First("email-" + t.ID)
		chosen := cmp.Or(form.First("language-"+t.ID), t.Language)
		if p.Invalid && t.ID == id {
			line.Problem = words(c, Problem{Field: "email", Key: problem})
			wrong(c, "email-"+t.ID, t.Name+": "+line.Problem)
		}
		for _, lang := range i18n.Languages {
			line.Languages = append(line.Languages, option{Value: lang, Label: web.Names[lang], Chosen: lang == chosen})
		}
		p.Tasks = append(p.Tasks, line)
	}
	return r.show(c, status, "desk/returned", p)
}
