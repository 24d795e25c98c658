package exports

import (
	"context"
	"errors"
	"fmt"

	"rondo/questionnaires"
)

// Refusals of this package; each is wrapped with a sentence.
var (
	// ErrTooFew says that there are fewer records than the profile's k.
	ErrTooFew = errors.New("too few answers")
	// ErrUnreachable says that no permitted coarsening protects the records.
	ErrUnreachable = errors.New("protection cannot be reached")
	// ErrNoRole says that questions have no disclosure role.
	ErrNoRole = errors.New("no disclosure role")
	// ErrProfile says that a profile does not exist or not for this population.
	ErrProfile = errors.New("profile not available")
	// ErrNoReason says that a further release of a snapshot was asked for without a written reason.
	ErrNoReason = errors.New("a further release of the same answers needs a written reason")
	// ErrSnapshot says that the source contradicts what it declared.
	ErrSnapshot = errors.New("snapshot does not fit")
)

// refusal says whether an error means that these answers cannot be protected under the profile.
func refusal(err error) bool { return errors.Is(err, ErrTooFew) || errors.Is(err, ErrUnreachable) }

// Snapshot describes a frozen set of responses.
type Snapshot struct {
	Wave          string
	Population    string // office, employer, discussion
	Hash          string
	Questionnaire *questionnaires.Questionnaire
	Setting       questionnaires.Setting
	Strata        []string // names of the stratum attributes a record may carry, in column order
	N             int      // responses
	Invited       int      // participants of the population
	Synthetic     bool
	Rehearsal     bool
	RefFrom       int
	RefTo         int
	Terms         string // of use, as the house wants them in what leaves it; empty: the built-in ones

	Corrections []Correction   // the correction sheet, already applied to the records
	Corrected   map[string]int // by column: cells that are other than was answered
}

// Correction is one entry of a correction sheet and how many responses it met.
type Correction struct {
	questionnaires.Correction
	Responses int `json:"responses"`
}

// of refuses a snapshot that is not of a population.
func (s Snapshot) of(population string) error {
	if s.Population != population || s.Questionnaire == nil || s.Questionnaire.Key != s.Population {
		return fmt.Errorf("%w: asked for %s, got %s", ErrSnapshot, population, s.Population)
	}
	return nil
}

// Confidential says whether the population was promised confidentiality rather
// than anonymity: its records carry an office code.
func (s Snapshot) Confidential() bool { return s.Population != employer }

// MadeUp says whether everything made from the snapshot is to be marked
// synthetic.
func (s Snapshot) MadeUp() bool { return s.Synthetic || s.Rehearsal }

const employer = "employer"

// Record is one response. It has no field for a name, an address, a link or a
// time.
type Record struct {
	Answers  questionnaires.Answers // nil: Written holds them, where there are any
	Written  []byte                 // the answers as encoding/json writes them; nil: not at hand
	Stratum  map[string]string
	Language string
	Office   string // confidential populations only
	Shuffle  int
}

// unread says whether the answers are at hand as written only.
func (r Record) unread() bool { return r.Answers == nil && r.Written != nil }

// read gives a record with its answers read.
func (r Record) read() (Record, error) {
	var err error
	if r.unread() {
		r.Answers, err = questionnaires.ReadAnswers(r.Written)
	}
	return r, unreadable(err)
}

func unreadable(err error) error {
	if err != nil {
		return fmt.Errorf("%w: the answers of a record cannot be read: %w", ErrSnapshot, err)
	}
	return nil
}

// Source hands out frozen snapshots; the app implements it over the answer
// side.
type Source interface {
	Snapshot(ctx context.Context, waveLabel, population string) (Snapshot, error)
	Records(ctx context.Context, s Snapshot, each func(Record) error) error
}
