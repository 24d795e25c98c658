package questionnaires

import (
	"cmp"
	"slices"
)

// slice is the part of a questionnaire that a rule depends on: the variables
// it looks at, the conditions that decide whether these are asked at all, the
// variables those look at, and so on back to the first question.
type slice struct {
	q      *Questionnaire
	slots  []*slot
	byName map[string]*slot
	nodes  map[*Condition]node
	vast   bool // a variable has more values than are worth trying; some are left out
	cost   int  // formulas to be computed at each step
}

// slot is one variable of a slice with the classes its answers fall into: no
// condition of the slice tells two answers of one class apart.
type slot struct {
	name     string
	question *Question
	row      *Row // matrix, numbers, texts
	place    int  // among the variables of the question
	terms    []term
	pairs    []*slot // numbers it is compared with
	numbers  []float64
	exact    bool // a formula looks at it, so that every value counts

	classes []class
	asked   []node  // all must hold, else it has no answer
	needed  []node  // any of these: it must have an answer
	last    bool    // the last of its question in the slice
	limits  []limit // checks that can be judged once this is answered
	loose   int     // multi: options that no condition names
	always  int     // multi: options that are always offered
	parts   []node  // multi: when each other one is
}

// class is a set of answers that the conditions of a slice cannot tell apart,
// with one answer that stands for all.
type class struct {
	value    Value
	given    bool
	hidden   bool    // no answer, because it is not asked
	low, top float64 // numbers: the smallest and the largest of the class
	ticks    int     // multi: how many of the named options are ticked
	counted  bool    // multi: whether least and most apply
	offered  []node  // options with a condition of their own: all must hold
}

// limit is a hard check: where all its questions are asked, it may not fail.
type limit struct {
	asked []node
	fails node
}

// solver answers whether conditions can hold, for one questionnaire.
type solver struct {
	q     *Questionnaire
	pages []*Page          // by place of the question
	hard  []*Check         // checks that keep people from going on, as far as they can be met
	known map[string]*slot // empty slots by variable, to be copied
	memo  map[string]outcome
	all   *whole // made when first needed
	steps int    // left for the whole questionnaire
}

func newSolver(q *Questionnaire) *solver {
	s := &solver{q: q, known: map[string]*slot{}, memo: map[string]outcome{}, steps: maxStepsInAll}
	for _, p := range q.Pages {
		for range p.Questions {
			s.pages = append(s.pages, p)
		}
	}
	for _, qu := range q.questions {
		for i, name := range qu.variables {
			x := &slot{name: name, question: qu, place: i}
			if i < len(qu.Rows) {
				x.row = &qu.Rows[i]
			}
			s.known[name] = x
		}
	}
	return s
}

// assume makes hard checks rules that all answers follow from now on.
func (s *solver) assume(hard []*Check) {
	s.hard, s.all = hard, nil
	clear(s.memo)
}

// sound says whether every variable exists once; else nothing can be solved.
func (s *solver) sound() bool {
	count := 0
	for _, qu := range s.q.questions {
		count += len(qu.variables)
	}
	return count == len(s.known)
}

// routes gives the conditions that decide whether a question is asked and which
// of its answers are open.
func (s *solver) routes(qu *Question) []*Condition {
	out := []*Condition{s.pages[qu.at].If, qu.If}
	for i := range qu.Rows {
		out = append(out, qu.Rows[i].If, qu.Rows[i].RequiredIf)
	}
	for i := range qu.Options {
		out = append(out, qu.Options[i].If)
	}
	return slices.DeleteFunc(out, func(c *Condition) bool { return c == nil })
}

// cut gives the slice for some conditions: what they depend on, backwards.
func (s *solver) cut(rules []*Condition) *slice {
	x := &slice{q: s.q, byName: map[string]*slot{}, nodes: map[*Condition]node{}}
	asked := map[*Question]bool{}
	var take func(c *Condition)
	take = func(c *Condition) {
		leaves(c.root, func(t term) { x.mention(s, t) })
		for _, at := range c.named.questions {
			qu := s.q.questions[at]
			if asked[qu] {
				continue
			}
			asked[qu] = true
			for _, r := range s.routes(qu) {
				take(r)
			}
		}
	}
	seen := map[*Condition]bool{}
	for _, c := range rules {
		if c != nil && !seen[c] {
			seen[c] = true
			take(c)
		}
	}
	checks := s.applicable(x)
	for _, c := range checks {
		leaves(c.Fails.root, func(t term) { x.mention(s, t) })
	}
	slices.SortFunc(x.slots, func(a, b *slot) int {
		return cmp.Or(cmp.Compare(a.question.at, b.question.at), cmp.Compare(a.place, b.place))
	})
	x.fill(s, checks)
	return x
}

// applicable gives the hard checks that look at nothing outside the slice.
func (s *solver) applicable(x *slice) []*Check {
	var out []*Check
	for _, c := range s.hard {
		inside := slices.ContainsFunc(x.slots, func(y *slot) bool { return y.question.Code == c.Question })
		for _, name := range c.Fails.named.variables {
			inside = inside && x.byName[name] != nil
		}
		if inside {
			out = append(out, c)
		}
	}
	return out
}

func (x *slice) at(name string) int { return x.byName[name].index(x) }

func (y *slot) index(x *slice) int {
	at, _ := slices.BinarySearchFunc(x.slots, y, func(a, b *slot) int {
		return cmp.Or(cmp.Compare(a.question.at, b.question.at), cmp.Compare(a.place, b.place))
	})
	return at
}

func (x *slice) condition(c *Condition) []node {
	if c == nil {
		return nil
	}
	n := x.nodes[c]
	if n == nil {
		n = x.node(c.root)
		x.nodes[c] = n
	}
	return []node{n}
}

// rules says when a variable is asked and when it must have an answer.
func (x *slice) rules(y *slot, p *Page) {
	qu := y.question
	y.asked = append(x.condition(p.If), x.condition(qu.If)...)
	all := qu.Kind == Ranking && qu.Top == len(qu.Options) // every option must be ranked
	if qu.Required && !qu.Prefill && (qu.Kind != Ranking || all) && !(y.place == len(qu.variables)-1 && qu.HasOther()) {
		y.needed = []node{nodeFixed{yes}}
	}
	switch {
	case y.row != nil:
		y.asked = append(y.asked, x.condition(y.row.If)...)
		y.needed = append(y.needed, x.condition(y.row.RequiredIf)...)
	case qu.Kind == Ranking:
		y.asked = append(y.asked, x.condition(qu.Options[y.place].If)...)
		return
	}
	if some := x.someOption(qu); some != nil {
		y.asked = append(y.asked, some) // where no option is left there is nothing to ask
	}
}

// someOption is a node that holds where an option is offered; nil where one
// always is.
func (x *slice) someOption(qu *Question) node {
	var some node
	for i := range qu.Options {
		rule := x.condition(qu.Options[i].If)
		switch {
		case rule == nil:
			return nil
		case some == nil:
			some = rule[0]
		default:
			some = nodeOr{some, rule[0]}
		}
	}
	return some
}

// fill gives every slot its classes, in order, and then the rules over them.
func (x *slice) fill(s *solver, checks []*Check) {
	x.cutNumbers()
	for i, y := range x.slots {
		y.last = i+1 == len(x.slots) || x.slots[i+1].question != y.question
		if y.classes == nil {
			y.classes = x.classesOf(y)
		}
		x.rules(y, s.pages[y.question.at])
	}
	for _, c := range checks {
		last, qu := 0, s.q.Question(c.Question)
		for _, name := range c.Fails.named.variables {
			last = max(last, x.at(name))
		}
		x.slots[last].limits = append(x.slots[last].limits, limit{
			append(x.condition(s.pages[qu.at].If), x.condition(qu.If)...), x.node(c.Fails.root)})
	}
}
