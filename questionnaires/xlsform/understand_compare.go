package xlsform

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// comparison gives one comparison as a condition of ours.
func (u *understanding) comparison(left node, op string, right node) (logic, error) {
	_, leftFixed := literal(left)
	_, rightFixed := literal(right)
	switch {
	case leftFixed && rightFixed:
		return fixed(left, op, right), nil
	case leftFixed:
		return u.comparison(right, mirrored(op), left)
	}
	if arithmetic(left) || arithmetic(right) {
		return u.formulas(left, op, right)
	}
	if c, ok := left.(callNode); ok {
		return u.counted(c, op, right)
	}
	v, err := u.variable(left)
	if err != nil {
		return never, err
	}
	if !rightFixed {
		return u.pair(v, op, right)
	}
	if s, _ := literal(right); strings.TrimSpace(s) == "" {
		switch op {
		case "=":
			return u.answered(v).negated(), nil
		case "!=":
			return u.answered(v), nil
		}
		return never, errors.New("nothing is more or less than an empty text")
	}
	switch {
	case v.numeric():
		return u.number(v, op, right)
	case v.multi():
		return u.exactly(v, op, right)
	case v.chosen():
		return u.chosen(v, op, right)
	}
	return never, fmt.Errorf("%s is typed or ranked: only whether it is answered can be asked", v.name)
}

// arithmetic says whether a side of a comparison is calculated.
func arithmetic(n node) bool {
	switch n := n.(type) {
	case negativeNode:
		return true
	case binaryNode:
		return true
	case callNode:
		switch n.name {
		case "round", "sum", "min", "max", "if", "coalesce":
			return true
		}
	}
	return false
}

// formulas compares two numbers of which one is calculated.
func (u *understanding) formulas(left node, op string, right node) (logic, error) {
	x, err := u.formula(left, true)
	if err != nil {
		return never, err
	}
	y, err := u.formula(right, true)
	if err != nil {
		return never, err
	}
	switch op {
	case "!=":
		return atom(x + " == " + y).negated(), nil
	case "=":
		op = "=="
	}
	return atom(x + " " + op + " " + y), nil
}

// fixed compares two constants, as XPath does: by order only numbers, else texts.
func fixed(left node, op string, right node) logic {
	x, isNumber := constant(left)
	y, alsoNumber := constant(right)
	a, _ := literal(left)
	b, _ := literal(right)
	switch {
	case op == "=":
		return truth(a == b)
	case op == "!=":
		return truth(a != b)
	}
	return truth(isNumber && alsoNumber && ordered(x, op, y))
}

func (u *understanding) number(v *variable, op string, right node) (logic, error) {
	n, ok := constant(right)
	if !ok {
		return never, fmt.Errorf("%s is a number", v.name)
	}
	if op == "!=" {
		return atom(v.name + " == " + questionnaires.FormatNumber(n)).negated(), nil
	}
	if op == "=" {
		op = "=="
	}
	return atom(v.name + " " + op + " " + questionnaires.FormatNumber(n)), nil
}

func (u *understanding) chosen(v *variable, op string, right node) (logic, error) {
	if op == "=" || op == "!=" {
		choice, _ := literal(right)
		is, err := u.is(v, choice)
		if op == "!=" {
			return is.negated(), err
		}
		return is, err
	}
	n, ok := constant(right)
	if !ok {
		return never, fmt.Errorf("%s has no order: a number is needed here", v.name)
	}
	for choice, code := range v.codes {
		if choice != code {
			if f, err := strconv.ParseFloat(choice, 64); err == nil && ordered(f, op, n) {
				return never, fmt.Errorf("the choice %s has become %s: it cannot be compared as a number", choice, code)
			}
		}
	}
	if missing := v.missing(op, n); len(missing) > 0 {
		u.remarks = append(u.remarks, fmt.Sprintf("%s of %s is stored as a missing answer and does not count as a number", strings.Join(missing, ", "), v.name))
	}
	return atom(v.name + " " + op + " " + questionnaires.FormatNumber(n)), nil
}

// exactly says that one option of a multiple choice is ticked and no other.
func (u *understanding) exactly(v *variable, op string, right node) (logic, error) {
	if op != "=" && op != "!=" {
		return never, fmt.Errorf("%s takes several answers: they have no order", v.name)
	}
	choice, _ := literal(right)
	is, err := u.ticked(v, choice)
	if err != nil {
		return never, err
	}
	var rest []logic
	for _, o := range v.qu.Options {
		if o.Code != v.code(choice) && o.Missing == 0 {
			rest = append(rest, atom(strconv.Quote(o.Code)+" in "+v.name))
		}
	}
	is = all(is, some(rest...).negated())
	if op == "!=" {
		return is.negated(), nil
	}
	return is, nil
}

func (u *understanding) pair(v *variable, op string, right node) (logic, error) {
	w, err := u.variable(right)
	if err != nil {
		return never, err
	}
	if !v.numeric() || !w.numeric() {
		return never, fmt.Errorf("%s and %s cannot be compared: only numbers can", v.name, w.name)
	}
	if op == "!=" {
		return atom(v.name + " == " + w.name).negated(), nil
	}
	if op == "=" {
		op = "=="
	}
	return atom(v.name + " " + op + " " + w.name), nil
}

// counted reads string-length(${x}) > 0, count-selected(${m}) >= 1 and
// selected-at(${r}, 0) = 'a'.
func (u *understanding) counted(c callNode, op string, right node) (logic, error) {
	n, isNumber := constant(right)
	switch {
	case (c.name == "string-length" || c.name == "count-selected") && len(c.args) == 1 && isNumber:
		v, err := u.variable(c.args[0])
		if err != nil {
			return never, err
		}
		switch {
		case op == ">" && n == 0, op == ">=" && n == 1, op == "!=" && n == 0:
			return u.answered(v), nil
		case op == "=" && n == 0, op == "<" && n == 1, op == "<=" && n == 0:
			return u.answered(v).negated(), nil
		}
		if v.multi() {
			return u.formulas(c, op, right)
		}
		return never, fmt.Errorf("a condition cannot count what %s() counts", c.name)
	case c.name == "selected-at" && len(c.args) == 2 && (op == "=" || op == "!="):
		return u.rankedAt(c, op, right)
	}
	return never, fmt.Errorf("the function %s() has no counterpart here", c.name)
}

func (u *understanding) rankedAt(c callNode, op string, right node) (logic, error) {
	v, err := u.variable(c.args[0])
	if err != nil {
		return never, err
	}
	at, ok := constant(c.args[1])
	choice, isText := literal(right)
	if !ok || !isText || v.qu == nil || v.qu.Kind != questionnaires.Ranking {
		return never, errors.New("selected-at() is read of a rank question only")
	}
	w := u.byName[v.name+"__"+v.code(choice)]
	if w == nil {
		return never, fmt.Errorf("%s has no choice %q", v.name, choice)
	}
	is := atom(w.name + " == " + questionnaires.FormatNumber(at+1))
	if op == "!=" {
		return is.negated(), nil
	}
	return is, nil
}
