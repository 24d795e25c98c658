package anonymise

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Total is what a dimension says in a row that adds up over it.
const Total = "Total"

// mostCells bounds the tables that Protect works on.
const mostCells = 3000

// ProtectOptions say which table is protected and how.
type ProtectOptions struct {
	Dims      []string
	Freq      string // column of counts
	Threshold int    // counts from 1 to below this are hidden
}

// ProtectReport is what protecting a table of counts came to; its keys are part
// of the product's contract.
type ProtectReport struct {
	Cells       int      `json:"cells"`
	Primary     int      `json:"primary"`
	Secondary   int      `json:"secondary"`
	IntervalMin *float64 `json:"interval_min"` // narrowest range left open for a primary cell; null where none is bounded
	Audited     bool     `json:"audited"`      // every such range was computed exactly and is at least Threshold wide
	Seconds     float64  `json:"seconds"`
}

// WriteJSON writes the report, indented.
func (r ProtectReport) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// grid is a table of counts as a system of sums over inner cells.
type grid struct {
	count   []int
	inner   []int   // place among the inner cells, -1 for a total
	members [][]int // inner cells that a cell adds up, by their place
	width   int     // number of inner cells
	cellOf  []int   // inner place → cell
	primary []bool
	hidden  []bool
}

// Protect hides the small counts of a table and as many others as it takes that
// nobody can compute one back: the table comes back with the columns primary and
// secondary. It first publishes what cannot help an attacker, the largest counts
// first, then audits what an attacker could conclude about each small count and
// hides more until every one is open over at least Threshold values.
func Protect(t *Table, o ProtectOptions) (*Table, ProtectReport, error) {
	g, err := gridOf(t, o)
	if err != nil {
		return nil, ProtectReport{}, err
	}
	report := ProtectReport{Cells: len(g.count)}
	for _, p := range g.primary {
		if p {
			report.Primary++
		}
	}
	if report.Primary > 0 {
		width := float64(o.Threshold)
		narrow, exact := g.protect(width, report.Primary)
		report.Audited = exact && narrow >= width
		if !math.IsInf(narrow, 1) {
			report.IntervalMin = &narrow
		}
	} else {
		report.Audited = true
	}
	out := &Table{Names: append(slices.Clone(t.Names), "primary", "secondary"), Comma: t.Comma}
	for i, row := range t.Rows {
		second := g.hidden[i] && !g.primary[i]
		if second {
			report.Secondary++
		}
		out.Rows = append(out.Rows, append(slices.Clone(row), strconv.FormatBool(g.primary[i]), strconv.FormatBool(second)))
	}
	return out, report, nil
}

func gridOf(t *Table, o ProtectOptions) (*grid, error) {
	if o.Threshold < 1 {
		return nil, fmt.Errorf("%w: the threshold must be at least 1", ErrOption)
	}
	if len(t.Rows) > mostCells {
		return nil, fmt.Errorf("%w: %d cells are more than %d", ErrOption, len(t.Rows), mostCells)
	}
	for _, name := range []string{"primary", "secondary"} {
		if slices.Contains(t.Names, name) {
			return nil, fmt.Errorf("%w: the file already has a column %q", ErrOption, name)
		}
	}
	columns, err := t.columns(o.Dims)
	if err != nil {
		return nil, err
	}
	freq, err := t.Column(o.Freq)
	if err != nil {
		return nil, err
	}
	g := &grid{primary: make([]bool, len(freq)), hidden: make([]bool, len(freq)), inner: make([]int, len(freq))}
	seen := map[string]bool{}
	rows := transpose(columns, len(freq))
	for i, cell := range freq {
		n, err := strconv.Atoi(strings.TrimSpace(cell))
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%w: row %d: %q is no count", ErrTable, i+1, cell)
		}
		if key := join(rows[i]); seen[key] {
			return nil, fmt.Errorf("%w: row %d stands there twice", ErrTable, i+1)
		} else {
			seen[key] = true
		}
		g.count = append(g.count, n)
		g.primary[i] = n > 0 && n < o.Threshold
		g.hidden[i] = g.primary[i]
		if g.inner[i] = -1; !slices.Contains(rows[i], Total) {
			g.inner[i] = g.width
			g.cellOf = append(g.cellOf, i)
			g.width++
		}
	}
	return g, g.sums(rows)
}

// sums finds the inner cells of each total and checks that they add up.
func (g *grid) sums(rows [][]string) error {
	g.members = make([][]int, len(rows))
	for i, row := range rows {
		if g.inner[i] >= 0 {
			g.members[i] = []int{g.inner[i]}
			continue
		}
		sum := 0
		for place, c := range g.cellOf {
			under := true
			for d, v := range row {
				under = under && (v == Total || v == rows[c][d])
			}
			if under {
				g.members[i] = append(g.members[i], place)
				sum += g.count[c]
			}
		}
		if sum != g.count[i] {
			return fmt.Errorf("%w: row %d says %d, its cells add up to %d", ErrTable, i+1, g.count[i], sum)
		}
	}
	return nil
}

// protect hides cells and audits, several times over in different orders where
// the table is small enough, and keeps what hides the fewest cells.
func (g *grid) protect(width float64, small int) (narrow float64, exact bool) {
	best, cells, sum := []bool(nil), 0, 0
	for i := range attempts {
		copy(g.hidden, g.primary)
		var noise *rand.Rand
		if i > 0 {
			noise = rand.New(rand.NewPCG(uint64(i), 2015))
		}
		g.hide(noise)
		if n, e := g.widen(width); e && n >= width {
			g.thin(width)
		}
		n, e := g.widen(width)
		count, total := 0, 0
		for c, h := range g.hidden {
			if h {
				count++
				total += g.count[c]
			}
		}
		ok, was := e && n >= width, exact && narrow >= width
		if best == nil || ok && !was || ok == was && (count < cells || count == cells && total < sum) {
			best, cells, sum, narrow, exact = slices.Clone(g.hidden), count, total, n, e
		}
		if len(g.count)*small > 5_000 {
			break
		}
	}
	copy(g.hidden, best)
	return narrow, exact
}

// attempts is how often a small table is protected anew.
const attempts = 25

// hide decides which cells to publish: in the order of their usefulness, each
// that does not, together with those published before, determine a primary cell
// (the elimination of Langsrud).
func (g *grid) hide(noise *rand.Rand) {
	var basis, small [][]uint64
	var pivots []int
	for i, p := range g.primary {
		if p {
			small = append(small, g.vector(i))
		}
	}
	for _, i := range g.order(noise) {
		v := g.vector(i)
		for b, row := range basis {
			eliminate(v, row, pivots[b])
		}
		pivot := slices.IndexFunc(v, func(x uint64) bool { return x != 0 })
		if pivot < 0 {
			continue // follows from what is published anyway
		}
		if slices.ContainsFunc(small, func(p []uint64) bool { return parallel(p, v, pivot) }) {
			g.hidden[i] = true
			continue
		}
		basis, pivots = append(basis, v), append(pivots, pivot)
		for _, p := range small {
			eliminate(p, v, pivot)
		}
	}
}

func (g *grid) vector(i int) []uint64 {
	v := make([]uint64, g.width)
	for _, m := range g.members[i] {
		v[m] = 1
	}
	return v
}

// order lists the cells that are not small: zeros first, since everybody can
// guess them, then totals over more cells, then larger counts.
// Noise, where not nil, makes the order of counts vary.
func (g *grid) order(noise *rand.Rand) []int {
	var out []int
	worth := make([]float64, len(g.count))
	for i, n := range g.count {
		if worth[i] = float64(n); noise != nil {
			worth[i] *= 1 + 2*noise.Float64()
		}
		if !g.primary[i] {
			out = append(out, i)
		}
	}
	rank := func(i int) (zero bool, reach int, count float64) {
		return g.count[i] == 0, len(g.members[i]), worth[i]
	}
	sort.SliceStable(out, func(a, b int) bool {
		za, ra, ca := rank(out[a])
		zb, rb, cb := rank(out[b])
		switch {
		case za != zb:
			return za
		case (ra > 1) != (rb > 1):
			return ra > 1
		case ca != cb:
			return ca > cb
		}
		return ra > rb
	})
	return out
}
