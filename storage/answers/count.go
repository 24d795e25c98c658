package answers

import (
	"context"

	"rondo/storage/db"
)

// SpentSet gives all markers of a population; who holds the secret compares
// them with the markers of the participants.
func (s *Store) SpentSet(ctx context.Context, waveID, population string) (map[[32]byte]bool, error) {
	set := map[[32]byte]bool{}
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var marker []byte
		if err := scan(&marker); err != nil {
			return err
		}
		if len(marker) == 32 {
			set[[32]byte(marker)] = true
		}
		return nil
	}, "SELECT marker FROM spent WHERE wave_id = ? AND population = ?", waveID, population)
	return set, wrap("read markers", err)
}

// SpentAmong says which of these markers a population has.
func (s *Store) SpentAmong(ctx context.Context, waveID, population string, markers [][]byte) (map[[32]byte]bool, error) {
	set := map[[32]byte]bool{}
	places, args := db.Places(markers)
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var marker []byte
		if err := scan(&marker); err != nil {
			return err
		}
		if len(marker) == 32 {
			set[[32]byte(marker)] = true
		}
		return nil
	}, "SELECT marker FROM spent WHERE wave_id = ? AND population = ? AND marker IN "+places, append([]any{waveID, population}, args...)...)
	return set, wrap("read markers", err)
}

// Count gives the number of responses and of markers; the difference was withdrawn.
func (s *Store) Count(ctx context.Context, waveID, population string) (responses, spent int, err error) {
	row, err := db.One[struct{ Responses, Spent int }](ctx, s.db, `SELECT
		(SELECT COUNT(*) FROM responses WHERE wave_id = ? AND population = ?) AS responses,
		(SELECT COUNT(*) FROM spent WHERE wave_id = ? AND population = ?) AS spent`,
		waveID, population, waveID, population)
	return row.Responses, row.Spent, wrap("count responses", err)
}

// Responses calls do with each sealed response, in the order of their ids. do
// must not use this store.
func (s *Store) Responses(ctx context.Context, waveID, population string, do func(id string, body []byte) error) error {
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var id string
		var body []byte
		if err := scan(&id, &body); err != nil {
			return err
		}
		return do(id, body)
	}, "SELECT id, body FROM responses WHERE wave_id = ? AND population = ? ORDER BY id", waveID, population)
	return wrap("read responses", err)
}
