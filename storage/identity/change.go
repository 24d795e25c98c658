package identity

import (
	"context"
	"fmt"

	"rondo/storage/db"
)

// changeOne runs a statement that must change exactly one row, and refuses with
// otherwise when it changed none.
func (s *Store) changeOne(ctx context.Context, act string, otherwise error, query string, args ...any) error {
	n, err := s.db.Exec(ctx, query, args...)
	return one(act, otherwise, n, err)
}

func one(act string, otherwise error, n int64, err error) error {
	if err == nil && n != 1 {
		err = otherwise
	}
	return wrap(act, err)
}

func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, db.Refusal(err))
}

// perStatement keeps lists of ids far below the parameter limit of both databases.
const perStatement = 500

func chunks[T any](all []T) [][]T {
	var out [][]T
	for len(all) > perStatement {
		out, all = append(out, all[:perStatement]), all[perStatement:]
	}
	if len(all) > 0 {
		out = append(out, all)
	}
	return out
}
