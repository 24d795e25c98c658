package desk

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/views"
	"rondo/app/web"
)

type mePage struct {
	frame
	RoleName string
	On       bool
	Proposal *proposal // while a second factor is being set up
	Fields   []field
}

// proposal is a second factor as the page shows it: a picture to scan, or a secret to type.
type proposal struct {
	Secret, Sealed, Dots string
	Width                int
}

// showMe shows one's own account and its second factor.
func (r *Room) showMe(c *fiber.Ctx) error {
	sealed := typedIn(c).First("sealed")
	if sealed == "" {
		return r.me(c, fiber.StatusOK, nil, nil)
	}
	proposed, err := r.Door.SameFactor(auth.Me(c), sealed)
	if err != nil {
		return err
	}
	return r.me(c, fiber.StatusOK, &proposed, nil)
}

func (r *Room) me(c *fiber.Ctx, status int, proposed *auth.NewFactor, problems []Problem) error {
	me := auth.Me(c)
	on, err := r.Door.HasFactor(web.Context(c), me.ID)
	if err != nil {
		return err
	}

	p := &mePage{frame: r.frame(c, say(c, "me.title")), RoleName: say(c, "role."+string(me.Role)), On: on}
	p.Invalid = len(problems) > 0
	if proposed != nil {
		if p.Proposal, err = picture(*proposed); err != nil {
			return err
		}
	}
	p.Fields = fill(c, []field{{Name: "code", Kind: "text", Digits: true, Label: say(c, "factor.code"), Auto: "one-time-code"}}, nil, problems)
	return r.show(c, status, "desk/me", p)
}

// changeFactor proposes, confirms or removes one's own second factor.
func (r *Room) changeFactor(c *fiber.Ctx) error {
	form, me := web.ReadForm(c), auth.Me(c)
	do := form.First("do")
	if do == "" { // Enter, in the only field of the page
		do = map[bool]string{true: "remove", false: "confirm"}[form.First("sealed") == ""]
	}
	switch do {
	case "propose":
		proposed, err := r.Door.ProposeFactor(web.Context(c), me)
		if err != nil {
			return err
		}
		return r.me(c, fiber.StatusOK, &proposed, nil)
	case "confirm":
		return r.confirmFactor(c, form)
	case "remove":
		err := r.Door.RemoveFactor(web.Context(c), me, form.First("code"))
		if errors.Is(err, auth.ErrCode) {
			return r.me(c, fiber.StatusUnprocessableEntity, nil, []Problem{{Field: "code", Key: "code"}})
		}
		if err := r.did(c, "staff.factor", me.Email, "removed", err); err != nil {
			return err
		}
		return web.SeeOther(c, "/desk/sign-in?done=factor_off")
	}
	return web.ErrForm
}

func (r *Room) confirmFactor(c *fiber.Ctx, form web.Form) error {
	me := auth.Me(c)
	proposed, err := r.Door.SameFactor(me, form.First("sealed"))
	if err != nil {
		return err
	}
	err = r.Door.KeepFactor(web.Context(c), me, proposed, form.First("code"))
	switch {
	case errors.Is(err, auth.ErrCode):
		return r.me(c, fiber.StatusUnprocessableEntity, &proposed, []Problem{{Field: "code", Key: "code"}})
	case errors.Is(err, auth.ErrDenied):
		return err // journalled as every denied change
	}
	if err := r.did(c, "staff.factor", me.Email, "set", err); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/sign-in?done=factor")
}

// showDropFactor says what removing somebody's second factor does.
func (r *Room) showDropFactor(c *fiber.Ctx) error {
	a, err := r.Door.Account(web.Context(c), c.Params("id"))
	if err != nil {
		return err
	}
	page := &confirmPage{frame: r.frame(c, say(c, "factor.drop")), Sentence: say(c, "factor.drop_text", "email", a.Email),
		Button: say(c, "factor.drop"), Back: "/desk/staff"}
	return r.confirm(c, page, nil, nil)
}

// dropFactor removes the second factor of somebody who has lost their device.
func (r *Room) dropFactor(c *fiber.Ctx) error {
	a, err := r.Door.Account(web.Context(c), c.Params("id"))
	if err != nil {
		return err
	}

	if err := r.did(c, "staff.factor", a.Email, "removed", r.Door.DropFactor(web.Context(c), a.ID)); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/staff?done=factor_off")
}

// picture draws the proposal.
func picture(f auth.NewFactor) (*proposal, error) {
	code, err := views.NewQR(f.Address)
	if err != nil {
		return nil, fmt.Errorf("show second factor: %w", err)
	}
	return &proposal{Secret: grouped(f.Secret), Sealed: f.Sealed, Dots: code.Dots, Width: code.Width}, nil
}

// grouped puts a space after each four characters, for typing.
func grouped(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
