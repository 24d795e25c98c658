package answers

import (
	"context"
	"database/sql"
	"errors"

	"rondo/storage/db"
)

// Freeze keeps the sealed parts of a closed population, n responses, for good and
// once, and closes its correction sheet, whose confirmed entries hash covers: the same
// hash again gives the snapshot that is there, another one ErrImmutable. ErrState
// while the window is not closed or once it is archived, ErrUndecided while a
// correction waits for a second person, ErrConflict when sheet, the ids of the
// confirmed ones in order, is no longer what is confirmed.
func (s *Store) Freeze(ctx context.Context, waveID, population, hash string, n int, parts [][]byte, sheet []string) (Snapshot, error) {
	snapshot := Snapshot{ID: db.NewID(), WaveID: waveID, Population: population, Hash: hash, N: n}
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := s.With(tx).holdSheet(ctx, waveID, population); err != nil {
			return err
		}
		if err := s.With(tx).sheetIs(ctx, waveID, population, sheet); err != nil {
			return err
		}
		for i, body := range parts {
			if _, err := tx.Exec(ctx, "INSERT INTO snapshot_parts (snapshot_id, part, body) VALUES (?, ?, ?)", snapshot.ID, i, body); err != nil {
				return err
			}
		}
		added, err := tx.Exec(ctx, `INSERT INTO snapshots (id, wave_id, population, hash, responses) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (wave_id, population) DO NOTHING`, snapshot.ID, waveID, population, hash, snapshot.N)
		if err == nil && added == 0 {
			err = db.ErrDuplicate
		}
		return err
	})
	if errors.Is(err, db.ErrDuplicate) {
		var there Snapshot
		if there, err = s.Snapshot(ctx, waveID, population); err == nil && there.Hash != hash {
			err = db.ErrImmutable
		}
		snapshot = there
	}
	if err != nil {
		return Snapshot{}, wrap("freeze", err)
	}
	return snapshot, nil
}

// Snapshot finds the snapshot of a population; ErrNotFound.
func (s *Store) Snapshot(ctx context.Context, waveID, population string) (Snapshot, error) {
	var snapshot Snapshot
	err := s.db.Gorm(ctx).Where("wave_id = ? AND population = ?", waveID, population).Take(&snapshot).Error
	return snapshot, wrap("find snapshot", err)
}

// SnapshotParts calls do with each sealed part in order. do must not use this store, and must not
// keep the part: the next one may come in its place.
func (s *Store) SnapshotParts(ctx context.Context, id string, do func(body []byte) error) error {
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var body sql.RawBytes
		if err := scan(&body); err != nil {
			return err
		}
		return do(body)
	}, "SELECT body FROM snapshot_parts WHERE snapshot_id = ? ORDER BY part", id)
	return wrap("read snapshot", err)
}
