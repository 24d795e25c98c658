package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlite3 "modernc.org/sqlite"
)

// Refusals of storage; package storage exports them again under the same names.
var (
	// ErrNotFound means that nothing is stored under the given key.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate means that a thing with this key is stored already.
	ErrDuplicate = errors.New("already there")
	// ErrConflict means that somebody else changed the thing in the meantime.
	ErrConflict = errors.New("changed in the meantime")
	// ErrClosed means that the window is not open, by the database clock.
	ErrClosed = errors.New("the window is not open")
	// ErrSpent means that a response was submitted already.
	ErrSpent = errors.New("already submitted")
	// ErrState means that the thing is not in a state that allows the step.
	ErrState = errors.New("the state does not allow this")
	// ErrOwn means that somebody was to approve or confirm what they proposed.
	ErrOwn = errors.New("this is for somebody else than who proposed it")
	// ErrImmutable means that a frozen, published or journalled thing was to be changed.
	ErrImmutable = errors.New("this can no longer be changed")
	// ErrNewer means that the database was made by a newer program.
	ErrNewer = errors.New("the database belongs to a newer version of Rondo")
	// ErrDurability means that the database may lose what it acknowledged.
	ErrDurability = errors.New("the database is not set to keep what it acknowledged")
	// ErrURL means that a database URL cannot be understood.
	ErrURL = errors.New("the database must be sqlite:PATH or postgres://…")
	// ErrBusy means that the database does not answer now: busy, full, restarting or gone.
	ErrBusy = errors.New("the database does not answer now")
	// ErrFull means that the disk of the database is full; it is ErrBusy, too.
	ErrFull error = full{}
	// ErrWrongSecret means that the database was made with a different master secret.
	ErrWrongSecret = errors.New("this database was made with a different secret")
	// ErrNoSecret means that the master secret is not named or not there.
	ErrNoSecret = errors.New("the master secret is missing")
	// ErrLostSecret means that the master secret that a database was made with is not there; it is ErrNoSecret, too.
	ErrLostSecret = fmt.Errorf("%w: this database needs the one it was made with", ErrNoSecret)
	// ErrNoDatabase means that nothing of this program is at the address yet.
	ErrNoDatabase = errors.New("there is no database")
	// ErrNotEmpty means that a database that must be empty is not.
	ErrNotEmpty = errors.New("the database is not empty")
	// ErrBackup means that a backup is damaged, cut short or of another kind.
	ErrBackup = errors.New("the backup is damaged or not one of ours")
)

// full is a sentence of its own and still what a page calls busy.
type full struct{}

func (full) Error() string { return "the disk of the database is full" }

// Is says that a full disk is a database that does not answer now.
func (full) Is(target error) bool { return target == ErrBusy }

// What triggers of ours say.
const (
	immutableMark = "rondo: immutable"
	nothingMark   = "rondo: nothing stored"
)

// Refusal gives the sentinel for an error of either database, joined with it;
// other errors and nil come back unchanged.
func Refusal(err error) error {
	sentinel := error(nil)
	switch {
	case err == nil || errors.Is(err, context.Canceled):
	case errors.Is(err, gorm.ErrRecordNotFound):
		sentinel = ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey), code(err) == "23505", code(err) == "1555", code(err) == "2067":
		sentinel = ErrDuplicate
	case errors.Is(err, gorm.ErrForeignKeyViolated), code(err) == "23503", code(err) == "787": // what it belongs to was removed
		sentinel = ErrConflict
	case raised(err, immutableMark):
		sentinel = ErrImmutable
	case fullCodes[code(err)]:
		sentinel = ErrFull
	case away(err):
		sentinel = ErrBusy
	}
	if sentinel == nil || errors.Is(err, sentinel) {
		return err
	}
	return fmt.Errorf("%w: %w", sentinel, err)
}

// fullCodes are SQLite's and PostgreSQL's answers when their disk is full.
var fullCodes = map[string]bool{"13": true, "53100": true}

// awayCodes are answers of a database that cannot work now: full, locked, too
// many at once, shutting down. SQLite's are primary result codes.
var awayCodes = map[string]bool{
	"5": true, "6": true, "9": true, "10": true, "13": true,
	"40001": true, "40P01": true, "53100": true, "53200": true, "53300": true, "55P03": true, "57014": true, "57P01": true, "57P02": true, "57P03": true,
}

func away(err error) bool {
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		return awayCodes[strconv.Itoa(lite.Code()&0xff)]
	}
	var unreachable *pgconn.ConnectError
	return awayCodes[code(err)] || errors.As(err, &unreachable) || errors.Is(err, context.DeadlineExceeded) || Lost(err)
}

// Lost says whether the connection broke, so that nobody knows whether what was
// sent last was kept: the caller reads again before it answers.
func Lost(err error) bool {
	var network *net.OpError
	return strings.HasPrefix(code(err), "08") || code(err) == "57P01" || code(err) == "57P02" ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)
}

// code is the PostgreSQL SQLSTATE or the SQLite result code in decimal.
func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		return strconv.Itoa(lite.Code())
	}
	return ""
}

// NothingStored says whether a statement was undone because its conditions did not hold.
func NothingStored(err error) bool { return raised(err, nothingMark) }

// raised says whether a trigger of ours undid a statement with these words.
func raised(err error, mark string) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message == mark
	}
	var lite *sqlite3.Error
	return errors.As(err, &lite) && lite.Code() == 1811 && strings.Contains(lite.Error(), mark)
}
