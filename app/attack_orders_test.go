package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"rondo/storage/storagetest"
)

// pairs says which response is whose: participant id → response id. What an attack says may name
// nobody for some.
type pairs map[string]string

// order is one way in which the rows of one side can be put into a row.
type order struct {
	name string
	kind string // orders of one kind are measured with the same rule: xmin, place on disk
	core bool   // one that ANON-07 names
	rows []ranked
}

// ranked is a row: what it belongs to and what it is ordered by.
type ranked struct {
	owner  string
	number float64
	text   string
}

func (a ranked) compare(b ranked) int {
	return cmp.Or(cmp.Compare(a.number, b.number), strings.Compare(a.text, b.text))
}

// by makes a sort key of a value.
func by(owner string, value any) ranked {
	switch v := value.(type) {
	case int64:
		return ranked{owner: owner, number: float64(v)}
	case int:
		return ranked{owner: owner, number: float64(v)}
	case bool:
		if v {
			return ranked{owner: owner, number: 1}
		}
	}
	return ranked{owner: owner, text: text(value)}
}

var coreColumns = []string{"id", "xmin", "rowid", "lies", "first on disk", "last on disk", "length", "marker"}

// orders gives every order of the rows of a table that owner knows: by each column, as they
// lie, by their place on disk.
func orders(t storagetest.Table, owner func([]any) string, first, last map[string]int) []order {
	all := map[string]*order{}
	add := func(kind, column string, r ranked) {
		name := t.Name + " by " + column
		if kind != "" {
			name = t.Name + " " + kind + " by " + column
		}
		if all[name] == nil {
			core := slices.Contains(coreColumns, column) && slices.Contains([]string{"participants", "responses", "spent"}, t.Name)
			all[name] = &order{name: name, core: core}
			if column == "xmin" {
				all[name].kind = "xmin"
			} else if strings.HasSuffix(column, "disk") {
				all[name].kind = "disk"
			}
		}
		all[name].rows = append(all[name].rows, r)
	}
	for place, row := range t.Rows {
		of := owner(row)
		if of == "" {
			continue
		}
		kind := ""
		if i := slices.Index(t.Columns, "kind"); i >= 0 {
			kind = text(row[i])
		}
		for i, column := range t.Columns {
			add(kind, column, by(of, row[i]))
		}
		add(kind, "lies", by(of, place))
		add(kind, "first on disk", by(of, first[text(row[0])]))
		add(kind, "last on disk", by(of, last[text(row[0])]))
		if i := slices.Index(t.Columns, "body"); i >= 0 {
			add(kind, "length", by(of, len(text(row[i]))))
		}
	}
	var out []order
	for _, o := range all {
		o.sort()
		out = append(out, *o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}

// sides puts both sides of the dump into all their orders.
func (l loot) sides() (identity, answers []order) {
	var values []string
	for _, t := range l.tables {
		for _, row := range t.Rows {
			if t.Name == "responses" || l.owner(t, row) != "" {
				values = append(values, text(row[0]))
			}
		}
	}
	first, last := offsets(l.raw, values)
	for _, t := range l.tables {
		if t.Name == "responses" {
			id := slices.Index(t.Columns, "id")
			answers = orders(t, func(row []any) string { return text(row[id]) }, first, last)
		} else {
			identity = append(identity, orders(t, func(row []any) string { return l.owner(t, row) }, first, last)...)
		}
	}
	expected := order{name: "expected length", core: true}
	for id, n := range l.expected {
		expected.rows = append(expected.rows, by(id, n))
	}
	expected.sort()
	return append(identity, expected), answers
}

// sort brings the rows into their order; equal ones stay as they lie.
func (o *order) sort() { slices.SortStableFunc(o.rows, ranked.compare) }

// byRank pairs the rows of two orders from one end to the other; backwards from opposite ends.
func byRank(a, b order, backwards bool) pairs {
	x, y := a.rows, b.rows
	out := pairs{}
	for i, r := range x {
		j := i * len(y) / len(x)
		if backwards {
			j = len(y) - 1 - j
		}
		out[r.owner] = y[j].owner
	}
	return out
}

// byNearness pairs each row with the response just before it, or just after.
func byNearness(a, b order, after bool) pairs {
	y := b.rows
	out := pairs{}
	for _, r := range a.rows {
		j := sort.Search(len(y), func(i int) bool { return y[i].number > r.number }) - 1 // the last not after it
		if after {
			j = sort.Search(len(y), func(i int) bool { return y[i].number >= r.number })
		}
		if j >= 0 && j < len(y) {
			out[r.owner] = y[j].owner
		}
	}
	return out
}

// finding is how many a strategy got right.
type finding struct {
	strategy string
	right    int
	limit    int
}

// Limits. A guess is right once by chance among any number of responses, so the number of right
// ones follows Poisson's law with mean 1: more than 5 of 300 comes up 6 times in 10,000, which
// ANON-07 takes for its strategies; more than 9 once in 10 million, for the thousands of others.
const (
	coreLimit = 5
	restLimit = 9
)

// attack tries everything and says how many each strategy got right.
func (l loot) attack(truth pairs) []finding {
	found := []finding{{"equal values and their hashes", truth.right(l.byTraces()), coreLimit}}
	identity, answers := l.sides()
	for _, a := range identity {
		for _, b := range answers {
			limit := restLimit
			if a.core && b.core {
				limit = coreLimit
			}
			name := a.name + " against " + b.name
			found = append(found, finding{name, truth.right(byRank(a, b, false)), limit},
				finding{name + ", backwards", truth.right(byRank(a, b, true)), restLimit})
			if a.kind != "" && a.kind == b.kind {
				found = append(found, finding{"just before: " + name, truth.right(byNearness(a, b, false)), limit},
					finding{"just after: " + name, truth.right(byNearness(a, b, true)), limit})
			}
		}
	}
	return found
}

func (truth pairs) right(guess pairs) (n int) {
	for id, response := range guess {
		if truth[id] == response {
			n++
		}
	}
	return n
}

// successes are the strategies that did better than chance.
func successes(found []finding) map[string]int {
	out := map[string]int{}
	for _, f := range found {
		if f.right > f.limit {
			out[f.strategy] = f.right
		}
	}
	return out
}

// best is the strategy that got most right.
func best(found []finding) finding {
	return slices.MaxFunc(found, func(a, b finding) int { return a.right - b.right })
}

func (f finding) String() string { return fmt.Sprintf("%s: %d", f.strategy, f.right) }
