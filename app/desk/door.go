package desk

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

type signInPage struct {
	frame
	Wrong   string
	Fields  []field
	Waiting string          // what was typed when the session ended, sealed for whose it was
	Copied  []web.KeptField // the same, to be copied
}

// showSignIn shows the form to sign in.
func (r *Room) showSignIn(c *fiber.Ctx) error {
	wrong := ""
	if c.Query("again") != "" {
		wrong = say(c, "signin.again")
	}
	return r.signInForm(c, fiber.StatusOK, nil, wrong)
}

func (r *Room) signInForm(c *fiber.Ctx, status int, form web.Form, wrong string) error {
	p := r.signInPage(c, form)
	p.Wrong, p.Invalid = wrong, status != fiber.StatusOK
	return r.show(c, status, "desk/signin", p)
}

func (r *Room) signInPage(c *fiber.Ctx, form web.Form) *signInPage {
	p := &signInPage{frame: r.frame(c, say(c, "signin.title"))}
	p.Fields = fill(c, []field{
		{Name: "email", Kind: "email", Label: say(c, "email"), Auto: "username"},
		{Name: "password", Kind: "password", Label: say(c, "password"), Auto: "current-password"},
		{Name: "code", Kind: "text", Optional: true, Digits: true, Label: say(c, "factor.code"), Hint: say(c, "factor.code_hint"), Auto: "one-time-code"},
	}, form, nil)
	p.Fields[2].Value = "" // a code works once
	if form == nil {
		form = typedIn(c)
	}
	p.Waiting, p.Copied = form.First("waiting"), copiedIn(c, form)
	return p
}

// signIn opens a session; a wrong password, an unknown address and a throttled account get the same answer.
func (r *Room) signIn(c *fiber.Ctx) error {
	form := web.ReadForm(c)

	person, err := r.Door.SignIn(c, form.First("email"), form.First("password"), form.First("code"))
	if errors.Is(err, auth.ErrWrong) {
		return r.signInForm(c, fiber.StatusUnprocessableEntity, form, say(c, "signin.wrong"))
	}
	if err != nil {
		return err
	}
	if err := r.Journal.Note(web.Context(c), person.Email, "staff.sign-in", person.Email, ""); err != nil {
		return err
	}
	if shown, err := r.waited(c, form.First("waiting")); shown || err != nil {
		return err
	}
	return web.SeeOther(c, "/desk")
}

// signOut ends the session everywhere.
func (r *Room) signOut(c *fiber.Ctx) error {
	if err := r.Door.SignOut(c); err != nil {
		return err
	}
	c.Set("Clear-Site-Data", `"cache"`)
	return web.SeeOther(c, "/desk/sign-in?done=signed_out")
}

type welcomePage struct {
	frame
	RoleName string
	Fields   []field
}

// showWelcome shows the form behind a one-time link; it consumes nothing.
func (r *Room) showWelcome(c *fiber.Ctx) error {
	invitation, err := r.Door.Invitation(web.Context(c), c.Params("token"))
	if err != nil {
		return err
	}
	return r.welcome(c, fiber.StatusOK, invitation, nil, nil)
}

func (r *Room) welcome(c *fiber.Ctx, status int, invitation auth.Invitation, form web.Form, problems []Problem) error {
	p := &welcomePage{frame: r.frame(c, say(c, "welcome.title")), RoleName: say(c, "role."+string(invitation.Role))}
	p.Invalid = len(problems) > 0
	p.Fields = fill(c, []field{
		{Name: "name", Kind: "text", Label: say(c, "name"), Auto: "name"},
		{Name: "email", Kind: "email", Label: say(c, "email"), Auto: "username", Value: invitation.Email},
		{Name: "password", Kind: "password", Label: say(c, "password"), Hint: say(c, "password_hint"), Auto: "new-password"},
		{Name: "again", Kind: "password", Label: say(c, "password_again"), Auto: "new-password"},
	}, form, problems)
	return r.show(c, status, "desk/welcome", p)
}

// acceptWelcome makes the account and consumes the link.
func (r *Room) acceptWelcome(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	token := c.Params("token")
	invitation, err := r.Door.Invitation(web.Context(c), token)
	if err != nil {
		return err
	}

	newcomer, problems := readNewcomer(form, invitation)
	if len(problems) > 0 {
		return r.welcome(c, fiber.StatusUnprocessableEntity, invitation, form, problems)
	}

	err = r.Door.Accept(web.Context(c), token, newcomer)
	if errors.Is(err, auth.ErrTaken) {
		return r.welcome(c, fiber.StatusUnprocessableEntity, invitation, form, []Problem{{Field: "email", Key: "taken"}})
	}
	if err != nil {
		return err
	}
	if err := r.Journal.Note(web.Context(c), newcomer.Email, "staff.account", newcomer.Email, string(invitation.Role)); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/sign-in?done=account")
}

// readNewcomer reads the form of a new account. The address of an invitation that names one cannot be changed.
func readNewcomer(form web.Form, invitation auth.Invitation) (n auth.Newcomer, problems []Problem) {
	wrong := func(field, key string) { problems = append(problems, Problem{Field: field, Key: key}) }
	n.Name = strings.TrimSpace(form.First("name"))
	if n.Name == "" || utf8.RuneCountInString(n.Name) > 200 {
		wrong("name", "required")
	}
	email, ok := address(form.First("email"))
	if !ok || invitation.Email != "" && email != invitation.Email {
		wrong("email", "not_an_address")
	}
	n.Email = email
	n.Password = form.First("password")
	if key := auth.PasswordProblem(n.Password, n.Email, n.Name); key != "" {
		wrong("password", key)
	} else if form.First("again") != n.Password {
		wrong("again", "not_equal")
	}
	return n, problems
}
