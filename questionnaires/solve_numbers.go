package questionnaires

import (
	"slices"
	"strconv"
	"strings"
)

const (
	maxNumbers = 1000 // of one variable that are tried one by one where a formula looks at it
	maxPaired  = 40   // variables that are all compared with one another
)

// onGrid gives the largest whole number of 10^-digits that is not above n, and
// whether it is n itself. Numbers are counted so, because 1.1*10 is not 11 for a
// computer.
func onGrid(n float64, digits int) (int64, bool) {
	whole, fraction, _ := strings.Cut(FormatNumber(n), ".")
	exact := len(fraction) <= digits
	if exact {
		fraction += strings.Repeat("0", digits-len(fraction))
	}
	g, err := strconv.ParseInt(whole+fraction[:digits], 10, 64)
	if err != nil {
		return 0, false
	}
	if !exact && n < 0 {
		g--
	}
	return g, exact
}

// offGrid is the number that onGrid counted.
func offGrid(g int64, digits int) float64 {
	n, err := strconv.ParseFloat(strconv.FormatInt(g, 10)+"e-"+strconv.Itoa(digits), 64)
	if err != nil {
		return 0
	}
	return n + 0
}

// bounds gives the smallest and the largest number a variable accepts.
func (y *slot) bounds() (low, top float64) {
	qu := y.question
	if qu.Kind == Ranking {
		return 1, float64(qu.Top)
	}
	if qu.Min == nil || qu.Max == nil {
		return 0, 0
	}
	return *qu.Min, *qu.Max
}

// span is some neighbouring numbers of a grid, both ends included.
type span struct{ low, top int64 }

// spans cuts the numbers between low and top at some points: each point that
// lies on the grid is a span of its own.
func spans(low, top float64, digits int, points []float64) []span {
	first, exact := onGrid(low, digits)
	if !exact {
		first++
	}
	last, _ := onGrid(top, digits)
	slices.Sort(points)
	var out []span
	add := func(a, b int64) {
		if a <= b {
			out = append(out, span{a, b})
		}
	}
	for _, p := range points {
		if p < low || p > top {
			continue
		}
		g, exact := onGrid(p, digits)
		if exact && g >= first && g <= last {
			add(first, g-1)
			add(g, g)
			first = g + 1
		} else if !exact && g >= first {
			add(first, min(g, last))
			first = g + 1
		}
	}
	add(first, last)
	return out
}

// numberCells gives the classes of a number that is compared with constants
// only: the constants, and what lies between them. A formula may tell all numbers
// apart.
func (x *slice) numberCells(y *slot) []class {
	low, top := y.bounds()
	digits := y.question.Decimals
	var all []class
	for _, s := range spans(low, top, digits, slices.Clone(y.numbers)) {
		if !y.exact {
			all = append(all, numbersFrom(offGrid(s.low, digits), offGrid(s.top, digits)))
			continue
		}
		step := int64(1)
		if s.top-s.low >= maxNumbers {
			x.vast, step = true, (s.top-s.low)/4
		}
		for g := s.low; g <= s.top; g += step {
			n := offGrid(g, digits)
			all = append(all, numbersFrom(n, n))
		}
	}
	return all
}

func numbersFrom(low, top float64) class {
	return class{value: Value{Number: &low}, low: low, top: top}
}

// cutNumbers gives classes to the numbers that are compared with one another.
func (x *slice) cutNumbers() {
	for _, y := range x.slots {
		if y.exact {
			y.spread()
		}
	}
	done := map[*slot]bool{}
	for _, y := range x.slots {
		if len(y.pairs) == 0 || y.exact || done[y] {
			continue
		}
		group := []*slot{y}
		done[y] = true
		for i := 0; i < len(group); i++ {
			for _, z := range group[i].pairs {
				if !done[z] {
					done[z] = true
					group = append(group, z)
				}
			}
		}
		x.share(group)
	}
}

// spread makes every value count of the numbers that one is compared with of
// which every value counts.
func (y *slot) spread() {
	for _, z := range y.pairs {
		if !z.exact {
			z.exact = true
			z.spread()
		}
	}
}

// share gives variables that are compared with one another the same cut points:
// all their constants and limits, and between two of them as many numbers as
// there are variables, so that they can take any order there.
func (x *slice) share(group []*slot) {
	var points []float64
	var levels []int
	low, top := group[0].bounds()
	for _, y := range group {
		a, b := y.bounds()
		low, top = min(low, a), max(top, b)
		points = append(append(points, y.numbers...), a, b)
		levels = append(levels, y.question.Decimals)
	}
	slices.Sort(levels)
	levels = slices.Compact(levels)
	finest := levels[len(levels)-1]
	if len(group) > maxPaired {
		x.vast, group = true, group[:maxPaired]
	}
	var picked []int64
	for _, s := range spans(low, top, finest, points) {
		picked = pick(picked, s, levels, len(group))
	}
	for _, y := range group {
		y.take(picked, finest)
	}
}

// pick adds numbers of a span until any order of `count` variables can be taken
// within it: of the coarsest grid if that has so many there, else also finer ones.
func pick(picked []int64, s span, levels []int, count int) []int64 {
	if len(levels) == 0 || s.low > s.top {
		return picked
	}
	step := int64(1)
	for range levels[len(levels)-1] - levels[0] {
		step *= 10
	}
	first := s.low
	if r := ((s.low % step) + step) % step; r != 0 {
		first += step - r
	}
	enough := first <= s.top && (s.top-first)/step >= int64(count-1)
	for n := range count {
		g := first + int64(n)*step
		if g > s.top {
			break
		}
		picked = append(picked, g)
		if !enough {
			picked = pick(picked, span{s.low, g - 1}, levels[1:], count)
			s.low = g + 1
		}
	}
	if !enough {
		picked = pick(picked, s, levels[1:], count)
	}
	return picked
}

// take gives a variable the picked numbers it accepts as its classes.
func (y *slot) take(picked []int64, digits int) {
	slices.Sort(picked)
	for _, g := range slices.Compact(slices.Clone(picked)) {
		n := offGrid(g, digits)
		low, top := y.bounds()
		if n >= low && n <= top && decimals(n) <= y.question.Decimals {
			y.classes = append(y.classes, class{value: Value{Number: &n}, given: true, low: n, top: n})
		}
	}
	y.classes = append(y.classes, class{}, class{hidden: true})
}
