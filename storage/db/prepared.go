package db

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// preparedMost is how many statements are kept; ours are far fewer, but lists of
// values make variants.
const preparedMost = 256

// prepared keeps statements in the form SQLite has read them into: for most of
// ours reading takes longer than running. PostgreSQL's driver does the same by
// itself.
type prepared struct {
	lock sync.RWMutex
	kept map[string]*sql.Stmt
}

// find gives the statement prepared on a handle, or nil where it is better run
// as it is. It is not for transactions: it needs a connection.
func (p *prepared) find(ctx context.Context, on *sql.DB, query string) *sql.Stmt {
	p.lock.RLock()
	stmt, full := p.kept[query], len(p.kept) >= preparedMost
	p.lock.RUnlock()
	if stmt != nil || full || !strings.Contains(query, "?") {
		return stmt
	}
	stmt, err := on.PrepareContext(ctx, query)
	if err != nil {
		return nil // running it says what is wrong
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	if other := p.kept[query]; other != nil {
		_ = stmt.Close() // somebody else was first
		return other
	}
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	p.kept[query] = stmt
	return stmt
}
