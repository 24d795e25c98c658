package wave

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/staff"
)

// The states of a version.
const (
	Drafted   = "draft"     // may change
	Published = "published" // closed for ever
	Frozen    = "frozen"    // closed, and a population has been opened under it
)

// Kept is a version as the house has it.
type Kept struct {
	Ref     string
	State   string
	Hash    string // of a draft: over all its files, to tell one state from the next
	Builtin bool
	By      string    // who published or last edited it; "" for a built-in one
	At      time.Time // when; zero for a built-in one
	Waves   []string  // labels of the waves that are asked under it
}

// ErrUnpublishable says that findings keep a version from being published.
var ErrUnpublishable = errors.New("findings keep this version from being published")

// Shelf lists all versions, drafts among them, by key and then number.
func (s *Service) Shelf(ctx context.Context) ([]Kept, error) {
	pins, err := s.Store.Staff.Pins(ctx)
	if err != nil {
		return nil, err
	}
	published, err := s.Store.Staff.Published(ctx)
	if err != nil {
		return nil, err
	}
	drafts, err := s.Store.Staff.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	var all []Kept
	for _, q := range questionnaires.Builtins() {
		if !slices.ContainsFunc(published, func(p staff.Questionnaire) bool { return p.Ref == q.Ref() }) {
			all = append(all, Kept{Ref: q.Ref(), Hash: q.Hash, Builtin: true})
		}
	}
	for _, p := range published {
		all = append(all, Kept{Ref: p.Ref, Hash: p.Hash, By: p.PublishedBy, At: p.PublishedAt})
	}
	for i := range all {
		all[i].State, all[i].Waves = Published, pins[all[i].Ref]
		if len(all[i].Waves) > 0 {
			all[i].State = Frozen
		}
	}
	for _, d := range drafts {
		all = append(all, Kept{Ref: d.Ref, State: Drafted, Hash: d.Hash, By: d.EditedBy, At: d.EditedAt})
	}
	slices.SortStableFunc(all, func(a, b Kept) int { return compareRefs(a.Ref, b.Ref) })
	return all, nil
}

// Judge says what publishing the files of a version would come to, here and now.
func (s *Service) Judge(ctx context.Context, files map[string][]byte) (questionnaires.Verdict, error) {
	versions, err := s.Versions(ctx)
	if err != nil {
		return questionnaires.Verdict{}, err
	}
	var published []*questionnaires.Questionnaire
	for _, v := range versions {
		published = append(published, v.Questionnaire)
	}
	return questionnaires.Judge(files, published), nil
}

// Publish closes a version for ever. It is the one way to do so, from a folder and from the desk.
// With findings that keep it from being published the error is ErrUnpublishable, and the verdict
// names them.
func (s *Service) Publish(ctx context.Context, files map[string][]byte, by string) (questionnaires.Verdict, error) {
	v, err := s.Judge(ctx, files)
	if err != nil {
		return v, err
	}
	if !v.Publishable() {
		return v, ErrUnpublishable
	}
	body, err := pack(files)
	if err != nil {
		return v, fmt.Errorf("publish %s: %w", v.Questionnaire.Ref(), err)
	}
	return v, s.Store.Staff.Publish(ctx, staff.Questionnaire{Ref: v.Questionnaire.Ref(), Hash: v.Questionnaire.Hash, Files: body, PublishedBy: by})
}

// Draft gives the files of a draft and the hash that tells this state of it.
func (s *Service) Draft(ctx context.Context, ref string) (files map[string][]byte, seen string, err error) {
	d, err := s.Store.Staff.Draft(ctx, ref)
	if err != nil {
		return nil, "", err
	}
	files, err = unpack(d.Files)
	return files, d.Hash, err
}

// KeepDraft keeps the files of a draft in place of the state seen; seen "" begins one. A
// reference that is published already is refused with storage.ErrDuplicate.
func (s *Service) KeepDraft(ctx context.Context, ref string, files map[string][]byte, seen, by string) error {
	if _, err := s.book(ctx, ref); err == nil {
		return fmt.Errorf("draft %s: %w", ref, storage.ErrDuplicate)
	} else if !errors.Is(err, questionnaires.ErrUnknown) {
		return err
	}
	body, err := pack(files)
	if err != nil {
		return fmt.Errorf("draft %s: %w", ref, err)
	}
	sum := sha256.Sum256([]byte(body))
	return s.Store.Staff.KeepDraft(ctx, staff.QuestionnaireDraft{Ref: ref, Hash: fmt.Sprintf("%x", sum), Files: body, EditedBy: by}, seen)
}

// DiscardDraft throws the state seen of a draft away.
func (s *Service) DiscardDraft(ctx context.Context, ref, seen string) error {
	return s.Store.Staff.DiscardDraft(ctx, ref, seen)
}

// NextVersion begins a draft as a copy of a published version, under the number after the
// newest published one of its key, and gives its reference.
func (s *Service) NextVersion(ctx context.Context, ref, by string) (string, error) {
	b, err := s.book(ctx, ref)
	if err != nil {
		return "", err
	}
	refs, err := s.Refs(ctx, b.questionnaire.Key)
	if err != nil {
		return "", err
	}
	newest, err := s.Questionnaire(refs[0], "")
	if err != nil {
		return "", err
	}
	files, err := questionnaires.Next(b.files, newest)
	if err != nil {
		return "", fmt.Errorf("copy %s: %w", ref, err)
	}
	next := fmt.Sprintf("%s/%d", b.questionnaire.Key, newest.Version+1)
	return next, s.KeepDraft(ctx, next, files, "", by)
}
