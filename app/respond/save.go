package respond

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage"
)

// SavePage keeps the answers of one page and leads on, or shows the page again
// with what is wrong.
func (r *Room) SavePage(c *fiber.Ctx) error {
	post := readPost(c)
	r.explain(c, post, nil)
	for range 3 {
		v, err := r.visit(c)
		if err != nil {
			return err
		}
		r.explain(c, post, &v)
		if err := r.admit(v, post); err != nil {
			return err
		}

		move, err := v.Answer(post)
		if err != nil {
			return fmt.Errorf("%w: %w", web.ErrForm, err)
		}
		switch {
		case len(move.Collisions) > 0 && post.Go == goAuto:
			return clashed(c, v.lang)
		case len(move.Collisions) > 0:
			return r.showPage(c, fiber.StatusConflict, v, shown{page: post.Page, form: post.Form, move: move})
		case post.Go == goAuto && reflect.DeepEqual(move.Draft, v.Draft):
			return noted(c, v.Revision) // nothing is new since the last time
		}

		err = r.keep(c, v, move.Draft)
		if errors.Is(err, storage.ErrConflict) {
			continue // somebody saved between our reading and our keeping: decide anew
		}
		if err != nil {
			return err
		}

		if post.Go == goAuto {
			return noted(c, v.Revision+1)
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
	case post.Go == goAuto && r.autosaves.Over(v.token, v.kept.Now), post.Go != goAuto && r.saves.Over(v.token, v.kept.Now):
		return web.ErrTooMany // what a page saves by itself is counted apart: it must not use up what people press
	}
	if err := v.answering(); err != nil {
		return err
	}
	if v.forward() {
		return ErrForward
	}
	return nil
}

// keep saves a draft as the next revision; an office's answering takes back its refusal.
func (r *Room) keep(c *fiber.Ctx, v visit, d Draft) error {
	return r.keepMarked(c, v, d, wave.Mark{Remark: v.mark.Remark})
}

// keepMarked is keep with a mark for the clerk or the head of an office.
func (r *Room) keepMarked(c *fiber.Ctx, v visit, d Draft, m wave.Mark) error {
	ctx := web.Context(c)
	sealer, err := r.store.Secret.Sealer(v.kept.Window.AnswerSalt)
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	err = r.store.Answers.SaveDraft(ctx, v.holder.Wave.ID, v.holder.Population.Name, v.key, v.Revision, sealer.Seal(m.Before(WriteDraft(d)), v.key.ID()))
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

// noted answers an autosave: the form has seen everything up to revision.
func noted(c *fiber.Ctx, revision int) error { return c.JSON(fiber.Map{"revision": revision}) }

// clashed answers an autosave that would overwrite what was set elsewhere: nothing is kept, and
// the page with both values comes with the next button that is pressed.
func clashed(c *fiber.Ctx, lang string) error {
	return c.Status(fiber.StatusConflict).JSON(fiber.Map{
		"title": i18n.T(lang, "respond.clash.title", nil), "text": i18n.T(lang, "respond.clash.auto", nil),
	})
}
