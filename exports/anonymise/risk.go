package anonymise

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Exposure is how findable the records of a file are by their keys, counted
// strictly.
type Exposure struct {
	Sizes    []int     // size of its class, by row (fk)
	Weights  []float64 // sum of weights of its class, by row (Fk); nil without weights
	Risks    []float64 // chance of re-identification, by row
	Classes  int
	MinClass int
	Uniques  int
}

// Expose counts the classes of rows of cells; weights, one per row, may be nil.
// Without weights the risk of a record is 1 / size of its class; with weights it
// is the individual risk of Benedetti and Franconi.
func Expose(cells [][]string, weights []float64) Exposure {
	e := Exposure{Sizes: make([]int, len(cells)), Risks: make([]float64, len(cells))}
	class := make([]int, len(cells))
	at := map[string]int{}
	var sizes []int
	var sums []float64
	for r, row := range cells {
		key := join(row)
		i, ok := at[key]
		if !ok {
			i = len(sizes)
			at[key] = i
			sizes, sums = append(sizes, 0), append(sums, 0)
		}
		sizes[i]++
		if weights != nil {
			sums[i] += weights[r]
		}
		class[r] = i
	}
	e.Classes = len(sizes)
	for i, n := range sizes {
		if i == 0 || n < e.MinClass {
			e.MinClass = n
		}
		if n == 1 {
			e.Uniques++
		}
	}
	if weights != nil {
		e.Weights = make([]float64, len(cells))
	}
	for r, i := range class {
		e.Sizes[r] = sizes[i]
		e.Risks[r] = 1 / float64(sizes[i])
		if weights != nil {
			e.Weights[r] = sums[i]
			e.Risks[r] = individual(sizes[i], sums[i])
		}
	}
	return e
}

// join makes one string of a row such that different rows give different
// strings.
func join(row []string) string {
	var b strings.Builder
	n := 0
	for _, cell := range row {
		n += len(cell) + 4
	}
	b.Grow(n)
	for _, cell := range row {
		b.WriteString(strconv.Itoa(len(cell)))
		b.WriteByte(':')
		b.WriteString(cell)
	}
	return b.String()
}

// individual is the posterior mean of 1 / F given f sampled records with
// weights adding up to sum (Benedetti and Franconi 1998).
func individual(f int, sum float64) float64 {
	p := float64(f) / sum
	if p >= 1 {
		return 1 / float64(f)
	}
	q := 1 - p
	switch f {
	case 1:
		return -p * math.Log(p) / q
	case 2:
		return p * (p*math.Log(p) + q) / (q * q)
	case 3:
		return p * (p*(3*p-4) + 1 - 2*p*p*math.Log(p)) / (2 * q * q * q)
	}
	return p / (float64(f) - q)
}

// Below counts the records that stand in classes smaller than k.
func (e Exposure) Below(k int) int {
	n := 0
	for _, size := range e.Sizes {
		if size < k {
			n++
		}
	}
	return n
}

// Expected is the number of re-identifications to expect: the sum of risks.
func (e Exposure) Expected() float64 {
	sum := 0.0
	for _, risk := range e.Risks {
		sum += risk
	}
	return sum
}

// Candidates gives for each row how many released rows an attacker who knows
// its true values at the released levels cannot exclude: those that agree in
// every cell that is not suppressed.
func Candidates(truth, released [][]string) []int {
	if len(released) == 0 {
		return nil
	}
	type pattern struct {
		fixed []int
		count map[string]int
	}
	patterns := map[string]*pattern{}
	var order []*pattern
	cells := make([]string, 0, len(released[0]))
	for _, row := range released {
		shape := make([]byte, len(row))
		for j, cell := range row {
			shape[j] = '0'
			if cell == Suppressed {
				shape[j] = '1'
			}
		}
		p := patterns[string(shape)]
		if p == nil {
			p = &pattern{count: map[string]int{}}
			for j, cell := range row {
				if cell != Suppressed {
					p.fixed = append(p.fixed, j)
				}
			}
			patterns[string(shape)] = p
			order = append(order, p)
		}
		p.count[project(row, p.fixed, cells)]++
	}
	out := make([]int, len(truth))
	for r, row := range truth {
		for _, p := range order {
			out[r] += p.count[project(row, p.fixed, cells)]
		}
	}
	return out
}

func project(row []string, fixed []int, cells []string) string {
	cells = cells[:0]
	for _, j := range fixed {
		cells = append(cells, row[j])
	}
	return join(cells)
}

func numbers(cells []string) ([]float64, error) {
	out := make([]float64, len(cells))
	for r, cell := range cells {
		x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || x <= 0 {
			return nil, fmt.Errorf("%w: row %d has the weight %q; weights are numbers above 0", ErrOption, r+1, cell)
		}
		out[r] = x
	}
	return out, nil
}

func least(ns []int) int {
	if len(ns) == 0 {
		return 0
	}
	m := ns[0]
	for _, n := range ns {
		m = min(m, n)
	}
	return m
}
