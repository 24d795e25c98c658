package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	sqlite3 "modernc.org/sqlite"
)

// groupMost is how many writes share a commit: enough that nobody waits for a
// second one, few enough that a transaction stays short.
const groupMost = 64

// group lets single statements that wait for SQLite's only writer share its next
// commit (group commit): thirty page saves that came together are kept with one
// flush of the log instead of thirty in a row. Nobody is answered before that
// commit, and a statement that fails takes no other with it. The first who comes
// to an idle writer writes, and then hands on to the first of those who waited.
type group struct {
	write    *sql.DB
	prepared *prepared

	lock    sync.Mutex
	busy    bool
	waiting []*job
}

// job is one statement and what came of it.
type job struct {
	query  string
	args   []any
	stmt   *sql.Stmt
	result sql.Result
	err    error
	done   chan struct{} // closed when it was written or refused
	lead   chan struct{} // closed when its caller is to write what waits
}

var errAbandoned = errors.New("the writer broke off")

// exec runs one statement. A context that ends takes it back as long as nobody
// writes it; then it comes to its end.
func (g *group) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j := &job{query: query, args: args, done: make(chan struct{}), lead: make(chan struct{})}
	g.lock.Lock()
	g.waiting = append(g.waiting, j)
	leading := !g.busy
	g.busy = true
	g.lock.Unlock()
	if leading {
		close(j.lead)
	}
	select {
	case <-j.lead:
	case <-j.done:
		return j.result, j.err
	case <-ctx.Done():
		if g.takeBack(j) {
			return nil, ctx.Err()
		}
	}
	select { // after taking back came too late, either may hold
	case <-j.lead:
		g.writeNext()
	case <-j.done:
	}
	return j.result, j.err
}

// takeBack removes a job that nobody writes yet.
func (g *group) takeBack(j *job) bool {
	g.lock.Lock()
	defer g.lock.Unlock()
	select {
	case <-j.lead:
		return false // the others wait for its caller
	default:
	}
	at := slices.Index(g.waiting, j)
	if at >= 0 {
		g.waiting = slices.Delete(g.waiting, at, at+1)
	}
	return at >= 0
}

// writeNext writes what waits, the caller's own job first, and hands on.
func (g *group) writeNext() {
	g.lock.Lock()
	n := min(len(g.waiting), groupMost)
	batch := g.waiting[:n:n]
	g.waiting = slices.Clone(g.waiting[n:])
	g.lock.Unlock()
	for _, j := range batch {
		j.err = errAbandoned // stands if the driver panics
	}
	defer func() {
		g.lock.Lock()
		defer g.lock.Unlock()
		if g.busy = len(g.waiting) > 0; g.busy {
			close(g.waiting[0].lead)
		}
		for _, j := range batch {
			close(j.done)
		}
	}()
	g.commit(batch)
}

// commit writes a batch in one transaction or, where that cannot be, one by one.
func (g *group) commit(batch []*job) {
	// Its callers' own deadlines must not undo what others wait for.
	ctx, cancel := context.WithTimeout(context.Background(), busyTimeout)
	defer cancel()
	for _, j := range batch { // preparing needs the connection, which the transaction will hold
		j.stmt = g.prepared.find(ctx, g.write, j.query)
	}
	if len(batch) > 1 {
		if kept, err := g.together(ctx, batch); kept || err != nil {
			for _, j := range batch {
				if err != nil {
					j.result, j.err = nil, err
				}
			}
			return
		}
	}
	for _, j := range batch {
		if j.stmt != nil {
			j.result, j.err = j.stmt.ExecContext(ctx, j.args...)
		} else {
			j.result, j.err = g.write.ExecContext(ctx, j.query, j.args...)
		}
	}
}

// together writes a batch in one transaction. It gives false where nothing was
// kept and each statement may be tried by itself, and an error where the
// transaction could not begin or what became of it is not known.
func (g *group) together(ctx context.Context, batch []*job) (bool, error) {
	tx, err := g.write.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	for _, j := range batch {
		j.write(ctx, tx)
		// A constraint undoes its own statement only; after other errors SQLite may
		// have undone the transaction (https://sqlite.org/lang_transaction.html, 3).
		if failed := j.err; failed != nil && !constraint(failed) {
			if tx.Rollback() != nil {
				return false, late(ctx, failed)
			}
			return false, nil
		}
	}
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("commit: %w", late(ctx, err))
	}
	return true, nil
}

// write runs the statement of a job in a transaction.
func (j *job) write(ctx context.Context, tx *sql.Tx) {
	if j.stmt == nil {
		j.result, j.err = tx.ExecContext(ctx, j.query, j.args...)
		return
	}
	stmt := tx.StmtContext(ctx, j.stmt)
	defer stmt.Close()
	j.result, j.err = stmt.ExecContext(ctx, j.args...)
}

// constraint says whether a statement ran into a constraint or a trigger of ours.
func constraint(err error) bool {
	const sqliteConstraint = 19
	var lite *sqlite3.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteConstraint
}
