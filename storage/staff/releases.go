package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"rondo/storage/db"
)

// ErrOwn means that somebody was to approve what they proposed.
var ErrOwn = db.ErrOwn

// partSize is the length of each stored part of a bundle but the last, in bytes.
const partSize = 1 << 20

// Release is a bundle that leaves the house, or may.
type Release struct {
	ID         string `gorm:"primaryKey"`
	WaveID     string
	Population string
	Profile    string // internal scientific public freetext
	Variable   string // whose texts these are, of profile freetext; else ""
	SnapshotID string
	State      string // proposed approved rejected; internal for the profile internal
	ProposedBy string
	ApprovedBy string // who decided
	Reason     string // of a rejection
	Again      string // why the same answers are released once more; "" for a first release
	FileName   string
	SHA256     string `gorm:"column:sha256"` // of the bundle, hex
	Size       int64  // bytes
	Records    int
	Marks      string    // "synthetic", or ""
	ProposedAt time.Time `gorm:"serializer:seconds"`
	DecidedAt  time.Time `gorm:"serializer:seconds"`
}

// AddRelease stores a bundle in parts, in state proposed, or internal for that
// profile; ID, State, SHA256, Size and ProposedAt are set here. ErrDuplicate when
// the same snapshot and profile have one that was not rejected; ErrConflict when another profile of
// the snapshot leaves the house, or may, and r does not say why it does so again: it was made
// meanwhile, so nobody has compared the two.
func (s *Store) AddRelease(ctx context.Context, r Release, bundle io.Reader) (Release, error) {
	return s.addRelease(ctx, r, bundle, func(_ int, body []byte) []byte { return body })
}

// AddSealed is AddRelease for a bundle that must not rest in clear: seal gives what is stored of
// each part, numbered from 0. SHA256 and Size are those of the bundle itself.
func (s *Store) AddSealed(ctx context.Context, r Release, bundle io.Reader, seal func(part int, body []byte) []byte) (Release, error) {
	return s.addRelease(ctx, r, bundle, seal)
}

func (s *Store) addRelease(ctx context.Context, r Release, bundle io.Reader, seal func(int, []byte) []byte) (Release, error) {
	r.ID, r.State, r.ApprovedBy, r.Reason, r.DecidedAt = db.NewID(), "proposed", "", "", time.Time{}
	if r.Profile == "internal" {
		r.State = "internal"
	}
	if r.SnapshotID == "" {
		r.SnapshotID = r.ID // nothing to be compared with
	}
	err := s.db.InTx(ctx, func(tx *db.DB) (err error) {
		if r.SHA256, r.Size, err = storeParts(ctx, tx, r.ID, bundle, seal); err != nil {
			return err
		}
		if err = r.meetsNone(ctx, tx); err != nil {
			return err
		}
		if r.ProposedAt, err = tx.Now(ctx); err != nil {
			return err
		}
		return tx.Gorm(ctx).Create(&r).Error // last: from now on a trigger refuses more parts
	})
	if err != nil {
		return Release{}, wrap("keep release", err)
	}
	return r, nil
}

// rowProfiles are those whose rows leave the house.
const rowProfiles = "('scientific', 'public')"

// meetsNone refuses a release that takes itself for the first of its snapshot and is not.
func (r Release) meetsNone(ctx context.Context, tx *db.DB) error {
	if r.Again != "" || r.Profile != "scientific" && r.Profile != "public" {
		return nil
	}
	if tx.Postgres() { // on SQLite a transaction has the file for itself
		if _, err := tx.Exec(ctx, "LOCK TABLE releases IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	var others int64
	err := tx.Gorm(ctx).Model(&Release{}).
		Where("snapshot_id = ? AND profile <> ? AND profile IN "+rowProfiles+" AND state <> 'rejected'", r.SnapshotID, r.Profile).Count(&others).Error
	if err == nil && others > 0 {
		err = db.ErrConflict
	}
	return err
}

func storeParts(ctx context.Context, tx *db.DB, id string, bundle io.Reader, seal func(int, []byte) []byte) (sum string, size int64, err error) {
	hash, buffer := sha256.New(), make([]byte, partSize)
	for part := 0; ; part++ {
		n, err := io.ReadFull(bundle, buffer)
		if n > 0 {
			hash.Write(buffer[:n])
			size += int64(n)
			if _, err := tx.Exec(ctx, "INSERT INTO release_parts (release_id, part, body) VALUES (?, ?, ?)", id, part, seal(part, buffer[:n])); err != nil {
				return "", 0, err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return hex.EncodeToString(hash.Sum(nil)), size, nil
		}
		if err != nil {
			return "", 0, fmt.Errorf("read bundle: %w", err)
		}
	}
}

// Release finds a release; ErrNotFound.
func (s *Store) Release(ctx context.Context, id string) (Release, error) {
	var r Release
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&r).Error
	return r, wrap("find release", err)
}

// ReleaseOf finds the release of a snapshot, profile and variable ("" but for texts) that was not
// rejected; ErrNotFound.
func (s *Store) ReleaseOf(ctx context.Context, snapshotID, profile, variable string) (Release, error) {
	var r Release
	err := s.db.Gorm(ctx).Where("snapshot_id = ? AND profile = ? AND variable = ? AND state <> 'rejected'", snapshotID, profile, variable).Take(&r).Error
	return r, wrap("find release", err)
}

// Releases gives those of a wave, the newest first; waveID "" gives all.
func (s *Store) Releases(ctx context.Context, waveID string) ([]Release, error) {
	var releases []Release
	query := s.db.Gorm(ctx)
	if waveID != "" {
		query = query.Where("wave_id = ?", waveID)
	}
	err := query.Order("proposed_at DESC, id").Find(&releases).Error
	return releases, wrap("list releases", err)
}

// ApproveRelease moves a proposed release to approved. ErrOwn when by proposed
// it, ErrState when it is not proposed.
func (s *Store) ApproveRelease(ctx context.Context, id, by string) error {
	return s.decide(ctx, "approve release", id, "approved", by, "")
}

// RejectRelease moves a proposed release to rejected, with a reason; who proposed
// it may take it back. It was rejected for what it holds, so its bytes go: its hash stays. ErrState
// when it is not proposed.
func (s *Store) RejectRelease(ctx context.Context, id, by, reason string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := s.With(tx).decide(ctx, "reject release", id, "rejected", by, reason); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM release_parts WHERE release_id = ?", id)
		return err
	})
	if err != nil {
		return wrap("reject release", err)
	}
	return wrap("reject release", s.wipe(ctx))
}

// wipe takes what was deleted from a dump of the disk, too. On SQLite that can wait: the log goes
// into the file when nobody reads.
func (s *Store) wipe(ctx context.Context) error {
	if !s.db.Postgres() {
		if err := s.db.Checkpoint(ctx); !errors.Is(err, db.ErrBusy) {
			return err
		}
		return nil
	}
	_, err := s.db.Exec(ctx, "VACUUM release_parts")
	return err
}

func (s *Store) decide(ctx context.Context, act, id, state, by, reason string) error {
	n, err := s.db.Exec(ctx, `UPDATE releases SET state = ?, approved_by = ?, reason = ?, decided_at = `+s.db.NowSQL()+`
		WHERE id = ? AND state = 'proposed' AND (? = 'rejected' OR proposed_by <> ?)`, state, by, reason, id, state, by)
	if err != nil || n == 1 {
		return wrap(act, err)
	}
	r, err := s.Release(ctx, id)
	switch {
	case err != nil:
		return wrap(act, err)
	case r.State == "proposed":
		return wrap(act, ErrOwn)
	}
	return wrap(act, db.ErrState)
}

// ReleaseParts calls do with each part of a bundle in order, as it is stored. do must not use this store.
func (s *Store) ReleaseParts(ctx context.Context, id string, do func(part []byte) error) error {
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		return do(body)
	}, "SELECT body FROM release_parts WHERE release_id = ? ORDER BY part", id)
	return wrap("read release", err)
}
