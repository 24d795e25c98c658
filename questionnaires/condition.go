package questionnaires

import (
	"fmt"

	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// Condition is a compiled rule over earlier answers, such as
// e_contact == 1 and "none" in o_changes. It is compiled once, when a
// questionnaire is read, and evaluated without the expression library.
type Condition struct {
	source    string
	root      term
	variables []string // in order of first mention
	questions []int    // places of the questions they belong to
}

// Source gives the condition as its author wrote it.
func (c *Condition) Source() string { return c.source }

// Variables gives the variables the condition looks at.
func (c *Condition) Variables() []string { return append([]string(nil), c.variables...) }

// Holds says whether the condition holds for the answers. Every comparison
// with an answer that is missing, or that was never given, is false.
func (c *Condition) Holds(a Answers) bool { return c.root.holds(view{answers: a}) }

// under is Holds where a nil condition always holds and hidden questions count
// as not answered.
func (c *Condition) under(v view) bool { return c == nil || c.root.holds(v) }

// Limits of a condition: longer ones are a sign of a question that should be
// two, and the parser must not be handed arbitrary input.
const (
	maxConditionLength = 1000
	maxConditionNodes  = 200
)

// symbol is one variable a condition may name.
type symbol struct {
	question *Question
	numeric  bool // integer, decimal, numbers, ranking
}

// symbols are the variables of a questionnaire by name.
type symbols map[string]symbol

func (s symbols) add(qu *Question) {
	for _, v := range qu.Variables() {
		switch qu.Kind {
		case Integer, Decimal, Numbers, Ranking:
			s[v] = symbol{qu, true}
		default:
			s[v] = symbol{qu, false}
		}
	}
}

// compile reads a condition. The variables must belong to questions before
// place `before`; that is how a condition may only look back.
func compile(source string, known symbols, before int) (*Condition, error) {
	if len(source) > maxConditionLength {
		return nil, fmt.Errorf("the condition is longer than %d characters", maxConditionLength)
	}
	config := conf.CreateNew()
	config.MaxNodes = maxConditionNodes
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, fmt.Errorf("the condition cannot be read: %w", err)
	}
	b := &builder{known: known, before: before, condition: &Condition{source: source}}
	root, err := b.logic(tree.Node)
	if err != nil {
		return nil, err
	}
	b.condition.root = root
	return b.condition, nil
}
