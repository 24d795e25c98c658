package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rondo/storage/db"
)

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

// entry reads one row by hand: every page begins with it, and finding out by reflection where
// each of its sixty columns goes took a sixth of a page's time.
func (s *Store) entry(ctx context.Context, where string, arg any) (Entry, error) {
	var e Entry
	var office Participant
	err := db.ErrNotFound
	failed := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		err = nil
		return scan(slices.Concat(e.Participant.into(), e.Population.into(), e.Wave.into(), office.into())...)
	}, entrySQL+where, arg)
	if err = errors.Join(failed, err); err != nil {
		return Entry{}, wrap("find participant", err)
	}
	if office.ID != "" {
		e.Office = &office
	}
	return e, nil
}

// into is where the columns of participantColumns go, in that order.
func (p *Participant) into() []any {
	return []any{
		&p.ID, &p.WaveID, &p.Population, &p.Code, &p.Name, &p.Email, &p.Language, &p.Size, &p.Branch, &p.Town, &p.OfficeID,
		&p.Selection, &p.Group, pairs{&p.Stratum}, &p.Epoch, &p.State, &p.TokenHash, &p.Quota, pairs{&p.Names},
	}
}

func (p *Population) into() []any {
	return []any{&p.WaveID, &p.Name, &p.Questionnaire, &p.Hash, &p.State, stamp{&p.Opens}, stamp{&p.Closes}, &p.LinkSalt}
}

func (w *Wave) into() []any {
	return []any{
		&w.ID, &w.Label, &w.RefFrom, &w.RefTo, &w.State, &w.Synthetic, &w.Rehearsal, stamp{&w.OpensAt}, stamp{&w.ClosesAt},
		stamp{&w.ClosedAt}, stamp{&w.NotBefore}, &w.MailPaused, pairs{&w.Settings},
	}
}

// stamp reads unix seconds.
type stamp struct{ into *time.Time }

// Scan implements sql.Scanner.
func (s stamp) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%T is no unix seconds", value)
	}
	*s.into = db.FromSeconds(n)
	return nil
}

// pairs reads a JSON object of texts.
type pairs struct{ into *map[string]string }

// Scan implements sql.Scanner.
func (p pairs) Scan(value any) error {
	var text []byte
	switch v := value.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("%T is no JSON", value)
	}
	*p.into = nil
	return json.Unmarshal(text, p.into)
}
