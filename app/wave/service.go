package wave

import (
	"context"
	"errors"
	"fmt"
	"regexp"
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

	// Shown, where set, is what is asked in place of any published version: the preview of a
	// folder sets it, and nothing else does.
	Shown func() *questionnaires.Questionnaire

	books sync.Map // key of a version → book
}

// Plan is what a new wave needs; empty questionnaires mean the newest published.
type Plan struct {
	Label                        string
	RefFrom, RefTo               int
	Opens, Closes                time.Time
	Office, Employer, Discussion string // refs
	Synthetic, Rehearsal         bool
	HeadReleases                 bool // the head of an office releases its answers
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
	if p.HeadReleases {
		w.Settings = map[string]string{headReleases: "yes"}
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
