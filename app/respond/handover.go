package respond

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/app/web"
	"rondo/storage"
)

// handOverPage is templates/respond/handover.html.
type handOverPage struct {
	web.Page
	Email    string // as typed
	Language string // of the colleague
	Choices  []web.LangLink
	Asked    bool   // the address is shown once more before anything happens
	Often    bool   // it may not be handed over any more
	Begun    bool   // there are answers the colleague would see
	Cleared  bool   // they have just been deleted
	Problem  string // with the address
	Missing  bool   // deleting was asked for without the tick
	Most     int
	BackPath string
}

// mayPass says whether this participant may hand over now.
func (r *Room) mayPass(v visit) bool {
	return r.letters != nil && v.holder.Population.Name != "discussion" && v.answering() == nil
}

// AskHandOver says what handing over does and asks to whom.
func (r *Room) AskHandOver(c *fiber.Ctx) error {
	v, err := r.passing(c)
	if errors.Is(err, ErrSubmitted) {
		return web.SeeOther(c, "/answer/done")
	}
	if err != nil {
		return err
	}

	return r.showHandOver(c, fiber.StatusOK, v, &handOverPage{Language: v.lang, Cleared: c.Query("cleared") == "yes"})
}

// HandOver gives the questionnaire to a colleague once the address was shown and confirmed, or
// deletes the answers before.
func (r *Room) HandOver(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.passing(c)
	if err == nil {
		err = r.untaken(v, form)
	}
	switch {
	case err != nil:
		return err
	case form.First("_go") == "clear":
		return r.clear(c, v, form)
	}
	p := &handOverPage{Email: form.First("email"), Language: form.First("language")}
	if !i18n.Known(p.Language) {
		p.Language = v.lang
	}
	address, err := mail.Address(p.Email)
	if web.Switches(form) {
		p.Asked = err == nil && form.First("step") == "confirm"
		return r.showHandOver(c, fiber.StatusOK, v, p)
	}
	if err != nil {
		return r.badColleague(c, v, p)
	}
	if form.First("sure") != "yes" {
		p.Email, p.Asked = address, form.First("_go") != "again"
		return r.showHandOver(c, fiber.StatusOK, v, p)
	}

	err = r.letters.HandOver(web.Context(c), v.holder, address, p.Language)

	switch {
	case errors.Is(err, outbox.ErrColleague):
		return r.badColleague(c, v, p)
	case errors.Is(err, outbox.ErrHandedOften):
		return r.showHandOver(c, fiber.StatusOK, v, p)
	case errors.Is(err, storage.ErrConflict):
		return ErrStale
	case err != nil:
		return fmt.Errorf("hand over: %w", err)
	}
	return r.handedOver(c)
}

// passing is visit for a participant who may hand over now.
func (r *Room) passing(c *fiber.Ctx) (visit, error) {
	v, err := r.visit(c)
	switch {
	case err != nil:
		return v, err
	case r.letters == nil || v.holder.Population.Name == "discussion":
		return v, web.ErrUnknown
	}
	return v, v.answering()
}

// handedOver lets this browser remember nothing but that the questionnaire is with somebody else.
func (r *Room) handedOver(c *fiber.Ctx) error {
	r.forget(c)
	r.kit.SetCookie(c, web.HandedCookie, "yes")
	c.Set("Clear-Site-Data", `"cache"`)
	return web.SeeOther(c, "/answer/handed-over")
}

// HandedOver says that the questionnaire is with somebody else now.
func (r *Room) HandedOver(c *fiber.Ctx) error {
	p := &plainPage{}
	p.Title, p.State = i18n.T(web.Language(c), "respond.handed_over.title", nil), "closed"
	return r.kit.Show(c, fiber.StatusOK, "respond/handed_over", p)
}

// clear deletes the answers so far. It is a save of its own, apart from the hand-over: written
// together, the draft would be as old as the participant's row.
func (r *Room) clear(c *fiber.Ctx, v visit, form web.Form) error {
	p := &handOverPage{Email: form.First("email"), Language: v.lang}
	if form.First("sure") != "yes" {
		p.Missing = true
		return r.showHandOver(c, fiber.StatusUnprocessableEntity, v, p)
	}
	if v.kept.Draft == nil {
		return web.SeeOther(c, "/answer/hand-over")
	}
	if v.forward() {
		return ErrForward
	}
	d := Draft{Language: v.Draft.Language, Order: v.Draft.Order}.clone()
	for variable := range v.Draft.Answers {
		d.Set[variable] = v.Revision + 1
	}
	err := r.keep(c, v, d)
	if errors.Is(err, storage.ErrConflict) {
		return ErrStale
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/answer/hand-over?cleared=yes")
}

func (r *Room) badColleague(c *fiber.Ctx, v visit, p *handOverPage) error {
	p.Problem = i18n.T(v.lang, "respond.handover.bad_address", nil)
	return r.showHandOver(c, fiber.StatusUnprocessableEntity, v, p)
}

func (r *Room) showHandOver(c *fiber.Ctx, status int, v visit, p *handOverPage) error {
	p.Page = r.page(v, i18n.T(v.lang, "respond.handover.title", nil), "open")
	p.Invalid, p.Most = status == fiber.StatusUnprocessableEntity, outbox.MostHandOvers
	p.Often = v.holder.Handovers >= outbox.MostHandOvers
	p.Begun = len(v.Draft.Answers)+len(v.Draft.Unread) > 0
	p.Cleared = p.Cleared && !p.Begun
	p.Missing = p.Missing && v.kept.Draft != nil
	p.BackPath = "/answer"
	if !p.Often { // the language is a button, so that what was typed stays
		p.DefaultForm = "hand-over"
		if p.Asked {
			p.DefaultForm = "confirm"
		}
		p.Langs = web.LangButtons(p.DefaultForm, v.lang)
	}
	for _, lang := range i18n.Languages {
		p.Choices = append(p.Choices, web.LangLink{Lang: lang, Name: web.Names[lang], Current: lang == p.Language})
	}
	return r.kit.Show(c, status, "respond/handover", p)
}
