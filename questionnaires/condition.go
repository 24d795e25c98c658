package questionnaires

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// Condition is a compiled rule over earlier answers, such as
// e_contact == 1 and "none" in o_changes. It is compiled once, when a
// questionnaire is read, and evaluated without the expression library.
type Condition struct {
	source string
	root   term
	named  mentions
}

// Source gives the condition as its author wrote it.
func (c *Condition) Source() string { return c.source }

// Variables gives the variables of questions the condition looks at, in order
// of first mention; a calculated variable stands for its own.
func (c *Condition) Variables() []string { return append([]string(nil), c.named.variables...) }

// Holds says whether the condition holds for the answers. Every comparison
// with an answer that is missing, or that was never given, is false.
func (c *Condition) Holds(a Answers) bool {
	return c.root.holds(&view{answers: a, computed: make([]computed, c.named.computes)})
}

// under is Holds where a nil condition always holds and what is hidden counts
// as not answered.
func (c *Condition) under(v *view) bool { return c == nil || c.root.holds(v) }

// mentions is what a condition or formula looks at.
type mentions struct {
	variables []string // of questions, in order of first mention
	questions []int    // places of the questions they belong to
	computes  int      // above the place of every calculated variable
}

func (m *mentions) add(name string, at int) {
	if !slices.Contains(m.variables, name) {
		m.variables, m.questions = append(m.variables, name), append(m.questions, at)
	}
}

// last is the place of the last question looked at; -1 for none.
func (m *mentions) last() int {
	last := -1
	for _, at := range m.questions {
		last = max(last, at)
	}
	return last
}

// Limits of a condition: longer ones are a sign of a question that should be
// two, and the parser must not be handed arbitrary input.
const (
	maxConditionLength = 1000
	maxConditionNodes  = 200
)

// symbol is one variable a condition or formula may name.
type symbol struct {
	question   *Question
	calculated *Calculated
	place      int  // of a question's variable, among those of all questions
	numeric    bool // integer, decimal, numbers, ranking, calculated
}

// symbols are the variables of a questionnaire by name.
type symbols map[string]symbol

func (s symbols) add(qu *Question) {
	for i, v := range qu.Variables() {
		switch qu.Kind {
		case Integer, Decimal, Numbers, Ranking:
			s[v] = symbol{question: qu, place: qu.from + i, numeric: true}
		default:
			s[v] = symbol{question: qu, place: qu.from + i}
		}
	}
}

// parse turns a rule into the expression library's tree. The library's own
// functions of the names that formulas use take lists: they must not be.
func parse(source, what string) (ast.Node, error) {
	if len(source) > maxConditionLength {
		return nil, fmt.Errorf("the %s is longer than %d characters", what, maxConditionLength)
	}
	config := conf.CreateNew()
	config.MaxNodes = maxConditionNodes
	for name := range functions {
		config.Functions[name] = &builtin.Function{Name: name}
	}
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", what, err)
	}
	return tree.Node, nil
}

// compile reads a condition. The variables must belong to questions before
// place `before`; that is how a condition may only look back.
func compile(source string, known symbols, before int) (*Condition, error) {
	tree, err := parse(source, "condition")
	if err != nil {
		return nil, err
	}
	b := &builder{known: known, before: before}
	root, err := b.logic(tree)
	if err != nil {
		return nil, err
	}
	return &Condition{source, root, b.named}, nil
}

// compileFormula reads a formula of which valid inputs must have a value (0:
// all of them).
func compileFormula(source string, known symbols, before, valid int) (*Formula, error) {
	tree, err := parse(source, "formula")
	if err != nil {
		return nil, err
	}
	b := &builder{known: known, before: before, need: valid}
	root, err := b.number(tree)
	if err != nil {
		return nil, err
	}
	return &Formula{source, root, b.named}, nil
}
