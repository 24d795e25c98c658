package xlsform

import (
	"strconv"
	"strings"
)

// node is one part of an expression of the XPath subset in which XLSForm writes
// relevant, constraint, calculation and the like.
type node interface {
	print(b *strings.Builder, above int)
}

type (
	textNode   struct{ s string }    // 'a'
	numberNode struct{ s string }    // 12.5, as written
	refNode    struct{ name string } // ${name}
	selfNode   struct{}              // .
	columnNode struct{ name string } // a bare name: a column of the choices, in a choice filter
	callNode   struct {
		name string
		args []node
	}
	binaryNode struct {
		op          string
		left, right node
	}
	negativeNode struct{ x node }
)

// strength says how firmly an operator binds.
var strength = map[string]int{
	"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}

const strongest = 7

// show gives the canonical spelling of an expression; parsing it gives the
// expression again.
func show(n node) string {
	var b strings.Builder
	n.print(&b, 0)
	return b.String()
}

func (n textNode) print(b *strings.Builder, _ int) {
	if strings.Contains(n.s, "'") {
		b.WriteString(`"` + n.s + `"`)
		return
	}
	b.WriteString("'" + n.s + "'")
}
func (n numberNode) print(b *strings.Builder, _ int) { b.WriteString(n.s) }
func (n refNode) print(b *strings.Builder, _ int)    { b.WriteString("${" + n.name + "}") }
func (selfNode) print(b *strings.Builder, _ int)     { b.WriteString(".") }
func (n columnNode) print(b *strings.Builder, _ int) { b.WriteString(n.name) }

func (n callNode) print(b *strings.Builder, _ int) {
	b.WriteString(n.name + "(")
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(", ")
		}
		a.print(b, 0)
	}
	b.WriteString(")")
}

func (n negativeNode) print(b *strings.Builder, _ int) {
	b.WriteString("-")
	n.x.print(b, strongest)
}

func (n binaryNode) print(b *strings.Builder, above int) {
	mine := strength[n.op]
	if mine < above {
		b.WriteString("(")
		defer b.WriteString(")")
	}
	n.left.print(b, mine)
	b.WriteString(" " + n.op + " ")
	n.right.print(b, mine+1)
}

// join puts parts together by and or or; nil where there are none.
func join(op string, parts ...node) node {
	var all node
	for _, p := range parts {
		switch {
		case p == nil:
		case all == nil:
			all = p
		default:
			all = binaryNode{op, all, p}
		}
	}
	return all
}

// split takes apart what join put together.
func split(op string, n node) []node {
	if b, ok := n.(binaryNode); ok && b.op == op {
		return append(split(op, b.left), split(op, b.right)...)
	}
	return []node{n}
}

func call(name string, args ...node) node { return callNode{name, args} }

func not(n node) node { return call("not", n) }

func compareNodes(left node, op string, right node) node { return binaryNode{op, left, right} }

// constant gives the number a literal stands for.
func constant(n node) (float64, bool) {
	switch n := n.(type) {
	case numberNode:
		f, err := strconv.ParseFloat(n.s, 64)
		return f, err == nil
	case textNode:
		f, err := strconv.ParseFloat(strings.TrimSpace(n.s), 64)
		return f, err == nil && f == f && f-f == 0
	case negativeNode:
		f, ok := constant(n.x)
		return -f, ok
	}
	return 0, false
}

// literal gives the text a literal stands for.
func literal(n node) (string, bool) {
	switch n := n.(type) {
	case textNode:
		return n.s, true
	case numberNode:
		return n.s, true
	case negativeNode:
		s, ok := literal(n.x)
		return "-" + s, ok
	}
	return "", false
}
