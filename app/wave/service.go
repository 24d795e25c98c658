package wave

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/identity"
)

// Populations in the order in which they open.
var Populations = []string{"office", "employer", "discussion"}

// What a wave refuses.
var (
	ErrLabel      = errors.New("a label is 1 to 40 letters, digits, hyphens or underscores")
	ErrYears      = errors.New("the reference period must end after it begins")
	ErrDates      = errors.New("a wave must close after it opens")
	ErrTaken      = errors.New("a wave of this label exists already")
	ErrNoWave     = errors.New("there is no wave of this label")
	ErrPopulation = errors.New("a population is office, employer or discussion")
	ErrOrder      = errors.New("offices open first, then employers; discussions open when offices are closed")
	ErrEmpty      = errors.New("nobody is on the list of this population yet")
	ErrNotOpen    = errors.New("this population is not open")
	ErrNotPlanned = errors.New("this population has been opened before")
	ErrNotClosed  = errors.New("close every population of the wave first")
	ErrFrozenNot  = errors.New("close this population first")
	ErrTooEarly   = errors.New("nothing has been answered in this population")
	ErrFewLate    = errors.New("fewer than ten of these employers share what their responses would carry; approve them together with others")
	ErrArchived   = errors.New("this wave is archived")
)

// Service moves waves.
type Service struct {
	Store     *storage.Store
	PublicURL string // base of every link

	books sync.Map // hash → *questionnaires.Questionnaire
}

// Plan is what a new wave needs; empty questionnaires mean the newest published.
type Plan struct {
	Label                        string
	RefFrom, RefTo               int
	Opens, Closes                time.Time
	Office, Employer, Discussion string // refs
	Synthetic, Rehearsal         bool
}

var label = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// check refuses a plan that cannot be.
func (p Plan) check() error {
	switch {
	case !label.MatchString(p.Label):
		return ErrLabel
	case p.RefFrom < 1990 || p.RefTo > 2200 || p.RefTo < p.RefFrom:
		return ErrYears
	case !p.Closes.After(p.Opens):
		return ErrDates
	}
	return nil
}

// Create makes a wave in state setup with its three populations planned.
func (s *Service) Create(ctx context.Context, p Plan) (identity.Wave, error) {
	if err := p.check(); err != nil {
		return identity.Wave{}, err
	}
	if _, err := s.Store.Identity.WaveByLabel(ctx, p.Label); err == nil {
		return identity.Wave{}, ErrTaken
	} else if !errors.Is(err, storage.ErrNotFound) {
		return identity.Wave{}, fmt.Errorf("look for wave %s: %w", p.Label, err)
	}
	var populations []identity.Population
	for name, ref := range map[string]string{"office": p.Office, "employer": p.Employer, "discussion": p.Discussion} {
		q, err := s.pick(ctx, name, ref)
		if err != nil {
			return identity.Wave{}, err
		}
		populations = append(populations, identity.Population{
			Name: name, Questionnaire: q.Ref(), Hash: q.Hash, State: "planned", Opens: p.Opens, Closes: p.Closes,
		})
	}
	w := identity.Wave{
		Label: p.Label, RefFrom: p.RefFrom, RefTo: p.RefTo, State: "setup",
		Synthetic: p.Synthetic || p.Rehearsal, Rehearsal: p.Rehearsal,
	}
	w, err := s.Store.CreateWave(ctx, w, populations)
	if err != nil {
		return identity.Wave{}, fmt.Errorf("create wave %s: %w", p.Label, err)
	}
	return w, nil
}

// pick finds the questionnaire of a population: the one named, else the newest published.
func (s *Service) pick(ctx context.Context, population, ref string) (*questionnaires.Questionnaire, error) {
	if ref == "" {
		refs, err := s.Refs(ctx, population)
		if err != nil {
			return nil, err
		}
		ref = refs[0]
	}
	q, err := s.Questionnaire(ref, "")
	if err != nil {
		return nil, err
	}
	if q.Key != population {
		return nil, fmt.Errorf("%w: %s is no questionnaire for %s", questionnaires.ErrUnknown, ref, population)
	}
	return q, nil
}

// Refs are the published references of a population's instrument, newest first: the built-in
// ones and those that staff have published in this database.
func (s *Service) Refs(ctx context.Context, population string) ([]string, error) {
	versions := map[int]string{}
	for _, q := range questionnaires.Builtins() {
		if q.Key == population {
			versions[q.Version] = q.Ref()
		}
	}
	if len(versions) == 0 {
		return nil, ErrPopulation
	}
	published, err := s.Store.Staff.Published(ctx)
	if err != nil {
		return nil, fmt.Errorf("published questionnaires: %w", err)
	}
	for _, p := range published {
		key, number, _ := strings.Cut(p.Ref, "/")
		if version, err := strconv.Atoi(number); err == nil && key == population {
			versions[version] = p.Ref
		}
	}
	var refs []string
	for _, version := range slices.Backward(slices.Sorted(maps.Keys(versions))) {
		refs = append(refs, versions[version])
	}
	return refs, nil
}

// Questionnaire finds a published questionnaire; with a hash, only the one of exactly these
// words. A version can never change, so it is read once and kept.
func (s *Service) Questionnaire(ref, hash string) (*questionnaires.Questionnaire, error) {
	if q, ok := s.books.Load(ref); ok {
		return sameWords(q.(*questionnaires.Questionnaire), hash)
	}
	q, err := questionnaires.Builtin(ref)
	if errors.Is(err, questionnaires.ErrUnknown) {
		q, err = s.published(ref)
	}
	if err != nil {
		return nil, err
	}
	s.books.Store(ref, q)
	return sameWords(q, hash)
}

// readTime bounds the one reading of a version from the database.
const readTime = 5 * time.Second

// published reads a version that staff have published.
func (s *Service) published(ref string) (*questionnaires.Questionnaire, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	kept, err := s.Store.Staff.PublishedByRef(ctx, ref)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", ref, questionnaires.ErrUnknown)
	} else if err != nil {
		return nil, fmt.Errorf("questionnaire %s: %w", ref, err)
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(kept.Files), &texts); err != nil {
		return nil, fmt.Errorf("questionnaire %s: %w", ref, err)
	}
	files := map[string][]byte{}
	for name, text := range texts {
		files[name] = []byte(text)
	}
	q, findings, err := questionnaires.ReadFiles(files)
	if err == nil && q == nil {
		err = fmt.Errorf("questionnaire %s cannot be read: %s", ref, findings[0])
	}
	return q, err
}

func sameWords(q *questionnaires.Questionnaire, hash string) (*questionnaires.Questionnaire, error) {
	if hash != "" && q.Hash != hash {
		return nil, fmt.Errorf("questionnaire %s is not the one that was pinned: %w", q.Ref(), questionnaires.ErrUnknown)
	}
	return q, nil
}

// ByLabel finds a wave.
func (s *Service) ByLabel(ctx context.Context, label string) (identity.Wave, error) {
	w, err := s.Store.Identity.WaveByLabel(ctx, label)
	if errors.Is(err, storage.ErrNotFound) {
		return w, ErrNoWave
	}
	return w, err
}

// population finds a wave and one of its populations.
func (s *Service) population(ctx context.Context, label, name string) (identity.Wave, identity.Population, error) {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return w, identity.Population{}, err
	}
	p, err := s.Store.Identity.Population(ctx, w.ID, name)
	if errors.Is(err, storage.ErrNotFound) {
		return w, p, ErrPopulation
	}
	return w, p, err
}
