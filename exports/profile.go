package exports

import "fmt"

// The profiles.
const (
	Internal   = "internal"
	Scientific = "scientific"
	Public     = "public"
)

// Profile is a fixed set of rules for a release; changing a number makes
// another profile.
type Profile struct {
	Name      string
	K         int                // rows that share each released combination; 0: no protection
	L         int                // distinct answers a class must hold in a sensitive_high column
	Agree     float64            // a class may agree on a value that at least this share of all gave
	RareMin   int                // fewer answers than this are merged
	AnswerMax float64            // share of sensitive_high answers that may be hidden for agreeing
	CellMax   float64            // share of the cells of each key that may be suppressed
	DropMax   float64            // share of records that may be left out where nothing else helps
	Floor     map[string]int     // finest released level, by hierarchy; -1: not released
	Weight    map[string]float64 // how much losing a key counts, by hierarchy, above 0 to 1; 1 where it has none
}

var profiles = map[string]Profile{
	Internal: {Name: Internal},
	Scientific: {Name: Scientific, K: 5, L: 2, Agree: .8, RareMin: 3, AnswerMax: .1, CellMax: .05, DropMax: .05,
		Floor: map[string]int{"size": 0, "branch": 0, "canton": 0}},
	Public: {Name: Public, K: 10, L: 3, Agree: .8, RareMin: 5, AnswerMax: .1, CellMax: .02, DropMax: .05,
		Floor: map[string]int{"size": 0, "branch": 2, "canton": -1}},
}

// ProfileOf gives a profile by name; an unknown one is ErrProfile.
func ProfileOf(name string) (Profile, error) {
	p, ok := profiles[name]
	if !ok {
		return Profile{}, fmt.Errorf("%w: %q is none of internal, scientific, public", ErrProfile, name)
	}
	return p, nil
}

// Release says whether files of the profile leave the house and so need a
// second person and an entry in the ledger.
func (p Profile) Release() bool { return p.K > 0 }

// allows says whether a population may be exported under the profile.
func (p Profile) allows(population string) error {
	if p.Release() && population != employer {
		return fmt.Errorf("%w: with 26 known offices no row-level file of the population %s can be anonymous; use tables, or the profile internal inside the house", ErrProfile, population)
	}
	return nil
}
