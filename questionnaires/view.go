package questionnaires

import "maps"

// view is what conditions and formulas look at: answers, without those that
// routing hides.
type view struct {
	answers  Answers
	own      bool       // the answers are a copy, or meant to be changed
	hidden   []bool     // by place: the questions, then the rows and options with a condition; nil: none
	computed []computed // by place of the calculated variable
}

// computed is what a calculated variable has come to.
type computed struct {
	known, ok bool
	number    float64
}

// look gives a view of answers of which nothing is hidden yet.
func (q *Questionnaire) look(a Answers) view {
	v := view{answers: a, hidden: make([]bool, q.places)}
	if len(q.Calculated) > 0 {
		v.computed = make([]computed, len(q.Calculated))
	}
	return v
}

// off says whether a row or option of that place is hidden.
func (v view) off(place int) bool { return place != 0 && v.hidden != nil && v.hidden[place] }

// value gives the answer behind a name. What is hidden counts as not answered.
func (v view) value(r ref) (Value, bool) {
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
	x, ok := v.answers[r.name]
	return x, ok
}

// number gives the number behind a name: a typed one, a rank, a calculated one,
// or an option code that is a number.
func (v view) number(r ref) (float64, bool) {
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
func (v view) compute(c *Calculated) (float64, bool) {
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

func (v *view) drop(name string) {
	if _, ok := v.answers[name]; ok {
		v.change()
		delete(v.answers, name)
	}
}
