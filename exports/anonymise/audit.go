package anonymise

import (
	"math"
	"sort"
)

// widen hides further cells until every primary cell is open over at least
// width values for an attacker who knows all published ones, or nothing is left
// to hide. It gives the narrowest range and whether all were exact.
func (g *grid) widen(width float64) (narrowest float64, exact bool) {
	for {
		worst, at := math.Inf(1), -1
		exact = true
		for i, p := range g.primary {
			if !p {
				continue
			}
			low, high, sure := g.interval(i)
			exact = exact && sure
			if high-low < worst {
				worst, at = high-low, i
			}
		}
		if worst >= width || !g.more(at, worst) {
			return worst, exact
		}
	}
}

// thin publishes again what turned out not to be needed: each cell hidden beside
// the primary ones, the largest first, without which every range is still wide
// enough.
func (g *grid) thin(width float64) {
	var extra, small []int
	for i, h := range g.hidden {
		switch {
		case g.primary[i]:
			small = append(small, i)
		case h:
			extra = append(extra, i)
		}
	}
	if len(extra)*len(small) > mostAudits {
		return
	}
	sort.SliceStable(extra, func(a, b int) bool { return g.count[extra[a]] > g.count[extra[b]] })
	for _, i := range extra {
		g.hidden[i] = false
		for _, p := range small {
			if low, high, exact := g.interval(p); !exact || high-low < width {
				g.hidden[i] = true
				break
			}
		}
	}
}

// mostAudits bounds the ranges computed for thinning.
const mostAudits = 20_000

// more hides one more published cell: the smallest that widens the range of a
// primary cell, else the smallest of all.
func (g *grid) more(at int, before float64) bool {
	var open []int
	for i, h := range g.hidden {
		if !h && g.count[i] > 0 {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return false
	}
	sort.SliceStable(open, func(a, b int) bool { return g.count[open[a]] < g.count[open[b]] })
	for _, i := range open[:min(60, len(open))] {
		g.hidden[i] = true
		if low, high, _ := g.interval(at); high-low > before {
			return true
		}
		g.hidden[i] = false
	}
	g.hidden[open[0]] = true
	return true
}

// interval is what an attacker can conclude about a cell: its smallest and
// largest value given all published cells. Exact says that both are attained by
// whole numbers.
func (g *grid) interval(i int) (low, high float64, exact bool) {
	column := map[int]int{} // hidden inner cell → variable
	for place, c := range g.cellOf {
		if g.hidden[c] {
			column[place] = len(column)
		}
	}
	var a [][]float64
	var b []float64
	for c, members := range g.members {
		if g.hidden[c] || g.inner[c] >= 0 {
			continue
		}
		row, rest, open := make([]float64, len(column)), g.count[c], false
		for _, m := range members {
			if v, ok := column[m]; ok {
				row[v], open = 1, true
			} else {
				rest -= g.count[g.cellOf[m]]
			}
		}
		if open {
			a, b = append(a, row), append(b, float64(rest))
		}
	}
	target, known := make([]float64, len(column)), 0.0
	for _, m := range g.members[i] {
		if v, ok := column[m]; ok {
			target[v] = 1
		} else {
			known += float64(g.count[g.cellOf[m]])
		}
	}
	top, sureTop := maximum(a, b, target)
	for v := range target {
		target[v] = -target[v]
	}
	bottom, sureBottom := maximum(a, b, target)
	low, high = known-bottom, known+top
	return math.Ceil(low - 1e-6), math.Floor(high + 1e-6), sureTop && sureBottom
}

// maximum of target·x over x ≥ 0 with a·x = b, by the simplex method; +Inf where
// it has none. Whole says that it is attained by whole numbers. The system has a
// solution, since the true counts are one.
func maximum(a [][]float64, b, target []float64) (value float64, whole bool) {
	n, m := len(target), len(a)
	tab := make([][]float64, m)
	base := make([]int, m)
	for i := range a {
		tab[i] = make([]float64, n+m+1)
		copy(tab[i], a[i])
		tab[i][n+i], tab[i][n+m], base[i] = 1, b[i], n+i
	}
	phase := make([]float64, n+m)
	for j := n; j < n+m; j++ {
		phase[j] = -1
	}
	climb(tab, base, phase, n+m)
	// Artificial variables that are still in the base stand at 0: swap them out.
	for i, v := range base {
		if v < n {
			continue
		}
		for j := range n {
			if math.Abs(tab[i][j]) > 1e-9 {
				swap(tab, base, i, j)
				break
			}
		}
	}
	goal := make([]float64, n+m)
	copy(goal, target)
	if !climb(tab, base, goal, n) {
		return math.Inf(1), true
	}
	whole = true
	for i, v := range base {
		if v < n {
			x := tab[i][n+m]
			value += target[v] * x
			whole = whole && math.Abs(x-math.Round(x)) < 1e-6
		}
	}
	return value, whole
}

// climb improves a basic solution until it is the best for goal, entering only
// the first allowed variables; false where there is no best.
func climb(tab [][]float64, base []int, goal []float64, allowed int) bool {
	last := len(goal)
	for {
		enter := -1
		for j := range allowed { // the first that gains: cannot cycle
			gain := goal[j]
			for i, v := range base {
				gain -= goal[v] * tab[i][j]
			}
			if gain > 1e-9 {
				enter = j
				break
			}
		}
		if enter < 0 {
			return true
		}
		leave, best := -1, math.Inf(1)
		for i := range tab {
			if tab[i][enter] <= 1e-9 {
				continue
			}
			ratio := tab[i][last] / tab[i][enter]
			if ratio < best-1e-12 || ratio < best+1e-12 && base[i] < base[leave] {
				leave, best = i, ratio
			}
		}
		if leave < 0 {
			return false
		}
		swap(tab, base, leave, enter)
	}
}

// swap makes a variable basic in a row.
func swap(tab [][]float64, base []int, row, variable int) {
	pivot := tab[row][variable]
	for j := range tab[row] {
		tab[row][j] /= pivot
	}
	for i := range tab {
		if factor := tab[i][variable]; i != row && factor != 0 {
			for j := range tab[i] {
				tab[i][j] -= factor * tab[row][j]
			}
		}
	}
	base[row] = variable
}
