package exports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rondo/exports/anonymise"
	"rondo/questionnaires"
)

// Tell is told what a release is at and how far that is: search (ways to coarsen looked at, of all),
// answers (ways tried until the answers, too, are protected, of those that reach k), and for a
// preview ways and methods (described). It is told of each per cent at most.
type Tell func(doing string, done, all int)

// step is called between pieces of work; an error of it ends them.
type step func(doing string, done, all int) error

// steps makes a step that ends with ctx and tells of each per cent; tell may be nil.
func steps(ctx context.Context, tell Tell) step {
	last, before := -1, ""
	return func(doing string, done, all int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := 0
		if all > 0 {
			now = done * 100 / all
		}
		if tell != nil && (doing != before || now != last) {
			last, before = now, doing
			tell(doing, done, all)
		}
		return nil
	}
}

// Lattice says how many ways to coarsen a release of a questionnaire under a profile has to look
// at; 0 for a profile that protects nothing and for one that is never released.
func Lattice(q *questionnaires.Questionnaire, profile string) (int, error) {
	plan, err := PlanFor(q, profile)
	if err != nil {
		return 0, err
	}
	all := 1
	for _, c := range plan.Choices {
		if c.Treatment != Coarse {
			continue
		}
		hierarchies, err := ways(c.Column.Question)
		if err != nil {
			return 0, err
		}
		levels := 0
		for _, h := range hierarchies {
			levels += h.Height() + 1 - plan.Profile.Floor[c.Hierarchy]
		}
		all *= levels
	}
	if !plan.Profile.Release() {
		return 0, nil
	}
	return all, nil
}

// candidate is a node of one of the lattices, with what is suppressed there.
type candidate struct {
	node  anonymise.Node
	names []string         // of the hierarchy taken for each key
	frame *anonymise.Frame // of all rows
	masks func() []uint64  // of the rows: which keys are suppressed, as bits
	keep  []int            // rows kept; nil: all
}

// shown gives the cells that the keys show of the rows kept, and what they would show if none
// were suppressed.
func (c candidate) shown() (cells, truth [][]string) {
	truth = c.frame.Released(c.node.Levels)
	if c.keep != nil {
		truth = pickRows(truth, c.keep)
		return truth, truth
	}
	cells = make([][]string, len(truth))
	for r, mask := range c.masks() {
		cells[r] = slices.Clone(truth[r])
		for j := range cells[r] {
			if mask>>j&1 == 1 {
				cells[r][j] = anonymise.Suppressed
			}
		}
	}
	return cells, truth
}

// search visits every node of every combination of hierarchies and gives those at which every
// record stands in a class of at least k, with no more cells of the keys suppressed than the
// profile allows, the smallest loss first. With spare no cell is suppressed; instead up to spare
// records that stand in smaller classes are left out. The node that shows nothing at all is not
// one of them.
func (sh *sheet) search(p Profile, spare int, out *outcome, at step) ([]candidate, error) {
	keys := sh.keys()
	columns := make([][]string, len(keys))
	options := make([][]*anonymise.Hierarchy, len(keys))
	for i, j := range keys {
		for _, row := range sh.rows {
			cell := row[j]
			if missing(cell) {
				cell = otherMissing
			}
			columns[i] = append(columns[i], cell)
		}
		ways, err := ways(sh.choices[j].Column.Question)
		if err != nil {
			return nil, err
		}
		options[i] = ways
	}
	out.raw = anonymise.Expose(turn(columns, len(sh.rows)), nil)
	lattices, err := sh.lattices(p, columns, options)
	if err != nil {
		return nil, err
	}
	out.nodes = 0
	for _, l := range lattices {
		out.nodes += l.frame.Size()
	}
	var found []candidate
	before := 0
	for _, l := range lattices {
		l.frame.Watched(func(done, _ int) error { return at("search", before+done, out.nodes) })
		part, err := l.search(p, spare)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		found = append(found, part...)
		before += l.frame.Size()
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		switch {
		case a.node.Loss < b.node.Loss-1e-12:
			return -1
		case b.node.Loss < a.node.Loss-1e-12:
			return 1
		}
		return 0
	})
	seen := map[string]bool{} // a key that is not shown is the same in every hierarchy
	found = slices.DeleteFunc(found, func(c candidate) bool {
		twice := seen[c.signature()]
		seen[c.signature()] = true
		return twice
	})
	out.reachable = len(found)
	return found, nil
}

// signature tells candidates apart by what they show.
func (c candidate) signature() string {
	parts := make([]string, len(c.names))
	for i, level := range c.node.Levels {
		if !c.frame.Hidden(i, level) {
			parts[i] = fmt.Sprint(c.names[i], level)
		}
	}
	return strings.Join(parts, "|")
}

// lattice is all ways to coarsen with one hierarchy for each key.
type lattice struct {
	frame *anonymise.Frame
	names []string // of the hierarchies
}

func (sh *sheet) lattices(p Profile, columns [][]string, options [][]*anonymise.Hierarchy) ([]lattice, error) {
	var all []lattice
	for _, choice := range combinations(options) {
		var l lattice
		list := make([]anonymise.Key, len(choice))
		for i, j := range sh.keys() {
			h := options[i][choice[i]]
			list[i] = anonymise.Key{Name: sh.choices[j].Column.Name, Hierarchy: h, Min: p.Floor[sh.choices[j].Hierarchy], Weight: p.Weight[sh.choices[j].Hierarchy]}
			l.names = append(l.names, h.Name)
		}
		var err error
		if l.frame, err = anonymise.NewFrame(columns, list); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		all = append(all, l)
	}
	return all, nil
}

// search visits the nodes of one lattice.
func (l lattice) search(p Profile, spare int) (found []candidate, err error) {
	var nodes []anonymise.Node
	if spare > 0 {
		nodes, err = l.frame.Nodes(p.K, spare, "ncp")
	} else {
		nodes, err = l.frame.Locals(p.K, p.CellMax)
	}
	for _, n := range nodes {
		if l.frame.Top(n.Levels) {
			continue
		}
		c := candidate{node: n, names: l.names, frame: l.frame, masks: func() []uint64 { return l.frame.Masks(n, p.K) }}
		if spare > 0 {
			c.keep = []int{}
			for r, below := range l.frame.Below(n.Levels, p.K) {
				if !below {
					c.keep = append(c.keep, r)
				}
			}
		}
		found = append(found, c)
	}
	return found, err
}

// combinations lists every choice of one hierarchy per key, in fixed order.
func combinations(options [][]*anonymise.Hierarchy) [][]int {
	out := [][]int{{}}
	for _, ways := range options {
		var next [][]int
		for _, head := range out {
			for i := range ways {
				next = append(next, append(slices.Clone(head), i))
			}
		}
		out = next
	}
	return out
}
