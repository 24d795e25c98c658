package staff

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"rondo/storage/db"
)

// Entry is one line of the journal; Number, At and Hash are set by Journal.
type Entry struct {
	Number   int64
	At       time.Time `gorm:"serializer:seconds"`
	Actor    string    // e-mail of the account, or "operator"
	Action   string    // what was done: wave.open, release.approve …
	Object   string    // to what
	Detail   string    // with which values, and with which result
	Previous []byte    // Hash of the entry before; 32 zero bytes for the first
	Hash     []byte
}

const entryColumns = "number, at, actor, action, object, detail, previous, hash"

// Journal adds an entry. Inside a transaction it stands or falls with it.
func (s *Store) Journal(ctx context.Context, e Entry) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if tx.Postgres() { // one after the other; readers go on
			if _, err := tx.Exec(ctx, "LOCK TABLE journal IN EXCLUSIVE MODE"); err != nil {
				return err
			}
		}
		last, err := s.With(tx).Entries(ctx, 1)
		if err != nil {
			return err
		}
		e.Previous = make([]byte, sha256.Size)
		e.Number = 1
		if len(last) == 1 {
			e.Number, e.Previous = last[0].Number+1, last[0].Hash
		}
		if e.At, err = tx.Now(ctx); err != nil {
			return err
		}
		e.Hash = s.chain(e)
		_, err = tx.Exec(ctx, "INSERT INTO journal ("+entryColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			e.Number, db.Seconds(e.At), e.Actor, e.Action, e.Object, e.Detail, e.Previous, e.Hash)
		return err
	})
	return wrap("write journal", err)
}

// Entries gives the last n entries, the newest first.
func (s *Store) Entries(ctx context.Context, n int) ([]Entry, error) {
	entries, err := db.Query[Entry](ctx, s.db, "SELECT "+entryColumns+" FROM journal ORDER BY number DESC LIMIT ?", n)
	return entries, wrap("read journal", err)
}

// VerifyJournal reads the whole chain and gives its last entry (a zero Entry when
// the journal is empty); ErrJournal when a line was changed, added or taken out.
// Lines cut off at the end show only to who has kept an earlier last entry.
func (s *Store) VerifyJournal(ctx context.Context) (last Entry, err error) {
	last.Hash = make([]byte, sha256.Size)
	err = db.Each(ctx, s.db, func(scan func(...any) error) error {
		var e Entry
		var at int64
		if err := scan(&e.Number, &at, &e.Actor, &e.Action, &e.Object, &e.Detail, &e.Previous, &e.Hash); err != nil {
			return err
		}
		e.At = db.FromSeconds(at)
		if e.Number != last.Number+1 || !bytes.Equal(e.Previous, last.Hash) || !hmac.Equal(e.Hash, s.chain(e)) {
			return ErrJournal
		}
		last = e
		return nil
	}, "SELECT "+entryColumns+" FROM journal ORDER BY number")
	return last, wrap("verify journal", err)
}

// chain is the keyed hash over the entry before and this one.
func (s *Store) chain(e Entry) []byte {
	h := hmac.New(sha256.New, s.journalKey[:])
	h.Write(e.Previous)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(e.Number)))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(db.Seconds(e.At))))
	for _, field := range []string{e.Actor, e.Action, e.Object, e.Detail} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(field))))
		h.Write([]byte(field))
	}
	return h.Sum(nil)
}
