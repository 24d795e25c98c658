package exports

import (
	"slices"
	"sort"

	"rondo/questionnaires"
)

// merge makes rare answers of open columns indistinguishable: -97 takes in the
// smallest categories until it holds at least m cells; where a column has fewer
// than m answers, all of it becomes -96. It says how many cells changed.
func (sh *sheet) merge(m int) int {
	n := 0
	for _, block := range sh.blocks() {
		kind := sh.choices[block[0]].Column.Question.Kind
		for _, j := range block {
			n += sh.mergeColumn(j, m)
		}
		together := kind == questionnaires.Ranking || kind == questionnaires.Multi && sh.exclusive(block[0])
		if kind != questionnaires.Ranking && kind != questionnaires.Multi {
			continue
		}
		n += sh.hideDeducible(block, sh.all(), together)
	}
	return n
}

func (sh *sheet) all() []int {
	out := make([]int, len(sh.rows))
	for r := range out {
		out[r] = r
	}
	return out
}

func (sh *sheet) mergeColumn(j, m int) int {
	counts := map[string]int{}
	pool := 0
	for _, row := range sh.rows {
		switch cell := row[j]; {
		case cell == cellRare:
			pool++
		case !missing(cell):
			counts[cell]++
		}
	}
	values := make([]string, 0, len(counts))
	for v := range counts {
		values = append(values, v)
	}
	sort.Slice(values, func(a, b int) bool {
		if counts[values[a]] != counts[values[b]] {
			return counts[values[a]] < counts[values[b]]
		}
		return values[a] < values[b]
	})
	into := map[string]string{}
	for _, v := range values {
		if counts[v] >= m && (pool == 0 || pool >= m) {
			break
		}
		pool += counts[v]
		into[v] = cellRare
	}
	if pool > 0 && pool < m {
		for v := range into {
			into[v] = cellLocal
		}
		into[cellRare] = cellLocal
	}
	return sh.turn(j, into)
}

func (sh *sheet) turn(j int, into map[string]string) int {
	n := 0
	for _, row := range sh.rows {
		if to, ok := into[row[j]]; ok && row[j] != to {
			row[j] = to
			n++
		}
	}
	return n
}

// exclusive says whether a multiple choice has an option that excludes others.
func (sh *sheet) exclusive(j int) bool {
	return slices.ContainsFunc(sh.choices[j].Column.Question.Options, func(o questionnaires.Option) bool { return o.Exclusive && o.Missing == 0 })
}

// hideDeducible hides the rest of a multiple choice or ranking, in the given
// rows, where what is still shown would tell what was hidden: where only one
// answer can be left, or, if together, where anything was hidden.
func (sh *sheet) hideDeducible(block, rows []int, together bool) int {
	tells := false
	for _, r := range rows {
		gone, zeros, others := 0, 0, 0
		for _, j := range block {
			switch cell := sh.rows[r][j]; {
			case cell == cellRare || cell == cellLocal:
				gone++
			case cell == "0":
				zeros++
			case !missing(cell):
				others++
			}
		}
		tells = tells || gone > 0 && zeros+others > 0 && (together || others == 0)
	}
	if !tells {
		return 0
	}
	n := 0
	for _, r := range rows {
		for _, j := range block {
			if !missing(sh.rows[r][j]) || sh.rows[r][j] == cellRare {
				sh.rows[r][j] = cellLocal
				n++
			}
		}
	}
	return n
}
