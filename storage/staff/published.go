package staff

import (
	"context"
	"errors"
	"time"

	"rondo/storage/db"
)

// Questionnaire is a version that staff published: closed from then on.
type Questionnaire struct {
	Ref         string    `gorm:"primaryKey"` // employer/3
	Hash        string    // of its files
	Files       string    // JSON: text by file name
	PublishedBy string    // e-mail of the account, or "operator"
	PublishedAt time.Time `gorm:"serializer:seconds"`
}

// TableName is GORM's table for published questionnaires.
func (Questionnaire) TableName() string { return "published" }

// Publish keeps a version for good and takes its draft away, if there is one; the
// same once more is no error, another one under the same reference is ErrDuplicate.
func (s *Store) Publish(ctx context.Context, q Questionnaire) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		var err error
		if q.PublishedAt, err = tx.Now(ctx); err != nil {
			return err
		}
		if err := tx.Gorm(ctx).Create(&q).Error; err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM questionnaire_drafts WHERE ref = ?", q.Ref)
		return err
	})
	refused := db.Refusal(err)
	if !errors.Is(refused, db.ErrDuplicate) && !errors.Is(refused, db.ErrImmutable) {
		return wrap("publish", err)
	}
	there, err := s.PublishedByRef(ctx, q.Ref)
	if err == nil && there.Hash != q.Hash {
		err = db.ErrDuplicate
	}
	return wrap("publish", err)
}

// Published gives all versions that staff published, by reference.
func (s *Store) Published(ctx context.Context) ([]Questionnaire, error) {
	var all []Questionnaire
	err := s.db.Gorm(ctx).Order("ref").Find(&all).Error
	return all, wrap("list published questionnaires", err)
}

// PublishedByRef finds a version that staff published; ErrNotFound.
func (s *Store) PublishedByRef(ctx context.Context, ref string) (Questionnaire, error) {
	var q Questionnaire
	err := s.db.Gorm(ctx).Where("ref = ?", ref).Take(&q).Error
	return q, wrap("find published questionnaire", err)
}

// Pins says which published versions are frozen: a population that has ever been
// opened is answered under them. The values are labels of waves, by reference.
func (s *Store) Pins(ctx context.Context) (map[string][]string, error) {
	type pin struct{ Questionnaire, Label string }
	var pins []pin
	err := s.db.Gorm(ctx).Raw(`SELECT DISTINCT p.questionnaire, w.label FROM populations p JOIN waves w ON w.id = p.wave_id
		WHERE p.state <> 'planned' ORDER BY 1, 2`).Scan(&pins).Error
	by := map[string][]string{}
	for _, p := range pins {
		by[p.Questionnaire] = append(by[p.Questionnaire], p.Label)
	}
	return by, wrap("list frozen questionnaires", err)
}

// Setting gives a value the house keeps under a name; ErrNotFound.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	value, err := db.One[string](ctx, s.db, "SELECT value FROM settings WHERE key = ?", key)
	return value, wrap("read setting", err)
}

// SetSetting keeps a value under a name.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	_, err := s.db.Exec(ctx, "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	return wrap("keep setting", err)
}
