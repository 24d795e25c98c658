package questionnaires

import "maps"

// view is what conditions and formulas look at: answers, without those that
// routing hides.
type view struct {
	answers  Answers
	entries  []entry    // the answers by place of the variable, in the place of answers; nil: not so
	own      bool       // the answers are a copy, or meant to be changed
	hidden   []bool     // by place: the questions, then the rows and options with a condition; nil: none
	computed []computed // by place of the calculated variable
}

// entry is the answer to a variable that Rows has read.
type entry struct {
	Value
	given bool
}

// computed is what a calculated variable has come to.
type computed struct {
	known, ok bool
	number    float64
}

// look gives a view of answers of which nothing is hidden yet.
func (q *Questionnaire) look(a Answers) *view {
	v := &view{answers: a, hidden: make([]bool, q.places)}
	if len(q.Calculated) > 0 {
		v.computed = make([]computed, len(q.Calculated))
	}
	return v
}

// off says whether a row or option of that place is hidden.
func (v *view) off(place int) bool { return place != 0 && v.hidden != nil && v.hidden[place] }

// answer gives the answer to the i-th variable of a question, hidden or not.
func (v *view) answer(qu *Question, i int) (Value, bool) {
	if v.entries != nil {
		e := &v.entries[qu.from+i]
		return e.Value, e.given
	}
	x, ok := v.answers[qu.variables[i]]
	return x, ok
}

// value gives the answer behind a name. What is hidden counts as not answered.
func (v *view) value(r ref) (Value, bool) {
	if r.calculated != nil {
		n, ok := v.compute(r.calculated)
		if !ok {
			return Value{}, false
		}
		return Value{Number: &n}, true
	}
	if v.hidden != nil && v.hidden[r.question.at] {
		return Value{}, false
	}
	if v.entries != nil {
		e := &v.entries[r.place]
		return e.Value, e.given
	}
	x, ok := v.answers[r.name]
	return x, ok
}

// number gives the number behind a name: a typed one, a rank, a calculated one,
// or an option code that is a number.
func (v *view) number(r ref) (float64, bool) {
	if r.calculated != nil {
		return v.compute(r.calculated)
	}
	x, ok := v.value(r)
	switch {
	case !ok || x.Missing != 0:
		return 0, false
	case x.Number != nil:
		return *x.Number, true
	case !r.numeric && len(x.Codes) == 1:
		return codeNumber(x.Codes[0])
	}
	return 0, false
}

// compute gives the value of a calculated variable. It is computed once for a
// view: without that, variables built on one another would take a time that
// doubles with each. Where nothing it is computed from was asked it has none.
func (v *view) compute(c *Calculated) (float64, bool) {
	if c.Formula == nil || c.at >= len(v.computed) {
		return 0, false
	}
	done := &v.computed[c.at]
	if !done.known {
		done.known = true
		if c.asked(v) {
			done.number, done.ok = c.Formula.root.of(v)
			done.number = round(done.number, c.Decimals)
		}
	}
	return done.number, done.ok
}

// change makes the answers ones that can be changed.
func (v *view) change() {
	if !v.own {
		v.answers, v.own = maps.Clone(v.answers), true
	}
}

// drop takes out the answer to the i-th variable of a question.
func (v *view) drop(qu *Question, i int) {
	if v.entries != nil {
		v.entries[qu.from+i] = entry{}
	} else if _, ok := v.answers[qu.variables[i]]; ok {
		v.change()
		delete(v.answers, qu.variables[i])
	}
}

// set puts an answer to the i-th variable of a question.
func (v *view) set(qu *Question, i int, x Value) {
	if v.entries != nil {
		v.entries[qu.from+i] = entry{x, true}
		return
	}
	v.change()
	v.answers[qu.variables[i]] = x
}
