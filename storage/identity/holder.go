package identity

import (
	"context"

	"rondo/storage/db"
)

// The columns of a holder: only what Holder has, because each costs both the database and us.
const (
	ownColumns   = "p.id, p.wave_id, p.population, p.code, p.name, p.language, p.stratum, p.state, p.quota, p.names, p.epoch, p.handovers, p.head, p.office_id"
	termsColumns = `q.questionnaire, q.hash, q.state AS population_state, q.opens, q.closes, q.link_salt,
	w.ref_from, w.ref_to, w.state AS wave_state, w.synthetic, w.settings,
	o.code AS office_code, o.name AS office_name, o.names AS office_names`
	holderSQL = "SELECT " + ownColumns + ", " + termsColumns + `
FROM participants p
JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
JOIN waves w ON w.id = p.wave_id
LEFT JOIN participants o ON o.id = p.office_id AND p.office_id <> ''
WHERE p.token_hash = ?`
	ownSQL = "SELECT " + ownColumns + " FROM participants p WHERE p.token_hash = ?"
)

// HolderByToken finds the holder of a link by SHA-256(token), with population, wave and
// office, in one statement; ErrNotFound. Every page begins with it, so the row is read by
// hand. The participant is always read; population, wave and office may be up to a second
// old (see terms).
func (s *Store) HolderByToken(ctx context.Context, hash []byte) (Holder, error) {
	key, kept, known := s.terms.of(hash)
	if known {
		h, office, err := s.holder(ctx, ownSQL, hash, false)
		if err != nil {
			return Holder{}, err
		}
		if (termsKey{h.Population.WaveID, h.Population.Name, office}) == key {
			h.Population, h.Wave, h.Office = kept.population, kept.wave, kept.office
			return h, nil
		}
	}
	h, office, err := s.holder(ctx, holderSQL, hash, true)
	if err != nil {
		return Holder{}, err
	}
	s.terms.keep(hash, office, h)
	return h, nil
}

// holder reads a holder, whole or its own row alone, and the id of its office.
func (s *Store) holder(ctx context.Context, query string, hash []byte, whole bool) (Holder, string, error) {
	var h Holder
	var office HolderOffice
	var officeID string
	p, w := &h.Population, &h.Wave
	into := []any{
		&h.ID, &p.WaveID, &p.Name, &h.Code, &h.Name, &h.Language, pairs{&h.Stratum}, &h.State, number{&h.Quota}, pairs{&h.Names},
		number{&h.Epoch}, number{&h.Handovers}, &h.Head, &officeID,
	}
	if whole {
		into = append(into, &p.Questionnaire, &p.Hash, &p.State, stamp{&p.Opens}, stamp{&p.Closes}, &p.LinkSalt,
			number{&w.RefFrom}, number{&w.RefTo}, &w.State, &w.Synthetic, pairs{&w.Settings},
			text{&office.Code}, text{&office.Name}, pairs{&office.Names})
	}
	err := db.ErrNotFound
	failed := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		err = nil
		return scan(into...)
	}, query, hash)
	if failed != nil {
		err = failed // a database that is away is no link that does not exist
	}
	if err != nil {
		return Holder{}, "", wrap("find holder of a link", err)
	}
	w.ID = p.WaveID
	if office.Code != "" { // everybody has a code: there is an office
		h.Office = &office
	}
	return h, officeID, nil
}
