package identity

import (
	"context"
	"log/slog"

	"rondo/storage/db"
)

// OfficeRoom is what the page of an office needs of the wave and of the office, read in one statement.
type OfficeRoom struct {
	Employers  Population        // the wave's population of employers
	Settings   map[string]string // of the wave
	Selection  Selection         // Mode is "" while the office has not said how it selects
	Exclusions []Exclusion       // of an office whose rows are drawn, by row
	Unreached  int               // its employers whom no invitation reaches; see Unreached
}

// softWindow is within how many days three messages that were not delivered for now mean that nobody
// is reached.
const softWindow = 7

// notClosedSQL is true for a participant p whose population is not closed.
const notClosedSQL = "NOT EXISTS (SELECT 1 FROM populations c WHERE c.wave_id = p.wave_id AND c.name = p.population AND c.state = 'closed')"

// hardSQL and softSQL are true for a participant p that no invitation reaches, for good or for now. Of
// an employer neither ends when it declines or hands over, or its office would see that it did.
const (
	hardSQL  = "(p.state = 'undeliverable' AND p.colleague = '' OR " + quietSQL + ")"
	softSQL  = "(p.state = 'open' AND p.colleague = '' OR " + quietSQL + ")"
	quietSQL = "p.population = 'employer' AND (p.colleague <> '' OR p.state IN ('refused', 'wrong_person'))"
)

// cameBackSQL is true for a message m that says that the last invitation to its participant did not arrive.
const cameBackSQL = "m.state = 'failed' AND m.kind IN ('invitation', '" + MessageReturned + `invitation') AND m.number = (
	SELECT MAX(i.number) FROM messages i WHERE i.wave_id = m.wave_id AND i.participant_id = m.participant_id AND i.kind = 'invitation')`

// unreachedSQL is true for a participant p of an office whom no invitation reaches.
const unreachedSQL = notClosedSQL + " AND (" + hardSQL + ` AND EXISTS (SELECT 1 FROM messages m
		WHERE m.wave_id = p.wave_id AND m.participant_id = p.id AND ` + cameBackSQL + `)
	OR ` + softSQL + ` AND EXISTS (SELECT 1 FROM soft_returns r WHERE r.wave_id = p.wave_id AND r.participant_id = p.id AND (r.kind = '` + MessageLost + `invitation' OR r.kind = 'invitation'
		AND 3 <= (SELECT COUNT(*) FROM soft_returns l WHERE l.participant_id = r.participant_id AND l.kind = r.kind AND l.day BETWEEN r.day AND r.day + ?))))`

// OfficeRoom reads it; ErrNotFound.
func (s *Store) OfficeRoom(ctx context.Context, waveID, officeID string) (OfficeRoom, error) {
	var room OfficeRoom
	err := db.ErrNotFound
	failed := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		err = nil
		var x Exclusion
		is := &room.Selection
		into := append(room.Employers.into(), pairs{&room.Settings}, &is.OfficeID, &is.WaveID, &is.Mode, number{&is.Firms}, &is.Seed,
			number{&x.ListRow}, &x.Reason, number{&room.Unreached})
		if err := scan(into...); err != nil {
			return err
		}
		if x.ListRow > 0 {
			x.OfficeID = is.OfficeID
			room.Exclusions = append(room.Exclusions, x)
		}
		return nil
	}, "SELECT "+columns("q", "wave_id name questionnaire hash state opens closes link_salt")+`, w.settings,
			COALESCE(s.office_id, ''), COALESCE(s.wave_id, ''), COALESCE(s.mode, ''), COALESCE(s.firms, 0), COALESCE(s.seed, ''),
			COALESCE(x.list_row, 0), COALESCE(x.reason, ''),
			(SELECT COUNT(*) FROM participants p WHERE p.wave_id = w.id AND p.office_id = ? AND `+unreachedSQL+`)
		FROM waves w JOIN populations q ON q.wave_id = w.id AND q.name = 'employer'
		LEFT JOIN selections s ON s.office_id = ?
		LEFT JOIN exclusions x ON x.office_id = s.office_id AND s.mode = 'drawn'
		WHERE w.id = ? ORDER BY x.list_row`, officeID, softWindow-1, officeID, waveID)
	if failed != nil {
		err = failed // a database that is away is no wave that does not exist
	}
	return room, wrap("read the room of an office", err)
}

// OwnNomination is a nomination of an office, and whether its employer was invited.
type OwnNomination struct {
	Nomination `gorm:"embedded"`
	Invited    bool // as Invited says
}

// LogValue hides who it is.
func (OwnNomination) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// OwnNominations gives the nominations of an office in a wave, by name.
func (s *Store) OwnNominations(ctx context.Context, waveID, officeID string) ([]OwnNomination, error) {
	all, err := db.Query[OwnNomination](ctx, s.db, `SELECT n.*, EXISTS (SELECT 1 FROM messages m WHERE m.participant_id = n.participant_id AND n.participant_id <> '' AND `+leftSQL+`) AS invited
		FROM nominations n WHERE n.wave_id = ? AND n.office_id = ? ORDER BY n.name, n.id`, waveID, officeID)
	return all, wrap("list nominations", err)
}
