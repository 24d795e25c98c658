package anonymise

import (
	"fmt"
	"slices"
)

// MostTagged is how many nodes a lattice may have for a search by tags.
const MostTagged = 2_000_000

// search looks for the best node of a lattice without counting every node.
//
// The number of records in classes smaller than k only falls where a key is coarsened, and what a
// node costs by its levels alone only rises. So a node that suppresses too many rules out all finer
// ones, one that costs more than the best so far rules out all coarser ones, and so does one that
// holds where nothing may be suppressed. Nodes are taken along paths upwards, and on each path by
// bisection, as the Flash algorithm does (Kohlmayer et al., PASSAT 2012); its tags are those of
// Samarati 2001 and El Emam et al. 2009.
type search struct {
	f       *Frame
	k, most int
	loss    measure
	bounded bool // loss of the levels alone is a bound from below

	strides []int
	tags    []bool    // nodes that are settled
	bounds  []float64 // of each node, what it costs by its levels alone; -1: not known yet
	checks  int       // nodes that were counted
	table   groupTable
	small   witnesses // in classes that are too small

	best  *Node
	masks []uint64 // of the rows at best
	gone  int      // records suppressed there, donors included
}

// boundedBy lists the losses that rise with the levels whatever is suppressed.
var boundedBy = []string{"", "ncp", "arx-loss", "precision", "entropy"}

func (f *Frame) newSearch(k, most int, loss string) (*search, error) {
	by, err := measureOf(loss)
	if err != nil {
		return nil, err
	}
	size := f.Size()
	if size > MostTagged {
		return nil, fmt.Errorf("%w: the hierarchies span %d nodes, more than %d; name fewer keys", ErrOption, size, MostTagged)
	}
	s := &search{f: f, k: k, most: most, loss: by, bounded: slices.Contains(boundedBy, loss), tags: make([]bool, size), bounds: make([]float64, size)}
	for at := range s.bounds {
		s.bounds[at] = -1
	}
	s.strides = make([]int, len(f.keys))
	stride := 1
	for j := len(f.keys) - 1; j >= 0; j-- { // so that the order of numbers is that of levels
		s.strides[j] = stride
		stride *= f.keys[j].Max - f.keys[j].Min + 1
	}
	s.table.prepare(f)
	s.small = witnesses{f: f, codes: s.table.codes}
	return s, nil
}

// run visits what has to be visited, as long as it may; best stays nil where no node holds.
func (s *search) run() {
	s.f.begin()
	for _, at := range s.byHeight() {
		if s.f.halt() {
			return
		}
		if s.tags[at] {
			continue
		}
		path := s.path(at)
		for low, high := 0, len(path)-1; low <= high; {
			middle := (low + high) / 2
			if at := path[middle]; !s.tags[at] && !s.check(at) {
				low = middle + 1
			} else {
				high = middle - 1
			}
		}
		if !s.tags[at] { // its turn has come: finer than what holds on its path
			s.check(at)
		}
	}
}

// byHeight numbers all nodes, the finest first.
func (s *search) byHeight() []int {
	most := 0
	for _, c := range s.f.keys {
		most += c.Max - c.Min
	}
	heights := make([][]int, most+1)
	for at := range s.tags {
		h := 0
		for j, c := range s.f.keys {
			h += at / s.strides[j] % (c.Max - c.Min + 1)
		}
		heights[h] = append(heights[h], at)
	}
	return slices.Concat(heights...)
}

// levels are those of a node by its number.
func (s *search) levels(at int) []int {
	out := make([]int, len(s.f.keys))
	for j, c := range s.f.keys {
		out[j] = c.Min + at/s.strides[j]%(c.Max-c.Min+1)
	}
	return out
}

// path goes up from a node as long as there is one that is not settled, the cheapest first.
func (s *search) path(at int) []int {
	path := []int{at}
	for {
		next, least := -1, 0.0
		s.above(at, func(up int) {
			if s.tags[up] {
				return
			}
			if bound := s.bound(up); next < 0 || bound < least {
				next, least = up, bound
			}
		})
		if next < 0 {
			return path
		}
		path, at = append(path, next), next
	}
}

// check counts a node and settles what follows from it; it says whether few enough records are
// suppressed there.
func (s *search) check(at int) bool {
	if s.f.halt() {
		return true // nothing further up the path is looked at
	}
	if s.bounded && s.best != nil && s.dear(s.bound(at)) {
		s.settle(at, s.above)
		return true // not for the sake of what is finer
	}
	levels := s.levels(at)
	if s.small.tell(levels, s.k, s.most) {
		s.settle(at, s.below)
		return false
	}
	s.checks++
	groups := s.table.groups(s.f, levels)
	node := Node{Levels: levels, Suppressed: suppressed(groups, s.k)}
	if node.Suppressed > s.most {
		s.small.add(groups, s.table.reps, s.k, s.most)
		s.settle(at, s.below)
		return false
	}
	node.Classes, node.MinClass = classes(groups, s.k)
	node.Loss = s.loss(s.f, levels, groups, s.k)
	if s.best == nil || before(node, *s.best) {
		if masks, gone, ok := s.f.drop(levels, s.k, s.most); ok {
			s.best, s.masks, s.gone = &node, masks, gone
		}
	}
	if s.most == 0 {
		s.settle(at, s.above)
	}
	if !s.tags[at] {
		s.tags[at] = true
		s.f.done++
	}
	return true
}

// bound is what a node costs by its levels alone.
func (s *search) bound(at int) float64 {
	if s.bounds[at] < 0 {
		s.bounds[at] = s.loss(s.f, s.levels(at), nil, 0)
	}
	return s.bounds[at]
}

// dear says whether a bound cannot be the best any more; ties are looked at.
func (s *search) dear(bound float64) bool {
	return bound > s.best.Loss+1e-12*max(1, s.best.Loss)
}

// settle tags a node and all that can be reached from it by step.
func (s *search) settle(at int, step func(at int, each func(int))) {
	if s.tags[at] {
		return
	}
	s.tags[at] = true
	s.f.done++
	open := []int{at}
	for len(open) > 0 {
		last := open[len(open)-1]
		open = open[:len(open)-1]
		step(last, func(next int) {
			if !s.tags[next] {
				s.tags[next] = true
				s.f.done++
				open = append(open, next)
			}
		})
	}
}

// above gives the nodes one step coarser, below those one step finer.
func (s *search) above(at int, each func(int)) {
	for j, c := range s.f.keys {
		if at/s.strides[j]%(c.Max-c.Min+1) < c.Max-c.Min {
			each(at + s.strides[j])
		}
	}
}

func (s *search) below(at int, each func(int)) {
	for j, c := range s.f.keys {
		if at/s.strides[j]%(c.Max-c.Min+1) > 0 {
			each(at - s.strides[j])
		}
	}
}
