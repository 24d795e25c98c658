package identity

import (
	"context"

	"rondo/storage/db"
)

// AddNominations stores all or none, in state proposed unless another is set;
// ids are filled in place.
func (s *Store) AddNominations(ctx context.Context, nominations []Nomination) error {
	for i := range nominations {
		n := &nominations[i]
		if n.ID == "" {
			n.ID = db.NewID()
		}
		if n.State == "" {
			n.State = "proposed"
		}
		if n.Selection == "" {
			n.Selection = "picked"
		}
	}
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, part := range chunks(nominations) {
			if err := tx.Gorm(ctx).Create(part).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("add nominations", err)
}

// Nominations gives those of an office by name; officeID "" gives all of the wave.
func (s *Store) Nominations(ctx context.Context, waveID, officeID string) ([]Nomination, error) {
	var nominations []Nomination
	query := s.db.Gorm(ctx).Where("wave_id = ?", waveID)
	if officeID != "" {
		query = query.Where("office_id = ?", officeID)
	}
	err := query.Order("office_id, name, id").Find(&nominations).Error
	return nominations, wrap("list nominations", err)
}

// NominationByID finds a nomination; ErrNotFound.
func (s *Store) NominationByID(ctx context.Context, id string) (Nomination, error) {
	var n Nomination
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&n).Error
	return n, wrap("find nomination", err)
}

// SetNominationState moves a nomination from one state to another, with a reason
// and, once approved, the participant it became; ErrState.
func (s *Store) SetNominationState(ctx context.Context, id, from, to, reason, participantID string) error {
	return s.changeOne(ctx, "set nomination state", db.ErrState,
		"UPDATE nominations SET state = ?, reason = ?, participant_id = ? WHERE id = ? AND state = ?",
		to, reason, participantID, id, from)
}

// UpdateNomination changes what an office wrote, while it is proposed; ErrState.
func (s *Store) UpdateNomination(ctx context.Context, n Nomination) error {
	return s.changeOne(ctx, "update nomination", db.ErrState,
		`UPDATE nominations SET name = ?, email = ?, language = ?, size = ?, branch = ?, town = ?, told_on = ?
		WHERE id = ? AND office_id = ? AND state = 'proposed'`,
		n.Name, n.Email, n.Language, n.Size, n.Branch, n.Town, n.ToldOn, n.ID, n.OfficeID)
}

// TellAll notes for all nominations of an office that are proposed or approved, and have no such
// day yet, on which day the employer was told; it says how many there were.
func (s *Store) TellAll(ctx context.Context, officeID, day string) (int, error) {
	n, err := s.db.Exec(ctx, "UPDATE nominations SET told_on = ? WHERE office_id = ? AND told_on = '' AND state IN ('proposed', 'approved')", day, officeID)
	return int(n), wrap("note who was told", err)
}

// NominationOf finds the nomination an employer came from; ErrNotFound where it came another way.
func (s *Store) NominationOf(ctx context.Context, participantID string) (Nomination, error) {
	var n Nomination
	err := s.db.Gorm(ctx).Where("participant_id = ? AND participant_id <> ''", participantID).Take(&n).Error
	return n, wrap("find nomination", err)
}
