package respond

import (
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage"
)

// donePage is templates/respond/done.html.
type donePage struct {
	web.Page
	Receipt   string // in groups of four; "" where this browser has none
	Anonymous bool
	Sent      bool // it was, and nothing more is known: perhaps it was withdrawn
	Office    bool
	Own       bool   // the answers may be looked at and printed
	Again     string // path where the answers may still be changed
	Headed    bool   // and the head of the office has to release that too
	Closes    time.Time
	Panel     bool // the question is asked
	Joined    bool // it was answered with yes just now
}

// Done thanks and shows the receipt, where this browser has it.
func (r *Room) Done(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if !v.kept.Spent {
		if err := v.open(); err != nil {
			return err
		}
		return web.SeeOther(c, "/answer")
	}

	return r.showDone(c, v)
}

func (r *Room) showDone(c *fiber.Ctx, v visit) error {
	p := &donePage{
		Anonymous: !v.confidential(), Office: v.holder.Population.Name == "office", Headed: v.headed(),
		Closes: v.kept.Window.Closes, Joined: c.Query("panel") == "yes",
	}
	p.Page = r.page(v, i18n.T(v.lang, "respond.done.title", nil), "done")
	if r.kit.Cookie(c, web.ParticipantCookie) != v.token {
		p.SignOutPath = "" // the link was only looked at
	} else {
		receipt, _ := r.readReceipt(v, r.kit.Cookie(c, receiptCookie))
		if receipt != "" && p.Anonymous {
			p.Receipt = grouped(receipt)
		}
		p.Panel = v.Questionnaire.Key == "employer" && v.Questionnaire.Version >= 2 && !p.Joined && v.open() == nil
		p.Own = v.confidential() && len(v.holder.Population.LinkSalt) > 0
		if path := v.Questionnaire.Path(v.Draft.Answers); v.confidential() && v.open() == nil && len(path) > 0 {
			p.Again = "/answer/" + path[0].Page.Code
		}
	}
	p.Sent = p.Anonymous && p.Receipt == ""
	return r.kit.Show(c, fiber.StatusOK, "respond/done", p)
}

// Panel notes that an employer may be asked again; the panel itself hears of it at close.
func (r *Room) Panel(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if !web.TagFits(r.tags, v.token, form.First("_tag")) {
		return web.ErrTag
	}
	if web.Switches(form) || !v.kept.Spent || v.Questionnaire.Key != "employer" || v.open() != nil {
		return web.SeeOther(c, "/answer/done")
	}

	err = r.waves.WishPanel(web.Context(c), v.holder, v.lang)
	switch {
	case errors.Is(err, storage.ErrClosed):
		return web.SeeOther(c, "/answer/done")
	case err != nil:
		return fmt.Errorf("note panel: %w", err)
	}
	return web.SeeOther(c, "/answer/done?panel=yes")
}

// SignOut forgets the participant in this browser.
func (r *Room) SignOut(c *fiber.Ctx) error {
	r.forget(c)
	c.Set("Clear-Site-Data", `"cache"`)
	return web.SeeOther(c, "/answer/signed-out")
}

// forget takes everything of a participant out of this browser.
func (r *Room) forget(c *fiber.Ctx) {
	for _, name := range []string{web.ParticipantCookie, receiptCookie, orderCookie, web.HandedCookie, web.HeadCookie} {
		r.kit.ClearCookie(c, name)
	}
}

// plainPage is a page of fixed text.
type plainPage struct{ web.Page }

// SignedOut says that this browser knows nothing any more.
func (r *Room) SignedOut(c *fiber.Ctx) error {
	return r.info("respond/signed_out", "respond.signed_out.title")(c)
}

// Home says what this is to somebody who came without a link.
func (r *Room) Home(c *fiber.Ctx) error { return r.info("respond/home", "respond.home.title")(c) }

// info gives the handler of a page of fixed text.
func (r *Room) info(template, title string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p := &plainPage{}
		p.Title, p.State = i18n.T(web.Language(c), title, nil), "unknown" // nobody is known here
		return r.kit.Show(c, fiber.StatusOK, template, p)
	}
}
