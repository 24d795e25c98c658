package answers

import (
	"context"

	"rondo/storage/db"
)

// mixFrom is how many new markers a window needs before mixing is worth it: a
// smaller batch would hide each of them among fewer.
const mixFrom = 10

// Mix writes responses and markers anew, each in an order of its own, when a
// window has at least ten new markers since the last time, or force is set. It
// says whether it did. It writes nothing when there is nothing to mix.
func (s *Store) Mix(ctx context.Context, force bool) (mixed bool, err error) {
	due, err := s.mixingDue(ctx)
	if err != nil || !due && !force {
		return false, wrap("mix", err)
	}
	err = s.db.InTx(ctx, func(tx *db.DB) error {
		for _, query := range mixSQL(tx.Postgres()) {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = s.clear(ctx)
	}
	return err == nil, wrap("mix", err)
}

func (s *Store) mixingDue(ctx context.Context) (bool, error) {
	n, err := db.One[int64](ctx, s.db, `SELECT COUNT(*) FROM windows w WHERE
		(SELECT COUNT(*) FROM spent m WHERE m.wave_id = w.wave_id AND m.population = w.population) >= w.mixed + ?`, mixFrom)
	return n > 0, err
}

// mixSQL copies both tables aside, empties them and fills them again. The copies
// are temporary tables, which PostgreSQL does not log and SQLite keeps in memory.
func mixSQL(postgres bool) []string {
	var out []string
	if postgres {
		out = append(out, "LOCK TABLE drafts, responses, spent IN ACCESS EXCLUSIVE MODE")
	}
	for _, t := range []struct{ table, columns, key string }{
		{"responses", "id, wave_id, population, receipt, body", "id"},
		{"spent", "marker, wave_id, population", "marker"},
	} {
		empty, order := "DELETE FROM "+t.table, t.key
		if postgres {
			empty, order = "TRUNCATE "+t.table, "gen_random_uuid()"
		}
		out = append(out,
			"CREATE TEMPORARY TABLE mixing AS SELECT "+t.columns+" FROM "+t.table,
			empty,
			"INSERT INTO "+t.table+" ("+t.columns+") SELECT "+t.columns+" FROM mixing ORDER BY "+order,
			"DROP TABLE mixing")
	}
	return append(out, `UPDATE windows SET mixed = (SELECT COUNT(*) FROM spent m
		WHERE m.wave_id = windows.wave_id AND m.population = windows.population) WHERE answer_salt IS NOT NULL`)
}

// clear removes what the old rows left on disk. It runs outside a transaction;
// inside one the caller commits first and calls Clear.
func (s *Store) clear(ctx context.Context) error {
	if s.db.InsideTx() {
		return nil
	}
	return s.Clear(ctx)
}

// Clear removes what erased rows left on disk: dead rows on PostgreSQL, the log
// on SQLite, whose pages were overwritten already.
func (s *Store) Clear(ctx context.Context) error {
	if !s.db.Postgres() {
		return wrap("clear", s.db.Checkpoint(ctx))
	}
	_, err := s.db.Exec(ctx, "VACUUM drafts, responses, spent")
	return wrap("clear", err)
}
