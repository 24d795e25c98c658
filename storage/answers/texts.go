package answers

import (
	"context"

	"rondo/storage/db"
)

// FreeText is a text that somebody typed, on its way through the hands of staff.
type FreeText struct {
	ID         string `gorm:"primaryKey"` // random
	WaveID     string
	Population string
	Variable   string // e_comment, e_role_other
	State      string // flagged redacted released rejected
	Revision   int    // grows by one with each change; 1 for the first
	Body       []byte // sealed
}

// TableName is GORM's table for free texts.
func (FreeText) TableName() string { return "free_texts" }

// HoldTexts keeps everybody else from changing the free texts of a population until the transaction
// ends. ErrState while the window is not closed or once it is archived.
func (s *Store) HoldTexts(ctx context.Context, waveID, population string) error {
	query := "SELECT state FROM windows WHERE wave_id = ? AND population = ? AND answer_salt IS NOT NULL"
	if s.db.Postgres() {
		query += " FOR UPDATE"
	}
	states, err := db.Query[string](ctx, s.db, query, waveID, population)
	if err == nil && (len(states) != 1 || states[0] != "closed") {
		err = db.ErrState
	}
	return wrap("hold free texts", err)
}

// AddTexts keeps the free texts of a population, once, in the order in which they are given: the
// caller shuffles. ErrDuplicate when some are there, ErrState as HoldTexts.
func (s *Store) AddTexts(ctx context.Context, waveID, population string, texts []FreeText) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := s.With(tx).HoldTexts(ctx, waveID, population); err != nil {
			return err
		}
		n, err := db.One[int](ctx, tx, "SELECT COUNT(*) FROM free_texts WHERE wave_id = ? AND population = ?", waveID, population)
		if err == nil && n > 0 {
			err = db.ErrDuplicate
		}
		for i := 0; err == nil && i < len(texts); i++ {
			t := texts[i]
			_, err = tx.Exec(ctx, "INSERT INTO free_texts (id, wave_id, population, variable, state, revision, body) VALUES (?, ?, ?, ?, ?, 1, ?)",
				t.ID, waveID, population, t.Variable, t.State, t.Body)
		}
		return err
	})
	return wrap("keep free texts", err)
}

// Texts gives the free texts of a variable, by their random ids.
func (s *Store) Texts(ctx context.Context, waveID, population, variable string) ([]FreeText, error) {
	var texts []FreeText
	err := s.db.Gorm(ctx).Where("wave_id = ? AND population = ? AND variable = ?", waveID, population, variable).Order("id").Find(&texts).Error
	return texts, wrap("list free texts", err)
}

// CountTexts counts free texts by variable and state.
func (s *Store) CountTexts(ctx context.Context, waveID, population string) (map[string]map[string]int, error) {
	counts := map[string]map[string]int{}
	err := db.Each(ctx, s.db, func(scan func(...any) error) error {
		var variable, state string
		var n int
		if err := scan(&variable, &state, &n); err != nil {
			return err
		}
		if counts[variable] == nil {
			counts[variable] = map[string]int{}
		}
		counts[variable][state] = n
		return nil
	}, "SELECT variable, state, COUNT(*) FROM free_texts WHERE wave_id = ? AND population = ? GROUP BY variable, state", waveID, population)
	return counts, wrap("count free texts", err)
}

// KeepText keeps what staff did with a text, in place of the revision that t carries; ErrConflict
// where somebody else changed it in the meantime.
func (s *Store) KeepText(ctx context.Context, t FreeText) error {
	n, err := s.db.Exec(ctx, "UPDATE free_texts SET state = ?, body = ?, revision = revision + 1 WHERE id = ? AND revision = ?", t.State, t.Body, t.ID, t.Revision)
	if err == nil && n != 1 {
		err = db.ErrConflict
	}
	return wrap("keep free text", err)
}
