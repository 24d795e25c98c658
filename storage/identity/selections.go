package identity

import (
	"context"

	"rondo/storage/db"
)

// Select notes how an office selects; ErrDuplicate when it has said so before.
func (s *Store) Select(ctx context.Context, selection Selection) error {
	return wrap("note selection", s.db.Gorm(ctx).Create(&selection).Error)
}

// SetFirms corrects out of how many firms an office picks; ErrState where rows were drawn.
func (s *Store) SetFirms(ctx context.Context, officeID string, firms int) error {
	return s.changeOne(ctx, "set number of firms", db.ErrState,
		"UPDATE selections SET firms = ? WHERE office_id = ? AND mode = 'picked'", firms, officeID)
}

// Unselect takes back how an office selects, with the rows it has left out and those its nominations
// had: the rows of another draw are those of another list.
func (s *Store) Unselect(ctx context.Context, officeID string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "DELETE FROM exclusions WHERE office_id = ?", officeID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE nominations SET list_row = 0 WHERE office_id = ? AND list_row > 0", officeID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM selections WHERE office_id = ?", officeID)
		return err
	})
	return wrap("take selection back", err)
}

// SelectionOf gives how an office selects; ErrNotFound where it has not said so.
func (s *Store) SelectionOf(ctx context.Context, officeID string) (Selection, error) {
	var selection Selection
	err := s.db.Gorm(ctx).Where("office_id = ?", officeID).Take(&selection).Error
	return selection, wrap("find selection", err)
}

// Selections gives how the offices of a wave select, by office.
func (s *Store) Selections(ctx context.Context, waveID string) ([]Selection, error) {
	var all []Selection
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).Order("office_id").Find(&all).Error
	return all, wrap("list selections", err)
}

// Exclude leaves a row of an office's list out; ErrDuplicate when it is out already.
func (s *Store) Exclude(ctx context.Context, e Exclusion) error {
	return wrap("exclude row", s.db.Gorm(ctx).Create(&e).Error)
}

// Exclusions gives the rows an office leaves out, by row.
func (s *Store) Exclusions(ctx context.Context, officeID string) ([]Exclusion, error) {
	var all []Exclusion
	err := s.db.Gorm(ctx).Where("office_id = ?", officeID).Order("list_row").Find(&all).Error
	return all, wrap("list exclusions", err)
}

// ExclusionsOf gives the rows that the offices of a wave leave out.
func (s *Store) ExclusionsOf(ctx context.Context, waveID string) ([]Exclusion, error) {
	var all []Exclusion
	err := s.db.Gorm(ctx).Where("office_id IN (SELECT office_id FROM selections WHERE wave_id = ?)", waveID).Order("office_id, list_row").Find(&all).Error
	return all, wrap("list exclusions", err)
}
