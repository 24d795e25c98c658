package exports

import (
	"fmt"

	"rondo/exports/anonymise"
	"rondo/questionnaires"
)

// rounds bounds how often merging, hiding and closing may set each other off.
const rounds = 10

// outcome is what protection did; the report is made of it.
type outcome struct {
	levels    map[string]int    // key column → level
	ways      map[string]string // key column → name of the hierarchy taken
	ncp       float64
	nodes     int // nodes of the lattice
	reachable int // of these, with every class at least k
	tried     int // until one also held after the answers were protected
	raw       anonymise.Exposure
	released  anonymise.Exposure
	candidate int // fewest candidates
	left      int // records left out

	from  *sheet      // whose keys were searched first
	found []candidate // there, without leaving out more records

	chosen candidate
}

// protect turns gathered rows into rows that may leave under the profile.
// Fewer rows than k is ErrTooFew; where only a file without any key would hold,
// ErrUnreachable.
func protect(sh *sheet, plan Plan, at step) (*sheet, outcome, error) {
	p := plan.Profile
	var out outcome
	if len(sh.rows) < p.K {
		return nil, out, fmt.Errorf("%w: the profile %s needs at least %d answers", ErrTooFew, p.Name, p.K)
	}
	sh = sh.clone()
	out.left = sh.leaveOut(plan)
	if len(sh.rows) < p.K {
		return nil, out, fmt.Errorf("%w: the profile %s needs at least %d answers", ErrTooFew, p.Name, p.K)
	}
	// All records first, at most with single cells of the keys suppressed; only where that cannot
	// be, without a few records.
	for i, spare := range []int{0, int(p.DropMax*float64(len(sh.rows)+out.left)) - out.left} {
		if i > 0 && spare <= 0 {
			continue
		}
		candidates, err := sh.search(p, spare, &out, at)
		if err != nil {
			return nil, out, err
		}
		if i == 0 {
			out.from, out.found = sh, candidates
		}
		for j, c := range candidates {
			if err := at("answers", j, len(candidates)); err != nil {
				return nil, out, err
			}
			out.tried++
			tried := sh.clone()
			if !tried.settle(plan, c) {
				continue
			}
			out.note(tried, c)
			if out.released.MinClass < p.K || out.candidate < p.K {
				return nil, out, fmt.Errorf("protect: a class of %d and %d candidates below k=%d", out.released.MinClass, out.candidate, p.K)
			}
			return tried, out, nil
		}
	}
	return nil, out, unreachable(p.K)
}

func unreachable(k int) error {
	return fmt.Errorf("%w: no coarsening of size, branch and region puts every record among at least %d alike; use tables instead", ErrUnreachable, k)
}

// settle puts a node's values into the rows and protects the answers around
// them. It says false where that hides more answers than the profile allows or
// does not come to rest.
func (sh *sheet) settle(plan Plan, c candidate) bool {
	p := plan.Profile
	cells, truth := c.shown()
	if c.keep != nil {
		sh.pick(c.keep)
	}
	coarsened := map[int]bool{}
	for i, j := range sh.keys() {
		for r, row := range sh.rows {
			row[j] = cells[r][i]
			if cells[r][i] != truth[r][i] {
				row[j] = cellLocal
			}
		}
		coarsened[j] = c.node.Levels[i] > 0
	}
	routes, classes := sh.routesOf(plan, coarsened), sh.classes()
	sh.close(routes)
	sh.merge(p.RareMin)
	sh.close(routes)
	before := sh.answers()
	for range rounds {
		n := sh.veil(p, classes) + sh.close(routes) + sh.merge(p.RareMin) + sh.close(routes)
		if float64(before-sh.answers()) > p.AnswerMax*float64(before) {
			return false
		}
		if n == 0 {
			return true
		}
	}
	return false
}

// note records what the chosen node comes to.
func (o *outcome) note(released *sheet, c candidate) {
	if o.chosen = c; c.keep != nil {
		o.left += c.node.Suppressed
	}
	o.levels, o.ways, o.ncp = map[string]int{}, map[string]string{}, c.node.Loss
	shown, truth := c.shown()
	cells := make([][]string, len(released.rows))
	for i, j := range released.keys() {
		name := released.choices[j].Column.Name
		o.levels[name], o.ways[name] = c.node.Levels[i], c.names[i]
		for r, row := range released.rows {
			cells[r] = append(cells[r], row[j])
		}
	}
	o.released = anonymise.Expose(cells, nil)
	o.candidate = len(released.rows)
	for _, n := range anonymise.Candidates(truth, shown) {
		o.candidate = min(o.candidate, n)
	}
}

// leaveOut drops records with a rare answer to a question that decides over a
// good part of the questionnaire, such as "no contact at all": which questions
// they were asked would tell, and hiding that would empty the file. It drops
// nothing where that would cost more records than the profile allows.
func (sh *sheet) leaveOut(plan Plan) int {
	p := plan.Profile
	gone := map[int]bool{}
	for j, decides := range sh.gates(plan) {
		if decides*4 < len(sh.choices) {
			continue
		}
		rows := map[string][]int{}
		for i, row := range sh.rows {
			rows[row[j]] = append(rows[row[j]], i)
		}
		for _, at := range rows {
			if len(at) < p.RareMin {
				for _, i := range at {
					gone[i] = true
				}
			}
		}
	}
	if len(gone) == 0 || float64(len(gone)) > p.DropMax*float64(len(sh.rows)) {
		return 0
	}
	var keep []int
	for i := range sh.rows {
		if !gone[i] {
			keep = append(keep, i)
		}
	}
	sh.pick(keep)
	return len(gone)
}

// gates counts for each open column over how many columns it decides.
func (sh *sheet) gates(plan Plan) map[int]int {
	out := map[int]int{}
	for _, r := range sh.routesOf(plan, nil) {
		for _, j := range r.shown {
			if sh.choices[j].Treatment == Open && sh.choices[j].Column.Type == questionnaires.CodeColumn {
				out[j] += len(r.decide)
			}
		}
	}
	return out
}

func turn(columns [][]string, n int) [][]string {
	out := make([][]string, n)
	for r := range out {
		for _, column := range columns {
			out[r] = append(out[r], column[r])
		}
	}
	return out
}
