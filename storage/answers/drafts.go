package answers

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"rondo/storage/db"
	"rondo/storage/keys"
)

// Find gives the window's terms, clock, draft and marker of a draft key in one statement;
// ErrNotFound when the population has no window. Every page begins with it, so
// the row is read by hand, and nothing is read that a page does not use.
func (s *Store) Find(ctx context.Context, waveID, population string, k keys.DraftKey) (Sitting, error) {
	var sitting Sitting
	var opens, closes, clock int64
	var revision sql.NullInt64
	var body []byte
	w, err := &sitting.Window, db.ErrNotFound
	failed := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		err = nil
		return scan(&w.Promise, &w.State, &opens, &closes, &w.AnswerSalt, &clock, &revision, &body, &sitting.Spent)
	}, `
		SELECT w.promise, w.state, w.opens, w.closes, w.answer_salt, `+s.db.NowSQL()+`, d.revision, d.body, m.marker IS NOT NULL
		FROM windows w
		LEFT JOIN drafts d ON d.id = ? AND d.wave_id = w.wave_id AND d.population = w.population
		LEFT JOIN spent m ON m.marker = ?
		WHERE w.wave_id = ? AND w.population = ?`, k.ID(), k.Spent(), waveID, population)
	if failed != nil {
		err = failed // a database that is away is no link that does not exist
	}
	if err != nil {
		return Sitting{}, wrap("find draft", err)
	}
	w.Opens, w.Closes, sitting.Now = db.FromSeconds(opens), db.FromSeconds(closes), db.FromSeconds(clock)
	if revision.Valid {
		sitting.Draft = &Draft{int(revision.Int64), body}
	}
	return sitting, nil
}

// openSQL is true for a window w that takes answers now.
func (s *Store) openSQL() string {
	now := s.db.NowSQL()
	return "w.state = 'open' AND w.opens <= " + now + " AND w.closes > " + now
}

// SaveDraft keeps a sealed draft as revision expect+1, in one statement, if the
// stored one is expect (0: none) and the window is open. ErrConflict when the
// draft was saved elsewhere in the meantime, ErrClosed when the window is not
// open, ErrSpent when an anonymous response was submitted already.
func (s *Store) SaveDraft(ctx context.Context, waveID, population string, k keys.DraftKey, expect int, body []byte) error {
	query := `
		INSERT INTO drafts (id, wave_id, population, revision, body)
		SELECT CAST(? AS ` + s.db.Bytes() + `), w.wave_id, w.population, 1, CAST(? AS ` + s.db.Bytes() + `) FROM windows w
		WHERE w.wave_id = ? AND w.population = ? AND ` + s.openSQL() + `
			AND (w.promise = 'confidential' OR NOT EXISTS (SELECT 1 FROM spent m WHERE m.marker = ?))
		ON CONFLICT (id) DO NOTHING`
	args := []any{k.ID(), body, waveID, population, k.Spent()}
	if expect > 0 {
		query = `
		UPDATE drafts SET revision = revision + 1, body = ?
		WHERE id = ? AND revision = ? AND wave_id = ? AND population = ?
			AND EXISTS (SELECT 1 FROM windows w WHERE w.wave_id = drafts.wave_id AND w.population = drafts.population AND ` + s.openSQL() + `)`
		args = []any{body, k.ID(), expect, waveID, population}
	}
	n, err := s.db.Exec(ctx, query, args...)
	if err == nil && n == 1 {
		return nil
	}
	if err == nil || db.Lost(err) {
		err = s.whyNotSaved(ctx, waveID, population, k, Draft{expect + 1, body}, err)
	}
	return wrap("save draft", err)
}

// whyNotSaved finds the reason after a save that changed nothing, or whose
// connection broke (lost): nil when this very body is there after all.
func (s *Store) whyNotSaved(ctx context.Context, waveID, population string, k keys.DraftKey, saved Draft, lost error) error {
	sitting, err := s.Find(ctx, waveID, population, k)
	switch {
	case lost != nil:
		if err == nil && sitting.Draft != nil && sitting.Draft.Revision == saved.Revision && bytes.Equal(sitting.Draft.Body, saved.Body) {
			return nil
		}
		return lost
	case errors.Is(err, db.ErrNotFound):
		return db.ErrClosed
	case err != nil:
		return err
	case !sitting.Window.Open(sitting.Now):
		return db.ErrClosed
	case sitting.Spent && sitting.Window.Promise == Anonymous:
		return db.ErrSpent
	}
	return db.ErrConflict
}
