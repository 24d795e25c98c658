package questionnaires

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// term writes a condition over the variables known so far.
func (d *drawn) term(depth int) string {
	if depth > 0 && d.often(60) {
		switch d.IntN(3) {
		case 0:
			return "not (" + d.term(depth-1) + ")"
		case 1:
			return "(" + d.term(depth-1) + ") and (" + d.term(depth-1) + ")"
		}
		return "(" + d.term(depth-1) + ") or (" + d.term(depth-1) + ")"
	}
	v := d.known[d.IntN(len(d.known))]
	compare := func() string { return d.pick(" == ", " != ", " < ", " <= ", " > ", " >= ") }
	if d.often(12) {
		return "answered(" + v.name + ")"
	}
	if formula, ok := d.formula(2); ok && d.often(25) {
		other, _ := d.formula(1)
		return "0 + (" + formula + ")" + compare() + "(" + other + ")"
	}
	switch v.what {
	case "number":
		return v.name + compare() + d.pick("0", "1", "2", "-1", "2.5", "10")
	case "code":
		code := `"` + d.pick(v.codes...) + `"`
		switch {
		case v.counts && d.often(30):
			return v.name + d.pick(" < ", " <= ", " > ", " >= ") + d.pick("0", "1", "2", "3")
		case d.often(30):
			return v.name + d.pick(" in ", " not in ") + "[" + code + `, "` + d.pick(v.codes...) + `"]`
		}
		return v.name + d.pick(" == ", " != ") + code
	case "codes":
		return `"` + d.pick(v.codes...) + `"` + d.pick(" in ", " not in ") + v.name
	}
	return "answered(" + v.name + ")"
}

// formula writes a formula; false where nothing known is a number.
func (d *drawn) formula(depth int) (string, bool) {
	var numbers []string
	for _, v := range d.known {
		if v.what == "number" || v.counts {
			numbers = append(numbers, v.name)
		}
	}
	if len(numbers) == 0 {
		return "0", false
	}
	if depth == 0 || d.often(30) {
		if d.often(15) {
			return d.pick("0", "1", "2", "0.5", "-3"), true
		}
		return d.pick(numbers...), true
	}
	part := func() string { s, _ := d.formula(depth - 1); return "(" + s + ")" }
	switch d.IntN(5) {
	case 0, 1:
		return part() + d.pick(" + ", " - ", " * ", " / ") + part(), true
	case 2:
		return "round(" + part() + ", " + d.pick("0", "1", "2") + ")", true
	case 3:
		if len(d.known) < 12 {
			return "(" + d.simple() + ") ? " + part() + " : " + part(), true
		}
	}
	inputs := []string{part(), part()}
	for range d.IntN(3) {
		inputs = append(inputs, part())
	}
	return d.pick("sum", "mean", "min", "max", "count") + "(" + strings.Join(inputs, ", ") + ")", true
}

func (d *drawn) simple() string { return "answered(" + d.known[d.IntN(len(d.known))].name + ")" }

// drawnAnswers gives well-formed answers of a draft after much back and forth:
// valid ones, some taken away, some of other routes, some in hidden rows.
func drawnAnswers(r *rand.Rand, q *Questionnaire) Answers {
	a, other := q.Random(r, someSetting, nil), q.Random(r, someSetting, nil)
	for _, qu := range q.questions {
		for i, name := range qu.variables {
			switch r.IntN(8) {
			case 0, 1:
				delete(a, name)
			case 2, 3:
				if x, ok := other[name]; ok && qu.Kind != Ranking {
					a[name] = x
				}
			case 4:
				if x := anyValue(r, qu); qu.fits(i, x, someSetting) && qu.Kind != Ranking {
					a[name] = x
				}
			}
		}
		if qu.Kind == Ranking && !qu.ranked(a) {
			for _, name := range qu.variables {
				delete(a, name)
			}
		}
	}
	return a
}

func anyValue(r *rand.Rand, qu *Question) Value {
	n := float64(r.IntN(9)) - 3
	if qu.Kind == Decimal {
		n += float64(r.IntN(100)) / 100
	}
	if len(qu.Options) == 0 {
		if qu.Kind == LongText || qu.Kind == Texts {
			return Value{Text: "x"}
		}
		return Value{Number: &n}
	}
	if qu.Kind != Multi {
		return qu.Options[r.IntN(len(qu.Options))].value()
	}
	var codes []string
	for _, o := range qu.Options {
		if !o.Exclusive && r.IntN(2) == 0 {
			codes = append(codes, o.Code)
		}
	}
	return Value{Codes: slices.Clip(codes)}
}
