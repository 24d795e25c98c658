package anonymise

import (
	"fmt"
	"math"
	"slices"
)

// Key is one quasi-identifier: its name, its hierarchy, and the levels that may
// be released.
type Key struct {
	Name      string
	Hierarchy *Hierarchy
	Min, Max  int     // Max 0 means up to the coarsest
	Weight    float64 // how much its loss counts in the ncp, up to 1; 0 means 1
}

// weight is how much the loss of the key counts.
func (k Key) weight() float64 {
	if k.Weight == 0 {
		return 1
	}
	return k.Weight
}

// Frame is the keys of a file, coded so that nodes of the lattice can be
// counted.
type Frame struct {
	n    int
	keys []*coded
	base []group // distinct raw combinations
	of   []int   // row → index in base

	watch func(done, all int) error // see Options.Watch; may be nil
	stop  error                     // what it said last
}

// going tells how far a search is, and says whether it is to go on.
func (f *Frame) going(done, all int) bool {
	if f.stop == nil && f.watch != nil {
		f.stop = f.watch(done, all)
	}
	return f.stop == nil
}

// coded is one key: at each level a list of values, and for each value the
// code one level up.
type coded struct {
	Key
	values [][]string
	up     [][]uint32 // up[l][code at l-1] = code at l, for l ≥ 1
	share  [][]float64
	counts [][]int // rows by level and code
	rows   []uint32
	radix  uint64 // weight of this key in a combination
	size   uint64 // number of codes at level 0
}

// group is a combination of key values and how many rows have it.
type group struct {
	combination uint64
	n           int
}

// NewFrame codes columns (one per key, cells in row order). A value that the
// key's hierarchy does not have is ErrHierarchy.
func NewFrame(columns [][]string, keys []Key) (*Frame, error) {
	f := &Frame{}
	if len(columns) > 0 {
		f.n = len(columns[0])
	}
	radix := uint64(1)
	for i, k := range keys {
		c, err := code(columns[i], k)
		if err != nil {
			return nil, err
		}
		if radix > math.MaxUint64/(c.size+1) {
			return nil, fmt.Errorf("%w: the keys have too many values together; name fewer of them", ErrOption)
		}
		c.radix = radix
		radix *= c.size
		f.keys = append(f.keys, c)
	}
	f.combine()
	return f, nil
}

func (f *Frame) combine() {
	f.of = make([]int, f.n)
	at := map[uint64]int{}
	for r := range f.n {
		var combination uint64
		for _, c := range f.keys {
			combination += uint64(c.rows[r]) * c.radix
		}
		i, ok := at[combination]
		if !ok {
			i = len(f.base)
			at[combination] = i
			f.base = append(f.base, group{combination: combination})
		}
		f.base[i].n++
		f.of[r] = i
	}
}

func code(cells []string, k Key) (*coded, error) {
	h := k.Hierarchy
	if h == nil || len(h.Leaves) == 0 {
		h = flat(k.Name, cells, true)
	}
	if len(h.Leaves) == 0 { // no rows and no hierarchy
		h = &Hierarchy{Name: k.Name, Leaves: []string{""}, Up: map[string][]string{"": {"", Suppressed}}}
	}
	k.Hierarchy = h
	if k.Max == 0 || k.Max > h.Height() {
		k.Max = h.Height()
	}
	if k.Weight < 0 || k.Weight > 1 || math.IsNaN(k.Weight) {
		return nil, fmt.Errorf("%w: the weight of %s is not between 0 and 1", ErrOption, k.Name)
	}
	if k.Min < 0 || k.Min > k.Max {
		return nil, fmt.Errorf("%w: %s has no level %d", ErrOption, k.Name, k.Min)
	}
	c := &coded{Key: k}
	leaf := c.levels(h)
	c.rows = make([]uint32, len(cells))
	for r, v := range cells {
		at, ok := leaf[v]
		if !ok {
			return nil, fmt.Errorf("%w: the hierarchy of %s has no value %q", ErrHierarchy, k.Name, v)
		}
		c.rows[r] = at
	}
	c.count()
	return c, nil
}

// levels fills values, up and share from a hierarchy and gives the code of each
// leaf.
func (c *coded) levels(h *Hierarchy) map[string]uint32 {
	height := h.Height()
	at := make([]map[string]uint32, height+1)
	for l := range at {
		at[l] = map[string]uint32{}
	}
	c.values, c.up, c.share = make([][]string, height+1), make([][]uint32, height+1), make([][]float64, height+1)
	leaves := make([][]int, height+1)
	for _, leaf := range h.Leaves {
		for l, v := range h.Up[leaf] {
			i, ok := at[l][v]
			if !ok {
				i = uint32(len(c.values[l]))
				at[l][v] = i
				c.values[l] = append(c.values[l], v)
				leaves[l] = append(leaves[l], 0)
			}
			leaves[l][i]++
			if l > 0 {
				below := at[l-1][h.Up[leaf][l-1]]
				if int(below) == len(c.up[l]) {
					c.up[l] = append(c.up[l], i)
				}
			}
		}
	}
	for l := range c.share {
		c.share[l] = make([]float64, len(leaves[l]))
		for i, n := range leaves[l] {
			if len(h.Leaves) > 1 {
				c.share[l][i] = float64(n-1) / float64(len(h.Leaves)-1)
			}
		}
	}
	c.size = uint64(len(c.values[0]))
	return at[0]
}

func (c *coded) count() {
	c.counts = make([][]int, len(c.values))
	c.counts[0] = make([]int, len(c.values[0]))
	for _, v := range c.rows {
		c.counts[0][v]++
	}
	for l := 1; l < len(c.values); l++ {
		c.counts[l] = make([]int, len(c.values[l]))
		for v, n := range c.counts[l-1] {
			c.counts[l][c.up[l][v]] += n
		}
	}
}

// at gives the code of a group's value of this key, whatever its level.
func (c *coded) at(combination uint64) uint32 { return uint32(combination / c.radix % c.size) }

// rise gives the code at a level of a raw code.
func (c *coded) rise(code uint32, level int) uint32 {
	for l := 1; l <= level; l++ {
		code = c.up[l][code]
	}
	return code
}

// Released gives the key cells at a node, one slice per row in key order.
func (f *Frame) Released(levels []int) [][]string {
	out := make([][]string, f.n)
	for r := range out {
		out[r] = make([]string, len(f.keys))
		for j, c := range f.keys {
			out[r][j] = c.values[levels[j]][c.rise(c.rows[r], levels[j])]
		}
	}
	return out
}

// Size is the number of nodes of the lattice.
func (f *Frame) Size() int {
	size := 1
	for _, c := range f.keys {
		size *= c.Max - c.Min + 1
		if size > 1<<40 {
			return size
		}
	}
	return size
}

// roll merges groups after one key has risen from level-1 to level.
func (f *Frame) roll(t *lookup, groups []group, j, level int) []group {
	c := f.keys[j]
	t.clear()
	out := make([]group, 0, len(groups)/2)
	for _, g := range groups {
		old := c.at(g.combination)
		combination := g.combination - uint64(old)*c.radix + uint64(c.up[level][old])*c.radix
		if i, there := t.find(combination, int32(len(out))); there {
			out[i].n += g.n
			continue
		}
		out = append(out, group{combination, g.n})
	}
	return out
}

// each visits every node of the lattice with its groups, in lexicographic
// order; the slice of levels is reused.
func (f *Frame) each(visit func(levels []int, groups []group)) {
	f.walk(func([]int, int) bool { return true }, visit)
}

// walk visits like each, but only nodes on whose way worth says true: it is asked
// about the levels of the first keys, up to and including j, before they are counted.
func (f *Frame) walk(worth func(levels []int, j int) bool, visit func(levels []int, groups []group)) {
	levels, t := make([]int, len(f.keys)), newLookup(len(f.base))
	var down func(j int, groups []group)
	down = func(j int, groups []group) {
		if j == len(f.keys) {
			visit(levels, groups)
			return
		}
		c := f.keys[j]
		for l := 0; l <= c.Max; l++ {
			levels[j] = l
			if l >= c.Min && !worth(levels, j) {
				return // what is coarser is worth no more
			}
			if l > 0 {
				groups = f.roll(t, groups, j, l)
			}
			if l >= c.Min {
				down(j+1, groups)
			}
		}
	}
	down(0, f.base)
}

// groupsAt gives the groups of one node.
func (f *Frame) groupsAt(levels []int) []group {
	groups, t := slices.Clone(f.base), newLookup(len(f.base))
	for j, level := range levels {
		for l := 1; l <= level; l++ {
			groups = f.roll(t, groups, j, l)
		}
	}
	return groups
}
