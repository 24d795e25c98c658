package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"rondo/storage/db"
)

// LinkLife is how long a one-time link works.
const LinkLife = 24 * time.Hour

// Invitation is what a one-time link is for. Email is "" for the first account, whose owner names it.
type Invitation struct {
	Email string
	Role  Role
}

// Newcomer is what somebody fills in behind a one-time link.
type Newcomer struct{ Name, Email, Password string }

var linkWords = base32.StdEncoding.WithPadding(base32.NoPadding)

// Invite makes a one-time link for a new account and gives its token, which rests nowhere; ErrTaken where the address has an account.
func (d *Door) Invite(ctx context.Context, email string, role Role) (string, error) {
	return NewLink(ctx, d.Records, email, role)
}

// NewLink is Door.Invite for a command, which has no pages.
func NewLink(ctx context.Context, records Records, email string, role Role) (string, error) {
	if !role.Known() {
		return "", fmt.Errorf("role %q: %w", role, ErrDenied)
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if email != "" {
		_, _, err := records.AccountByEmail(ctx, email)
		if err == nil {
			return "", ErrTaken
		}
		if !errors.Is(err, db.ErrNotFound) {
			return "", fmt.Errorf("find account: %w", err)
		}
	}
	var raw [20]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", fmt.Errorf("read random link: %w", err)
	}
	token := strings.ToLower(linkWords.EncodeToString(raw[:]))
	if err := records.AddLink(ctx, linkHash(token), email, role, LinkLife); err != nil {
		return "", fmt.Errorf("keep one-time link: %w", err)
	}
	return token, nil
}

// FirstLink makes the link for the first account, an administrator's, or gives "" where an account exists already.
func FirstLink(ctx context.Context, records Records) (string, error) {
	accounts, err := records.Accounts(ctx)
	if err != nil {
		return "", fmt.Errorf("list accounts: %w", err)
	}
	if len(accounts) > 0 {
		return "", nil
	}
	return NewLink(ctx, records, "", Admin)
}

// Invitation gives what a token is for without consuming it, or ErrLink.
func (d *Door) Invitation(ctx context.Context, token string) (Invitation, error) {
	email, role, err := d.Records.Link(ctx, linkHash(token))
	if errors.Is(err, db.ErrNotFound) {
		return Invitation{}, ErrLink
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("find one-time link: %w", err)
	}
	return Invitation{email, role}, nil
}

// Accept consumes the link and makes the account. An invitation that names an address makes an account for that address only.
func (d *Door) Accept(ctx context.Context, token string, n Newcomer) error {
	if PasswordProblem(n.Password, n.Email, n.Name) != "" {
		return ErrPassword
	}
	invitation, err := d.Invitation(ctx, token)
	if err != nil {
		return err
	}
	if invitation.Email != "" && invitation.Email != n.Email {
		return ErrLink
	}
	hash, err := Hash(ctx, n.Password)
	if err != nil {
		return err
	}
	err = d.Records.UseLink(ctx, linkHash(token), Account{Email: n.Email, Name: n.Name, Role: invitation.Role}, hash)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return ErrLink
	case errors.Is(err, db.ErrDuplicate):
		return ErrTaken
	case err != nil:
		return fmt.Errorf("make account: %w", err)
	}
	return nil
}

// Accounts lists all staff accounts.
func (d *Door) Accounts(ctx context.Context) ([]Account, error) { return d.Records.Accounts(ctx) }

// Account gives one of them.
func (d *Door) Account(ctx context.Context, id string) (Account, error) {
	return d.Records.AccountByID(ctx, id)
}

// Disable ends an account and its sessions on all machines.
func (d *Door) Disable(ctx context.Context, id string) error {
	return d.Records.DisableAccount(ctx, id)
}

// linkHash is what the database holds of a one-time link. People copy links with a full stop or in capitals.
func linkHash(token string) []byte {
	sum := sha256.Sum256([]byte("staff-link\x00" + strings.ToLower(strings.TrimRight(strings.TrimSpace(token), ".>)"))))
	return sum[:]
}
