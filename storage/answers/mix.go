package answers

import (
	"context"

	"rondo/storage/db"
)

// mixFrom is how many new markers a window needs before mixing is worth it: a
// smaller batch would hide each of them among fewer.
const mixFrom = 10

// Mix writes responses and markers anew, and what is left of drafts, each in an order of its own, when a
// window has at least ten new markers since the last time, or force is set, and
// clears what the old rows left on disk. It says whether it did all that; what
// could not be cleared (ErrBusy: somebody reads for long) is mixed again next
// time. It writes nothing when there is nothing to mix. It opens its own
// transaction and must not be called inside one.
//
// It rewrites whole tables, so it costs as much as they are long: call it once a
// minute, not after each response.
func (s *Store) Mix(ctx context.Context, force bool) (mixed bool, err error) {
	due, err := s.mixingDue(ctx)
	if err != nil || !due && !force {
		return false, wrap("mix", err)
	}
	var counts []markers
	err = s.db.InTx(ctx, func(tx *db.DB) (err error) {
		for _, query := range mixSQL(tx.Postgres()) {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		counts, err = db.Query[markers](ctx, tx, `SELECT w.wave_id, w.population,
			(SELECT COUNT(*) FROM spent m WHERE m.wave_id = w.wave_id AND m.population = w.population) AS n FROM windows w`)
		return err
	})
	if err == nil {
		err = s.Clear(ctx)
	}
	for _, c := range counts {
		if err == nil {
			_, err = s.db.Exec(ctx, "UPDATE windows SET mixed = ? WHERE wave_id = ? AND population = ? AND mixed <> ?", c.N, c.WaveID, c.Population, c.N)
		}
	}
	return err == nil, wrap("mix", err)
}

// markers is how many markers a window has.
type markers struct {
	WaveID, Population string
	N                  int64
}

func (s *Store) mixingDue(ctx context.Context) (bool, error) {
	n, err := db.One[int64](ctx, s.db, `SELECT COUNT(*) FROM windows w WHERE
		(SELECT COUNT(*) FROM spent m WHERE m.wave_id = w.wave_id AND m.population = w.population) >= w.mixed + ?`, mixFrom)
	return n > 0, err
}

// mixSQL copies both tables aside, empties them and fills them again. The copies
// are temporary tables, in key order on SQLite and never logged on PostgreSQL, which
// does the same with the drafts: it marks a deleted one as gone and lets it lie on its page.
func mixSQL(postgres bool) []string {
	var out []string
	if postgres {
		// Who waits for this lock keeps everybody behind it waiting: a backup may read for long.
		out = append(out, "SET LOCAL lock_timeout = '2s'", "LOCK TABLE drafts, responses, spent IN ACCESS EXCLUSIVE MODE")
	}
	for _, t := range []struct{ table, columns, key string }{
		{"responses", "id, wave_id, population, receipt, body", "id"},
		{"spent", "marker, wave_id, population", "marker"},
		{"drafts", "id, wave_id, population, revision, body", "id"},
	} {
		if t.table == "drafts" && !postgres {
			continue
		}
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
	return out
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
