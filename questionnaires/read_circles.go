package questionnaires

import "slices"

// circles finds the calculated variables that, directly or over others, are
// computed from themselves: for each, those it goes round with, in the order
// declared. It looks at each formula once (Tarjan's strongly
// connected components), however many there are.
func circles(all []*Calculated, sources []pendingFormula) map[string][]string {
	c := &circle{uses: map[string][]string{}, declared: map[string]int{}, waits: map[string]bool{}, index: map[string]int{}, low: map[string]int{}, found: map[string][]string{}}
	for i, v := range all {
		c.uses[v.Code] = identifiers(sources[i].source)
		c.declared[v.Code] = i
	}
	for _, v := range all {
		if c.index[v.Code] == 0 {
			c.visit(v.Code)
		}
	}
	return c.found
}

type circle struct {
	uses     map[string][]string
	declared map[string]int
	index    map[string]int // in order of the first visit, from 1
	low      map[string]int // the earliest that can be reached
	stack    []string
	waits    map[string]bool // is on the stack
	found    map[string][]string
}

func (c *circle) visit(name string) {
	c.index[name] = len(c.index) + 1
	c.low[name] = c.index[name]
	c.stack, c.waits[name] = append(c.stack, name), true
	for _, other := range c.uses[name] {
		if _, calculated := c.uses[other]; !calculated {
			continue
		}
		if other == name {
			c.found[name] = []string{name}
		}
		if c.index[other] == 0 {
			c.visit(other)
			c.low[name] = min(c.low[name], c.low[other])
		} else if c.waits[other] {
			c.low[name] = min(c.low[name], c.index[other])
		}
	}
	if c.low[name] != c.index[name] {
		return
	}
	at := len(c.stack) - 1
	for c.stack[at] != name {
		at--
	}
	if group := slices.Clone(c.stack[at:]); len(group) > 1 {
		slices.SortFunc(group, func(a, b string) int { return c.declared[a] - c.declared[b] })
		for _, member := range group {
			c.found[member] = group
		}
	}
	for _, done := range c.stack[at:] {
		delete(c.waits, done)
	}
	c.stack = c.stack[:at]
}
