package respond

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage"
	"rondo/storage/identity"
)

// Letters are the messages the room causes; app/outbox writes them.
type Letters interface {
	HandOver(ctx context.Context, h identity.Holder, colleague, lang string) error
	SetHead(ctx context.Context, officeID, typed string) error
	AskRelease(ctx context.Context, h identity.Holder) error
	TellGivenBack(ctx context.Context, h identity.Holder) error
	CancelRelease(ctx context.Context, officeID string) error
	Head(ctx context.Context, raw string) (h identity.Holder, token string, err error)
}

// What a button about answers to be released may ask for.
const (
	goHead   = "head"   // keep the address of the head
	goAgain  = "again"  // write to the head once more
	goReturn = "return" // the head gives the answers back
)

// forwardPage is templates/respond/forward.html: to whom answers go for release, or that they are
// with the head.
type forwardPage struct {
	web.Page
	Waiting    bool   // they are put forward
	Head       string // address; "": none given
	Email      string // as typed
	Problem    string // with the address
	Told       string // sent, none: what became of the message; "": nothing was just done
	Correction bool   // what was released before counts until the head releases again
	Closes     time.Time
}

// headed says whether the head of the office releases these answers.
func (v visit) headed() bool {
	return v.holder.Population.Name == "office" && wave.HeadReleases(v.holder.Wave.Settings)
}

// forward says whether the answers wait for the head of the office as they are.
func (v visit) forward() bool {
	return v.headed() && v.kept.Draft != nil && v.mark.Forward(v.Revision)
}

// clerk is visit for whoever fills in for an office whose head releases, while it may.
func (r *Room) clerk(c *fiber.Ctx) (visit, error) {
	v, err := r.visit(c)
	switch {
	case err != nil:
		return v, err
	case !v.headed():
		return v, web.ErrUnknown
	}
	return v, v.open()
}

// ShowForward says with whom the answers are, or asks for the address of the head.
func (r *Room) ShowForward(c *fiber.Ctx) error {
	v, err := r.clerk(c)
	if err != nil {
		return err
	}
	p := &forwardPage{Email: v.holder.Head}
	if told := c.Query("message"); told == "sent" || told == "none" {
		p.Told = told
	}
	return r.showForward(c, fiber.StatusOK, v, p)
}

// Forward puts the answers forward for release, takes them back, or keeps the address of the head.
func (r *Room) Forward(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.clerk(c)
	if err == nil {
		err = r.untaken(v, form)
	}
	if err != nil {
		return err
	}
	if web.Switches(form) {
		return r.showForward(c, fiber.StatusOK, v, &forwardPage{Email: form.First("email")})
	}
	switch form.First("_go") {
	case goHead:
		return r.keepHead(c, v, form.First("email"))
	case goBack:
		return r.takeBack(c, v)
	case goAgain:
		if !v.forward() {
			return web.SeeOther(c, "/answer/forward")
		}
		return r.askRelease(c, v)
	}
	return r.putForward(c, v, form)
}

// putForward seals the draft as put forward in the revision it gets by that, and writes to the
// head. These are two saves of their own, as with a hand-over; should the second fail, the page
// that follows can write again.
func (r *Room) putForward(c *fiber.Ctx, v visit, form web.Form) error {
	switch {
	case v.forward():
		return web.SeeOther(c, "/answer/forward")
	case v.delivered() || v.kept.Draft == nil:
		return web.SeeOther(c, "/answer")
	case v.holder.Head == "":
		return r.badHead(c, v, "")
	}
	if _, problems := v.Settled(); len(problems) > 0 {
		return r.showReview(c, fiber.StatusUnprocessableEntity, v, problems, false)
	}
	if seen, err := strconv.Atoi(form.First("_revision")); err != nil || seen != v.Revision {
		return r.showReview(c, fiber.StatusConflict, v, nil, true)
	}

	err := r.keepMarked(c, v, v.Draft, wave.Mark{Revision: v.Revision + 1})
	if errors.Is(err, storage.ErrConflict) {
		return ErrStale
	}
	if err != nil {
		return err
	}
	return r.askRelease(c, v)
}

// askRelease writes to the head and says what became of it.
func (r *Room) askRelease(c *fiber.Ctx, v visit) error {
	err := r.letters.AskRelease(web.Context(c), v.holder)
	if errors.Is(err, outbox.ErrNoMessage) {
		return web.SeeOther(c, "/answer/forward?message=none")
	}
	if err != nil {
		return fmt.Errorf("ask for release: %w", err)
	}
	return web.SeeOther(c, "/answer/forward?message=sent")
}

// takeBack makes the draft the clerk's own again.
func (r *Room) takeBack(c *fiber.Ctx, v visit) error {
	if !v.forward() {
		return web.SeeOther(c, "/answer")
	}
	err := r.keepMarked(c, v, v.Draft, wave.Mark{})
	if errors.Is(err, storage.ErrConflict) {
		return ErrStale
	}
	if err != nil {
		return err
	}
	if err := r.letters.CancelRelease(web.Context(c), v.holder.ID); err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	return web.SeeOther(c, "/answer/review")
}

// keepHead keeps the address of the head, who is written to at once where answers wait.
func (r *Room) keepHead(c *fiber.Ctx, v visit, typed string) error {
	before := v.holder.Head
	err := r.letters.SetHead(web.Context(c), v.holder.ID, typed)
	switch {
	case errors.Is(err, outbox.ErrHead):
		return r.badHead(c, v, typed)
	case err != nil:
		return fmt.Errorf("keep the address of the head: %w", err)
	case !v.forward() || before == typed:
		return web.SeeOther(c, "/answer/review")
	}
	v.holder.Head = typed
	return r.askRelease(c, v)
}

// untaken says why a posted form is not taken: it belongs to another link, or too many came.
func (r *Room) untaken(v visit, form web.Form) error {
	switch {
	case !web.TagFits(r.tags, v.token, form.First("_tag")):
		return web.ErrTag
	case r.saves.Over(v.token, v.kept.Now):
		return web.ErrTooMany
	}
	return nil
}

func (r *Room) badHead(c *fiber.Ctx, v visit, typed string) error {
	return r.showForward(c, fiber.StatusUnprocessableEntity, v, &forwardPage{Email: typed, Problem: i18n.T(v.lang, "respond.forward.bad_address", nil)})
}

func (r *Room) showForward(c *fiber.Ctx, status int, v visit, p *forwardPage) error {
	title := "respond.forward.address_title"
	if p.Waiting = v.forward(); p.Waiting {
		title = "respond.forward.title"
	}
	p.Page = r.page(v, i18n.T(v.lang, title, nil), "open")
	p.Invalid = status == fiber.StatusUnprocessableEntity
	p.DefaultForm, p.Langs = "address", web.LangButtons("address", v.lang) // so that what was typed stays
	p.Head, p.Correction, p.Closes = v.holder.Head, v.kept.Spent, v.kept.Window.Closes
	return r.kit.Show(c, status, "respond/forward", p)
}
