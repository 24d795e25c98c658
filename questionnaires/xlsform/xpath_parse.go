package xlsform

import (
	"errors"
	"fmt"
	"strings"
)

// Limits of an expression. One of ours has at most 200 parts, but takes more words
// in XPath.
const (
	longestExpression = 8000
	deepestExpression = 60
	mostNodes         = 2000
)

var (
	errTooLong = fmt.Errorf("the expression is longer than %d characters", longestExpression)
	errTooDeep = errors.New("the expression is nested too deeply")
	errPath    = errors.New("paths, filters and other instances are not read; write ${name}")
)

// parse reads an expression.
func parse(source string) (node, error) {
	if len(source) > longestExpression {
		return nil, errTooLong
	}
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &expression{tokens: tokens}
	n, err := p.binary(1)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != endToken {
		return nil, fmt.Errorf("%q is not expected here", t.text)
	}
	return n, nil
}

// expression is an expression while it is read.
type expression struct {
	tokens []lexeme
	at     int
	depth  int
	nodes  int
}

func (p *expression) peek() lexeme { return p.tokens[p.at] }

func (p *expression) next() lexeme {
	t := p.tokens[p.at]
	if t.kind != endToken {
		p.at++
	}
	return t
}

func (p *expression) takes(sign string) bool {
	if t := p.peek(); t.kind == signToken && t.text == sign {
		p.at++
		return true
	}
	return false
}

// operator gives the binary operator that comes next, if one does.
func (p *expression) operator() string {
	t := p.peek()
	if t.kind != signToken && t.kind != nameToken {
		return ""
	}
	if _, ok := strength[t.text]; !ok {
		return ""
	}
	return t.text
}

// binary reads operators that bind at least as firmly as least.
func (p *expression) binary(least int) (node, error) {
	if p.depth++; p.depth > deepestExpression {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for {
		op := p.operator()
		if op == "" || strength[op] < least {
			return left, nil
		}
		p.at++
		right, err := p.binary(strength[op] + 1)
		if err != nil {
			return nil, err
		}
		left = binaryNode{op, left, right}
		if p.nodes++; p.nodes > mostNodes {
			return nil, errTooDeep
		}
	}
}

func (p *expression) unary() (node, error) {
	if p.depth++; p.depth > deepestExpression {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	if p.takes("-") {
		x, err := p.unary()
		return negativeNode{x}, err
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind == signToken && (t.text == "/" || t.text == "[" || t.text == "|") {
		return nil, errPath
	}
	return n, nil
}

func (p *expression) primary() (node, error) {
	t := p.next()
	switch t.kind {
	case textToken:
		return textNode{t.text}, nil
	case numberToken:
		return numberNode{t.text}, nil
	case refToken:
		return refNode{t.text}, nil
	case nameToken:
		if p.takes("(") {
			return p.arguments(t.text)
		}
		return columnNode{t.text}, nil
	case endToken:
		return nil, errors.New("the expression ends too early")
	}
	switch t.text {
	case ".":
		return selfNode{}, nil
	case "(":
		n, err := p.binary(1)
		if err == nil && !p.takes(")") {
			err = errors.New("a bracket is not closed")
		}
		return n, err
	case "/", "..", "//", "[", "@":
		return nil, errPath
	}
	return nil, fmt.Errorf("%q is not expected here", t.text)
}

func (p *expression) arguments(name string) (node, error) {
	c := callNode{name: strings.ToLower(name)}
	if p.takes(")") {
		return c, nil
	}
	for {
		a, err := p.binary(1)
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, a)
		if p.nodes++; p.nodes > mostNodes {
			return nil, errTooDeep
		}
		if p.takes(")") {
			return c, nil
		}
		if !p.takes(",") {
			return nil, fmt.Errorf("%s( is not closed", name)
		}
	}
}
