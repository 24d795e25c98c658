package wave

import (
	"fmt"
	"slices"
)

// Frame is how many employers of one office are invited, with what its grouping depends on.
type Frame struct {
	Office   string // code
	Language string // of the office
	Large    bool
	Invited  int
}

// Groups partitions the offices into feedback groups, each with at least LeastGroup invited
// employers where the frame allows: an office alone if it has enough, else together with
// neighbours of like language and size, else of like language, else with whoever is left.
// It returns the group of each office, by code; groups are named G1, G2, …
func Groups(frame []Frame) map[string]string {
	offices := slices.Clone(frame)
	slices.SortStableFunc(offices, func(a, b Frame) int { return number(a.Office) - number(b.Office) })
	var groups [][]Frame
	var small []Frame
	for _, f := range offices {
		if f.Invited >= LeastGroup {
			groups = append(groups, []Frame{f})
		} else {
			small = append(small, f)
		}
	}
	// Each pass merges what the pass before could not fill, under a weaker likeness.
	likeness := []func(Frame) string{
		func(f Frame) string { return fmt.Sprint(f.Language, f.Large) },
		func(f Frame) string { return f.Language },
		func(f Frame) string { return fmt.Sprint(f.Language == "de") },
		func(Frame) string { return "" },
	}
	for _, like := range likeness {
		var full [][]Frame
		full, small = gather(small, like)
		groups = append(groups, full...)
	}
	if len(small) > 0 {
		if i := nearest(groups, small); i >= 0 {
			groups[i] = append(groups[i], small...)
		} else {
			groups = append(groups, small)
		}
	}
	return named(groups)
}

// gather puts offices that are alike together until each group has enough; offices of a
// likeness that never reaches enough are left.
func gather(offices []Frame, like func(Frame) string) (full [][]Frame, left []Frame) {
	buckets := map[string][]Frame{}
	for _, f := range offices {
		buckets[like(f)] = append(buckets[like(f)], f)
	}
	for _, k := range sortedKeys(buckets) {
		var group []Frame
		before := len(full)
		for _, f := range buckets[k] {
			if group = append(group, f); invited(group) >= LeastGroup {
				full = append(full, group)
				group = nil
			}
		}
		switch {
		case len(group) == 0:
		case len(full) > before:
			full[len(full)-1] = append(full[len(full)-1], group...)
		default:
			left = append(left, group...)
		}
	}
	slices.SortStableFunc(left, func(a, b Frame) int { return number(a.Office) - number(b.Office) })
	return full, left
}

// nearest is the smallest group that shares the language of the first of the offices left,
// else the smallest of all; -1 without groups.
func nearest(groups [][]Frame, left []Frame) int {
	best := -1
	for _, same := range []bool{true, false} {
		for i, g := range groups {
			if same && g[0].Language != left[0].Language {
				continue
			}
			if best < 0 || invited(g) < invited(groups[best]) {
				best = i
			}
		}
		if best >= 0 {
			return best
		}
	}
	return best
}

func invited(group []Frame) (n int) {
	for _, f := range group {
		n += f.Invited
	}
	return n
}

func named(groups [][]Frame) map[string]string {
	slices.SortFunc(groups, func(a, b []Frame) int { return lowest(a) - lowest(b) })
	names := map[string]string{}
	for i, g := range groups {
		for _, f := range g {
			names[f.Office] = fmt.Sprintf("G%d", i+1)
		}
	}
	return names
}

func lowest(group []Frame) int {
	n := number(group[0].Office)
	for _, f := range group {
		n = min(n, number(f.Office))
	}
	return n
}

func number(code string) int {
	if o, ok := OfficeByCode(code); ok {
		return o.Number
	}
	return 1000
}
