package anonymise

import (
	"fmt"
	"slices"
	"sort"
)

// MostNodes is how many nodes a search visits at most.
const MostNodes = 20_000

// Node is one way to coarsen a file and what it comes to.
type Node struct {
	Levels     []int
	Loss       float64
	Suppressed int // records at record suppression, cells at local suppression
	Classes    int // with at least k records
	MinClass   int // smallest class of all, before suppression

	masks []uint64 // of the rows, where work was spent on suppressing fewer cells
}

// Nodes visits the whole lattice and gives every node at which at most most
// records stand in classes smaller than k, the best first. Loss is one of
// Losses; "" is ncp.
func (f *Frame) Nodes(k, most int, loss string) ([]Node, error) {
	by, err := measureOf(loss)
	if err != nil {
		return nil, err
	}
	if k < 1 {
		return nil, fmt.Errorf("%w: k must be at least 1", ErrOption)
	}
	if f.Size() > MostNodes {
		return nil, fmt.Errorf("%w: the hierarchies span %d nodes, more than %d; name fewer keys", ErrOption, f.Size(), MostNodes)
	}
	var out []Node
	f.each(func(levels []int, groups []group) {
		node := Node{Levels: levels, Suppressed: suppressed(groups, k)}
		if node.Suppressed > most {
			return
		}
		node.Levels = slices.Clone(levels)
		node.Classes, node.MinClass = classes(groups, k)
		node.Loss = by(f, levels, groups, k)
		out = append(out, node)
	})
	sort.Slice(out, func(i, j int) bool { return before(out[i], out[j]) })
	return out, nil
}

func classes(groups []group, k int) (n, smallest int) {
	for i, g := range groups {
		if g.n >= k {
			n++
		}
		if i == 0 || g.n < smallest {
			smallest = g.n
		}
	}
	return n, smallest
}

// Top says whether a node says nothing at all any more: every key at its
// coarsest level.
func (f *Frame) Top(levels []int) bool {
	for j, c := range f.keys {
		if levels[j] != len(c.values)-1 || len(c.values[levels[j]]) > 1 {
			return false
		}
	}
	return true
}

// Hidden says whether the key j shows nothing at a level.
func (f *Frame) Hidden(j, level int) bool { return len(f.keys[j].values[level]) == 1 }

// record is full-domain generalisation with suppression of whole records: the
// best node, and for each row whether it is suppressed.
func (f *Frame) record(k int, share float64, loss string) (Node, []uint64, error) {
	most := int(share * float64(f.n))
	s, err := f.newSearch(k, most, loss)
	if err != nil {
		return Node{}, nil, err
	}
	s.run()
	if f.stop != nil {
		return Node{}, nil, f.stop
	}
	if s.best == nil {
		return Node{}, nil, fmt.Errorf("%w: no coarsening of these keys puts every record among %d alike with at most %d records suppressed", ErrUnreachable, k, most)
	}
	node := *s.best
	node.Suppressed = s.gone
	return node, s.masks, nil
}

// drop suppresses the records in classes smaller than k. Suppressed records are
// a class of their own, so where they are fewer than k, records of larger
// classes join them, from the end of the file.
func (f *Frame) drop(levels []int, k, most int) (masks []uint64, gone int, ok bool) {
	size, keys, small := f.classSizes(levels, k)
	all := uint64(1)<<len(f.keys) - 1
	masks = make([]uint64, f.n)
	for r, below := range small {
		if below {
			masks[r] = all
			gone++
		}
	}
	if f.Top(levels) {
		return masks, gone, true
	}
	for r := f.n - 1; r >= 0 && gone > 0 && gone < k; r-- {
		if masks[r] == 0 && size[keys[r]] > k {
			size[keys[r]]--
			masks[r] = all
			gone++
		}
	}
	return masks, gone, (gone == 0 || gone >= k) && gone <= most
}

// apply gives the released cells: the node's values, masked cells suppressed.
func (f *Frame) apply(levels []int, masks []uint64) [][]string {
	out := f.Released(levels)
	for r, m := range masks {
		for j := range f.keys {
			if m>>j&1 == 1 {
				out[r][j] = Suppressed
			}
		}
	}
	return out
}

// classSizes gives the size of each class at a node, each row's class, and
// whether that is smaller than k.
func (f *Frame) classSizes(levels []int, k int) (size map[uint64]int, keys []uint64, small []bool) {
	size, keys, small = map[uint64]int{}, make([]uint64, f.n), make([]bool, f.n)
	for r := range f.n {
		for j, c := range f.keys {
			keys[r] += uint64(c.rise(c.rows[r], levels[j])) * c.radix
		}
		size[keys[r]]++
	}
	for r, key := range keys {
		small[r] = size[key] < k
	}
	return size, keys, small
}

// Below says for each row whether its class at a node is smaller than k.
func (f *Frame) Below(levels []int, k int) []bool {
	_, _, small := f.classSizes(levels, k)
	return small
}
