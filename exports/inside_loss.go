package exports

import (
	"math"

	"rondo/exports/anonymise"
	"rondo/questionnaires"
)

// insideLoss is what a profile would do to the answers, beside what it hides, and what its classes
// still tell. No release holds a number, so nothing is said of means and deviations.
type insideLoss struct {
	Discernibility int                        `json:"discernibility,omitempty"` // sum of squared class sizes
	AECS           float64                    `json:"aecs,omitempty"`           // average class size
	Variation      map[string]float64         `json:"total_variation,omitempty"`
	Pairs          []insidePair               `json:"cramers_v,omitempty"` // the ten strongest before, of variables that at least half answered
	Sensitive      map[string]insideDiversity `json:"sensitive_high,omitempty"`
	Routes         []insideRoute              `json:"routing,omitempty"` // conditions that cells no longer decide
}

type insidePair struct {
	A      string  `json:"a"`
	B      string  `json:"b"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// insideDiversity is the worst of all classes in which somebody's answer shows.
type insideDiversity struct {
	L        int     `json:"l"`
	EntropyL float64 `json:"entropy_l"`
	T        float64 `json:"t"`
}

type insideRoute struct {
	Condition string   `json:"condition"`
	HangsOn   []string `json:"hangs_on"`
	Decides   []string `json:"decides"`
	Rows      int      `json:"rows"` // in which it is undecided
}

// strongest is how many pairs of variables are followed, mostPairs up to how many records: each
// pair reads them all.
const (
	strongest = 10
	mostPairs = 2000
)

// lossOf compares a protected version with the answers as they were given.
func lossOf(raw *sheet, v version) insideLoss {
	out := insideLoss{Variation: map[string]float64{}, Sensitive: map[string]insideDiversity{}, Routes: v.closed()}
	for _, n := range v.done.released.Sizes {
		out.Discernibility += n
	}
	out.AECS = float64(len(v.rows)) / float64(max(1, v.done.released.Classes))
	at := map[string]int{}
	for j, c := range raw.choices {
		at[c.Column.Name] = j
	}
	unsaid := func(cell string) bool { return missing(cell) || cell == anonymise.Suppressed }
	var before, after [][]string
	var compared []string
	for j, c := range v.choices {
		was, is := raw.column(at[c.Column.Name]), v.column(j)
		if d := anonymise.Variation(was, is, missing, v.leaves(j)); !math.IsNaN(d) {
			out.Variation[c.Column.Name] = d
		}
		if c.Column.Type != questionnaires.RankColumn && answeredBy(was)*2 >= len(was) { // of few, chance alone makes strong pairs
			before, after, compared = append(before, was), append(after, is), append(compared, c.Column.Name)
		}
		if c.Column.Role() == "sensitive_high" {
			if d, ok := v.diversity(j); ok {
				out.Sensitive[c.Column.Name] = d
			}
		}
	}
	if len(raw.rows) <= mostPairs {
		for _, a := range anonymise.Associations(before, after, unsaid, strongest) {
			out.Pairs = append(out.Pairs, insidePair{compared[a.A], compared[a.B], a.Before, a.After})
		}
	}
	return out
}

// column gives the cells of a column.
func (sh *sheet) column(j int) []string {
	out := make([]string, len(sh.rows))
	for r, row := range sh.rows {
		out[r] = row[j]
	}
	return out
}

func answeredBy(cells []string) (n int) {
	for _, cell := range cells {
		if !missing(cell) {
			n++
		}
	}
	return n
}

// leaves gives the answers that a cell of a column stands for; nil where it stands for itself.
func (v version) leaves(j int) func(string) []string {
	c := v.choices[j]
	if c.Treatment != Coarse {
		return nil
	}
	below := map[string][]string{}
	hierarchies, err := ways(c.Column.Question)
	if err != nil {
		return nil // the search has refused such a question before
	}
	for _, h := range hierarchies {
		if h.Name != v.done.ways[c.Column.Name] {
			continue
		}
		for _, leaf := range h.Leaves {
			if shown := h.Up[leaf][v.done.levels[c.Column.Name]]; leaf != otherMissing {
				below[shown] = append(below[shown], leaf)
			}
		}
	}
	return func(cell string) []string { return below[cell] }
}

// diversity measures the answers to a question that show against the classes they show in. That an
// answer was merged as rare is one of them; the distance t, which may follow the order of the
// answers, leaves it out.
func (sh *sheet) diversity(j int) (insideDiversity, bool) {
	var cells, plain [][]string
	var answers, named []string
	for r, key := range sh.keyCells() {
		if cell := sh.rows[r][j]; substantive(cell) {
			if cells, answers = append(cells, key), append(answers, cell); cell != cellRare {
				plain, named = append(plain, key), append(named, cell)
			}
		}
	}
	d := anonymise.Diverse(cells, answers)
	return insideDiversity{L: d.L, EntropyL: d.EntropyL, T: anonymise.Diverse(plain, named).T}, len(cells) > 0
}

// lossesOf is the normalised certainty penalty of each key over the rows, suppressed cells counting 1.
func (sh *sheet) lossesOf(o outcome) map[string]float64 {
	out := map[string]float64{}
	for _, j := range sh.keys() {
		name := sh.choices[j].Column.Name
		hierarchies, err := ways(sh.choices[j].Column.Question)
		if err != nil {
			continue // the search has refused such a question before
		}
		below, all := map[string]int{}, 1
		for _, h := range hierarchies {
			if h.Name != o.ways[name] {
				continue
			}
			for _, leaf := range h.Leaves {
				below[h.Up[leaf][o.levels[name]]]++
			}
			all = len(h.Leaves)
		}
		sum := 0.0
		for _, row := range sh.rows {
			if row[j] == cellLocal {
				sum++
			} else {
				sum += float64(below[row[j]]-1) / float64(max(1, all-1))
			}
		}
		out[name] = sum / float64(max(1, len(sh.rows)))
	}
	return out
}

// closed lists the conditions that some row does not decide any more.
func (v version) closed() []insideRoute {
	coarsened := map[int]bool{}
	for _, j := range v.keys() {
		coarsened[j] = v.done.levels[v.choices[j].Column.Name] > 0
	}
	name := func(at []int) []string {
		var out []string
		for _, j := range at {
			out = append(out, v.choices[j].Column.Name)
		}
		return out
	}
	var out []insideRoute
	for _, r := range v.routesOf(v.plan, coarsened) {
		n := 0
		for _, row := range v.rows {
			if r.undecided(row) {
				n++
			}
		}
		if n > 0 {
			out = append(out, insideRoute{Condition: r.source, HangsOn: r.variables, Decides: name(r.decide), Rows: n})
		}
	}
	return out
}
