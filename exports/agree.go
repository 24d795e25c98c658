package exports

import (
	"slices"
	"sort"
	"strings"

	"rondo/questionnaires"
)

// classes lists the rows that share each released combination of keys, in a
// fixed order.
func (sh *sheet) classes() [][]int {
	keys := sh.keys()
	at := map[string][]int{}
	var names []string
	for r, row := range sh.rows {
		parts := make([]string, len(keys))
		for i, j := range keys {
			parts[i] = row[j]
		}
		name := strings.Join(parts, "\x00")
		if at[name] == nil {
			names = append(names, name)
		}
		at[name] = append(at[name], r)
	}
	sort.Strings(names)
	out := make([][]int, len(names))
	for i, name := range names {
		out[i] = at[name]
	}
	return out
}

// veil hides what a whole class agrees on in a sensitive_high column, unless at
// least the share p.Agree of all rows gave that same answer. Where there are but
// two answers, a class hidden beside others that may agree on the common one would
// be known to have given the other: then no class may agree. It says how many cells
// it hid.
func (sh *sheet) veil(p Profile, classes [][]int) int {
	n := 0
	for _, block := range sh.blocks() {
		if sh.choices[block[0]].Column.Question.Role != "sensitive_high" {
			continue
		}
		touched := make([]bool, len(classes))
		for _, j := range block {
			forgiven, distinct := sh.common(j, p.Agree)
			leaks := func(rows []int) bool { return sh.leaks(rows, j, min(p.L, distinct), forgiven) }
			if sh.veiled[j] || slices.ContainsFunc(classes, leaks) {
				sh.noteVeiled(j)
				if distinct <= 2 {
					forgiven = ""
				}
			}
			for c, rows := range classes {
				if leaks(rows) {
					n += sh.hide(rows, j)
					touched[c] = true
				}
			}
		}
		kind := sh.choices[block[0]].Column.Question.Kind
		if kind != questionnaires.Multi && kind != questionnaires.Ranking {
			continue
		}
		together := kind == questionnaires.Ranking || sh.exclusive(block[0])
		for c, rows := range classes {
			if touched[c] {
				n += sh.hideDeducible(block, rows, together)
			}
		}
	}
	return n
}

func (sh *sheet) noteVeiled(j int) {
	if sh.veiled == nil {
		sh.veiled = map[int]bool{}
	}
	sh.veiled[j] = true
}

// common gives the answer that at least a share of the rows with an answer
// gave, if there is one, and how many distinct answers there are.
func (sh *sheet) common(j int, share float64) (value string, distinct int) {
	counts := map[string]int{}
	total := 0
	for _, row := range sh.rows {
		if substantive(row[j]) {
			counts[row[j]]++
			total++
		}
	}
	for v, n := range counts {
		if float64(n) >= share*float64(total) && n > counts[value] {
			value = v
		}
	}
	return value, len(counts)
}

// leaks says whether the rows of a class hold fewer than l distinct answers, a
// single one that is common anyway excepted.
func (sh *sheet) leaks(rows []int, j, l int, forgiven string) bool {
	seen := map[string]bool{}
	for _, r := range rows {
		if cell := sh.rows[r][j]; substantive(cell) {
			seen[cell] = true
		}
	}
	switch len(seen) {
	case 0:
		return false
	case 1:
		return !seen[forgiven] || forgiven == ""
	}
	return len(seen) < l
}

// substantive says whether a cell holds an answer, the merged rare ones
// included.
func substantive(cell string) bool { return !missing(cell) || cell == cellRare }

func (sh *sheet) hide(rows []int, j int) int {
	n := 0
	for _, r := range rows {
		if substantive(sh.rows[r][j]) {
			sh.rows[r][j] = cellLocal
			n++
		}
	}
	return n
}

// answers counts the cells with an answer in the sensitive_high columns.
func (sh *sheet) answers() int {
	n := 0
	for j, c := range sh.choices {
		if c.Column.Question.Role != "sensitive_high" {
			continue
		}
		for _, row := range sh.rows {
			if substantive(row[j]) {
				n++
			}
		}
	}
	return n
}
