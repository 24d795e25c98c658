package exports

import (
	"slices"

	"rondo/exports/anonymise"
)

// comparedMost is up to how many records the wildcard method is tried for comparison.
const comparedMost = 5000

// Compared sets what is released beside what a program would release that counts like sdcMicro: a
// suppressed cell matches anything there, so that records look protected that an attacker who knows
// the true keys still singles out. Both suppress cells of the same keys in the same classes.
type Compared struct {
	Finest   bool     `json:"finest"`   // of the keys as finely as the profile allows; else in the classes of the release
	Strict   Measured `json:"strict"`   // a suppressed cell is a value of its own
	Wildcard Measured `json:"wildcard"` // it matches anything
}

// Measured is what a method comes to. Of a record, the candidates are the records that an attacker
// who knows its true keys cannot tell from it.
type Measured struct {
	Cells  int     `json:"suppressed_cells"`
	Below  int     `json:"records_below_k"` // with fewer than k candidates
	Fewest int     `json:"candidates_min"`
	NCP    float64 `json:"ncp"`
}

// Methods names both.
func (c Compared) Methods() map[string]Measured {
	return map[string]Measured{"strict": c.Strict, "wildcard": c.Wildcard}
}

// Risk is that of the record with the fewest candidates, 0 to 1.
func (m Measured) Risk() float64 { return 1 / float64(max(1, m.Fewest)) }

// compare tries both methods on the keys of the release and on the keys at their finest; nothing
// for a large file, and where nothing is released.
func (o outcome) compare(p Profile, at step) ([]Compared, error) {
	if o.chosen.frame == nil || len(o.from.rows) > comparedMost {
		return nil, nil
	}
	frame := o.chosen.frame
	finest := make([]int, len(o.chosen.node.Levels))
	for i, j := range o.from.keys() {
		finest[i] = max(0, p.Floor[o.from.choices[j].Hierarchy])
	}
	var out []Compared
	for i, levels := range [][]int{finest, o.chosen.node.Levels} {
		if err := at("methods", i, 2); err != nil {
			return nil, err
		}
		truth := frame.Released(levels)
		suppress := o.chosen.masks
		if i == 0 {
			suppress = func() []uint64 { return frame.Strict(levels, p.K) }
		}
		out = append(out, Compared{
			Finest: i == 0, Strict: measure(frame, levels, truth, suppress(), p.K),
			Wildcard: measure(frame, levels, truth, anonymise.WildcardMasks(truth, p.K), p.K),
		})
	}
	return out, nil
}

func measure(frame *anonymise.Frame, levels []int, truth [][]string, masks []uint64, k int) Measured {
	m := Measured{Fewest: len(truth), NCP: frame.Penalty(levels, masks)}
	shown := make([][]string, len(truth))
	for r, row := range truth {
		shown[r] = slices.Clone(row)
		for j := range row {
			if masks[r]>>j&1 == 1 {
				shown[r][j] = anonymise.Suppressed
				m.Cells++
			}
		}
	}
	for _, n := range anonymise.Candidates(truth, shown) {
		m.Fewest = min(m.Fewest, n)
		if n < k {
			m.Below++
		}
	}
	return m
}
