package answers

import (
	"context"
	"errors"
	"slices"

	"rondo/storage/db"
)

// ErrUndecided means that a correction waits for a second person.
var ErrUndecided = errors.New("a correction waits for a second person")

// Correction is one entry of the correction sheet of a closed population. State: proposed,
// confirmed, rejected.
type Correction struct {
	ID         string `gorm:"primaryKey"`
	WaveID     string
	Population string
	Slot       []byte // keyed hash of what is corrected: one entry at a time, rejected ones aside
	State      string
	ProposedBy string // address of an account
	DecidedBy  string
	Body       []byte // sealed: the variable, the value, what it becomes, and why
}

// Corrections lists the sheet of a population in an order that tells nothing.
func (s *Store) Corrections(ctx context.Context, waveID, population string) ([]Correction, error) {
	var all []Correction
	err := s.db.Gorm(ctx).Where("wave_id = ? AND population = ?", waveID, population).Order("id").Find(&all).Error
	return all, wrap("list corrections", err)
}

// Propose adds entries of one population to its sheet, all or none. ErrState while the window is not
// closed or once it is archived, ErrImmutable once it is frozen, ErrDuplicate where a value
// is being corrected already.
func (s *Store) Propose(ctx context.Context, waveID, population string, entries []Correction) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := s.With(tx).holdSheet(ctx, waveID, population); err != nil {
			return err
		}
		for _, c := range entries {
			c.WaveID, c.Population, c.State, c.DecidedBy = waveID, population, "proposed", ""
			if err := tx.Gorm(ctx).Create(&c).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("propose correction", err)
}

// ConfirmCorrection lets a second person confirm a proposed entry. ErrOwn when by proposed it,
// ErrState when it is decided already, ErrImmutable once frozen.
func (s *Store) ConfirmCorrection(ctx context.Context, waveID, population, id, by string) error {
	return s.decide(ctx, waveID, population, id, by, "confirmed", func(c Correction) error {
		switch {
		case c.State != "proposed":
			return db.ErrState
		case c.ProposedBy == by:
			return db.ErrOwn
		}
		return nil
	})
}

// RejectCorrection takes an entry off the sheet, proposed or confirmed; whoever proposed it may do so
// too. ErrState when it is rejected already, ErrImmutable once frozen.
func (s *Store) RejectCorrection(ctx context.Context, waveID, population, id, by string) error {
	return s.decide(ctx, waveID, population, id, by, "rejected", func(c Correction) error {
		if c.State == "rejected" {
			return db.ErrState
		}
		return nil
	})
}

func (s *Store) decide(ctx context.Context, waveID, population, id, by, state string, allowed func(Correction) error) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := s.With(tx).holdSheet(ctx, waveID, population); err != nil {
			return err
		}
		var c Correction
		if err := tx.Gorm(ctx).Where("id = ? AND wave_id = ? AND population = ?", id, waveID, population).Take(&c).Error; err != nil {
			return err
		}
		if err := allowed(c); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE corrections SET state = ?, decided_by = ? WHERE id = ?", state, by, id)
		return err
	})
	return wrap("decide about correction", err)
}

// holdSheet makes all who change or freeze the sheet of a population wait for one another, and says
// ErrState where the window is not closed or archived.
func (s *Store) holdSheet(ctx context.Context, waveID, population string) error {
	query := "SELECT state = 'closed' AND answer_salt IS NOT NULL FROM windows WHERE wave_id = ? AND population = ?"
	if s.db.Postgres() {
		query += " FOR UPDATE"
	} // SQLite's transactions wait by themselves
	closed, err := db.One[bool](ctx, s.db, query, waveID, population)
	if err == nil && !closed {
		err = db.ErrState
	}
	return err
}

// sheetIs says whether exactly these entries are confirmed and none is left to decide.
func (s *Store) sheetIs(ctx context.Context, waveID, population string, confirmed []string) error {
	all, err := s.Corrections(ctx, waveID, population)
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range all {
		switch c.State {
		case "proposed":
			return ErrUndecided
		case "confirmed":
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids) // as the program orders them, whatever the collation of the database
	if !slices.Equal(ids, confirmed) {
		return db.ErrConflict
	}
	return nil
}
