package wave

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/staff"
)

// ErrDamaged says that a version in the database is not the one that was published.
var ErrDamaged = errors.New("the files of this questionnaire are not those that were published")

// book is a published version with its files.
type book struct {
	questionnaire *questionnaires.Questionnaire
	files         map[string][]byte
}

// Questionnaire finds a published questionnaire, built in or published in this database; with
// a hash, only the one of exactly these words. A version can never change, so it is read once
// and kept.
func (s *Service) Questionnaire(ref, hash string) (*questionnaires.Questionnaire, error) {
	if s.Shown != nil {
		return s.Shown(), nil
	}
	b, known := s.remembered(ref)
	if !known {
		ctx, cancel := context.WithTimeout(context.Background(), readTime)
		defer cancel()
		var err error
		if b, err = s.book(ctx, ref); err != nil {
			return nil, err
		}
	}
	if hash != "" && b.questionnaire.Hash != hash {
		return nil, fmt.Errorf("questionnaire %s is not the one that was pinned: %w", ref, questionnaires.ErrUnknown)
	}
	return b.questionnaire, nil
}

// Files gives the files of a published version, by name.
func (s *Service) Files(ctx context.Context, ref string) (map[string][]byte, error) {
	b, err := s.book(ctx, ref)
	return b.files, err
}

// Refs are the published references of a population's instrument, newest first: the built-in
// ones and those that staff have published in this database.
func (s *Service) Refs(ctx context.Context, population string) ([]string, error) {
	all, err := s.Versions(ctx)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, v := range slices.Backward(all) {
		if v.Questionnaire.Key == population {
			refs = append(refs, v.Questionnaire.Ref())
		}
	}
	if len(refs) == 0 {
		return nil, ErrPopulation
	}
	return refs, nil
}

// Versions gives all published versions with what their authors said of their changes, by key
// and then number.
func (s *Service) Versions(ctx context.Context) ([]questionnaires.Version, error) {
	published, err := s.Store.Staff.Published(ctx)
	if err != nil {
		return nil, fmt.Errorf("published questionnaires: %w", err)
	}
	refs := map[string]bool{}
	for _, q := range questionnaires.Builtins() {
		refs[q.Ref()] = true
	}
	for _, p := range published {
		refs[p.Ref] = true
	}
	var all []questionnaires.Version
	for ref := range refs {
		b, err := s.book(ctx, ref)
		if err != nil {
			return nil, err
		}
		v := questionnaires.Version{Questionnaire: b.questionnaire}
		if data, ok := b.files[questionnaires.ChangesFile]; ok {
			if v.Classes, _, err = questionnaires.ParseChanges(data); err != nil {
				return nil, fmt.Errorf("%s: %w", ref, err)
			}
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b questionnaires.Version) int {
		return cmp.Or(cmp.Compare(a.Questionnaire.Key, b.Questionnaire.Key), cmp.Compare(a.Questionnaire.Version, b.Questionnaire.Version))
	})
	return all, nil
}

// Trend follows the variables of an instrument through its published versions up to one.
func (s *Service) Trend(ctx context.Context, ref string) ([]questionnaires.Series, error) {
	q, err := s.Questionnaire(ref, "")
	if err != nil {
		return nil, err
	}
	all, err := s.Versions(ctx)
	if err != nil {
		return nil, err
	}
	return questionnaires.Trend(slices.DeleteFunc(all, func(v questionnaires.Version) bool {
		return v.Questionnaire.Key != q.Key || v.Questionnaire.Version > q.Version
	})), nil
}

// readTime bounds the one reading of a version from the database.
const readTime = 5 * time.Second

// book reads a version. What staff have published goes before what a later program has built in
// under the same reference: waves were answered under it.
func (s *Service) book(ctx context.Context, ref string) (book, error) {
	if b, known := s.remembered(ref); known {
		return b, nil
	}
	kept, err := s.Store.Staff.PublishedByRef(ctx, ref)
	var b book
	switch {
	case errors.Is(err, storage.ErrNotFound):
		b, err = builtin(ref)
	case err != nil:
		err = fmt.Errorf("questionnaire %s: %w", ref, err)
	default:
		b, err = read(kept)
	}
	if err != nil {
		return b, err
	}
	s.books.Store(ref, b)
	return b, nil
}

func (s *Service) remembered(ref string) (book, bool) {
	kept, ok := s.books.Load(ref)
	if !ok {
		return book{}, false
	}
	return kept.(book), true
}

func builtin(ref string) (book, error) {
	q, err := questionnaires.Builtin(ref)
	if err != nil {
		return book{}, err
	}
	dir, err := fs.Sub(questionnaires.Definitions(), ref)
	if err != nil {
		return book{}, fmt.Errorf("questionnaire %s: %w", ref, err)
	}
	files, err := questionnaires.FolderFiles(dir)
	return book{q, files}, err
}

// read makes a questionnaire of its row, and refuses a row that does not give the hash it was
// published under.
func read(kept staff.Questionnaire) (book, error) {
	files, err := unpack(kept.Files)
	if err != nil {
		return book{}, fmt.Errorf("questionnaire %s: %w: %w", kept.Ref, ErrDamaged, err)
	}
	q, _, err := questionnaires.ReadFiles(files)
	if err != nil {
		return book{}, fmt.Errorf("questionnaire %s: %w: %w", kept.Ref, ErrDamaged, err)
	}
	if q.Hash != kept.Hash || q.Ref() != kept.Ref {
		return book{}, fmt.Errorf("questionnaire %s: %w", kept.Ref, ErrDamaged)
	}
	return book{q, files}, nil
}

// pack writes files as they rest in the database; unpack reads them.
func pack(files map[string][]byte) (string, error) {
	texts := map[string]string{}
	for name, data := range files {
		texts[name] = string(data)
	}
	body, err := json.Marshal(texts)
	return string(body), err
}

func unpack(body string) (map[string][]byte, error) {
	var texts map[string]string
	if err := json.Unmarshal([]byte(body), &texts); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, text := range texts {
		files[name] = []byte(text)
	}
	return files, nil
}

// compareRefs orders references by key and then number.
func compareRefs(a, b string) int {
	keyA, numberA, _ := strings.Cut(a, "/")
	keyB, numberB, _ := strings.Cut(b, "/")
	return cmp.Or(strings.Compare(keyA, keyB), cmp.Compare(len(numberA), len(numberB)), strings.Compare(numberA, numberB))
}
