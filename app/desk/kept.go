package desk

import (
	"context"
	"errors"

	"rondo/storage/staff"
)

// StaffJournal gives the journal of a real database.
func StaffJournal(store *staff.Store) Journal { return journal{store} }

type journal struct{ store *staff.Store }

func (j journal) Note(ctx context.Context, who, action, object, detail string) error {
	return j.store.Journal(ctx, staff.Entry{Actor: who, Action: action, Object: object, Detail: detail})
}

func (j journal) Last(ctx context.Context, n int) ([]Entry, error) {
	rows, err := j.store.Entries(ctx, n)
	var list []Entry
	for _, e := range rows {
		list = append(list, Entry{When: e.At, Who: e.Actor, Action: e.Action, Object: e.Object, Detail: e.Detail})
	}
	return list, err
}

func (j journal) Verify(ctx context.Context) (bool, error) {
	_, err := j.store.VerifyJournal(ctx)
	if errors.Is(err, staff.ErrJournal) {
		return false, nil
	}
	return err == nil, err
}
