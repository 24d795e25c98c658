package identity

import (
	"context"
	"slices"
	"strings"

	"rondo/storage/db"
)

const participantColumns = "id wave_id population code name email language size branch town office_id selection feedback_group stratum epoch state token_hash quota names colleague handovers head corrections"

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
WHERE p.id IN `

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
		case "epoch", "quota", "handovers", "corrections":
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

// EntryByID finds somebody whose id is known, with population, wave and office, in one
// statement; ErrNotFound.
func (s *Store) EntryByID(ctx context.Context, id string) (Entry, error) {
	entries, err := s.EntriesByID(ctx, []string{id})
	if err != nil {
		return Entry{}, err // a database that is away is no link that does not exist
	}
	e, found := entries[id]
	if !found {
		return Entry{}, wrap("find participant", db.ErrNotFound)
	}
	return e, nil
}

// EntriesByID finds those whose ids are known, by id, each with population, wave and office.
func (s *Store) EntriesByID(ctx context.Context, ids []string) (map[string]Entry, error) {
	entries := make(map[string]Entry, len(ids))
	for _, part := range chunks(ids) {
		places, args := db.Places(part)
		err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
			var e Entry
			var office Participant
			if err := scan(slices.Concat(e.Participant.into(), e.Population.into(), e.Wave.into(), office.into())...); err != nil {
				return err
			}
			if office.ID != "" {
				e.Office = &office
			}
			entries[e.Participant.ID] = e
			return nil
		}, entrySQL+places, args...)
		if err != nil {
			return nil, wrap("find participants", err)
		}
	}
	return entries, nil
}

// into is where the columns of participantColumns go, in that order.
func (p *Participant) into() []any {
	return []any{
		&p.ID, &p.WaveID, &p.Population, &p.Code, &p.Name, &p.Email, &p.Language, &p.Size, &p.Branch, &p.Town, &p.OfficeID,
		&p.Selection, &p.Group, pairs{&p.Stratum}, number{&p.Epoch}, &p.State, &p.TokenHash, number{&p.Quota}, pairs{&p.Names}, &p.Colleague, number{&p.Handovers}, &p.Head, number{&p.Corrections},
	}
}

func (p *Population) into() []any {
	return []any{&p.WaveID, &p.Name, &p.Questionnaire, &p.Hash, &p.State, stamp{&p.Opens}, stamp{&p.Closes}, &p.LinkSalt}
}

func (w *Wave) into() []any {
	return []any{
		&w.ID, &w.Label, number{&w.RefFrom}, number{&w.RefTo}, &w.State, &w.Synthetic, &w.Rehearsal, stamp{&w.OpensAt}, stamp{&w.ClosesAt},
		stamp{&w.ClosedAt}, stamp{&w.NotBefore}, &w.MailPaused, pairs{&w.Settings},
	}
}
