package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
	"rondo/storage/db"
)

// Config is what the door is made of. Everything is required.
type Config struct {
	Kit     *web.Kit
	Records Records
	Derive  func(label string) [32]byte // keys from the master secret (keys.Secret.Derive)
	Now     func() time.Time
}

// Door lets staff in.
type Door struct {
	Config
	seals *sealer
	dummy string // a hash nobody's password has, so that an unknown address costs the same
}

// New makes the door.
func New(config Config) (*Door, error) {
	seals, err := newSealer(config.Derive("staff-cookie"), config.Derive("staff-tag"))
	if err != nil {
		return nil, err
	}
	dummy, err := Hash(context.Background(), "nobody has this password")
	if err != nil {
		return nil, err
	}
	return &Door{Config: config, seals: seals, dummy: dummy}, nil
}

const (
	localMe  = "auth.me"
	localTag = "auth.tag"
	signIn   = "/desk/sign-in"

	localEnded = "auth.ended"
)

// Me is who is signed in behind Require; the zero Account elsewhere.
func Me(c *fiber.Ctx) Account {
	me, _ := c.Locals(localMe).(Account)
	return me
}

// Tag is the tag that forms of this page carry in the field _tag.
func Tag(c *fiber.Ctx) string {
	tag, _ := c.Locals(localTag).(string)
	return tag
}

// Require lets a request through to next when its session lives and its role may do act; a POST also needs the tag of the session.
// Without a session it leads to the sign-in.
func (d *Door) Require(act Act, next fiber.Handler) fiber.Handler { return d.admit(act, true, next) }

// Again is Require for a page that answers a refused POST: it shows what was typed and does nothing, so no tag is asked for.
func (d *Door) Again(act Act, next fiber.Handler) fiber.Handler { return d.admit(act, false, next) }

func (d *Door) admit(act Act, tagged bool, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		t, ok := d.ticket(c)
		if !ok {
			return d.toSignIn(c)
		}
		me, err := d.Records.SessionAccount(web.Context(c), t.hash())
		if errors.Is(err, db.ErrNotFound) {
			return d.toSignIn(c)
		}
		if err != nil {
			return fmt.Errorf("find session: %w", err)
		}
		c.Locals(localMe, me)
		c.Locals(localTag, d.seals.tagOf(t))

		if tagged && c.Method() == fiber.MethodPost && !d.seals.fits(t, web.ReadForm(c).First("_tag")) {
			return ErrTag
		}
		if !me.Role.May(act) {
			return ErrDenied
		}
		if err := d.seen(c, t); err != nil {
			return err
		}
		return next(c)
	}
}

// Visit lets anyone through to next, with a ticket of their own, so that the forms at the door carry a tag as well. A POST whose
// ticket has run out sees its form again.
func (d *Door) Visit(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		t, ok := d.ticket(c)
		if c.Method() == fiber.MethodPost {
			if !ok || !d.seals.fits(t, web.ReadForm(c).First("_tag")) {
				return d.toSignIn(c)
			}
			c.Locals(localTag, d.seals.tagOf(t)) // the form may be shown once more
			return next(c)
		}
		if !ok {
			if err := d.Knock(c); err != nil {
				return err
			}
			return next(c)
		}
		c.Locals(localTag, d.seals.tagOf(t))
		if err := d.seen(c, t); err != nil {
			return err
		}
		return next(c)
	}
}

// Knock gives a visitor a ticket, so that the form of the sign-in carries a tag wherever it is shown.
func (d *Door) Knock(c *fiber.Ctx) error {
	t, err := newTicket(d.Now())
	if err != nil {
		return err
	}
	c.Locals(localTag, d.seals.tagOf(t))
	return d.keep(c, t)
}

// toSignIn leads to the sign-in; a form of the one-time link leads to itself again.
func (d *Door) toSignIn(c *fiber.Ctx) error {
	c.Locals(localEnded, d.former(c))
	const welcome = "/desk/welcome/"
	switch path := c.Path(); {
	case c.Method() == fiber.MethodPost && len(path) > len(welcome) && path[:len(welcome)] == welcome:
		return web.SeeOther(c, path)
	case d.Kit.Cookie(c, web.StaffCookie) != "":
		return web.SeeOther(c, signIn+"?again=1")
	}
	return web.SeeOther(c, signIn)
}

// Ended says that a request was led to the sign-in, and whose session its form came from: the id of an account, or "" where that
// cannot be told.
func Ended(c *fiber.Ctx) (owner string, ended bool) {
	owner, ended = c.Locals(localEnded).(string)
	return owner, ended
}

// former is whose session a posted form belongs to, though it is over: of the cookie, where the form has its tag.
func (d *Door) former(c *fiber.Ctx) string {
	t, err := d.seals.open(d.Kit.Cookie(c, web.StaffCookie))
	if err != nil || !d.seals.fits(t, web.ReadForm(c).First("_tag")) {
		return ""
	}
	return t.owner
}

// Close seals what the owner of a session typed, so that it can wait in a page until they have signed in again.
func (d *Door) Close(owner string, plain []byte) (string, error) {
	return d.seals.close(plain, "typed\x00"+owner)
}

// Open gives what Close sealed for the same account; false for anybody else.
func (d *Door) Open(owner, sealed string) ([]byte, bool) {
	plain, err := d.seals.unclose(sealed, "typed\x00"+owner)
	return plain, err == nil
}

// ticket reads the cookie; false where there is none of ours or it has been idle for too long.
func (d *Door) ticket(c *fiber.Ctx) (ticket, bool) {
	t, err := d.seals.open(d.Kit.Cookie(c, web.StaffCookie))
	return t, err == nil && !t.idle(d.Now())
}

// seen winds the idle clock, in the cookie only, at most once a minute.
func (d *Door) seen(c *fiber.Ctx, t ticket) error {
	if d.Now().Sub(t.seen) < time.Minute {
		return nil
	}
	t.seen = d.Now()
	return d.keep(c, t)
}

func (d *Door) keep(c *fiber.Ctx, t ticket) error {
	cookie, err := d.seals.seal(t)
	if err != nil {
		return err
	}
	d.Kit.SetCookie(c, web.StaffCookie, cookie)
	return nil
}

// Present says whether signed-in staff whose role may do act sit at this browser; it asks nothing of them. It winds the idle clock, in
// the cookie, because a long record is work too.
func (d *Door) Present(c *fiber.Ctx, act Act) bool {
	t, ok := d.ticket(c)
	if !ok {
		return false
	}
	me, err := d.Records.SessionAccount(web.Context(c), t.hash())
	return err == nil && me.Role.May(act) && d.seen(c, t) == nil
}
