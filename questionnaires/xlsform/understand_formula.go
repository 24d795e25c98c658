package xlsform

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

var errNoNumber = errors.New("this is no number: only numbers are calculated")

// formula gives an expression as a formula of ours, in brackets where it is the
// part of a larger one.
func (u *understanding) formula(n node, part bool) (string, error) {
	n = u.bare(n)
	if _, isText := n.(textNode); !isText {
		if f, ok := constant(n); ok {
			return questionnaires.FormatNumber(f), nil
		}
	}
	switch n := n.(type) {
	case refNode, selfNode:
		v, err := u.variable(n)
		if err != nil {
			return "", err
		}
		if v.numeric() {
			return v.name, nil
		}
		if !v.chosen() {
			return "", fmt.Errorf("%s is no number", v.name)
		}
		return v.name, u.countable(v)
	case negativeNode:
		x, err := u.formula(n.x, true)
		return bracketed("0 - "+x, part), err
	case binaryNode:
		op := map[string]string{"+": "+", "-": "-", "*": "*", "div": "/"}[n.op]
		if op == "" {
			return "", errNoNumber
		}
		left, err := u.formula(n.left, true)
		if err != nil {
			return "", err
		}
		right, err := u.formula(n.right, true)
		return bracketed(left+" "+op+" "+right, part), err
	case callNode:
		return u.formulaCall(n, part)
	}
	return "", errNoNumber
}

// countable says why the codes of a choice are not all numbers.
func (u *understanding) countable(v *variable) error {
	for _, o := range v.qu.Options {
		if _, err := strconv.ParseFloat(o.Code, 64); err != nil || v.choice(o.Code) != o.Code {
			return fmt.Errorf("the choices of %s are no numbers", v.name)
		}
		if o.Missing != 0 {
			u.remarks = append(u.remarks, fmt.Sprintf("%s of %s is stored as a missing answer and does not count as a number", o.Code, v.name))
		}
	}
	return nil
}

func bracketed(s string, part bool) string {
	if part {
		return "(" + s + ")"
	}
	return s
}

func (u *understanding) formulaCall(n callNode, part bool) (string, error) {
	switch {
	case n.name == "if" && len(n.args) == 3:
		c, err := u.condition(n.args[0])
		if err != nil {
			return "", err
		}
		yes, err := u.formula(n.args[1], true)
		if err != nil {
			return "", err
		}
		no, err := u.formula(n.args[2], true)
		switch c.op {
		case "true":
			return yes, err
		case "false":
			return no, err
		}
		return bracketed(c.source()+" ? "+yes+" : "+no, part), err
	case n.name == "coalesce" && len(n.args) == 2:
		v, err := u.variable(n.args[0])
		if err != nil {
			return "", err
		}
		if !v.numeric() {
			return "", fmt.Errorf("%s is no number", v.name)
		}
		instead, err := u.formula(n.args[1], true)
		return bracketed("answered("+v.name+") ? "+v.name+" : "+instead, part), err
	case n.name == "count-selected" && len(n.args) == 1:
		return u.countTicks(n.args[0], part)
	case n.name == "round" && len(n.args) == 1:
		n.args = append(n.args[:1:1], numberNode{"0"})
	case n.name == "round" && len(n.args) == 2:
	case (n.name == "sum" || n.name == "min" || n.name == "max") && len(n.args) > 0:
	default:
		return "", fmt.Errorf("the function %s() has no counterpart here", n.name)
	}
	var args []string
	for _, a := range n.args {
		x, err := u.formula(a, false)
		if err != nil {
			return "", err
		}
		args = append(args, x)
	}
	return n.name + "(" + strings.Join(args, ", ") + ")", nil
}

// countTicks is count-selected(${m}), option by option.
func (u *understanding) countTicks(of node, part bool) (string, error) {
	v, err := u.variable(of)
	if err != nil {
		return "", err
	}
	if !v.multi() {
		return "", fmt.Errorf("%s does not take several answers", v.name)
	}
	var parts []string
	for _, o := range v.qu.Options {
		if o.Missing != 0 {
			u.remarks = append(u.remarks, fmt.Sprintf("%s of %s is stored as a missing answer and is not counted", o.Code, v.name))
		} else {
			parts = append(parts, "("+strconv.Quote(o.Code)+" in "+v.name+" ? 1 : 0)")
		}
	}
	return bracketed(strings.Join(parts, " + "), part && len(parts) > 1), nil
}
