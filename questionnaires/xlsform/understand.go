package xlsform

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// understanding turns XPath into conditions of ours, for one place.
type understanding struct {
	*scope
	self    *variable         // what . means; nil: nothing
	columns map[string]string // the extra columns of a choice, in a choice filter
	remarks []string          // what is carried, but means a little less
	last    int               // the last place looked at, from 1; 0: none
}

var errLogic = errors.New("this is neither true nor false")

// condition gives an expression as a condition of ours.
func (u *understanding) condition(n node) (logic, error) {
	switch n := n.(type) {
	case binaryNode:
		return u.binary(n)
	case callNode:
		return u.call(n)
	case refNode, selfNode:
		v, err := u.variable(n)
		if err != nil {
			return never, err
		}
		if v.numeric() {
			return all(u.answered(v), atom(v.name+" == 0").negated()), nil
		}
		return u.answered(v), nil
	}
	if s, ok := literal(n); ok {
		if f, isNumber := constant(n); isNumber {
			return truth(f != 0), nil
		}
		return truth(s != ""), nil
	}
	return never, errLogic
}

func truth(b bool) logic {
	if b {
		return always
	}
	return never
}

func (u *understanding) binary(n binaryNode) (logic, error) {
	if n.op == "and" || n.op == "or" {
		var parts []logic // of the whole chain: joined one by one, each would be copied for every one after it
		for _, side := range split(n.op, n) {
			l, err := u.condition(side)
			if err != nil {
				return never, err
			}
			parts = append(parts, l)
		}
		if n.op == "and" {
			return all(parts...), nil
		}
		return some(parts...), nil
	}
	switch n.op {
	case "=", "!=", "<", "<=", ">", ">=":
		return u.comparison(u.bare(n.left), n.op, u.bare(n.right))
	}
	return never, errLogic
}

// bare takes away what changes nothing about a comparison, and puts the value of
// a choice in place of its column.
func (u *understanding) bare(n node) node {
	switch n := n.(type) {
	case columnNode:
		if value, ok := u.columns[n.name]; ok {
			return textNode{value}
		}
	case callNode:
		switch {
		case len(n.args) == 1 && (n.name == "number" || n.name == "string" || n.name == "int" || n.name == "normalize-space"):
			return u.bare(n.args[0])
		case n.name == "coalesce" && len(n.args) == 2:
			if s, ok := literal(n.args[1]); ok && s == "" {
				return u.bare(n.args[0])
			}
		}
	}
	return n
}

func (u *understanding) call(n callNode) (logic, error) {
	switch {
	case n.name == "not" && len(n.args) == 1:
		x, err := u.condition(n.args[0])
		return x.negated(), err
	case n.name == "true" && len(n.args) == 0:
		return always, nil
	case n.name == "false" && len(n.args) == 0:
		return never, nil
	case (n.name == "boolean" || n.name == "boolean-from-string") && len(n.args) == 1:
		return u.condition(n.args[0])
	case n.name == "selected" && len(n.args) == 2:
		return u.selected(n.args[0], n.args[1])
	case n.name == "if" && len(n.args) == 3:
		return u.choice(n)
	}
	return never, fmt.Errorf("the function %s() has no counterpart here", n.name)
}

// choice is if(a, b, c) among conditions.
func (u *understanding) choice(n callNode) (logic, error) {
	var parts [3]logic
	for i, a := range n.args {
		var err error
		if parts[i], err = u.condition(a); err != nil {
			return never, err
		}
	}
	return some(all(parts[0], parts[1]), all(parts[0].negated(), parts[2])), nil
}

func (u *understanding) selected(of, what node) (logic, error) {
	choice, ok := literal(u.bare(what))
	if !ok {
		return never, errors.New("selected() needs a choice in quotation marks")
	}
	if list, ok := literal(u.bare(of)); ok {
		return truth(contains(strings.Fields(list), choice)), nil
	}
	v, err := u.variable(of)
	if err != nil {
		return never, err
	}
	switch {
	case v.multi():
		return u.ticked(v, choice)
	case v.chosen():
		return u.is(v, choice)
	case v.qu != nil && v.qu.Kind == questionnaires.Ranking:
		if w := u.byName[v.name+"__"+v.code(choice)]; w != nil {
			return u.answered(w), nil
		}
	}
	return never, fmt.Errorf("%s is not a choice", v.name)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// variable gives what ${name} or . means.
func (u *understanding) variable(n node) (*variable, error) {
	switch n := u.bare(n).(type) {
	case refNode:
		if v := u.byRef[n.name]; v != nil {
			if v.qu != nil && v.qu.Prefill {
				return nil, fmt.Errorf("%s is filled in by the service: a condition cannot look at it", n.name)
			}
			u.last = max(u.last, v.at+1)
			return v, nil
		}
		return nil, fmt.Errorf("${%s} is no question that is carried", n.name)
	case selfNode:
		if u.self != nil {
			u.last = max(u.last, u.self.at+1)
			return u.self, nil
		}
	case columnNode:
		return nil, fmt.Errorf("%q is no column of the choices", n.name)
	}
	return nil, errors.New("one side must be a question")
}

func (u *understanding) answered(v *variable) logic {
	if v.qu != nil && v.qu.Kind == questionnaires.Ranking && v.rank == "" {
		var parts []logic
		for _, o := range v.qu.Options {
			parts = append(parts, atom("answered("+v.name+"__"+o.Code+")"))
		}
		return some(parts...)
	}
	return atom("answered(" + v.name + ")")
}

// ticked says that an option of a multiple choice is ticked.
func (u *understanding) ticked(v *variable, choice string) (logic, error) {
	o := v.qu.Option(v.code(choice))
	switch {
	case o == nil:
		return never, fmt.Errorf("%s has no choice %q", v.name, choice)
	case o.Missing != 0:
		return u.isMissing(v, o)
	}
	return atom(strconv.Quote(o.Code) + " in " + v.name), nil
}

// is says that a choice is the answer.
func (u *understanding) is(v *variable, choice string) (logic, error) {
	o := v.qu.Option(v.code(choice))
	switch {
	case o == nil:
		return never, fmt.Errorf("%s has no choice %q", v.name, choice)
	case o.Missing != 0:
		return u.isMissing(v, o)
	}
	return isCode(v.name, o.Code), nil
}

// isMissing says that an answer outside the scale was chosen: the question is
// answered, and by none of the others.
func (u *understanding) isMissing(v *variable, missing *questionnaires.Option) (logic, error) {
	var rest []logic
	for _, o := range v.qu.Options {
		switch {
		case o.Code == missing.Code:
		case o.Missing != 0:
			return never, fmt.Errorf("%s has several answers outside the scale; a condition cannot tell %s from them", v.name, missing.Code)
		case v.multi():
			rest = append(rest, atom(strconv.Quote(o.Code)+" in "+v.name))
		default:
			rest = append(rest, isCode(v.name, o.Code))
		}
	}
	return all(u.answered(v), some(rest...).negated()), nil
}
