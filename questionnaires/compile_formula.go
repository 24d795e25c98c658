package questionnaires

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr/ast"
)

// functions are those of formulas: true where they take any number of inputs.
var functions = map[string]bool{"sum": true, "mean": true, "min": true, "max": true, "count": true, "round": false}

var errNoNumber = errors.New("a formula is made of numbers, variables, + - * /, brackets, mean() sum() count() min() max() round(x, n) and condition ? a : b")

// isFormula says whether a side of a comparison is more than a variable or a
// constant.
func isFormula(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryNode, *ast.CallNode, *ast.ConditionalNode:
		return true
	case *ast.UnaryNode:
		switch n.Node.(type) {
		case *ast.IntegerNode, *ast.FloatNode:
			return false
		}
		return n.Operator == "-" || n.Operator == "+"
	}
	return false
}

// number reads a formula.
func (b *builder) number(n ast.Node) (amount, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return constant(n.Value), nil
	case *ast.FloatNode:
		return constant(n.Value), nil
	case *ast.IdentifierNode:
		r, err := b.reference(n)
		if err != nil {
			return nil, err
		}
		return variable{r}, countable(r)
	case *ast.UnaryNode:
		return b.signed(n)
	case *ast.BinaryNode:
		return b.operation(n)
	case *ast.ConditionalNode:
		return b.choice(n)
	case *ast.CallNode:
		return b.function(n)
	}
	return nil, errNoNumber
}

// countable says why a variable is no number.
func countable(r ref) error {
	if r.numeric {
		return nil
	}
	switch r.question.Kind {
	case Single, YesNo, Matrix:
		for _, o := range r.question.Options {
			if _, ok := codeNumber(o.Code); ok && o.Missing == 0 {
				return nil
			}
		}
		return fmt.Errorf("%s has no option whose code is a number", r.name)
	}
	return fmt.Errorf("%s is no number", r.name)
}

func (b *builder) signed(n *ast.UnaryNode) (amount, error) {
	inner, err := b.number(n.Node)
	if err != nil {
		return nil, err
	}
	c, isConstant := inner.(constant)
	switch {
	case n.Operator == "+":
		return inner, nil
	case n.Operator != "-":
		return nil, errNoNumber
	case isConstant:
		return 0 - c, nil // never minus zero
	}
	return operation{"-", constant(0), inner}, nil
}

func (b *builder) operation(n *ast.BinaryNode) (amount, error) {
	switch n.Operator {
	case "+", "-", "*", "/":
	default:
		return nil, fmt.Errorf("the operator %q is not allowed in a formula", n.Operator)
	}
	left, err := b.number(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.number(n.Right)
	return operation{n.Operator, left, right}, err
}

func (b *builder) choice(n *ast.ConditionalNode) (amount, error) {
	condition, err := b.logic(n.Cond)
	if err != nil {
		return nil, err
	}
	yes, err := b.number(n.Exp1)
	if err != nil {
		return nil, err
	}
	no, err := b.number(n.Exp2)
	return choice{condition, yes, no}, err
}

func (b *builder) function(n *ast.CallNode) (amount, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil, errNoNumber
	}
	several, ok := functions[name.Value]
	switch {
	case !ok:
		return nil, fmt.Errorf("there is no function %s: %w", name.Value, errNoNumber)
	case !several:
		return b.rounded(n)
	case len(n.Arguments) == 0:
		return nil, fmt.Errorf("%s() needs inputs", name.Value)
	case name.Value != "count" && b.need > len(n.Arguments):
		return nil, fmt.Errorf("%s() has %d inputs, so there are never %d valid ones", name.Value, len(n.Arguments), b.need)
	}
	s := summary{name: name.Value, need: b.need}
	for _, argument := range n.Arguments {
		input, err := b.number(argument)
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, input)
	}
	return s, nil
}

// rounded reads round(x, n).
func (b *builder) rounded(n *ast.CallNode) (amount, error) {
	wrong := fmt.Errorf("write round(x, n), n from 0 to %d", len(tens)-1)
	if len(n.Arguments) != 2 {
		return nil, wrong
	}
	digits, ok := n.Arguments[1].(*ast.IntegerNode)
	if !ok || digits.Value < 0 || digits.Value >= len(tens) {
		return nil, wrong
	}
	inner, err := b.number(n.Arguments[0])
	return rounded{inner, digits.Value}, err
}
