package staff

import (
	"errors"
	"fmt"

	"rondo/storage/db"
)

// ErrJournal means that the journal was changed behind the program's back.
var ErrJournal = errors.New("the journal is not whole")

// Store keeps the staff side in a database or one of its transactions.
type Store struct {
	db         *db.DB
	journalKey [32]byte
}

// New gives the store on a database; journalKey comes from the master secret.
func New(d *db.DB, journalKey [32]byte) *Store { return &Store{d, journalKey} }

// With gives the same store inside a transaction of db.InTx.
func (s *Store) With(tx *db.DB) *Store { return &Store{tx, s.journalKey} }

func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, db.Refusal(err))
}

func one(act string, otherwise error, n int64, err error) error {
	if err == nil && n != 1 {
		err = otherwise
	}
	return wrap(act, err)
}
