package questionnaires

import "strings"

// The solver says whether a condition can hold. It tries every combination of
// answers to the questions involved: those the condition looks at, those that
// decide whether these are asked, and so on. Answers that no condition involved
// tells apart are tried once (all numbers from 11 to 49, say), and a part of
// the combinations is left out as soon as it can show nothing new.
//
// It looks at complete questionnaires: required questions that are asked have
// an answer, hidden ones have none, hard checks are passed. Where it simplifies
// (rows that no condition names, sums of rows that are also compared with one
// another) it admits more combinations than there are, so that "never" and
// "always" are never said wrongly.

// maxCombinations is up to how many combinations a condition is decided for
// certain. With more, the search still tries, for a while.
const maxCombinations = 1_000_000

// The steps of a search: one for each answer chosen.
const (
	maxSteps      = 200_000    // where there are more combinations than maxCombinations
	maxStepsInAll = 12_000_000 // for one questionnaire: about a second
)

// target is what a search is about: a condition, and the conditions under which
// it matters (those of the page and question it belongs to).
type target struct {
	own     *Condition
	context []*Condition
	says    []string // variables that must have an answer which is not "don't know" or the like
}

// outcome is what a search found out about a target.
type outcome struct {
	decided      bool
	combinations float64 // of all the answers involved
	holds        bool    // it can hold where it matters
	fails        bool    // it can fail where it matters
	anywhere     bool    // it can hold, be it where it does not matter
}

// matters says whether the context of a target can come about at all.
func (o outcome) matters() bool { return o.holds || o.fails }

// solve decides a target. The same target is solved once.
func (s *solver) solve(t target) outcome {
	key := t.key()
	if o, ok := s.memo[key]; ok {
		return o
	}
	o, ok := s.quick(t)
	if !ok {
		x := s.cut(append([]*Condition{t.own}, t.context...))
		o = outcome{combinations: x.combinations()}
		s.find(x, t, &o)
	}
	s.memo[key] = o
	return o
}

func (t target) key() string {
	parts := []string{t.own.source}
	for _, c := range t.context {
		parts = append(parts, c.text())
	}
	return strings.Join(append(parts, t.says...), "\x00")
}

// combinations counts those of all slots, hidden or not.
func (x *slice) combinations() float64 {
	n := 1.0
	for _, y := range x.slots {
		n *= float64(len(y.classes) - 1) // not being asked follows from the others
	}
	return n
}

func (s *solver) find(x *slice, t target, o *outcome) {
	f := newSearch(x, t, upTo(len(x.slots)), s.steps)
	if f.cost = x.cost; o.combinations > maxCombinations {
		f.steps = min(f.steps, maxSteps)
	}
	budget := f.steps
	o.holds, o.fails = f.look(yes, true), f.look(no, true)
	o.anywhere = o.holds || f.look(yes, false)
	o.decided = f.steps > 0 && !x.vast || o.holds && o.fails
	s.steps -= budget - max(f.steps, 0)
}

func newSearch(x *slice, t target, order []int, steps int) *search {
	f := &search{slice: x, order: order, own: x.node(t.own.root), chosen: make([]int, len(x.slots)), steps: steps}
	for _, c := range t.context {
		f.context = append(f.context, x.condition(c)...)
	}
	for _, name := range t.says {
		f.context = append(f.context, x.saying(name))
	}
	return f
}

// saying is a node that holds where a variable has an answer which says
// something.
func (x *slice) saying(name string) node {
	y := x.byName[name]
	holds := make([]bool, len(y.classes))
	for i, c := range y.classes {
		holds[i] = c.given && c.value.Missing == 0
	}
	return nodeSlot{y.index(x), holds}
}

// search chooses answers one variable after the other, in the order in which
// they are asked.
type search struct {
	*slice
	order   []int // slots to choose, in the order they are asked
	own     node
	context []node
	chosen  []int // class by slot; -1: not chosen yet
	steps   int   // left
	cost    int   // formulas to be computed at each step
	want    truth // of own
	inside  bool  // whether the context must hold
	found   bool
}

// look says whether there is a combination under which the target comes out as
// wanted. Out of steps it says no.
func (f *search) look(want truth, inside bool) bool {
	f.want, f.inside, f.found = want, inside, false
	for i := range f.chosen {
		f.chosen[i] = -1
	}
	f.choose(0)
	return f.found
}

// choose tries every answer to a variable, and all that may follow.
func (f *search) choose(n int) {
	if f.steps -= 1 + 10*f.cost; f.steps <= 0 || !f.hopeful() {
		return
	}
	if n == len(f.order) {
		f.found = true
		return
	}
	at := f.order[n]
	y := f.slots[at]
	defer func() { f.chosen[at] = -1 }()
	if !f.all(y.asked) {
		f.chosen[at] = len(y.classes) - 1
		f.next(n)
		return
	}
	needed := len(y.classes) > 2 && f.any(y.needed)
	for i, c := range y.classes {
		if c.hidden || !c.given && needed || !f.all(c.offered) {
			continue
		}
		f.chosen[at] = i
		if f.next(n); f.found {
			return
		}
	}
}

func (f *search) next(n int) {
	at := f.order[n]
	if f.slots[at].last && !f.coupled(at) {
		return
	}
	for _, l := range f.slots[at].limits {
		if l.fails.judge(f.chosen) == yes && f.all(l.asked) {
			return
		}
	}
	f.choose(n + 1)
}

// hopeful says whether the target can still come out as wanted.
func (f *search) hopeful() bool {
	if j := f.own.judge(f.chosen); j != open && j != f.want {
		return false
	}
	if !f.inside {
		return true
	}
	for _, n := range f.context {
		if n.judge(f.chosen) == no {
			return false
		}
	}
	return true
}

func (f *search) all(nodes []node) bool {
	for _, n := range nodes {
		if n.judge(f.chosen) != yes {
			return false
		}
	}
	return true
}

func (f *search) any(nodes []node) bool {
	for _, n := range nodes {
		if n.judge(f.chosen) == yes {
			return true
		}
	}
	return false
}
