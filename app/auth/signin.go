package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
	"rondo/storage/db"
)

// SignIn opens a new session for the account whose address and password these are and keeps it in the cookie. Every other case is
// ErrWrong after the same work: unknown address, wrong password, disabled account, account that has to wait, wrong code of the second
// factor. An account without a second factor takes any code.
func (d *Door) SignIn(c *fiber.Ctx, email, password, code string) (Account, error) {
	ctx := web.Context(c)
	account, err := d.check(ctx, strings.ToLower(strings.TrimSpace(email)), password, code)
	if err != nil {
		return Account{}, err
	}

	if old, ok := d.ticket(c); ok {
		if err := d.Records.EndSession(ctx, old.hash()); err != nil {
			return Account{}, fmt.Errorf("end former session: %w", err)
		}
	}
	t, err := newTicket(d.Now())
	if err != nil {
		return Account{}, err
	}
	t.owner = account.ID
	if err := d.Records.AddSession(ctx, t.hash(), account.ID, Absolute); err != nil {
		return Account{}, fmt.Errorf("keep session: %w", err)
	}
	c.Locals(localMe, account)
	c.Locals(localTag, d.seals.tagOf(t))
	return account, d.keep(c, t)
}

// check counts the try as a failure before it looks at the password, so that a burst of tries at once gets no more than one.
func (d *Door) check(ctx context.Context, email, password, code string) (Account, error) {
	key := sha256.Sum256([]byte("sign-in\x00" + email))
	n, ago, err := d.Records.Failures(ctx, key[:])
	if err != nil {
		return Account{}, fmt.Errorf("count failed sign-ins: %w", err)
	}
	mayTry := ago >= Wait(n)
	if mayTry {
		if mayTry, err = d.Records.AddFailure(ctx, key[:], n); err != nil {
			return Account{}, fmt.Errorf("count failed sign-ins: %w", err)
		}
	}

	account, hash, err := d.Records.AccountByEmail(ctx, email)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	if hash == "" || len(password) > 4*maxPassword {
		account, hash, password = Account{}, d.dummy, ""
	}
	fits, err := matches(ctx, hash, password)
	if errors.Is(err, context.DeadlineExceeded) {
		return Account{}, ErrBusy
	}
	if err != nil {
		return Account{}, fmt.Errorf("check password: %w", err)
	}
	if !mayTry || !fits || account.ID == "" || account.Disabled {
		return Account{}, ErrWrong
	}
	err = d.second(ctx, account.ID, code)
	if errors.Is(err, ErrCode) {
		return Account{}, ErrWrong
	}
	if err != nil {
		return Account{}, err
	}
	if err := d.Records.ClearFailures(ctx, key[:]); err != nil {
		return Account{}, fmt.Errorf("clear failed sign-ins: %w", err)
	}
	return account, nil
}

// SignOut ends the session on all machines and takes the cookie away.
func (d *Door) SignOut(c *fiber.Ctx) error {
	if t, ok := d.ticket(c); ok {
		if err := d.Records.EndSession(web.Context(c), t.hash()); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
	}
	d.Kit.ClearCookie(c, web.StaffCookie)
	return nil
}
