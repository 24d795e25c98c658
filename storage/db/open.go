package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	sqlite3 "modernc.org/sqlite" // the driver "sqlite"
)

// The two dialects.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

const (
	postgresConnections = 16
	busyTimeout         = 5 * time.Second
	busyPause           = 10 * time.Millisecond
)

// Open opens "sqlite:PATH" or "postgres://…" and refuses a database that may
// lose what it acknowledged (ErrDurability). It changes no table: see Migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	switch {
	case strings.HasPrefix(address, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"))
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return openPostgres(ctx, address)
	}
	return nil, ErrURL
}

// Path is the file of a "sqlite:PATH" address; false for PostgreSQL.
func Path(address string) (string, bool) {
	path, ok := strings.CutPrefix(address, "sqlite:")
	return strings.TrimPrefix(path, "//"), ok
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	path = strings.TrimPrefix(path, "//")
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, ErrURL
	}
	// The file and, after its pattern, WAL and index are for the owner alone.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	f.Close()

	write, err := sql.Open("sqlite", sqliteAddress(path, false))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	write.SetMaxOpenConns(1)
	d := &DB{dialect: SQLite, count: new(atomic.Int64), offset: new(atomic.Int64), write: write, read: write, file: path}
	if err := d.durableInTime(ctx, write); err != nil {
		return nil, errors.Join(explained(path, err), write.Close())
	}
	d.read, err = sql.Open("sqlite", sqliteAddress(path, true))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), write.Close())
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	dialector := sqliteDialector{sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: d.pool()}).(*sqlite.Dialector)}
	return d.withGorm(dialector)
}

func sqliteAddress(path string, readOnly bool) string {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "foreign_keys(ON)",
		"cache_size(-2048)",
	}
	query := url.Values{"_txlock": {"immediate"}, "_timezone": {"UTC"}}
	if readOnly { // its transactions are snapshots and must not ask for the write lock
		pragmas = append(pragmas, "query_only(ON)")
		query.Del("_txlock")
	}
	query["_pragma"] = pragmas
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, ErrURL // the parser's own words may hold the password
	}
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "rondo"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	conns := stdlib.OpenDB(*config)
	conns.SetMaxOpenConns(postgresConnections)
	conns.SetMaxIdleConns(postgresConnections)
	conns.SetConnMaxIdleTime(5 * time.Minute)
	conns.SetConnMaxLifetime(time.Hour)
	d := &DB{dialect: PostgreSQL, count: new(atomic.Int64), offset: new(atomic.Int64), write: conns, read: conns}
	if err := d.durable(ctx, conns); err != nil {
		return nil, errors.Join(err, conns.Close())
	}
	return d.withGorm(postgres.New(postgres.Config{Conn: d.pool()}))
}

func (d *DB) pool() *pool { return newPool(d.write, d.read, d.count) }

func (d *DB) withGorm(dialector gorm.Dialector) (*DB, error) {
	g, err := gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true, // a single statement is one; several are put into InTx
		QueryFields:            true, // columns are named, never *
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard, // errors are returned, values are never logged
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), d.Close())
	}
	d.gorm = g
	return d, nil
}

// durableInTime asks again while another instance opens or leaves the same file: the
// change to a write-ahead log needs the file for itself, and SQLite does not wait for it
// as busy_timeout says, but refuses at once (https://sqlite.org/wal.html, section 9).
func (d *DB) durableInTime(ctx context.Context, conns *sql.DB) error {
	patience, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	for {
		err := d.durable(ctx, conns)
		if !errors.Is(err, ErrBusy) {
			return err
		}
		select {
		case <-patience.Done():
			return err
		case <-time.After(busyPause):
		}
	}
}

// explained says why SQLite cannot open a database, where it tells no more than a number: it keeps its log beside the
// file, so the same is tried without it.
func explained(path string, err error) error {
	var lite *sqlite3.Error
	if !errors.As(err, &lite) || !unexplained[lite.Code()&0xff] {
		return err
	}
	beside := writeBeside(path)
	switch {
	case errors.Is(beside, syscall.ENOSPC), errors.Is(beside, syscall.EDQUOT):
		return fmt.Errorf("open database %s: %w", path, ErrFull)
	case beside != nil:
		return fmt.Errorf("open database %s: its log is kept beside it: %w", path, beside)
	}
	return err
}

// unexplained are the primary result codes of a file that cannot be written: read-only, I/O error, full, not opened.
var unexplained = map[int]bool{8: true, 10: true, 13: true, 14: true}

// writeBeside writes as much as SQLite needs at the least to begin, and takes it away again.
func writeBeside(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".rondo-room-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// durable asks the database whether it keeps what it acknowledges (REL-05).
func (d *DB) durable(ctx context.Context, conns *sql.DB) error {
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"}
	if d.dialect == PostgreSQL {
		return d.durablePostgres(ctx, conns)
	}
	for pragma, value := range want {
		var got string
		if err := conns.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return fmt.Errorf("open database: %w", Refusal(err))
		}
		if got != value {
			return fmt.Errorf("%w: %s is %s", ErrDurability, pragma, got)
		}
	}
	return nil
}

func (d *DB) durablePostgres(ctx context.Context, conns *sql.DB) error {
	rows, err := conns.QueryContext(ctx, "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY name")
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, setting string
		if err := rows.Scan(&name, &setting); err != nil {
			return fmt.Errorf("open database: %w", err)
		}
		if setting == "off" {
			return fmt.Errorf("%w: %s is off", ErrDurability, name)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return nil
}

// sqliteDialector recognises the errors of the pure Go driver, which the
// dialect's own translation does not know.
type sqliteDialector struct{ *sqlite.Dialector }

// Translate gives GORM's error for a constraint that a statement ran into.
func (sqliteDialector) Translate(err error) error {
	switch code(err) {
	case "1555", "2067":
		return gorm.ErrDuplicatedKey
	case "787":
		return gorm.ErrForeignKeyViolated
	case "275":
		return gorm.ErrCheckConstraintViolated
	}
	return err
}
