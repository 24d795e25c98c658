package staff

import (
	"context"
	"errors"
	"time"

	"rondo/storage/db"
)

// PartSize is how many bytes of a bundle one part holds.
const PartSize = 1 << 20

// ErrSamePerson says that a release needs a second person.
var ErrSamePerson = errors.New("who proposed a release cannot approve it")

// Release is one bundle of the ledger. State: proposed, approved, or internal
// (which is no release in the ledger's sense and blocks none).
type Release struct {
	ID, WaveID, Population, Profile, SnapshotID, State string
	ProposedBy, ApprovedBy                             string // staff addresses
	FileName, SHA256                                   string
	Size                                               int64 // bytes
	Records                                            int
	ProposedAt, DecidedAt                              time.Time
}

type releaseRow struct {
	ID, WaveID, Population, Profile, SnapshotID, State string
	ProposedBy, ApprovedBy, FileName, SHA256           string
	Size, ProposedAt, DecidedAt                        int64
	Records                                            int
}

func (r releaseRow) release() Release {
	return Release{
		r.ID, r.WaveID, r.Population, r.Profile, r.SnapshotID, r.State, r.ProposedBy, r.ApprovedBy,
		r.FileName, r.SHA256, r.Size, r.Records, db.FromSeconds(r.ProposedAt), db.FromSeconds(r.DecidedAt),
	}
}

const releaseColumns = "id, wave_id, population, profile, snapshot_id, state, proposed_by, approved_by, file_name, sha256 AS sha256, size, records, proposed_at, decided_at"

// AddRelease keeps a bundle with its bytes, proposed or internal; ErrDuplicate
// when this snapshot has one of this profile already.
func (s *Store) AddRelease(ctx context.Context, r Release, bundle []byte) (Release, error) {
	r.ID, r.Size = db.NewID(), int64(len(bundle))
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for i := 0; i*PartSize < len(bundle); i++ { // a trigger refuses parts once the release stands
			part := bundle[i*PartSize : min((i+1)*PartSize, len(bundle))]
			if _, err := tx.Exec(ctx, "INSERT INTO release_parts (release_id, part, body) VALUES (?, ?, ?)", r.ID, i, part); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO releases (id, wave_id, population, profile, snapshot_id, state, proposed_by, approved_by,
			file_name, sha256, size, records, proposed_at, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, `+s.db.NowSQL()+", 0)",
			r.ID, r.WaveID, r.Population, r.Profile, r.SnapshotID, r.State, r.ProposedBy, r.FileName, r.SHA256, r.Size, r.Records)
		return err
	})
	return r, wrap("keep release", err)
}

// Releases lists the bundles of a wave, the newest first.
func (s *Store) Releases(ctx context.Context, waveID string) ([]Release, error) {
	rows, err := db.Query[releaseRow](ctx, s.db, "SELECT "+releaseColumns+" FROM releases WHERE wave_id = ? ORDER BY proposed_at DESC, id", waveID)
	var list []Release
	for _, r := range rows {
		list = append(list, r.release())
	}
	return list, wrap("list releases", err)
}

// ReleaseByID finds a bundle; ErrNotFound.
func (s *Store) ReleaseByID(ctx context.Context, id string) (Release, error) {
	r, err := db.One[releaseRow](ctx, s.db, "SELECT "+releaseColumns+" FROM releases WHERE id = ?", id)
	return r.release(), wrap("find release", err)
}

// ReleaseOf finds the bundle of a snapshot and profile; ErrNotFound.
func (s *Store) ReleaseOf(ctx context.Context, snapshotID, profile string) (Release, error) {
	r, err := db.One[releaseRow](ctx, s.db, "SELECT "+releaseColumns+" FROM releases WHERE snapshot_id = ? AND profile = ?", snapshotID, profile)
	return r.release(), wrap("find release", err)
}

// ApproveRelease approves a proposed bundle by a second person; ErrSamePerson, ErrState.
func (s *Store) ApproveRelease(ctx context.Context, id, by string) error {
	r, err := s.ReleaseByID(ctx, id)
	if err != nil {
		return err
	}
	if r.ProposedBy == by {
		return ErrSamePerson
	}
	n, err := s.db.Exec(ctx, "UPDATE releases SET state = 'approved', approved_by = ?, decided_at = "+s.db.NowSQL()+" WHERE id = ? AND state = 'proposed'", by, id)
	if err == nil && n == 0 {
		err = db.ErrState
	}
	return wrap("approve release", err)
}

// ReleaseParts gives the bytes of a bundle in order.
func (s *Store) ReleaseParts(ctx context.Context, id string, each func(part []byte) error) error {
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		return each(body)
	}, "SELECT body FROM release_parts WHERE release_id = ? ORDER BY part", id)
	return wrap("read release", err)
}

// Questionnaire is a version that staff have published; it can never be changed.
type Questionnaire struct {
	Ref, Hash   string
	Files       string // JSON: file name → content
	PublishedBy string
}

// Publish closes a version for ever; ErrDuplicate when its reference is taken.
func (s *Store) Publish(ctx context.Context, q Questionnaire) error {
	_, err := s.db.Exec(ctx, "INSERT INTO published (ref, hash, files, published_by, published_at) VALUES (?, ?, ?, ?, "+s.db.NowSQL()+")",
		q.Ref, q.Hash, q.Files, q.PublishedBy)
	return wrap("publish questionnaire", err)
}

// Published lists the versions published in this database.
func (s *Store) Published(ctx context.Context) ([]Questionnaire, error) {
	list, err := db.Query[Questionnaire](ctx, s.db, "SELECT ref, hash, files, published_by FROM published ORDER BY ref")
	return list, wrap("list questionnaires", err)
}
