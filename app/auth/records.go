package auth

import (
	"context"
	"log/slog"
	"time"
)

// Account is a staff member.
type Account struct {
	ID, Email, Name string
	Role            Role
	Disabled        bool
}

// LogValue hides who it is.
func (Account) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Records is what the door keeps. Times run by the database clock; "not found" is db.ErrNotFound, "already there" db.ErrDuplicate.
type Records interface {
	Accounts(ctx context.Context) ([]Account, error)
	AccountByID(ctx context.Context, id string) (Account, error)
	// AccountByEmail gives the account, disabled ones too, and its password hash.
	AccountByEmail(ctx context.Context, email string) (Account, string, error)
	// DisableAccount ends an account and all its sessions.
	DisableAccount(ctx context.Context, id string) error

	// AddLink keeps the hash of a one-time link for life; email may be "" for the first account.
	AddLink(ctx context.Context, hash []byte, email string, role Role, life time.Duration) error
	// Link gives what a link that is neither used nor too old is for.
	Link(ctx context.Context, hash []byte) (email string, role Role, err error)
	// UseLink consumes the link and makes the account, both or none.
	UseLink(ctx context.Context, hash []byte, a Account, passwordHash string) error

	AddSession(ctx context.Context, hash []byte, accountID string, life time.Duration) error
	// SessionAccount gives whose session it is, while it lives and the account is not disabled.
	SessionAccount(ctx context.Context, hash []byte) (Account, error)
	EndSession(ctx context.Context, hash []byte) error

	// Failures is how many sign-ins failed in a row under a key and how long ago the last did.
	Failures(ctx context.Context, key []byte) (n int, ago time.Duration, err error)
	// AddFailure makes n failures n+1; false where another try came first.
	AddFailure(ctx context.Context, key []byte, n int) (bool, error)
	ClearFailures(ctx context.Context, key []byte) error

	// Factor gives the sealed secret of an account's second factor; nil where it has none.
	Factor(ctx context.Context, accountID string) ([]byte, error)
	// SetFactor sets or, with nil, removes the second factor and ends the account's sessions.
	SetFactor(ctx context.Context, accountID string, sealed []byte) error
	// UseStep notes the time step of a code; db.ErrConflict where it is not later than the last one.
	UseStep(ctx context.Context, accountID string, step int64) error
}
