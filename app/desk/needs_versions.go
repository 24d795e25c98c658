package desk

import (
	"context"
	"time"

	"rondo/questionnaires"
)

// Versions is what the desk asks about questionnaires; app/wave answers, with the same code that publishes a folder. A ref is
// "employer/3"; files are those of a version by name, its classification among them; seen is the hash of the state of a draft
// that a person has before their eyes: a change of anything else is refused with storage.ErrConflict.
type Versions interface {
	// Versions lists all versions, drafts among them, by key and then number.
	Versions(ctx context.Context) ([]Version, error)
	// Published gives a published version, its files, and the version it was classified against (nil: it is the first).
	Published(ctx context.Context, ref string) (v questionnaires.Version, files map[string][]byte, before *questionnaires.Questionnaire, err error)
	// Draft gives the files of a draft and their hash.
	Draft(ctx context.Context, ref string) (files map[string][]byte, seen string, err error)
	// Judge says what publishing files would come to.
	Judge(ctx context.Context, files map[string][]byte) (questionnaires.Verdict, error)
	// KeepDraft keeps files in place of the state seen; seen "" begins a draft.
	KeepDraft(ctx context.Context, ref string, files map[string][]byte, seen, by string) error
	// DiscardDraft throws the state seen away.
	DiscardDraft(ctx context.Context, ref, seen string) error
	// NextVersion begins a draft as a copy of a published version and gives its ref.
	NextVersion(ctx context.Context, ref, by string) (string, error)
	// Publish closes a version for ever; it refuses what Judge finds unpublishable.
	Publish(ctx context.Context, files map[string][]byte, by string) (questionnaires.Verdict, error)
}

// Version is one version of a questionnaire. State: draft published frozen.
type Version struct {
	Ref, State, Hash string
	Builtin          bool
	By               string    // who published or last edited it; "" for a built-in one
	At               time.Time // when; zero for a built-in one
	Waves            []string  // labels of the waves asked under it
}
