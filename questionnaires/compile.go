package questionnaires

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// builder turns the expression library's tree into terms and numbers; what it
// does not know is not allowed.
type builder struct {
	known  symbols
	before int
	need   int // least count of valid inputs of a function; 0: all
	named  mentions
}

// errLater is what a condition says that looks forward.
var errLater = errors.New("a condition may only look back")

var errNoTruth = errors.New("a condition must be true or false: a comparison, \"code\" in question, answered(question), and, or, not")

func (b *builder) logic(n ast.Node) (term, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator != "not" && n.Operator != "!" {
			return nil, errNoTruth
		}
		inner, err := b.logic(n.Node)
		return negation{inner}, err
	case *ast.BinaryNode:
		return b.binary(n)
	case *ast.CallNode:
		return b.call(n)
	}
	return nil, errNoTruth
}

func (b *builder) call(n *ast.CallNode) (term, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if ok && functions[name.Value] || ok && name.Value == "round" {
		return nil, errNoTruth
	}
	if !ok || name.Value != "answered" || len(n.Arguments) != 1 {
		return nil, errors.New("the only function that is true or false is answered(question)")
	}
	r, err := b.reference(n.Arguments[0])
	if err != nil {
		return nil, err
	}
	return given{r}, nil
}

func (b *builder) binary(n *ast.BinaryNode) (term, error) {
	switch n.Operator {
	case "and", "&&", "or", "||":
		left, err := b.logic(n.Left)
		if err != nil {
			return nil, err
		}
		right, err := b.logic(n.Right)
		if n.Operator == "and" || n.Operator == "&&" {
			return both{left, right}, err
		}
		return either{left, right}, err
	case "in":
		return b.membership(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return b.comparison(n)
	}
	return nil, fmt.Errorf("the operator %q is not allowed", n.Operator)
}

// membership reads question in ["a", "b"] and "a" in question.
func (b *builder) membership(n *ast.BinaryNode) (term, error) {
	if list, ok := n.Right.(*ast.ArrayNode); ok {
		r, err := b.reference(n.Left)
		if err != nil {
			return nil, err
		}
		m := member{ref: r}
		for _, item := range list.Nodes {
			l, err := b.literal(item)
			if err != nil {
				return nil, err
			}
			if l, err = b.fit(r, "in", l); err != nil {
				return nil, err
			}
			m.literals = append(m.literals, l)
		}
		return m, nil
	}
	l, err := b.literal(n.Left)
	if err != nil {
		return nil, err
	}
	r, err := b.reference(n.Right)
	if err != nil {
		return nil, err
	}
	if r.calculated != nil || r.question.Kind != Multi {
		return nil, fmt.Errorf("%s takes one answer: write %s == …, not … in %s", r.name, r.name, r.name)
	}
	if err := r.offers(l.code); err != nil {
		return nil, err
	}
	return ticked{r, l.code}, nil
}

func (b *builder) comparison(n *ast.BinaryNode) (term, error) {
	if isFormula(n.Left) || isFormula(n.Right) {
		return b.formulas(n)
	}
	left, err := b.reference(n.Left)
	if err != nil {
		return nil, err
	}
	if _, ok := n.Right.(*ast.IdentifierNode); ok {
		right, err := b.reference(n.Right)
		if err != nil {
			return nil, err
		}
		if left.numeric && right.numeric {
			return comparePair{left, right, n.Operator}, nil
		}
		if countable(left) != nil || countable(right) != nil {
			return nil, fmt.Errorf("%s and %s cannot be compared: only numbers can", left.name, right.name)
		}
		return compareFormulas{n.Operator, variable{left}, variable{right}}, nil
	}
	l, err := b.literal(n.Right)
	if err != nil {
		return nil, err
	}
	if l, err = b.fit(left, n.Operator, l); err != nil {
		return nil, err
	}
	return compare{left, n.Operator, l}, nil
}

// formulas reads a comparison of formulas: sum(a, b) <= c.
func (b *builder) formulas(n *ast.BinaryNode) (term, error) {
	left, err := b.number(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.number(n.Right)
	return compareFormulas{n.Operator, left, right}, err
}

// fit checks that a literal can be compared with a variable.
func (b *builder) fit(r ref, op string, l literal) (literal, error) {
	switch {
	case r.calculated != nil && l.numeric:
		return l, nil
	case r.calculated != nil:
		return l, fmt.Errorf("%s is a number and %q is none", r.name, l.code)
	case r.question.Kind == LongText || r.question.Kind == Texts || r.question.Kind == Date:
		return l, fmt.Errorf("%s is typed freely: only answered(%s) can be asked of it", r.name, r.name)
	case r.question.Kind == Multi:
		return l, fmt.Errorf("%s takes several answers: write \"code\" in %s", r.name, r.name)
	case r.numeric && !l.numeric:
		return l, fmt.Errorf("%s is a number and %q is none", r.name, l.code)
	case r.numeric:
		return l, nil
	case op == "==" || op == "!=" || op == "in":
		l.numeric = false
		return l, r.offers(l.code)
	case !l.numeric:
		return l, fmt.Errorf("%q has no order: %s needs a number here", l.code, r.name)
	}
	return l, nil
}

func (b *builder) reference(n ast.Node) (ref, error) {
	name, ok := n.(*ast.IdentifierNode)
	if !ok {
		return ref{}, errors.New("the left side of a comparison must be a question")
	}
	s, ok := b.known[name.Value]
	if !ok {
		return ref{}, fmt.Errorf("there is no variable %s; a row is written question__row", name.Value)
	}
	if s.calculated != nil {
		return b.calculated(name.Value, s.calculated)
	}
	if s.question.at >= b.before {
		return ref{}, fmt.Errorf("%s comes later: %w", name.Value, errLater)
	}
	if s.question.Prefill {
		return ref{}, fmt.Errorf("%s is filled in by the service: a condition cannot look at it", name.Value)
	}
	b.named.add(name.Value, s.question.at)
	return ref{name: name.Value, question: s.question, place: s.place, numeric: s.numeric}, nil
}

// calculated is a reference to a calculated variable: it is there after the
// last question it is computed from.
func (b *builder) calculated(name string, c *Calculated) (ref, error) {
	if c.Formula == nil {
		return ref{}, fmt.Errorf("%s is not calculated yet here: a variable is calculated from ones above it", name)
	}
	if c.Formula.named.last() >= b.before {
		return ref{}, fmt.Errorf("%s comes later: %w", name, errLater)
	}
	for i, v := range c.Formula.named.variables {
		b.named.add(v, c.Formula.named.questions[i])
	}
	b.named.computes = max(b.named.computes, c.at+1)
	return ref{name: name, calculated: c, numeric: true}, nil
}

func (b *builder) literal(n ast.Node) (literal, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		return literal{code: n.Value}, nil
	case *ast.IntegerNode:
		return literal{strconv.Itoa(n.Value), float64(n.Value), true}, nil
	case *ast.FloatNode:
		return literal{strconv.FormatFloat(n.Value, 'f', -1, 64), n.Value, true}, nil
	case *ast.UnaryNode:
		if l, err := b.literal(n.Node); err == nil && l.numeric && n.Operator == "-" {
			return literal{"-" + l.code, -l.number, true}, nil
		}
	}
	return literal{}, errors.New("compare with an option code in quotation marks or with a number")
}
