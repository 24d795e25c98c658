package staff

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"rondo/storage/db"
)

// Account is a staff member.
type Account struct {
	ID           string `gorm:"primaryKey"`
	Email        string // lower case, unique
	Name         string
	Language     string
	Role         string // admin lead analyst reviewer moderator
	PasswordHash string // as app/auth writes it; "": no password
	TOTPSecret   []byte `gorm:"column:totp_secret"` // sealed by app/auth; nil: no second factor
	TOTPStep     int64  `gorm:"column:totp_step"`   // the last time step that was used
	Disabled     bool
}

// LogValue hides who it is.
func (Account) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// SignInLink is what a one-time link is for. Email is "" for the first account,
// whose owner names it.
type SignInLink struct {
	Email string
	Role  string
}

// AddAccount stores a new account and gives it with its ID; ErrDuplicate.
func (s *Store) AddAccount(ctx context.Context, a Account) (Account, error) {
	if a.ID == "" {
		a.ID = db.NewID()
	}
	a.Email = strings.ToLower(a.Email)
	err := s.db.Gorm(ctx).Create(&a).Error
	return a, wrap("add account", err)
}

// Accounts gives all accounts by e-mail, disabled ones too.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	var accounts []Account
	err := s.db.Gorm(ctx).Order("email").Find(&accounts).Error
	return accounts, wrap("list accounts", err)
}

// AccountByID finds an account; ErrNotFound.
func (s *Store) AccountByID(ctx context.Context, id string) (Account, error) {
	var a Account
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&a).Error
	return a, wrap("find account", err)
}

// AccountByEmail finds an account, disabled ones too; ErrNotFound.
func (s *Store) AccountByEmail(ctx context.Context, email string) (Account, error) {
	var a Account
	err := s.db.Gorm(ctx).Where("email = ?", strings.ToLower(email)).Take(&a).Error
	return a, wrap("find account", err)
}

// SetRole changes the role and ends the account's sessions; ErrNotFound.
func (s *Store) SetRole(ctx context.Context, id, role string) error {
	return s.changeAndSignOut(ctx, "set role", "UPDATE accounts SET role = ? WHERE id = ?", role, id)
}

// SetPassword changes the password hash and ends the account's sessions; ErrNotFound.
func (s *Store) SetPassword(ctx context.Context, id, hash string) error {
	return s.changeAndSignOut(ctx, "set password", "UPDATE accounts SET password_hash = ? WHERE id = ?", hash, id)
}

// DisableAccount ends an account and all its sessions; ErrNotFound.
func (s *Store) DisableAccount(ctx context.Context, id string) error {
	return s.changeAndSignOut(ctx, "disable account", "UPDATE accounts SET disabled = ? WHERE id = ?", true, id)
}

// EnableAccount lets an account sign in again; ErrNotFound.
func (s *Store) EnableAccount(ctx context.Context, id string) error {
	return s.changeAndSignOut(ctx, "enable account", "UPDATE accounts SET disabled = ? WHERE id = ?", false, id)
}

// SetTOTP stores the sealed second factor, or none, and ends the account's sessions; ErrNotFound.
func (s *Store) SetTOTP(ctx context.Context, id string, sealed []byte) error {
	return s.changeAndSignOut(ctx, "set second factor", "UPDATE accounts SET totp_secret = ?, totp_step = 0 WHERE id = ?", sealed, id)
}

// UseTOTPStep notes the time step of a code, so that no code counts twice; ErrConflict.
func (s *Store) UseTOTPStep(ctx context.Context, id string, step int64) error {
	n, err := s.db.Exec(ctx, "UPDATE accounts SET totp_step = ? WHERE id = ? AND totp_step < ?", step, id, step)
	return one("use second factor", db.ErrConflict, n, err)
}

// changeAndSignOut runs a statement whose last parameter is the account's id.
func (s *Store) changeAndSignOut(ctx context.Context, act, query string, args ...any) error {
	return s.db.InTx(ctx, func(tx *db.DB) error {
		n, err := tx.Exec(ctx, query, args...)
		if err := one(act, db.ErrNotFound, n, err); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM sessions WHERE account_id = ?", args[len(args)-1])
		return wrap(act, err)
	})
}

// AddLink keeps the hash of a one-time link for life; email is "" for the first account.
func (s *Store) AddLink(ctx context.Context, hash []byte, email, role string, life time.Duration) error {
	now := s.db.NowSQL()
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "DELETE FROM sign_in_links WHERE expires <= "+now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO sign_in_links (hash, email, role, expires) VALUES (?, ?, ?, "+now+" + ?)",
			hash, strings.ToLower(email), role, int64(life/time.Second))
		return err
	})
	return wrap("keep one-time link", err)
}

// Link gives what a link that is neither used nor too old is for; ErrNotFound.
func (s *Store) Link(ctx context.Context, hash []byte) (SignInLink, error) {
	link, err := db.One[SignInLink](ctx, s.db, "SELECT email, role FROM sign_in_links WHERE hash = ? AND expires > "+s.db.NowSQL(), hash)
	return link, wrap("find one-time link", err)
}

// UseLink consumes the link and makes the account, both or none. ErrNotFound when
// the link is used or too old, or was for the first account and there is one;
// ErrDuplicate when the address has an account.
func (s *Store) UseLink(ctx context.Context, hash []byte, a Account) (Account, error) {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		// Only one of two that follow the same link finds it here.
		emails, err := db.Query[string](ctx, tx, "DELETE FROM sign_in_links WHERE hash = ? AND expires > "+tx.NowSQL()+" RETURNING email", hash)
		if err != nil {
			return err
		}
		if len(emails) == 0 {
			return db.ErrNotFound
		}
		if emails[0] == "" {
			n, err := db.One[int64](ctx, tx, "SELECT COUNT(*) FROM accounts")
			if err != nil {
				return err
			}
			if n > 0 {
				return db.ErrNotFound
			}
		}
		a, err = s.With(tx).AddAccount(ctx, a)
		return err
	})
	return a, wrap("use one-time link", err)
}
