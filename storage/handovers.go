package storage

import (
	"context"
	"errors"
	"fmt"

	"rondo/storage/db"
	"rondo/storage/identity"
)

// HideHandOvers takes away what would tell, until the next mixing, whose the latest responses are.
//
// A participant who hands over, declines, or gets another link or address leaves a row that is younger
// than the others, and on PostgreSQL an age that can be compared with that of a response: whoever handed
// over at noon may well be behind the response that came just after. So what the identity side has of it
// is written anew, all at once, whenever a response has come since: then all of it is younger than every
// response. SQLite keeps no ages, but its log holds one page after the other as they were written, so
// that the log goes. Call it as often as Mix; what is left to see are the responses since the last call.
// It says whether there was anything to write anew.
func (s *Store) HideHandOvers(ctx context.Context) (bool, error) {
	due, err := s.Identity.HandOversToHide(ctx)
	if err != nil {
		return false, err
	}
	if s.DB.Postgres() { // rows of SQLite have no age, and its responses no order
		younger, err := db.Query[identity.Population](ctx, s.DB, youngerSQL)
		if err != nil {
			return false, fmt.Errorf("compare ages: %w", err)
		}
		due = append(due, younger...)
	}
	hidden := map[string]bool{}
	for _, p := range due {
		if hidden[p.WaveID+" "+p.Name] {
			continue
		}
		hidden[p.WaveID+" "+p.Name] = true
		if err := s.Identity.HideHandOvers(ctx, p.WaveID, p.Name); err != nil {
			return false, err
		}
	}
	return len(due) > 0, s.clearHandOvers(ctx, len(due) > 0)
}

// youngerSQL finds the anonymous populations in the field where somebody handed over, or somebody's
// row alone was changed or a message written, and a response is younger than one of these rows.
const youngerSQL = `
SELECT w.wave_id, w.population AS name FROM windows w
CROSS JOIN LATERAL (
	SELECT COUNT(DISTINCT CAST(p.xmin AS TEXT)) AS ages, MAX(p.handovers) AS handed, MAX(age(p.xmin)) AS oldest
	FROM participants p WHERE p.wave_id = w.wave_id AND p.population = w.population
) p
CROSS JOIN LATERAL (
	SELECT MAX(age(m.xmin)) AS oldest ` + identity.Alone + ` AND p.wave_id = w.wave_id AND p.population = w.population
) m
CROSS JOIN LATERAL (
	SELECT MIN(age(r.xmin)) AS youngest FROM responses r WHERE r.wave_id = w.wave_id AND r.population = w.population
) r
WHERE w.promise = 'anonymous' AND w.state = 'open' AND (p.ages > 1 OR p.handed > 0 OR m.oldest IS NOT NULL) AND r.youngest < GREATEST(p.oldest, m.oldest)`

// clearHandOvers removes what the old rows left on disk.
func (s *Store) clearHandOvers(ctx context.Context, written bool) error {
	if !s.DB.Postgres() { // it overwrites what it deletes; its log holds more than that
		if err := s.DB.Checkpoint(ctx); err != nil && !errors.Is(err, db.ErrBusy) {
			return fmt.Errorf("clear: %w", err)
		}
		return nil // where somebody reads for long, it goes the next time
	}
	if !written {
		return nil
	}
	if _, err := s.DB.Exec(ctx, "VACUUM participants, messages, nominations, soft_returns"); err != nil {
		return fmt.Errorf("clear: %w", err)
	}
	return nil
}
