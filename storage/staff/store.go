package staff

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"rondo/storage/db"
)

// Store keeps the staff side in a database or one of its transactions.
type Store struct{ db *db.DB }

// New gives the store on a database.
func New(d *db.DB) *Store { return &Store{d} }

// With gives the same store inside a transaction of db.InTx.
func (s *Store) With(tx *db.DB) *Store { return &Store{tx} }

// Account is a staff member. Role: admin lead analyst reviewer moderator.
type Account struct {
	ID, Email, Name, Role string
	PasswordHash          string
	Disabled              bool
}

// LogValue hides who it is.
func (Account) LogValue() slog.Value { return slog.StringValue("[hidden]") }

const accountColumns = "id, email, name, role, password_hash, disabled"

// Accounts lists all accounts by address.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	list, err := db.Query[Account](ctx, s.db, "SELECT "+accountColumns+" FROM accounts ORDER BY email")
	return list, wrap("list accounts", err)
}

// AccountByID finds an account; ErrNotFound.
func (s *Store) AccountByID(ctx context.Context, id string) (Account, error) {
	a, err := db.One[Account](ctx, s.db, "SELECT "+accountColumns+" FROM accounts WHERE id = ?", id)
	return a, wrap("find account", err)
}

// AccountByEmail finds an account, disabled ones too; ErrNotFound.
func (s *Store) AccountByEmail(ctx context.Context, email string) (Account, error) {
	a, err := db.One[Account](ctx, s.db, "SELECT "+accountColumns+" FROM accounts WHERE email = ?", email)
	return a, wrap("find account", err)
}

// AddAccount makes an account; ErrDuplicate when the address has one.
func (s *Store) AddAccount(ctx context.Context, a Account) (Account, error) {
	if a.ID == "" {
		a.ID = db.NewID()
	}
	_, err := s.db.Exec(ctx, `INSERT INTO accounts (id, email, name, language, role, password_hash, totp_step, disabled)
		VALUES (?, ?, ?, '', ?, ?, 0, ?)`, a.ID, a.Email, a.Name, a.Role, a.PasswordHash, a.Disabled)
	return a, wrap("add account", err)
}

// DisableAccount ends an account and all its sessions; ErrNotFound.
func (s *Store) DisableAccount(ctx context.Context, id string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		n, err := tx.Exec(ctx, "UPDATE accounts SET disabled = ? WHERE id = ?", true, id)
		if err == nil && n == 0 {
			err = db.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM sessions WHERE account_id = ?", id)
		return err
	})
	return wrap("disable account", err)
}

// AddLink keeps the SHA-256 of a one-time link for life; email is "" for the first account.
func (s *Store) AddLink(ctx context.Context, hash []byte, email, role string, life time.Duration) error {
	_, err := s.db.Exec(ctx, "INSERT INTO sign_in_links (hash, email, role, expires) VALUES (?, ?, ?, "+s.db.NowSQL()+" + ?)",
		hash, email, role, int64(life/time.Second))
	return wrap("add link", err)
}

// Link is whom a link is for that is neither used nor too old; ErrNotFound.
func (s *Store) Link(ctx context.Context, hash []byte) (email, role string, err error) {
	l, err := db.One[struct{ Email, Role string }](ctx, s.db,
		"SELECT email, role FROM sign_in_links WHERE hash = ? AND expires > "+s.db.NowSQL(), hash)
	return l.Email, l.Role, wrap("find link", err)
}

// UseLink consumes a link and makes the account, both or none; ErrNotFound, ErrDuplicate.
func (s *Store) UseLink(ctx context.Context, hash []byte, a Account) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		n, err := tx.Exec(ctx, "DELETE FROM sign_in_links WHERE hash = ? AND expires > "+s.db.NowSQL(), hash)
		if err == nil && n == 0 {
			err = db.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = s.With(tx).AddAccount(ctx, a)
		return err
	})
	return wrap("use link", err)
}

// AddSession keeps the SHA-256 of a session for life.
func (s *Store) AddSession(ctx context.Context, hash []byte, accountID string, life time.Duration) error {
	_, err := s.db.Exec(ctx, "INSERT INTO sessions (hash, account_id, started, expires) VALUES (?, ?, "+s.db.NowSQL()+", "+s.db.NowSQL()+" + ?)",
		hash, accountID, int64(life/time.Second))
	return wrap("add session", err)
}

// SessionAccount is whose session it is, while it lives and the account does; ErrNotFound.
func (s *Store) SessionAccount(ctx context.Context, hash []byte) (Account, error) {
	a, err := db.One[Account](ctx, s.db, `SELECT a.id, a.email, a.name, a.role, a.password_hash, a.disabled
		FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.hash = ? AND s.expires > `+s.db.NowSQL()+" AND a.disabled = ?", hash, false)
	return a, wrap("find session", err)
}

// EndSession forgets a session; ending one twice is no error.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	_, err := s.db.Exec(ctx, "DELETE FROM sessions WHERE hash = ?", hash)
	return wrap("end session", err)
}

// Sweep removes links and sessions that have ended, and failures of yesterday.
// It writes nothing when there are none.
func (s *Store) Sweep(ctx context.Context) error {
	for _, statement := range []string{
		"DELETE FROM sign_in_links WHERE expires <= " + s.db.NowSQL(),
		"DELETE FROM sessions WHERE expires <= " + s.db.NowSQL(),
		"DELETE FROM failures WHERE at <= " + s.db.NowSQL() + " - 86400",
	} {
		if _, err := s.db.Exec(ctx, statement); err != nil {
			return wrap("sweep sessions", err)
		}
	}
	return nil
}

// Failures is how many sign-ins failed in a row under a key, and how long ago the last did.
func (s *Store) Failures(ctx context.Context, key []byte) (n int, ago time.Duration, err error) {
	f, err := db.Query[struct{ Count, Ago int64 }](ctx, s.db, "SELECT count, "+s.db.NowSQL()+" - at AS ago FROM failures WHERE bucket = ?", key)
	if err != nil || len(f) == 0 {
		return 0, 0, wrap("count failures", err)
	}
	return int(f[0].Count), time.Duration(f[0].Ago) * time.Second, nil
}

// AddFailure makes n failures n+1; false where another try came first.
func (s *Store) AddFailure(ctx context.Context, key []byte, n int) (bool, error) {
	var changed int64
	var err error
	if n == 0 {
		changed, err = s.db.Exec(ctx, "INSERT INTO failures (bucket, count, at) VALUES (?, 1, "+s.db.NowSQL()+") ON CONFLICT (bucket) DO NOTHING", key)
	} else {
		changed, err = s.db.Exec(ctx, "UPDATE failures SET count = count + 1, at = "+s.db.NowSQL()+" WHERE bucket = ? AND count = ?", key, n)
	}
	return changed == 1, wrap("note failure", err)
}

// ClearFailures forgets the failures under a key.
func (s *Store) ClearFailures(ctx context.Context, key []byte) error {
	_, err := s.db.Exec(ctx, "DELETE FROM failures WHERE bucket = ?", key)
	return wrap("clear failures", err)
}

func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, db.Refusal(err))
}
