package anonymise

import (
	"fmt"
	"math/bits"
	"sort"
)

// local is the best node under strict local suppression: single cells are
// suppressed until every pattern, suppressed cells included, stands in at least
// k rows, with at most a share of the cells of each key suppressed. Masks say
// for each row which keys.
func (f *Frame) local(k int, share float64) (Node, []uint64, error) {
	if f.Size() > MostNodes {
		return Node{}, nil, fmt.Errorf("%w: the hierarchies span %d nodes, more than %d; name fewer keys", ErrOption, f.Size(), MostNodes)
	}
	most := int(share*float64(f.n) + 1e-9)
	candidates := f.starts(k, most)
	var best Node
	var masks []uint64
	for _, c := range candidates {
		if masks != nil && c.Loss > best.Loss {
			break // suppressing only adds to what generalising already costs
		}
		found := f.suppress(c.Levels, k)
		if found == nil {
			continue
		}
		cells, within := f.within(found, most)
		if !within {
			continue
		}
		node := Node{Levels: c.Levels, Loss: f.penaltyOf(c.Levels, found), Suppressed: cells}
		if masks == nil || before(node, best) {
			best, masks = node, found
		}
	}
	if masks == nil {
		return Node{}, nil, fmt.Errorf("%w: no coarsening of these keys puts every record among %d alike with at most %d cells of each key suppressed", ErrUnreachable, k, most)
	}
	return best, masks, nil
}

// starts lists the nodes worth trying, by what generalising alone costs. Each
// record in a class below k needs at least one cell, which bounds how many may
// stand there.
func (f *Frame) starts(k, most int) []Node {
	var out []Node
	f.each(func(levels []int, groups []group) {
		if suppressed(groups, k) > most*len(f.keys) {
			return
		}
		copied := append([]int(nil), levels...)
		out = append(out, Node{Levels: copied, Loss: f.penaltyOf(copied, nil)})
	})
	sort.Slice(out, func(i, j int) bool { return before(out[i], out[j]) })
	return out
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
// fewer rows than k.
func (f *Frame) suppress(levels []int, k int) []uint64 {
	if f.n > 0 && f.n < k {
		return nil
	}
	p := &puzzle{k: k, keys: len(f.keys)}
	at := map[uint64]int{}
	of := make([]int, f.n)
	for r := range f.n {
		var combination uint64
		values := make([]uint32, len(f.keys))
		for j, c := range f.keys {
			values[j] = c.rise(c.rows[r], levels[j])
			combination += uint64(values[j]) * c.radix
		}
		i, ok := at[combination]
		if !ok {
			i = len(p.sizes)
			at[combination] = i
			p.sizes = append(p.sizes, 0)
			p.parts = append(p.parts, parts(f.keys, values))
		}
		p.sizes[i]++
		of[r] = i
	}
	s := p.solve()
	if s == nil {
		return nil
	}
	masks := make([]uint64, f.n)
	for r, g := range of {
		masks[r] = s.take(g)
	}
	return masks
}

// parts gives each key's share of a combination, so that a pattern is a sum.
func parts(keys []*coded, values []uint32) []uint64 {
	out := make([]uint64, len(keys))
	for j, c := range keys {
		out[j] = uint64(values[j]) * c.radix
	}
	return out
}
