package identity

import (
	"context"
	"slices"
	"strings"

	"rondo/storage/db"
)

const participantColumns = "id wave_id population code name email language size branch town office_id selection feedback_group stratum epoch state token_hash quota names colleague handovers head corrections"

const (
	populationColumns = "wave_id name questionnaire hash state opens closes link_salt"
	waveColumns       = "id label ref_from ref_to state synthetic rehearsal opens_at closes_at closed_at not_before mail_paused settings"
)

var entrySQL = "SELECT " + strings.Join([]string{
	columns("p", participantColumns), columns("q", populationColumns), columns("w", waveColumns), officeColumns(),
}, ", ") + `
FROM participants p
JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
JOIN waves w ON w.id = p.wave_id
LEFT JOIN participants o ON o.id = p.office_id AND p.office_id <> ''
WHERE p.id = ?`

var aroundSQL = "SELECT " + columns("q", populationColumns) + ", " + columns("w", waveColumns) + `
FROM populations q JOIN waves w ON w.id = q.wave_id WHERE w.id IN `

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
	var e Entry
	var office Participant
	found := false
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		found = true
		return scan(slices.Concat(e.Participant.into(), e.Population.into(), e.Wave.into(), office.into())...)
	}, entrySQL, id)
	if err == nil && !found {
		err = db.ErrNotFound
	}
	if err != nil {
		return Entry{}, wrap("find participant", err) // a database that is away is no link that does not exist
	}
	if office.ID != "" {
		e.Office = &office
	}
	return e, nil
}

// EntriesByID finds those whose ids are known, by id, each with population, wave and office. What
// many of them have in common is read once; what changes meanwhile is seen as it is afterwards.
func (s *Store) EntriesByID(ctx context.Context, ids []string) (map[string]Entry, error) {
	them, err := s.participantsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var offices, waves []string
	for _, p := range them {
		if p.OfficeID != "" {
			offices = append(offices, p.OfficeID)
		}
		waves = append(waves, p.WaveID)
	}
	of, err := s.participantsByID(ctx, distinct(offices))
	if err != nil {
		return nil, err
	}
	office := make(map[string]*Participant, len(of))
	for i := range of {
		office[of[i].ID] = &of[i]
	}
	around, err := s.around(ctx, distinct(waves))
	if err != nil {
		return nil, err
	}
	entries := make(map[string]Entry, len(them))
	for _, p := range them {
		if e, known := around[[2]string{p.WaveID, p.Population}]; known {
			e.Participant, e.Office = p, office[p.OfficeID]
			entries[p.ID] = e
		}
	}
	return entries, nil
}

func (s *Store) participantsByID(ctx context.Context, ids []string) (all []Participant, err error) {
	for _, part := range chunks(ids) {
		places, args := db.Places(part)
		found, err := s.participants(ctx, "WHERE id IN "+places, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// around gives the populations of waves with their wave, by the wave's id and the population's name.
func (s *Store) around(ctx context.Context, waves []string) (map[[2]string]Entry, error) {
	around := map[[2]string]Entry{}
	for _, part := range chunks(waves) {
		places, args := db.Places(part)
		err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
			var e Entry
			if err := scan(slices.Concat(e.Population.into(), e.Wave.into())...); err != nil {
				return err
			}
			around[[2]string{e.Wave.ID, e.Population.Name}] = e
			return nil
		}, aroundSQL+places, args...)
		if err != nil {
			return nil, wrap("list populations", err)
		}
	}
	return around, nil
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
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
