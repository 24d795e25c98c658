package questionnaires

import "strconv"

// Calculated is a variable nobody is asked: it is computed from the answers,
// such as an index of the forms of cooperation (mean of four rows, at least
// three of them valid). It has no value where too few of its inputs have one.
type Calculated struct {
	Code     string   // a variable like any other: conditions after its last input may name it
	Formula  *Formula // what it is computed from
	Valid    int      // the least number of inputs with a value; 0: all of them
	Decimals int      // digits after the point it is rounded to, half away from zero; at most 6
	Label    Text
	Role     Role

	at     int // place among the calculated variables
	inputs []input
}

// Rule says how the variable is computed, in the notation of the definition.
func (c *Calculated) Rule() string {
	if c.Formula == nil {
		return ""
	}
	rule := c.Formula.source
	if c.Valid > 0 {
		rule += "; valid " + strconv.Itoa(c.Valid)
	}
	return rule + "; decimals " + strconv.Itoa(c.Decimals)
}

// Calculate gives the calculated variables that have a value, by code. Answers
// that routing hides count as not given.
func (q *Questionnaire) Calculate(a Answers) Answers {
	out := Answers{}
	v := q.routing(a)
	for _, c := range q.Calculated {
		if n, ok := v.compute(c); ok {
			out[c.Code] = Value{Number: &n}
		}
	}
	return out
}

// cell gives the value of a calculated variable, or the code of the reason why
// there is none: nothing of what it is computed from was asked, or too little
// of it has a value.
func (c *Calculated) cell(v *view) string {
	n, ok := v.compute(c)
	switch {
	case ok:
		return FormatNumber(n)
	case !c.asked(v):
		return CellNotAsked
	}
	return CellNoAnswer
}

// asked says whether any of the variables it is computed from was.
func (c *Calculated) asked(v *view) bool {
	if v.hidden == nil {
		return true
	}
	for _, x := range c.inputs {
		if !v.hidden[x.at] && !v.off(x.place) {
			return true
		}
	}
	return false
}

func (c *Calculated) variables() []string {
	if c.Formula == nil {
		return nil
	}
	return c.Formula.named.variables
}

// input is where view.hidden says whether an input of a calculated variable
// was asked: at its question and at its row or option.
type input struct{ at, place int }

// placeOf gives the place of the row or option that a variable belongs to; 0
// where it is always asked.
func (qu *Question) placeOf(variable string) int {
	for i, name := range qu.variables {
		switch {
		case name != variable:
		case i < len(qu.Rows):
			return qu.Rows[i].place
		case qu.Kind == Ranking:
			return qu.Options[i].place
		}
	}
	return 0
}
