package office

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/app/web"
)

// headCard is what an office's page says about its head, where the head releases the answers.
type headCard struct {
	Masked  string // c…@iv.ch; "": none given
	May     bool   // another address may be given
	Typed   string
	Problem string // with what was typed
}

// SetHead keeps the address of the head of the office.
func (r *Room) SetHead(c *fiber.Ctx) error {
	v, form, err := r.poster(c)
	switch {
	case err != nil:
		return err
	case !wave.HeadReleases(v.Wave.Settings):
		return web.ErrUnknown
	case v.Population.State == "closed":
		return ErrHeadOver
	}
	typed := form.First("head")
	if lang := form.First("_lang"); i18n.Known(lang) { // the button of a language: the page is wanted again
		r.kit.RememberLanguage(c, lang)
		web.SetLanguage(c, lang)
		return r.showHome(c, fiber.StatusOK, v, &headCard{Typed: typed})
	}

	err = r.outbox.SetHead(web.Context(c), v.ID, typed)

	if errors.Is(err, outbox.ErrHead) {
		return r.showHome(c, fiber.StatusUnprocessableEntity, v, &headCard{
			Typed: typed, Problem: i18n.T(web.Language(c), "office.head.bad_address", nil),
		})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/office?done=head")
}

// fillHead says what the page of v shows about its head; shown is what was just posted, or nil.
func (p *homePage) fillHead(c *fiber.Ctx, v visit, shown *headCard) {
	if !wave.HeadReleases(v.Wave.Settings) {
		return
	}
	if p.Head = shown; shown == nil {
		p.Head = &headCard{}
	}
	if v.Holder.Head != "" {
		p.Head.Masked = mail.Masked(v.Holder.Head)
	}
	p.Head.May = v.Population.State != "closed"
	p.Invalid = p.Head.Problem != ""
	if shown != nil {
		p.DefaultForm, p.Langs = "head-form", web.LangButtons("head-form", web.Language(c)) // so that what was typed stays
	}
}
