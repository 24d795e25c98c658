package xlsform

import (
	"fmt"
	"strconv"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// functions are those of formulas. The expression library has some of the same
// names, which take lists: here they must not be taken for its own.
var functions = []string{"mean", "sum", "count", "min", "max", "round"}

func parseOurs(source string) (ast.Node, error) {
	config := conf.CreateNew()
	for _, name := range functions {
		config.Functions[name] = &builtin.Function{Name: name}
	}
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, fmt.Errorf("the rule cannot be read: %w", err)
	}
	return tree.Node, nil
}

// sayFormula gives a formula as XPath, rounded as its variable is. valid is the
// least number of inputs that a function needs; 0: all of them.
func (s *scope) sayFormula(source string, valid, decimals int) (node, error) {
	tree, err := parseOurs(source)
	if err != nil {
		return nil, err
	}
	n, err := s.amount(tree, valid)
	if err != nil {
		return nil, err
	}
	return call("round", n, numberNode{strconv.Itoa(decimals)}), nil
}

var operators = map[string]string{"+": "+", "-": "-", "*": "*", "/": "div"}

func (s *scope) amount(n ast.Node, valid int) (node, error) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		v, err := s.named(n)
		if err != nil {
			return nil, err
		}
		return v.sayAmount()
	case *ast.UnaryNode:
		x, err := s.amount(n.Node, valid)
		if n.Operator == "-" {
			x = negativeNode{x}
		}
		return x, err
	case *ast.BinaryNode:
		op, ok := operators[n.Operator]
		if !ok {
			return nil, errUnsayable
		}
		left, err := s.amount(n.Left, valid)
		if err != nil {
			return nil, err
		}
		right, err := s.amount(n.Right, valid)
		return binaryNode{op, left, right}, err
	case *ast.ConditionalNode:
		return s.conditional(n, valid)
	case *ast.CallNode:
		return s.function(n, valid)
	}
	if _, number, err := constantOf(n); err == nil {
		return sayNumber(number), nil
	}
	return nil, errUnsayable
}

// sayAmount gives the number a variable holds, nothing for an answer outside the
// scale.
func (v *variable) sayAmount() (node, error) {
	if v.rank != "" {
		var rank node = textNode{""}
		for r := v.qu.Top; r >= 1; r-- {
			rank = call("if", v.sayRank([]int{r}), numberNode{strconv.Itoa(r)}, rank)
		}
		return rank, nil
	}
	var outside []node
	for _, choice := range v.outside() {
		outside = append(outside, compareNodes(refNode{v.ref}, "=", textNode{choice}))
	}
	if outside == nil {
		return refNode{v.ref}, nil
	}
	return call("if", join("or", outside...), textNode{""}, refNode{v.ref}), nil
}

// outside gives the choices that are stored as a missing answer.
func (v *variable) outside() []string {
	var out []string
	if v.chosen() {
		for _, o := range v.qu.Options {
			if o.Missing != 0 {
				out = append(out, v.choice(o.Code))
			}
		}
	}
	return out
}

func (s *scope) conditional(n *ast.ConditionalNode, valid int) (node, error) {
	c, err := s.sayLogic(n.Cond)
	if err != nil {
		return nil, err
	}
	yes, err := s.amount(n.Exp1, valid)
	if err != nil {
		return nil, err
	}
	no, err := s.amount(n.Exp2, valid)
	return call("if", c, yes, no), err
}

// function gives mean, sum, min, max, count and round. XPath has no mean, and
// none of its functions skips what is missing, so they are written out.
func (s *scope) function(n *ast.CallNode, valid int) (node, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || len(n.Arguments) == 0 {
		return nil, errUnsayable
	}
	inputs, err := s.inputs(n.Arguments, valid)
	if err != nil {
		return nil, err
	}
	if name.Value == "round" {
		var args []node
		for _, x := range inputs {
			args = append(args, x.value)
		}
		return call("round", args...), nil
	}
	if valid == 0 || valid > len(inputs) {
		valid = len(inputs)
	}
	var total, count node
	var extremes []node
	far := sayNumber(1e15)
	if name.Value == "max" {
		far = sayNumber(-1e15)
	}
	for _, x := range inputs {
		total = sum(total, call("if", x.has, x.value, numberNode{"0"}))
		count = sum(count, call("if", x.has, numberNode{"1"}, numberNode{"0"}))
		extremes = append(extremes, call("if", x.has, x.value, far))
	}
	enough := compareNodes(count, ">=", numberNode{strconv.Itoa(valid)})
	switch name.Value {
	case "count":
		return count, nil
	case "sum":
		return call("if", enough, total, textNode{""}), nil
	case "mean":
		return call("if", enough, binaryNode{"div", total, count}, textNode{""}), nil
	case "min", "max":
		return call("if", enough, call(name.Value, extremes...), textNode{""}), nil
	}
	return nil, errUnsayable
}

// input is an argument of a function: its value, and when it has one.
type input struct{ value, has node }

func (s *scope) inputs(arguments []ast.Node, valid int) ([]input, error) {
	var out []input
	for _, a := range arguments {
		if v, err := s.named(a); err == nil && v.rank == "" {
			has := v.sayAnswered()
			for _, choice := range v.outside() {
				has = join("and", has, compareNodes(refNode{v.ref}, "!=", textNode{choice}))
			}
			out = append(out, input{refNode{v.ref}, has})
			continue
		}
		x, err := s.amount(a, valid)
		if err != nil {
			return nil, err
		}
		out = append(out, input{x, compareNodes(call("number", x), "=", call("number", x))}) // not a number is not equal to itself
	}
	return out, nil
}

func sum(left, right node) node {
	if left == nil {
		return right
	}
	return binaryNode{"+", left, right}
}
