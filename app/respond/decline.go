package respond

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage"
)

// How somebody declines: values of the landing page's buttons and states of the
// identity side.
const (
	refused     = "refused"
	wrongPerson = "wrong_person"
)

// handOver is the button that leads to the page for handing over.
const handOver = "hand_over"

// declinePage is templates/respond/decline.html.
type declinePage struct {
	web.Page
	Wish    string // refused, wrong_person
	Missing bool   // it was sent without the tick
	MayPass bool   // handing over to a colleague is offered
}

// decline notes on the identity side that somebody does not take part or is not
// the right person. It takes a second page and a tick: programs that check mails
// submit the forms they find. Answering takes it back: at close, who has
// submitted is done.
func (r *Room) decline(c *fiber.Ctx, v visit, wish string, form web.Form) error {
	if v.kept.Spent {
		return r.showLanding(c, v, false)
	}
	if err := v.open(); err != nil {
		return err
	}
	sure, tag := form.First("sure") == "yes", form.First("_tag")
	switch {
	case !sure && tag == "":
		return r.showDecline(c, fiber.StatusOK, v, wish)
	case !web.TagFits(r.tags, v.token, tag):
		return web.ErrTag
	case !sure:
		return r.showDecline(c, fiber.StatusUnprocessableEntity, v, wish)
	}

	p := v.holder
	if p.State != wish {
		err := r.store.Identity.SetParticipantState(web.Context(c), p.ID, []string{"open", "undeliverable", refused, wrongPerson}, wish)
		if err != nil && !errors.Is(err, storage.ErrState) {
			return fmt.Errorf("note %s: %w", wish, err)
		}
	}
	v.holder.State = wish
	return r.showLanding(c, v, true)
}

// showDecline asks whether it is meant; nothing is noted yet.
func (r *Room) showDecline(c *fiber.Ctx, status int, v visit, wish string) error {
	p := &declinePage{Wish: wish, Missing: status != fiber.StatusOK}
	p.Page = r.page(v, i18n.T(v.lang, "respond.decline."+wish+".title", nil), "open")
	p.SignOutPath, p.Invalid, p.MayPass = "", p.Missing, wish == wrongPerson && r.mayPass(v)
	return r.kit.Show(c, status, "respond/decline", p)
}
