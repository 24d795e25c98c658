package db

import (
	"context"
	"database/sql"
	"strings"
	"sync/atomic"

	"gorm.io/gorm"
)

// pool is what GORM sees as its connection: it counts statements and, on SQLite,
// sends writes to the one writing connection and reads to the others.
type pool struct {
	write, read *sql.DB
	count       *atomic.Int64
	prepared    prepared // SQLite only
	group       group    // SQLite only
}

// newPool makes the pool over handles that are the same one on PostgreSQL.
func newPool(write, read *sql.DB, count *atomic.Int64) *pool {
	p := &pool{write: write, read: read, count: count}
	p.group.write, p.group.prepared = write, &p.prepared
	return p
}

func (p *pool) handle(query string) *sql.DB {
	if p.lite() && isSelect(query) {
		return p.read
	}
	return p.write
}

// lite says whether this is SQLite, which has handles of its own for reading.
func (p *pool) lite() bool { return p.write != p.read }

func isSelect(query string) bool { return begins(query, "select") }

// changesRows says whether a statement may share a transaction with others, as
// VACUUM and PRAGMA may not.
func changesRows(query string) bool {
	return begins(query, "insert") || begins(query, "update") || begins(query, "delete")
}

// begins says whether word is the first word of a statement.
func begins(query, word string) bool {
	query = strings.TrimLeft(query, " \t\n")
	return len(query) > len(word) && strings.EqualFold(query[:len(word)], word) && strings.IndexByte(" \t\n", query[len(word)]) >= 0
}

func (p *pool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.handle(query).PrepareContext(ctx, query)
}

func (p *pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	p.count.Add(1)
	if p.lite() && changesRows(query) {
		return p.group.exec(ctx, query, args)
	}
	return p.write.ExecContext(ctx, query, args...)
}

func (p *pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.count.Add(1)
	if p.lite() {
		if stmt := p.prepared.find(ctx, p.handle(query), query); stmt != nil {
			return stmt.QueryContext(ctx, args...)
		}
	}
	return p.handle(query).QueryContext(ctx, query, args...)
}

func (p *pool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.count.Add(1)
	return p.handle(query).QueryRowContext(ctx, query, args...)
}

// BeginTx starts a transaction: on the writing connection, or on a reading one
// when it is read-only.
func (p *pool) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	from := p.write
	if opts != nil && opts.ReadOnly {
		from = p.read
		if p.write != p.read {
			opts = nil // SQLite: a deferred transaction on a query_only connection is the snapshot
		}
	}
	tx, err := from.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &poolTx{Tx: tx, count: p.count}, nil
}

// GetDBConn gives GORM the handle it may ping.
func (p *pool) GetDBConn() (*sql.DB, error) { return p.write, nil }

// poolTx counts the statements of a transaction.
type poolTx struct {
	*sql.Tx
	count *atomic.Int64
}

func (t *poolTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	t.count.Add(1)
	return t.Tx.ExecContext(ctx, query, args...)
}

func (t *poolTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.count.Add(1)
	return t.Tx.QueryContext(ctx, query, args...)
}

func (t *poolTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	t.count.Add(1)
	return t.Tx.QueryRowContext(ctx, query, args...)
}
