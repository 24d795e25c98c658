package respond

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage"
)

// Resume sends the browser to the page to go on with.
func (r *Room) Resume(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil && !v.delivered() {
		return err
	}
	return web.SeeOther(c, v.goOn())
}

// delivered says whether nothing is left to answer: the response is there, and no
// correction of it was begun.
func (v visit) delivered() bool {
	return v.kept.Spent && (v.kept.Draft == nil || !v.confidential())
}

// goOn is the address of the page to go on with.
func (v visit) goOn() string {
	if v.delivered() {
		return "/answer/done"
	}
	return "/answer/" + v.Resume()
}

// Page shows one page of questions.
func (r *Room) Page(c *fiber.Ctx) error {
	page := c.Params("page")
	if page == placePrint {
		return r.Print(c)
	}
	v, err := r.visit(c)
	if err != nil {
		return err
	}

	switch {
	case v.kept.Spent && !v.confidential():
		return web.SeeOther(c, "/answer/done")
	case v.open() != nil:
		return v.open()
	case v.Questionnaire.Page(page) == nil:
		return web.ErrUnknown
	case !v.Asked(page):
		return web.SeeOther(c, "/answer")
	}
	return r.showPage(c, fiber.StatusOK, v, shown{page: page})
}

// SavePage keeps the answers of one page and leads on, or shows the page again
// with what is wrong.
func (r *Room) SavePage(c *fiber.Ctx) error {
	post := readPost(c)
	for range 3 {
		v, err := r.visit(c)
		if err != nil {
			return err
		}
		if err := r.admit(v, post); err != nil {
			return err
		}

		move, err := v.Answer(post)
		if err != nil {
			return fmt.Errorf("%w: %w", web.ErrForm, err)
		}
		if len(move.Collisions) > 0 {
			return r.showPage(c, fiber.StatusConflict, v, shown{page: post.Page, form: post.Form, move: move})
		}

		err = r.keep(c, v, move.Draft)
		if errors.Is(err, storage.ErrConflict) {
			continue // somebody saved between our reading and our keeping: decide anew
		}
		if err != nil {
			return err
		}

		return r.lead(c, v, post, move)
	}
	return ErrStale
}

func readPost(c *fiber.Ctx) Post {
	form := web.ReadForm(c)
	revision, err := strconv.Atoi(form.First("_revision"))
	if err != nil || revision < 0 {
		revision = -1
	}
	p := Post{Page: c.Params("page"), Form: form, Revision: revision, Go: form.First("_go")}
	if lang := form.First("_lang"); i18n.Known(lang) {
		p.Lang = lang
	}
	return p
}

// admit refuses a post that may not be kept, whatever it says.
func (r *Room) admit(v visit, post Post) error {
	switch {
	case v.Questionnaire.Page(post.Page) == nil:
		return web.ErrUnknown
	case !web.TagFits(r.tags, v.token, first(post.Form, "_tag")):
		return web.ErrTag
	case r.saves.Over(v.token, v.kept.Now):
		return web.ErrTooMany
	}
	return v.answering()
}

// keep saves a draft as the next revision; an office's answering takes back its refusal.
func (r *Room) keep(c *fiber.Ctx, v visit, d Draft) error {
	ctx := web.Context(c)
	sealer, err := r.store.Secret.Sealer(v.kept.Window.AnswerSalt)
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	err = r.store.Answers.SaveDraft(ctx, v.holder.Wave.ID, v.holder.Population.Name, v.key, v.Revision, sealer.Seal(WriteDraft(d), v.key.ID()))
	switch {
	case errors.Is(err, storage.ErrClosed):
		return ErrEnded
	case errors.Is(err, storage.ErrSpent):
		return ErrSubmitted
	case err != nil:
		return fmt.Errorf("save draft: %w", err)
	}

	// The row of an anonymous participant stays as it is until close writes all of them: changed
	// now, it would be as young as the draft, and soon the response, that came next.
	if p := v.holder; v.confidential() && (p.State == "refused" || p.State == "wrong_person") {
		err := r.store.Identity.SetParticipantState(ctx, p.ID, []string{p.State}, "open")
		if err != nil && !errors.Is(err, storage.ErrState) {
			return fmt.Errorf("take back the refusal: %w", err)
		}
	}
	return nil
}

// lead sends the browser on, or shows the page again with its problems.
func (r *Room) lead(c *fiber.Ctx, v visit, post Post, move Move) error {
	if post.Lang != "" {
		r.kit.RememberLanguage(c, post.Lang)
	}
	if move.Next != "" {
		return web.SeeOther(c, "/answer/"+move.Next)
	}
	v.Draft, v.Revision = move.Draft, v.Revision+1
	return r.showPage(c, fiber.StatusUnprocessableEntity, v, shown{page: post.Page, form: post.Form, move: move})
}

// Later says that everything is kept and how to come back.
func (r *Room) Later(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil {
		return err
	}

	p := &laterPage{Closes: v.kept.Window.Closes, Office: v.holder.Population.Name == "office", MayPass: r.mayPass(v)}
	p.Page = r.page(v, i18n.T(v.lang, "respond.later.title", nil), "open")
	return r.kit.Show(c, fiber.StatusOK, "respond/later", p)
}
