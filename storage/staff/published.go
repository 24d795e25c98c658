package staff

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

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

// Publish keeps a version for good; the same once more is no error, another one
// under the same reference is ErrDuplicate.
func (s *Store) Publish(ctx context.Context, q Questionnaire) error {
	var err error
	if q.PublishedAt, err = s.db.Now(ctx); err != nil {
		return wrap("publish", err)
	}
	done := s.db.Gorm(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&q)
	if done.Error != nil || done.RowsAffected == 1 {
		return wrap("publish", done.Error)
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
