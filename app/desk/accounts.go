package desk

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

type staffPage struct {
	frame
	Accounts []accountLine
	Fields   []field
}

type accountLine struct {
	auth.Account
	MayDisable bool
}

type linkPage struct {
	frame
	Link string
}

// showStaff lists the accounts.
func (r *Room) showStaff(c *fiber.Ctx) error { return r.staff(c, fiber.StatusOK, nil, nil) }

func (r *Room) staff(c *fiber.Ctx, status int, form web.Form, problems []Problem) error {
	accounts, err := r.Door.Accounts(web.Context(c))
	if err != nil {
		return err
	}

	p := &staffPage{frame: r.frame(c, say(c, "staff.title"))}
	for _, a := range accounts {
		p.Accounts = append(p.Accounts, accountLine{a, !a.Disabled && a.ID != auth.Me(c).ID})
	}
	roles := field{Name: "role", Kind: "select", Label: say(c, "staff.role")}
	for _, role := range slices.Backward(auth.Roles) {
		roles.Options = append(roles.Options, option{Value: string(role), Label: say(c, "role."+string(role))})
	}
	p.Fields = fill(c, []field{{Name: "email", Kind: "email", Label: say(c, "email"), Auto: "off"}, roles}, form, problems)
	p.Invalid = len(problems) > 0
	return r.show(c, status, "desk/staff", p)
}

// addStaff makes a one-time link for a new account and shows it, this once.
func (r *Room) addStaff(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	email, ok := address(form.First("email"))
	role := auth.Role(form.First("role"))
	var problems []Problem
	if !ok {
		problems = append(problems, Problem{Field: "email", Key: "not_an_address"})
	}
	if !role.Known() {
		problems = append(problems, Problem{Field: "role", Key: "unknown"})
	}
	if len(problems) > 0 {
		return r.staff(c, fiber.StatusUnprocessableEntity, form, problems)
	}

	token, err := r.Door.Invite(web.Context(c), email, role)
	if errors.Is(err, auth.ErrTaken) {
		return r.staff(c, fiber.StatusUnprocessableEntity, form, []Problem{{Field: "email", Key: "taken"}})
	}
	if err := r.did(c, "staff.add", email, string(role), err); err != nil {
		return err
	}
	p := &linkPage{frame: r.frame(c, say(c, "staff.link_title", "email", email)), Link: r.Kit.PublicURL() + "/desk/welcome/" + token}
	return r.show(c, fiber.StatusOK, "desk/link", p)
}

// showDisable says what disabling does.
func (r *Room) showDisable(c *fiber.Ctx) error {
	a, err := r.Door.Account(web.Context(c), c.Params("id"))
	if err != nil {
		return err
	}
	page := &confirmPage{frame: r.frame(c, say(c, "staff.disable_title")), Sentence: say(c, "staff.disable_text", "email", a.Email),
		Button: say(c, "staff.disable"), Back: "/desk/staff"}
	return r.confirm(c, page, nil, nil)
}

// disable ends an account and its sessions.
func (r *Room) disable(c *fiber.Ctx) error {
	a, err := r.Door.Account(web.Context(c), c.Params("id"))
	if err != nil {
		return err
	}
	if a.ID == auth.Me(c).ID {
		return auth.ErrDenied
	}

	if err := r.did(c, "staff.disable", a.Email, "", r.Door.Disable(web.Context(c), a.ID)); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/staff?done=disabled")
}
