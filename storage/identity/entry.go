package identity

import (
	"context"
	"strings"

	"rondo/storage/db"
)

// entryRow is the flat form of an Entry, as one statement gives it.
type entryRow struct {
	P Participant `gorm:"embedded;embeddedPrefix:p__"`
	Q Population  `gorm:"embedded;embeddedPrefix:q__"`
	W Wave        `gorm:"embedded;embeddedPrefix:w__"`
	O Participant `gorm:"embedded;embeddedPrefix:o__"`
}

const participantColumns = "id wave_id population code name email language size branch town office_id selection feedback_group stratum epoch state token_hash quota names"

var entrySQL = "SELECT " + strings.Join([]string{
	columns("p", participantColumns),
	columns("q", "wave_id name questionnaire hash state opens closes link_salt"),
	columns("w", "id label ref_from ref_to state synthetic rehearsal opens_at closes_at closed_at not_before mail_paused settings"),
	officeColumns(),
}, ", ") + `
FROM participants p
JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
JOIN waves w ON w.id = p.wave_id
LEFT JOIN participants o ON o.id = p.office_id AND p.office_id <> ''
WHERE `

func columns(table, names string) string {
	var out []string
	for _, name := range strings.Fields(names) {
		out = append(out, table+"."+name+" AS "+table+"__"+name)
	}
	return strings.Join(out, ", ")
}

// officeColumns are those of the participant's office, which may be missing.
func officeColumns() string {
	var out []string
	for _, name := range strings.Fields(participantColumns) {
		empty := "''"
		switch name {
		case "epoch", "quota":
			empty = "0"
		case "stratum", "names":
			empty = "'{}'"
		case "token_hash":
			empty = "NULL"
		}
		out = append(out, "COALESCE(o."+name+", "+empty+") AS o__"+name)
	}
	return strings.Join(out, ", ")
}

// ParticipantByToken finds the holder of a link by SHA-256(token), with
// population, wave and office, in one statement; ErrNotFound.
func (s *Store) ParticipantByToken(ctx context.Context, hash []byte) (Entry, error) {
	return s.entry(ctx, "p.token_hash = ?", hash)
}

// EntryByID is ParticipantByToken for somebody whose id is known; ErrNotFound.
func (s *Store) EntryByID(ctx context.Context, id string) (Entry, error) {
	return s.entry(ctx, "p.id = ?", id)
}

func (s *Store) entry(ctx context.Context, where string, arg any) (Entry, error) {
	row, err := db.One[entryRow](ctx, s.db, entrySQL+where, arg)
	if err != nil {
		return Entry{}, wrap("find participant", err)
	}
	e := Entry{Participant: row.P, Population: row.Q, Wave: row.W}
	if row.O.ID != "" {
		e.Office = &row.O
	}
	return e, nil
}
