package questionnaires

import (
	"slices"
	"strings"
)

// maxTicks is how many options of one multi the conditions of a slice may name
// for all sets of ticks to be tried.
const maxTicks = 12

// classesOf gives the classes the answers to a variable fall into, those first
// that make most terms hold: conditions that can hold are so found at once. No
// answer is a class too, and not being asked is the last one.
func (x *slice) classesOf(y *slot) []class {
	var all []class
	qu := y.question
	switch {
	case y.place == len(qu.variables)-1 && qu.HasOther():
		all = []class{{value: Value{Text: "x"}}}
	case qu.Kind == Multi:
		all = x.ticks(y)
	case len(qu.Options) > 0 && qu.Kind != Ranking:
		all = x.choices(y)
	case qu.numeric():
		all = x.numberCells(y)
	default:
		all = []class{{value: Value{Text: "x"}}}
	}
	for i := range all {
		all[i].given = true
	}
	return append(x.merge(y, append(all, class{})), class{hidden: true})
}

// numeric says whether the variables of a question hold numbers.
func (qu *Question) numeric() bool {
	switch qu.Kind {
	case Integer, Decimal, Numbers, Ranking:
		return true
	}
	return false
}

// choices gives one class for each option; all missing answers are alike.
func (x *slice) choices(y *slot) []class {
	var all []class
	missing := false
	for _, o := range y.question.Options {
		c := class{offered: x.condition(o.If), value: Value{Codes: []string{o.Code}}}
		if o.Missing != 0 {
			if missing && o.If == nil {
				continue
			}
			missing = missing || o.If == nil
			c.value = Value{Missing: o.Missing}
		}
		all = append(all, c)
	}
	return all
}

// merge makes one class of those that no term of the slice tells apart.
func (x *slice) merge(y *slot, all []class) []class {
	if len(y.pairs) > 0 || y.exact {
		return all
	}
	var out []class
	weight := map[string]int{}
	seen := map[string]bool{}
	keys := make([]string, 0, len(all))
	for _, c := range all {
		key := y.signature(c)
		if c.given && len(c.offered) == 0 && !y.question.summed() {
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		weight[key] = strings.Count(key, "1")
		out, keys = append(out, c), append(keys, key)
	}
	order := upTo(len(out))
	slices.SortStableFunc(order, func(i, j int) int {
		if out[i].given != out[j].given {
			if out[i].given {
				return -1
			}
			return 1
		}
		return weight[keys[j]] - weight[keys[i]]
	})
	sorted := make([]class, len(out))
	for i, at := range order {
		sorted[i] = out[at]
	}
	return sorted
}

// signature says which terms of the slice hold for a class.
func (y *slot) signature(c class) string {
	b := make([]byte, 0, len(y.terms)+1)
	v := c.view(y.name)
	for _, t := range y.terms {
		if t.holds(v) {
			b = append(b, '1')
		} else {
			b = append(b, '0')
		}
	}
	if c.value.Missing != 0 {
		b = append(b, 'm') // checks ask whether an answer says something
	}
	return string(b)
}

// summed says whether the rows of a question hang together by their sum.
func (qu *Question) summed() bool { return qu.SumEquals != nil || qu.SumMin != nil }

// ticks gives the sets of ticks as far as the conditions of the slice look at
// them; one tick more stands for all options that none of them names.
func (x *slice) ticks(y *slot) []class {
	qu := y.question
	var named []Option
	alone := false // an exclusive option that no condition names
	for _, o := range qu.Options {
		if o.Missing != 0 {
			continue
		}
		if named = append(named, o); !y.exact && !y.names(o.Code) && (o.If == nil || qu.Least == 0) {
			named = named[:len(named)-1]
			alone = alone || o.Exclusive
			if !o.Exclusive {
				y.loose++
			}
		}
		switch {
		case o.Exclusive:
		case o.If == nil:
			y.always++
		default:
			y.parts = append(y.parts, x.condition(o.If)...)
		}
	}
	if len(named) > maxTicks {
		x.vast, named = true, named[:maxTicks]
	}
	all := x.missingTicks(qu)
	for set := range 1 << len(named) {
		if c, ok := x.ticked(y, named, set, alone); ok {
			all = append(all, c)
		}
	}
	return all
}

// ticked gives one set of ticks, and whether the question allows it.
func (x *slice) ticked(y *slot, named []Option, set int, alone bool) (class, bool) {
	c, exclusive := class{}, false
	for i, o := range named {
		if set>>i&1 == 1 {
			c.value.Codes = append(c.value.Codes, o.Code)
			c.offered = append(c.offered, x.condition(o.If)...)
			exclusive = exclusive || o.Exclusive
		}
	}
	c.ticks = len(c.value.Codes)
	if c.ticks == 0 {
		c.value.Codes, exclusive = []string{""}, alone
	}
	c.counted = !exclusive
	return c, exclusive && c.ticks < 2 || !exclusive && y.question.ticksFit(c.ticks, y.loose)
}

// ticksFit says whether some number of ticks is allowed: those counted already,
// and up to `more` others.
func (qu *Question) ticksFit(count, more int) bool {
	most := count + more
	if qu.Most > 0 {
		most = min(most, qu.Most)
	}
	least := min(qu.Least, qu.offered(&view{}))
	if qu.parted {
		least = 1 // see tickable
	}
	return most >= max(count, least, 1)
}

func (x *slice) missingTicks(qu *Question) []class {
	var all []class
	for _, o := range qu.Options {
		if o.Missing != 0 {
			all = append(all, class{value: Value{Missing: o.Missing}, offered: x.condition(o.If)})
		}
	}
	return all
}

// names says whether a condition of the slice waits for a tick.
func (y *slot) names(code string) bool {
	for _, t := range y.terms {
		if t, ok := t.(ticked); ok && t.code == code {
			return true
		}
	}
	return false
}
