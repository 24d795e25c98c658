package staff

import (
	"context"
	"errors"
	"time"

	"rondo/storage/db"
)

// Session is a sign-in that lasts; only SHA-256 of its 32 random bytes is kept.
type Session struct {
	Hash      []byte
	AccountID string
	Started   time.Time `gorm:"serializer:seconds"`
	Expires   time.Time `gorm:"serializer:seconds"`
}

// AddSession keeps a session for life and forgets those that are over.
func (s *Store) AddSession(ctx context.Context, hash []byte, accountID string, life time.Duration) error {
	now := s.db.NowSQL()
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "DELETE FROM sessions WHERE expires <= "+now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO sessions (hash, account_id, started, expires) VALUES (?, ?, "+now+", "+now+" + ?)",
			hash, accountID, int64(life/time.Second))
		return err
	})
	return wrap("keep session", err)
}

// SessionAccount gives whose session it is, while it lives and the account is
// not disabled, in one statement; ErrNotFound.
func (s *Store) SessionAccount(ctx context.Context, hash []byte) (Account, error) {
	a, err := db.One[Account](ctx, s.db, `
		SELECT a.id, a.email, a.name, a.language, a.role, a.password_hash, a.totp_secret, a.totp_step, a.disabled
		FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.hash = ? AND a.disabled = ? AND s.expires > `+s.db.NowSQL(), hash, false)
	return a, wrap("find session", err)
}

// Sessions gives the living sessions of an account, the newest first.
func (s *Store) Sessions(ctx context.Context, accountID string) ([]Session, error) {
	sessions, err := db.Query[Session](ctx, s.db, `SELECT hash, account_id, started, expires FROM sessions
		WHERE account_id = ? AND expires > `+s.db.NowSQL()+" ORDER BY started DESC, hash", accountID)
	return sessions, wrap("list sessions", err)
}

// EndSession forgets a session; one that is not there is no error.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	_, err := s.db.Exec(ctx, "DELETE FROM sessions WHERE hash = ?", hash)
	return wrap("end session", err)
}

// EndSessions forgets all sessions of an account.
func (s *Store) EndSessions(ctx context.Context, accountID string) error {
	_, err := s.db.Exec(ctx, "DELETE FROM sessions WHERE account_id = ?", accountID)
	return wrap("end sessions", err)
}

// failuresLast is how long failed sign-ins are remembered after the last.
const failuresLast = 24 * 60 * 60

// Failures is how many sign-ins failed in a row under a key, and how long ago
// the last did.
func (s *Store) Failures(ctx context.Context, key []byte) (n int, ago time.Duration, err error) {
	row, err := db.One[struct{ N, Ago int64 }](ctx, s.db,
		"SELECT failures AS n, "+s.db.NowSQL()+" - last_at AS ago FROM failures WHERE bucket = ?", key)
	if errors.Is(err, db.ErrNotFound) || row.Ago > failuresLast {
		return 0, 0, nil
	}
	return int(row.N), time.Duration(row.Ago) * time.Second, wrap("read failures", err)
}

// AddFailure makes n failures n+1; false where another try came first.
func (s *Store) AddFailure(ctx context.Context, key []byte, n int) (bool, error) {
	now := s.db.NowSQL()
	changed, err := s.db.Exec(ctx, `INSERT INTO failures (bucket, failures, last_at) VALUES (?, ?, `+now+`)
		ON CONFLICT (bucket) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
		WHERE failures.failures = ? OR failures.last_at < `+now+` - ?`, key, n+1, n, failuresLast)
	return changed == 1, wrap("note failure", err)
}

// ClearFailures forgets the failures under a key.
func (s *Store) ClearFailures(ctx context.Context, key []byte) error {
	_, err := s.db.Exec(ctx, "DELETE FROM failures WHERE bucket = ?", key)
	return wrap("clear failures", err)
}
