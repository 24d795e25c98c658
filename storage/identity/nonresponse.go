package identity

import (
	"context"
)

// Outcomes are what became of the invitations of one cell of the frame, such as all employers of
// a size. The numbers are what may be shown: the caller has rounded them.
type Outcomes struct {
	WaveID        string `gorm:"primaryKey"`
	Dimension     string `gorm:"primaryKey"` // all, group, size, branch, language or selection
	Value         string `gorm:"primaryKey"`
	Invited       int
	Submitted     int
	Refused       int // no wish to take part, or the wrong person
	Undeliverable int
	Silent        int // none of these
}

// TableName is for GORM.
func (Outcomes) TableName() string { return "nonresponse" }

// KeepNonResponse stores what became of a wave's invitations; ErrDuplicate when that is there already.
func (s *Store) KeepNonResponse(ctx context.Context, cells []Outcomes) error {
	if len(cells) == 0 {
		return nil
	}
	return wrap("keep non-response", s.db.Gorm(ctx).Create(&cells).Error)
}

// NonResponse gives what was kept of a wave, by dimension and value.
func (s *Store) NonResponse(ctx context.Context, waveID string) ([]Outcomes, error) {
	var cells []Outcomes
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).Order("dimension, value").Find(&cells).Error
	return cells, wrap("read non-response", err)
}
