package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// DB is a database or, inside InTx, one transaction of it.
type DB struct {
	gorm        *gorm.DB
	write, read *sql.DB
	dialect     string
	file        string // SQLite's file
	inTx        bool
	count       *atomic.Int64
	offset      *atomic.Int64 // seconds
}

// Gorm gives the GORM session for one request; only packages below storage use it.
func (d *DB) Gorm(ctx context.Context) *gorm.DB { return d.gorm.WithContext(ctx) }

// conn is what statements run on that need nothing else of GORM: making a session for each
// costs as much as reading a row.
func (d *DB) conn() gorm.ConnPool { return d.gorm.Statement.ConnPool }

// Dialect is "sqlite" or "postgres".
func (d *DB) Dialect() string { return d.dialect }

// Postgres says whether the dialect is PostgreSQL's.
func (d *DB) Postgres() bool { return d.dialect == PostgreSQL }

// Bytes is the dialect's name for the type of byte strings.
func (d *DB) Bytes() string {
	if d.Postgres() {
		return "BYTEA"
	}
	return "BLOB"
}

// File is the path of the SQLite database; empty on PostgreSQL.
func (d *DB) File() string { return d.file }

// Conn gives the writing handle, for migrations, pings and tests.
func (d *DB) Conn() *sql.DB { return d.write }

// Statements is how many statements ran through this handle and its
// transactions; BEGIN and COMMIT are not counted.
func (d *DB) Statements() int64 { return d.count.Load() }

// Close gives the connections back.
func (d *DB) Close() error {
	if d.read != d.write {
		return errors.Join(d.read.Close(), d.write.Close())
	}
	return d.write.Close()
}

// InTx runs do in one transaction, which is undone when do returns an error.
// Inside a transaction it runs do in that one. On SQLite it is the only writer;
// on PostgreSQL it reads what is committed.
func (d *DB) InTx(ctx context.Context, do func(tx *DB) error) error {
	return d.transaction(ctx, nil, do)
}

// InSnapshot runs do in a transaction that only reads and sees the database as
// it was at its beginning.
func (d *DB) InSnapshot(ctx context.Context, do func(tx *DB) error) error {
	return d.transaction(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, do)
}

func (d *DB) transaction(ctx context.Context, opts *sql.TxOptions, do func(tx *DB) error) error {
	if d.inTx {
		return do(d)
	}
	var options []*sql.TxOptions
	if opts != nil {
		options = append(options, opts)
	}
	return Refusal(late(ctx, d.gorm.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx := *d
		tx.gorm, tx.inTx = g, true
		return do(&tx)
	}, options...)))
}

// late says why a transaction was gone before it was asked for: database/sql undoes it once its
// context ends, and says of what comes after that only that there is no transaction.
func late(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// Exec runs one statement with ? parameters and gives the number of rows it changed.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	done := d.Gorm(ctx).Exec(query, whole(args)...)
	return done.RowsAffected, Refusal(done.Error)
}

// Query reads all rows of one statement with ? parameters into a slice of T.
func Query[T any](ctx context.Context, d *DB, query string, args ...any) ([]T, error) {
	// GORM reads the rows, but does not build the statement: it would go through it
	// letter by letter each time.
	rows, err := d.conn().QueryContext(ctx, d.numbered(query), args...)
	if err != nil {
		return nil, Refusal(err)
	}
	defer rows.Close()
	var out []T
	if rows.Next() {
		err = d.Gorm(ctx).ScanRows(rows, &out)
	}
	return out, Refusal(errors.Join(err, rows.Err()))
}

// One reads the only row of one statement with ? parameters; ErrNotFound if there is none.
func One[T any](ctx context.Context, d *DB, query string, args ...any) (T, error) {
	var zero T
	rows, err := Query[T](ctx, d, query, args...)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return zero, err
	}
	return rows[0], nil
}

// Each calls do for every row of one statement, without holding all in memory.
func Each(ctx context.Context, d *DB, do func(scan func(into ...any) error) error, query string, args ...any) error {
	rows, err := d.conn().QueryContext(ctx, d.numbered(query), args...)
	if err != nil {
		return Refusal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return Refusal(rows.Err())
}

// blob is a byte string that GORM takes as one value: after an opening bracket it
// would make a list of a []byte.
type blob []byte

// Value gives the bytes to the driver; nil is NULL.
func (b blob) Value() (driver.Value, error) {
	if b == nil {
		return nil, nil
	}
	return []byte(b), nil
}

// whole wraps the byte strings among the parameters of a statement.
func whole(args []any) []any {
	args = slices.Clone(args)
	for i, arg := range args {
		if b, ok := arg.([]byte); ok {
			args[i] = blob(b)
		}
	}
	return args
}

// Now is the database clock plus the offset, in UTC whole seconds.
func (d *DB) Now(ctx context.Context) (time.Time, error) {
	var seconds int64
	err := Each(ctx, d, func(scan func(into ...any) error) error { return scan(&seconds) }, "SELECT "+d.NowSQL())
	if err != nil {
		return time.Time{}, fmt.Errorf("read clock: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// NowSQL is the SQL expression for the database clock plus the offset, in unix
// seconds; it holds nothing but constants.
func (d *DB) NowSQL() string {
	clock := "CAST(FLOOR(EXTRACT(EPOCH FROM statement_timestamp())) AS BIGINT)"
	if d.dialect == SQLite {
		clock = "unixepoch()"
	}
	return "(" + clock + " + (" + strconv.FormatInt(d.offset.Load(), 10) + "))"
}

// SetOffset moves the clock of this handle; tests and the demo only.
func (d *DB) SetOffset(by time.Duration) { d.offset.Store(int64(by / time.Second)) }

// NewID makes an id: 26 lower-case base32 characters of 16 random bytes.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// NewSalt makes 32 random bytes.
func NewSalt() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return b
}
