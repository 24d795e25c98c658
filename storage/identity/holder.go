package identity

import (
	"context"

	"rondo/storage/db"
)

// holderSQL reads only what Holder has: each column costs both the database and us.
const holderSQL = `
SELECT p.id, p.wave_id, p.population, p.code, p.name, p.language, p.stratum, p.state, p.quota, p.names,
	q.questionnaire, q.hash, q.state AS population_state, q.opens, q.closes, q.link_salt,
	w.ref_from, w.ref_to, w.state AS wave_state, w.synthetic,
	o.code AS office_code, o.name AS office_name, o.names AS office_names
FROM participants p
JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
JOIN waves w ON w.id = p.wave_id
LEFT JOIN participants o ON o.id = p.office_id AND p.office_id <> ''
WHERE p.token_hash = ?`

// HolderByToken finds the holder of a link by SHA-256(token), with population, wave and
// office, in one statement; ErrNotFound. Every page begins with it, so the row is read by hand.
func (s *Store) HolderByToken(ctx context.Context, hash []byte) (Holder, error) {
	var h Holder
	var office HolderOffice
	p, w := &h.Population, &h.Wave
	err := db.ErrNotFound
	failed := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		err = nil
		return scan(&h.ID, &p.WaveID, &p.Name, &h.Code, &h.Name, &h.Language, pairs{&h.Stratum}, &h.State, number{&h.Quota}, pairs{&h.Names},
			&p.Questionnaire, &p.Hash, &p.State, stamp{&p.Opens}, stamp{&p.Closes}, &p.LinkSalt,
			number{&w.RefFrom}, number{&w.RefTo}, &w.State, &w.Synthetic,
			text{&office.Code}, text{&office.Name}, pairs{&office.Names})
	}, holderSQL, hash)
	if failed != nil {
		err = failed // a database that is away is no link that does not exist
	}
	if err != nil {
		return Holder{}, wrap("find holder of a link", err)
	}
	w.ID = p.WaveID
	if office.Code != "" { // everybody has a code: there is an office
		h.Office = &office
	}
	return h, nil
}
