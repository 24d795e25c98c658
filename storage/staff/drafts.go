package staff

import (
	"context"
	"errors"
	"time"

	"rondo/storage/db"
)

// QuestionnaireDraft is a version that staff are working on. Hash is over all its
// files, the classification among them, and tells one state of it from the next.
type QuestionnaireDraft struct {
	Ref      string `gorm:"primaryKey"` // employer/3
	Hash     string
	Files    string    // JSON: text by file name
	EditedBy string    // e-mail of the account
	EditedAt time.Time `gorm:"serializer:seconds"`
}

// TableName is GORM's table for drafts of questionnaires.
func (QuestionnaireDraft) TableName() string { return "questionnaire_drafts" }

// KeepDraft keeps a state of a draft in place of the one with the hash seen; seen ""
// begins a draft. ErrConflict where somebody else changed it, or began it, in the meantime.
func (s *Store) KeepDraft(ctx context.Context, d QuestionnaireDraft, seen string) error {
	var err error
	if d.EditedAt, err = s.db.Now(ctx); err != nil {
		return wrap("keep draft", err)
	}
	if seen == "" {
		err = s.db.Gorm(ctx).Create(&d).Error
		if errors.Is(db.Refusal(err), db.ErrDuplicate) {
			err = db.ErrConflict
		}
		return wrap("begin draft", err)
	}
	n, err := s.db.Exec(ctx, "UPDATE questionnaire_drafts SET hash = ?, files = ?, edited_by = ?, edited_at = ? WHERE ref = ? AND hash = ?",
		d.Hash, d.Files, d.EditedBy, d.EditedAt.Unix(), d.Ref, seen)
	return one("keep draft", db.ErrConflict, n, err)
}

// Drafts gives all drafts, by reference.
func (s *Store) Drafts(ctx context.Context) ([]QuestionnaireDraft, error) {
	var all []QuestionnaireDraft
	err := s.db.Gorm(ctx).Order("ref").Find(&all).Error
	return all, wrap("list drafts", err)
}

// Draft finds a draft; ErrNotFound.
func (s *Store) Draft(ctx context.Context, ref string) (QuestionnaireDraft, error) {
	var d QuestionnaireDraft
	err := s.db.Gorm(ctx).Where("ref = ?", ref).Take(&d).Error
	return d, wrap("find draft", err)
}

// DiscardDraft takes a draft away as it was seen; ErrConflict where it is no longer so.
func (s *Store) DiscardDraft(ctx context.Context, ref, seen string) error {
	n, err := s.db.Exec(ctx, "DELETE FROM questionnaire_drafts WHERE ref = ? AND hash = ?", ref, seen)
	return one("discard draft", db.ErrConflict, n, err)
}
