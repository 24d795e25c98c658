package anonymise

import (
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"sort"
)

// local is the best node under strict local suppression: single cells are
// suppressed until every pattern, suppressed cells included, stands in at least
// k rows, with at most a share of the cells of each key suppressed. Masks say
// for each row which keys.
func (f *Frame) local(k int, share float64) (Node, []uint64, error) {
	nodes, err := f.locals(k, share, false)
	if err != nil {
		return Node{}, nil, err
	}
	if len(nodes) == 0 {
		return Node{}, nil, fmt.Errorf("%w: no coarsening of these keys puts every record among %d alike with at most %d cells of each key suppressed", ErrUnreachable, k, f.most(share))
	}
	return nodes[0], f.Masks(nodes[0], k), nil
}

// most is a share of the rows as a number.
func (f *Frame) most(share float64) int { return int(share*float64(f.n) + 1e-9) }

// Locals lists the nodes at which strict local suppression stays within a share of the cells of
// each key, the best first. Masks gives what is suppressed there.
func (f *Frame) Locals(k int, share float64) ([]Node, error) { return f.locals(k, share, true) }

// Masks says for each row which keys are suppressed at a node that Locals gave, as bits: the
// lowest is the first key.
func (f *Frame) Masks(node Node, k int) []uint64 {
	if node.masks == nil {
		_, node.masks = f.solve(node.Levels, k, f.n, 0)
	}
	return node.masks
}

// locals tries nodes in the order of what each costs at least: all of them, or as long as one may
// still be the best. The best of them are worked on in earnest.
func (f *Frame) locals(k int, share float64, all bool) ([]Node, error) {
	most := f.most(share)
	starts, err := f.starts(k, most)
	if err != nil {
		return nil, err
	}
	var tried []Node
	best := math.Inf(1)
	for i, c := range starts {
		if c.Loss > best && !all {
			break // suppressing at least a cell per violating record costs more
		}
		if !f.going(i, len(starts)) {
			return nil, f.stop
		}
		if node, _ := f.solve(c.Levels, k, most, 0); node != nil {
			tried = append(tried, *node)
			best = math.Min(best, node.Loss)
		}
	}
	sort.Slice(tried, func(i, j int) bool { return before(tried[i], tried[j]) })
	for i, c := range tried[:min(finalists, len(tried))] {
		if !f.going(i, finalists) {
			return nil, f.stop
		}
		if node, masks := f.solve(c.Levels, k, most, effort/finalists); node != nil && before(*node, c) {
			tried[i], tried[i].masks = *node, masks
		}
	}
	sort.Slice(tried, func(i, j int) bool { return before(tried[i], tried[j]) })
	return tried, nil
}

// mostVisits is how many nodes of a large lattice are counted at most.
const mostVisits = 200_000

// finalists is how many of the best nodes are worked on in earnest.
const finalists = 4

// solve suppresses at one node; nil where that breaks a cap. Work bounds the
// search for fewer cells; a first good answer is always found.
func (f *Frame) solve(levels []int, k, most, work int) (*Node, []uint64) {
	masks := f.suppress(levels, k, work)
	if masks == nil {
		return nil, nil
	}
	cells, within := f.within(masks, most)
	if !within {
		return nil, nil
	}
	return &Node{Levels: levels, Loss: f.penaltyOf(levels, masks), Suppressed: cells}, masks
}

// starts lists the nodes worth trying, with the least that each can cost: what
// generalising costs, and for each record in a class below k the cheapest cell.
// In a lattice of more than MostNodes those are left out that cost more by their
// levels alone than the best node without any suppression does.
func (f *Frame) starts(k, most int) ([]Node, error) {
	ceiling := math.Inf(1)
	if f.Size() > MostNodes {
		node, _, err := f.record(k, 0, "ncp")
		if err != nil {
			return nil, err
		}
		ceiling = node.Loss + 1e-9
	}
	var out []Node
	visited, cost := 0, f.costs()
	f.walk(func(levels []int, j int) bool {
		return visited <= mostVisits && cost.least(levels, j) <= ceiling && f.going(visited, min(f.Size(), mostVisits))
	}, func(levels []int, groups []group) {
		visited++
		gone := suppressed(groups, k)
		if gone > most*len(f.keys) {
			return
		}
		loss, cell := cost.least(levels, len(levels)-1)*float64(len(f.keys)), 1.0
		for j, c := range f.keys {
			for _, share := range c.share[levels[j]] {
				if share < 1 {
					cell = math.Min(cell, c.weight()*(1-share))
				}
			}
		}
		loss += cell * float64(gone) / float64(max(1, f.n))
		out = append(out, Node{Levels: slices.Clone(levels), Loss: loss/float64(len(f.keys)) - 1e-12})
	})
	if f.stop != nil {
		return nil, f.stop
	}
	if visited > mostVisits {
		return nil, fmt.Errorf("%w: more than %d of the %d nodes that the hierarchies span would have to be tried; name fewer keys", ErrOption, mostVisits, f.Size())
	}
	sort.Slice(out, func(i, j int) bool { return before(out[i], out[j]) })
	return out, nil
}

// costs is what each key costs at each level, as a share of the ncp.
type costs [][]float64

func (f *Frame) costs() costs {
	out := make(costs, len(f.keys))
	for j, c := range f.keys {
		for l := range c.values {
			cost := 0.0
			for v, n := range c.counts[l] {
				cost += float64(n) * c.share[l][v]
			}
			out[j] = append(out[j], c.weight()*cost/float64(max(1, f.n)*len(f.keys)))
		}
		for l := range c.Min { // never released: the least is that of the finest released level
			out[j][l] = out[j][c.Min]
		}
	}
	return out
}

// least is the ncp of the keys up to j, the others at their finest released level.
func (c costs) least(levels []int, j int) float64 {
	sum := 0.0
	for i := range c {
		if i <= j {
			sum += c[i][levels[i]]
		} else {
			sum += c[i][0]
		}
	}
	return sum
}

func (f *Frame) within(masks []uint64, most int) (cells int, ok bool) {
	per := make([]int, len(f.keys))
	for _, m := range masks {
		for ; m != 0; m &= m - 1 {
			per[bits.TrailingZeros64(m)]++
			cells++
		}
	}
	for _, n := range per {
		if n > most {
			return cells, false
		}
	}
	return cells, true
}

// suppress solves one node and gives the mask of each row, nil where there are
// fewer rows than k. What is suppressed of each combination does not depend on the
// order of the rows; of which of its rows, does.
func (f *Frame) suppress(levels []int, k, work int) []uint64 {
	if f.n > 0 && f.n < k {
		return nil
	}
	p, of := f.puzzleAt(levels, k)
	p.number()
	s := p.solve(work)
	if s == nil {
		return nil
	}
	masks := make([]uint64, f.n)
	for r, g := range of {
		masks[r] = s.take(g)
	}
	return masks
}

// puzzleAt is the puzzle that a node sets, its groups in the order of their values, and for each
// row its group.
func (f *Frame) puzzleAt(levels []int, k int) (p *puzzle, of []int) {
	rows, sizes := make([]uint64, f.n), map[uint64]int{}
	for r := range f.n {
		for j, c := range f.keys {
			rows[r] += uint64(c.rise(c.rows[r], levels[j])) * c.radix
		}
		sizes[rows[r]]++
	}
	p = &puzzle{k: k, keys: len(f.keys)}
	at := make(map[uint64]int, len(sizes))
	for _, combination := range slices.Sorted(maps.Keys(sizes)) {
		at[combination] = len(p.sizes)
		p.sizes = append(p.sizes, sizes[combination])
		p.parts = append(p.parts, parts(f.keys, combination))
	}
	of = make([]int, f.n)
	for r, combination := range rows {
		of[r] = at[combination]
	}
	return p, of
}

// parts gives each key's share of a combination, so that a pattern is a sum.
func parts(keys []*coded, combination uint64) []uint64 {
	out := make([]uint64, len(keys))
	for j, c := range keys {
		out[j] = uint64(c.at(combination)) * c.radix
	}
	return out
}
