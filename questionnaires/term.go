package questionnaires

import "fmt"

// term is one part of a condition.
type term interface{ holds(v *view) bool }

// ref is a variable named in a condition or formula: one of a question or a
// calculated one.
type ref struct {
	name       string
	question   *Question
	calculated *Calculated
	place      int  // of a question's variable, among those of all questions
	numeric    bool // holds a number, not a code
}

// offers says why code is no answer that a condition could wait for.
func (r ref) offers(code string) error {
	for _, o := range r.question.Options {
		if o.Code != code {
			continue
		}
		if o.Missing != 0 {
			return fmt.Errorf("%s of %s is stored as a missing answer, so no comparison with it ever holds", code, r.name)
		}
		return nil
	}
	return fmt.Errorf("%s has no option %q", r.name, code)
}

// literal is a constant; its number counts only where numeric.
type literal struct {
	code    string
	number  float64
	numeric bool
}

type (
	negation struct{ inner term }
	both     struct{ left, right term }
	either   struct{ left, right term }
	given    struct{ ref }
	ticked   struct {
		ref
		code string
	}
	member struct {
		ref
		literals []literal
	}
	compare struct {
		ref
		op string
		literal
	}
	comparePair struct {
		left, right ref
		op          string
	}
)

func (t negation) holds(v *view) bool { return !t.inner.holds(v) }
func (t both) holds(v *view) bool     { return t.left.holds(v) && t.right.holds(v) }
func (t either) holds(v *view) bool   { return t.left.holds(v) || t.right.holds(v) }

func (t given) holds(v *view) bool {
	_, ok := v.value(t.ref)
	return ok
}

func (t ticked) holds(v *view) bool {
	x, _ := v.value(t.ref)
	for _, c := range x.Codes {
		if c == t.code {
			return true
		}
	}
	return false
}

func (t member) holds(v *view) bool {
	for _, l := range t.literals {
		if (compare{t.ref, "==", l}).holds(v) {
			return true
		}
	}
	return false
}

func (t compare) holds(v *view) bool {
	x, ok := v.value(t.ref)
	switch {
	case !ok || x.Missing != 0:
		return false
	case t.ref.numeric:
		return x.Number != nil && ordered(*x.Number, t.op, t.literal.number)
	case len(x.Codes) != 1:
		return false
	case t.literal.numeric:
		n, ok := codeNumber(x.Codes[0])
		return ok && ordered(n, t.op, t.literal.number)
	case t.op == "!=":
		return x.Codes[0] != t.literal.code
	}
	return x.Codes[0] == t.literal.code
}

func (t comparePair) holds(v *view) bool {
	x, _ := v.value(t.left)
	y, _ := v.value(t.right)
	return x.Number != nil && y.Number != nil && ordered(*x.Number, t.op, *y.Number)
}

func ordered(x float64, op string, y float64) bool {
	switch op {
	case "==":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}
