package anonymise

import (
	"math/bits"
	"slices"
)

// groupTable counts the classes of nodes. A node is counted from the smallest of the finer nodes
// that were counted before and are still kept, else from the raw combinations.
type groupTable struct {
	keys  int
	codes []uint32 // of each raw combination, key by key
	parts [][]uint64
	slots []slot
	round uint32 // slots of another round are empty

	raw  counted
	kept []counted // at most mostKept; the next one replaces kept[turn]
	turn int

	out  []group
	reps []int32
}

// mostKept bounds the memory of a search: each kept node has fewer classes than the file has rows.
const mostKept = 64

// counted is the classes of a node: a raw combination that stands for each, and how many rows it has.
type counted struct {
	levels []int
	reps   []int32
	sizes  []int
}

type slot struct {
	combination uint64
	at, round   uint32
}

// prepare takes the raw combinations apart once.
func (t *groupTable) prepare(f *Frame) {
	t.keys, t.raw.levels, t.parts = len(f.keys), make([]int, len(f.keys)), make([][]uint64, len(f.keys))
	for i, g := range f.base {
		t.raw.reps, t.raw.sizes = append(t.raw.reps, int32(i)), append(t.raw.sizes, g.n)
		for _, c := range f.keys {
			t.codes = append(t.codes, c.at(g.combination))
		}
	}
	t.slots = make([]slot, 1<<bits.Len(uint(2*len(f.base)+1)))
}

// groups are the classes at some levels. They are good until the next call.
func (t *groupTable) groups(f *Frame, levels []int) []group {
	for j, c := range f.keys {
		t.parts[j] = slices.Grow(t.parts[j][:0], int(c.size))[:c.size]
		for code := range t.parts[j] {
			t.parts[j][code] = uint64(c.rise(uint32(code), levels[j])) * c.radix
		}
	}
	from := t.from(levels)
	t.out, t.reps = t.out[:0], t.reps[:0]
	t.round++
	last := uint64(len(t.slots) - 1)
	for i, rep := range from.reps {
		combination := uint64(0)
		for j, code := range t.codes[int(rep)*t.keys : (int(rep)+1)*t.keys] {
			combination += t.parts[j][code]
		}
		for at := combination * 0x9e3779b97f4a7c15 >> 20 & last; ; at = (at + 1) & last { // Fibonacci hashing
			s := &t.slots[at]
			if s.round != t.round {
				*s = slot{combination, uint32(len(t.out)), t.round}
				t.out = append(t.out, group{combination, from.sizes[i]})
				t.reps = append(t.reps, rep)
				break
			}
			if s.combination == combination {
				t.out[s.at].n += from.sizes[i]
				break
			}
		}
	}
	t.keep(levels)
	return t.out
}

// from is the smallest of the kept nodes that are nowhere coarser than levels.
func (t *groupTable) from(levels []int) counted {
	best := t.raw
	for _, c := range t.kept {
		if len(c.reps) < len(best.reps) && finer(c.levels, levels) {
			best = c
		}
	}
	return best
}

func finer(a, b []int) bool {
	for j := range a {
		if a[j] > b[j] {
			return false
		}
	}
	return true
}

// keep keeps what was just counted, for coarser nodes.
func (t *groupTable) keep(levels []int) {
	c := counted{levels: slices.Clone(levels), reps: slices.Clone(t.reps), sizes: make([]int, len(t.out))}
	for i, g := range t.out {
		c.sizes[i] = g.n
	}
	if len(t.kept) < mostKept {
		t.kept = append(t.kept, c)
		return
	}
	t.kept[t.turn] = c
	t.turn = (t.turn + 1) % mostKept
}
