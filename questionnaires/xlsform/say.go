package xlsform

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// say gives a condition of ours as XPath. In ours, every comparison with a
// missing answer is false; XPath takes an empty answer for a text and the codes
// 90, 94 and 98 for numbers, so these are excluded in so many words.
func (s *scope) say(source string) (node, error) {
	tree, err := parseOurs(source)
	if err != nil {
		return nil, err
	}
	return s.sayLogic(tree)
}

var errUnsayable = errors.New("XLSForm has no words for this condition")

func (s *scope) sayLogic(n ast.Node) (node, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		x, err := s.sayLogic(n.Node)
		return not(x), err
	case *ast.BinaryNode:
		return s.sayBinary(n)
	case *ast.CallNode:
		if len(n.Arguments) == 1 {
			if v, err := s.named(n.Arguments[0]); err == nil {
				return v.sayAnswered(), nil
			}
		}
	}
	return nil, errUnsayable
}

func (v *variable) sayAnswered() node {
	if v.rank != "" {
		return v.sayRank(v.ranks(">=", 1))
	}
	return compareNodes(refNode{v.ref}, "!=", textNode{""})
}

// sayRank says that an option has one of the ranks.
func (v *variable) sayRank(ranks []int) node {
	var parts []node
	for _, rank := range ranks {
		at := call("selected-at", refNode{v.ref}, numberNode{strconv.Itoa(rank - 1)})
		parts = append(parts, compareNodes(at, "=", textNode{v.choice(v.rank)}))
	}
	if parts == nil {
		return call("false")
	}
	return join("or", parts...)
}

func (s *scope) named(n ast.Node) (*variable, error) {
	if name, ok := n.(*ast.IdentifierNode); ok {
		if v, ok := s.byName[name.Value]; ok {
			return v, nil
		}
		return nil, fmt.Errorf("there is no variable %s", name.Value)
	}
	return nil, errUnsayable
}

func (s *scope) sayBinary(n *ast.BinaryNode) (node, error) {
	switch n.Operator {
	case "and", "&&", "or", "||":
		left, err := s.sayLogic(n.Left)
		if err != nil {
			return nil, err
		}
		right, err := s.sayLogic(n.Right)
		op := "and"
		if n.Operator == "or" || n.Operator == "||" {
			op = "or"
		}
		return binaryNode{op, left, right}, err
	case "in":
		return s.sayMember(n)
	}
	v, err := s.named(n.Left)
	if err == nil {
		if w, err := s.named(n.Right); err == nil {
			return sayPair(v, n.Operator, w), nil
		}
		if code, number, err := constantOf(n.Right); err == nil {
			return v.sayCompare(n.Operator, code, number), nil
		}
	}
	return s.sayFormulas(n)
}

// sayFormulas says how two formulas compare, of which both must have a value.
func (s *scope) sayFormulas(n *ast.BinaryNode) (node, error) {
	if _, ok := strength[equals(n.Operator)]; !ok {
		return nil, errUnsayable
	}
	left, err := s.amount(n.Left, 0)
	if err != nil {
		return nil, err
	}
	right, err := s.amount(n.Right, 0)
	if err != nil {
		return nil, err
	}
	pair := compareNodes(call("number", left), equals(n.Operator), call("number", right))
	if n.Operator == "!=" {
		has := compareNodes(call("number", binaryNode{"+", left, right}), "=", call("number", binaryNode{"+", left, right}))
		return join("and", has, pair), nil
	}
	return pair, nil
}

func (s *scope) sayMember(n *ast.BinaryNode) (node, error) {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		v, err := s.named(n.Right)
		if err != nil {
			return nil, err
		}
		code, _, err := constantOf(n.Left)
		return call("selected", refNode{v.ref}, textNode{v.choice(code)}), err
	}
	v, err := s.named(n.Left)
	if err != nil {
		return nil, err
	}
	var parts []node
	for _, item := range list.Nodes {
		code, number, err := constantOf(item)
		if err != nil {
			return nil, err
		}
		parts = append(parts, v.sayCompare("==", code, number))
	}
	if parts == nil {
		return call("false"), nil
	}
	return join("or", parts...), nil
}

// sayCompare says how a variable compares with a constant.
func (v *variable) sayCompare(op, code string, number float64) node {
	self := refNode{v.ref}
	filled := compareNodes(self, "!=", textNode{""})
	switch {
	case v.rank != "":
		return v.sayRank(v.ranks(op, number))
	case v.numeric() && op == "!=":
		return join("and", filled, compareNodes(self, "!=", sayNumber(number)))
	case v.numeric():
		return compareNodes(self, equals(op), sayNumber(number))
	case op == "==":
		return compareNodes(self, "=", textNode{v.choice(code)})
	case op == "!=":
		parts := []node{filled, compareNodes(self, "!=", textNode{v.choice(code)})}
		for _, o := range v.qu.Options {
			if o.Missing != 0 {
				parts = append(parts, compareNodes(self, "!=", textNode{v.choice(o.Code)}))
			}
		}
		return join("and", parts...)
	}
	parts := []node{compareNodes(self, op, sayNumber(number))}
	for _, choice := range v.missing(op, number) {
		parts = append(parts, compareNodes(self, "!=", textNode{choice}))
	}
	return join("and", parts...)
}

// sayPair says how two numbers compare; ranks are taken one by one.
func sayPair(v *variable, op string, w *variable) node {
	if v.rank != "" {
		var cases []node
		for _, rank := range v.ranks(">=", 1) {
			cases = append(cases, join("and", v.sayRank([]int{rank}), w.sayCompare(mirrored(op), "", float64(rank))))
		}
		return join("or", cases...)
	}
	if w.rank != "" {
		return sayPair(w, mirrored(op), v)
	}
	pair := compareNodes(refNode{v.ref}, equals(op), refNode{w.ref})
	if op == "==" || op == "!=" {
		return join("and", v.sayAnswered(), w.sayAnswered(), pair)
	}
	return pair
}

func equals(op string) string {
	if op == "==" {
		return "="
	}
	return op
}

// mirrored gives the operator for sides that have changed places.
func mirrored(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	}
	return op
}

func sayNumber(n float64) node {
	if n < 0 {
		return negativeNode{sayNumber(-n)}
	}
	return numberNode{strconv.FormatFloat(n, 'f', -1, 64)}
}

// constantOf gives a literal as a code and, where it is one, as a number.
func constantOf(n ast.Node) (string, float64, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil {
			f = 0
		}
		return n.Value, f, nil
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value), float64(n.Value), nil
	case *ast.FloatNode:
		return strconv.FormatFloat(n.Value, 'f', -1, 64), n.Value, nil
	case *ast.UnaryNode:
		if n.Operator == "-" {
			code, number, err := constantOf(n.Node)
			return "-" + code, -number, err
		}
	}
	return "", 0, errUnsayable
}
