package anonymise

import "slices"

// groupTable counts the classes of nodes. A node is counted from the smallest of the finer nodes
// that were counted before and are still kept, else from the raw combinations.
type groupTable struct {
	codes [][]uint32 // by key: of each raw combination
	rises []uint64   // of each raw code of one key: how much the combination grows
	sums  []uint64   // the combinations of the node
	table *lookup

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
	groups []group
}

// prepare takes the raw combinations apart once.
func (t *groupTable) prepare(f *Frame) {
	t.table = newLookup(len(f.base))
	t.raw = counted{levels: make([]int, len(f.keys)), groups: f.base, reps: make([]int32, len(f.base))}
	for i := range f.base {
		t.raw.reps[i] = int32(i)
	}
	for _, c := range f.keys {
		codes := make([]uint32, len(f.base))
		for i, g := range f.base {
			codes[i] = c.at(g.combination)
		}
		t.codes = append(t.codes, codes)
	}
}

// groups are the classes at some levels. They are good until the next call.
func (t *groupTable) groups(f *Frame, levels []int) []group {
	from := t.from(levels)
	t.sums = t.sums[:0]
	for _, g := range from.groups {
		t.sums = append(t.sums, g.combination)
	}
	for j, c := range f.keys {
		if levels[j] == from.levels[j] {
			continue
		}
		t.rises = t.rises[:0]
		for code := range uint32(c.size) {
			t.rises = append(t.rises, (uint64(c.rise(code, levels[j]))-uint64(c.rise(code, from.levels[j])))*c.radix)
		}
		codes, sums := t.codes[j], t.sums[:len(from.reps)]
		for i, rep := range from.reps {
			sums[i] += t.rises[codes[rep]]
		}
	}
	t.out, t.reps = t.out[:0], t.reps[:0]
	t.table.clear()
	for i, sum := range t.sums {
		at, there := t.table.find(sum, int32(len(t.out)))
		if there {
			t.out[at].n += from.groups[i].n
			continue
		}
		t.out, t.reps = append(t.out, group{sum, from.groups[i].n}), append(t.reps, from.reps[i])
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
	c := counted{levels: slices.Clone(levels), reps: slices.Clone(t.reps), groups: slices.Clone(t.out)}
	if len(t.kept) < mostKept {
		t.kept = append(t.kept, c)
		return
	}
	t.kept[t.turn] = c
	t.turn = (t.turn + 1) % mostKept
}
