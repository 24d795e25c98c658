package desk

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// showCorrect asks for the address of a colleague that was mistyped, and for the right one.
func (r *Room) showCorrect(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.correctForm(c, w, nil, nil)
}

// correct sends a questionnaire that was handed over to a mistyped address to the right one. The
// journal says that it was done and not for whom: a hand-over must not get a time that stays.
func (r *Room) correct(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	problems, err := r.Mail.Correct(web.Context(c), w.Label, form.First("wrong"), form.First("right"))
	if err == nil && len(problems) > 0 {
		return r.correctForm(c, w, form, problems)
	}
	if err := r.did(c, "mail.correct", w.Label, "", err); err != nil {
		return err
	}
	return back(c, w.Label, "/mail", "corrected")
}

func (r *Room) correctForm(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	page := &confirmPage{Sentence: say(c, "correct.text"), Note: say(c, "correct.note"), Button: say(c, "correct.button"), Back: wavePath(w.Label) + "/mail",
		frame: r.waveFrame(c, w, say(c, "correct.title"))}
	page.Fields = []field{
		{Name: "wrong", Kind: "email", Label: say(c, "correct.wrong"), Auto: "off"}, {Name: "right", Kind: "email", Label: say(c, "correct.right"), Auto: "off"},
	}
	return r.confirm(c, page, form, problems)
}
