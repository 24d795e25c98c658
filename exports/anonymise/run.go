package anonymise

import (
	"fmt"
	"maps"
	"slices"
)

// Options say how a file is to be protected.
type Options struct {
	Keys        []string
	Hierarchies map[string]*Hierarchy // by key; a key without one can only be suppressed
	K           int
	Method      string             // local (default): single cells; record: whole records
	SuppressMax float64            // share of the cells of each key (local) or of the records (record)
	Loss        string             // one of Losses, for method record; local always takes ncp
	Weights     map[string]float64 // by key: how much its loss counts in the ncp, above 0 to 1; 1 where it has none

	Watch Watch // nil: nobody watches
}

// mostKeys bounds the sets of keys that local suppression looks at.
const mostKeys = 12

// Run coarsens and suppresses the keys of a file until every combination stands
// in at least K rows, and reports what that cost. Other columns and the order
// of rows stay as they are. Fewer rows than K, or no way within SuppressMax, is
// ErrUnreachable.
func Run(t *Table, o Options) (*Table, Report, error) {
	columns, err := t.columns(o.Keys)
	if err != nil {
		return nil, Report{}, err
	}
	if err := o.check(len(t.Rows)); err != nil {
		return nil, Report{}, err
	}
	keys := make([]Key, len(o.Keys))
	for j, name := range o.Keys {
		h := o.Hierarchies[name]
		if h == nil {
			h = flat(name, columns[j], o.Method == "record")
		}
		if h = h.with(columns[j]); len(h.Leaves) == 0 {
			h = nil
		}
		keys[j] = Key{Name: name, Hierarchy: h, Weight: o.Weights[name]}
	}
	f, err := NewFrame(columns, keys)
	if err != nil {
		return nil, Report{}, err
	}
	f.Watched(o.Watch)
	var node Node
	var masks []uint64
	if o.Method == "record" {
		node, masks, err = f.record(o.K, o.SuppressMax, o.Loss)
	} else {
		node, masks, err = f.local(o.K, o.SuppressMax)
	}
	if err != nil {
		return nil, Report{}, err
	}
	released := f.apply(node.Levels, masks)
	report := describe(f.Released(node.Levels), released, nil, o.K)
	if report.MinClass < o.K && len(t.Rows) > 0 || report.CandidatesMin < o.K && len(t.Rows) > 0 {
		return nil, Report{}, fmt.Errorf("anonymise: the result has a class of %d and %d candidates, below k=%d", report.MinClass, report.CandidatesMin, o.K)
	}
	report.cost(f, node, masks, o)
	return t.replace(o.Keys, released), report, nil
}

func (o Options) check(n int) error {
	switch {
	case o.K < 1:
		return fmt.Errorf("%w: k must be at least 1", ErrOption)
	case o.SuppressMax < 0 || o.SuppressMax > 1:
		return fmt.Errorf("%w: the share to suppress lies between 0 and 1", ErrOption)
	case slices.ContainsFunc(slices.Collect(maps.Keys(o.Weights)), func(key string) bool { return !slices.Contains(o.Keys, key) || o.Weights[key] <= 0 }):
		return fmt.Errorf("%w: weights are numbers above 0 up to 1, one for each of some of the keys", ErrOption)
	case o.Method != "" && o.Method != "local" && o.Method != "record":
		return fmt.Errorf("%w: %q is no method; known are local and record", ErrOption, o.Method)
	case o.Method != "record" && o.Loss != "" && o.Loss != "ncp":
		return fmt.Errorf("%w: local suppression is chosen by ncp; the loss %q needs the method record", ErrOption, o.Loss)
	case len(o.Keys) > mostKeys:
		return fmt.Errorf("%w: %d keys are more than %d", ErrOption, len(o.Keys), mostKeys)
	case n > 0 && n < o.K:
		return fmt.Errorf("%w: %d records can never stand %d alike", ErrUnreachable, n, o.K)
	}
	_, err := measureOf(o.Loss)
	return err
}

// with adds "*" as a leaf of its own where a file that was worked on before
// already holds suppressed cells.
func (h *Hierarchy) with(cells []string) *Hierarchy {
	if h.Up[Suppressed] != nil || len(h.Leaves) == 0 || !slices.Contains(cells, Suppressed) {
		return h
	}
	c := &Hierarchy{Name: h.Name, Leaves: append(slices.Clone(h.Leaves), Suppressed), Up: map[string][]string{}}
	for k, v := range h.Up {
		c.Up[k] = v
	}
	line := make([]string, h.Height()+1)
	for i := range line {
		line[i] = Suppressed
	}
	c.Up[Suppressed] = line
	return c
}

// cost fills in what the protection took.
func (r *Report) cost(f *Frame, node Node, masks []uint64, o Options) {
	penalty, loss := f.penaltyOf(node.Levels, masks), node.Loss
	r.NCP, r.Loss, r.LossName = &penalty, &loss, o.Loss
	if r.LossName == "" {
		r.LossName = "ncp"
	}
	if o.Method == "record" {
		r.Losses = map[string]float64{}
		groups := f.groupsAt(node.Levels)
		for _, name := range Losses {
			if by, err := measureOf(name); err == nil {
				r.Losses[name] = by(f, node.Levels, groups, o.K)
			}
		}
	}
	r.Node, r.SuppressedCells = map[string]int{}, map[string]int{}
	all, gone := uint64(1)<<len(f.keys)-1, 0
	for j, c := range f.keys {
		r.Node[c.Name] = node.Levels[j]
		n := 0
		for _, m := range masks {
			n += int(m >> j & 1)
		}
		r.SuppressedCells[c.Name] = n
	}
	for _, m := range masks {
		if m == all {
			gone++
		}
	}
	r.SuppressedRecord = &gone
}

// replace gives a copy of the table with other cells in some columns.
func (t *Table) replace(names []string, cells [][]string) *Table {
	out := &Table{Names: t.Names, Comma: t.Comma, Rows: make([][]string, len(t.Rows))}
	at := make([]int, len(names))
	for j, name := range names {
		at[j] = slices.Index(t.Names, name)
	}
	for r, row := range t.Rows {
		out.Rows[r] = slices.Clone(row)
		for j, i := range at {
			out.Rows[r][i] = cells[r][j]
		}
	}
	return out
}
