package staff

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rondo/storage/db"
)

// Entry is one line of the journal: who did what to which object, and how it went.
type Entry struct {
	Number                        int64 // from 1
	At                            time.Time
	Actor, Action, Object, Detail string
	Previous, Hash                []byte // SHA-256 of the entry before and of this one
}

// ErrBroken says that the chain of the journal does not hold.
var ErrBroken = errors.New("the journal was changed")

// chainTries is how often an entry is offered when others come first.
const chainTries = 20

// Note adds an entry to the journal. Two entries never follow the same one: who
// comes second tries again.
func (s *Store) Note(ctx context.Context, actor, action, object, detail string) error {
	for range chainTries {
		err := s.note(ctx, actor, action, object, detail)
		if err == nil || !errors.Is(err, db.ErrDuplicate) {
			return wrap("journal", err)
		}
	}
	return wrap("journal", db.ErrBusy)
}

func (s *Store) note(ctx context.Context, actor, action, object, detail string) error {
	return s.db.InTx(ctx, func(tx *db.DB) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		last, err := db.Query[entryRow](ctx, tx, "SELECT "+entryColumns+" FROM journal ORDER BY number DESC LIMIT 1")
		if err != nil {
			return err
		}
		e := Entry{Number: 1, At: now, Actor: actor, Action: action, Object: object, Detail: detail, Previous: make([]byte, sha256.Size)}
		if len(last) > 0 {
			e.Number, e.Previous = last[0].Number+1, last[0].Hash
		}
		e.Hash = e.sum()
		_, err = tx.Exec(ctx, "INSERT INTO journal ("+entryColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			e.Number, db.Seconds(e.At), e.Actor, e.Action, e.Object, e.Detail, e.Previous, e.Hash)
		return err
	})
}

// sum is the SHA-256 over everything the entry says and the hash before.
func (e Entry) sum() []byte {
	line, err := json.Marshal([]any{e.Number, db.Seconds(e.At), e.Actor, e.Action, e.Object, e.Detail, e.Previous})
	if err != nil {
		panic("journal entry cannot be written: " + err.Error()) // strings, numbers and bytes always can
	}
	sum := sha256.Sum256(line)
	return sum[:]
}

const entryColumns = "number, at, actor, action, object, detail, previous, hash"

type entryRow struct {
	Number, At                    int64
	Actor, Action, Object, Detail string
	Previous, Hash                []byte
}

func (r entryRow) entry() Entry {
	return Entry{r.Number, db.FromSeconds(r.At), r.Actor, r.Action, r.Object, r.Detail, r.Previous, r.Hash}
}

// Journal gives the last n entries, the newest first.
func (s *Store) Journal(ctx context.Context, n int) ([]Entry, error) {
	rows, err := db.Query[entryRow](ctx, s.db, "SELECT "+entryColumns+" FROM journal ORDER BY number DESC LIMIT ?", n)
	var list []Entry
	for _, r := range rows {
		list = append(list, r.entry())
	}
	return list, wrap("read journal", err)
}

// VerifyJournal reads the whole chain and says how many entries hold; ErrBroken names the first that does not.
func (s *Store) VerifyJournal(ctx context.Context) (int, error) {
	n, previous := 0, make([]byte, sha256.Size)
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		var r entryRow
		if err := scan(&r.Number, &r.At, &r.Actor, &r.Action, &r.Object, &r.Detail, &r.Previous, &r.Hash); err != nil {
			return err
		}
		e := r.entry()
		if e.Number != int64(n+1) || !bytes.Equal(e.Previous, previous) || !bytes.Equal(e.Hash, e.sum()) {
			return fmt.Errorf("%w at entry %d", ErrBroken, n+1)
		}
		n, previous = n+1, e.Hash
		return nil
	}, "SELECT "+entryColumns+" FROM journal ORDER BY number")
	return n, wrap("verify journal", err)
}
