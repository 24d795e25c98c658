package anonymise

import (
	"cmp"
	"math"
	"slices"
)

// Wildcard counts for each row of cells how many rows match it where a cell that is missing says,
// on either side, matches anything: the way sdcMicro counts. It is for comparison only; a row may
// match k others like this and still be the only one an attacker who knows the true values can mean.
// Without missing cells it is the size of the row's class.
func Wildcard(cells [][]string, missing func(cell string) bool) []int {
	type shape struct {
		key   string
		n     int
		cells []string
	}
	var shapes []shape
	at, of := map[string]int{}, make([]int, len(cells))
	for r, row := range cells {
		key := join(row)
		i, ok := at[key]
		if !ok {
			i = len(shapes)
			at[key] = i
			shapes = append(shapes, shape{key: key, cells: row})
		}
		shapes[i].n++
		of[r] = i
	}
	matches := func(a, b []string) bool {
		for j := range a {
			if a[j] != b[j] && !missing(a[j]) && !missing(b[j]) {
				return false
			}
		}
		return true
	}
	sums := make([]int, len(shapes))
	for i := range shapes {
		for j := range shapes {
			if i == j || matches(shapes[i].cells, shapes[j].cells) {
				sums[i] += shapes[j].n
			}
		}
	}
	out := make([]int, len(cells))
	for r, i := range of {
		out[r] = sums[i]
	}
	return out
}

// Variation is the total variation distance between what two columns say: half the sum of the
// differences between the shares of their values, 0 for equal and 1 for disjoint distributions.
// Cells that are missing count in neither; leaves gives the values a released cell stands for,
// which share its weight equally. It is NaN where a column says nothing.
func Variation(raw, released []string, missing func(string) bool, leaves func(string) []string) float64 {
	before, after := map[string]float64{}, map[string]float64{}
	n, m := 0.0, 0.0
	for _, cell := range raw {
		if !missing(cell) {
			before[cell]++
			n++
		}
	}
	for _, cell := range released {
		if missing(cell) {
			continue
		}
		values := []string{cell}
		if leaves != nil {
			values = leaves(cell)
		}
		for _, v := range values {
			after[v] += 1 / float64(len(values))
		}
		m++
	}
	if n == 0 || m == 0 {
		return math.NaN()
	}
	var terms []float64
	for v, x := range before {
		terms = append(terms, math.Abs(x/n-after[v]/m))
	}
	for v, x := range after {
		if before[v] == 0 {
			terms = append(terms, x/m)
		}
	}
	return total(terms) / 2
}

// total adds terms up in the order of their sizes: a map gives them in any order, and a report must
// come out the same to the last digit.
func total(terms []float64) (sum float64) {
	slices.Sort(terms)
	for _, x := range terms {
		sum += x
	}
	return sum
}

// Cramer is Cramér's V of two columns over the rows in which neither cell is missing, from 0 for
// independent to 1 (Cramér 1946, without correction for small tables). It is 0 where a column has
// fewer than two values.
func Cramer(a, b []string, missing func(string) bool) float64 {
	type pair struct{ a, b string }
	joint, left, right := map[pair]float64{}, map[string]float64{}, map[string]float64{}
	n := 0.0
	for r := range a {
		if missing(a[r]) || missing(b[r]) {
			continue
		}
		joint[pair{a[r], b[r]}]++
		left[a[r]]++
		right[b[r]]++
		n++
	}
	smaller := min(len(left), len(right)) - 1
	if n == 0 || smaller < 1 {
		return 0
	}
	// χ²/n = Σ o²/(row·column) − 1
	terms := make([]float64, 0, len(joint))
	for p, o := range joint {
		terms = append(terms, o*o/(left[p.a]*right[p.b]))
	}
	return math.Sqrt(max(0, total(terms)-1) / float64(smaller))
}

// Association is how strongly two columns hang together, before and after protection.
type Association struct {
	A, B          int // places of the columns
	Before, After float64
}

// Associations compares the pairs of columns that hang together most before protection, at most
// most of them, the strongest first. Columns are cells in row order; those released may be fewer
// rows than the raw ones.
func Associations(raw, released [][]string, missing func(string) bool, most int) []Association {
	var all []Association
	for i := range raw {
		for j := range i {
			if v := Cramer(raw[j], raw[i], missing); v > 0 {
				all = append(all, Association{A: j, B: i, Before: v})
			}
		}
	}
	slices.SortFunc(all, func(x, y Association) int {
		return cmp.Or(-cmp.Compare(x.Before, y.Before), x.A-y.A, x.B-y.B)
	})
	all = all[:min(most, len(all))]
	for k := range all {
		all[k].After = Cramer(released[all[k].A], released[all[k].B], missing)
	}
	return all
}
