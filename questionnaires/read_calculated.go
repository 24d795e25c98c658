package questionnaires

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// calculated reads the calculated variables and gives the source of each formula.
func (r *reader) calculated(f *fields, q *Questionnaire) []pendingFormula {
	var formulas []pendingFormula
	for i, v := range f.list("calculated") {
		cf := mapping(fmt.Sprintf("%s calculated[%d]", f.path, i+1), v, &r.found)
		c := &Calculated{Code: cf.word("code"), Valid: cf.whole("valid"), Decimals: cf.whole("decimals"), at: i}
		if codeForm.MatchString(c.Code) {
			cf.path = fmt.Sprintf("%s: calculated[%s]", StructureFile, c.Code)
		} else {
			r.found.add(cf.at("code"), RuleBadCode, "a calculated variable needs a code of lower-case letters and digits, parted by single _")
		}
		c.Role = Role(cf.word("role"))
		c.Label = r.words.text("calculated", c.Code)
		if c.Decimals >= len(tens) {
			r.found.add(cf.at("decimals"), RuleBadRange, "at most %d digits after the point", len(tens)-1)
			c.Decimals = 0
		}
		source := cf.word("value")
		if source == "" {
			r.found.add(cf.at("value"), RuleMissingKey, "a calculated variable says under value: what it is computed from")
		}
		cf.done()
		q.Calculated = append(q.Calculated, c)
		formulas = append(formulas, pendingFormula{cf.at("value"), source})
	}
	return formulas
}

// pendingFormula is a formula whose variables are not all known yet.
type pendingFormula struct{ path, source string }

// formulas compiles the formulas in the order declared: each may look at every
// question and at the calculated variables above it.
func (r *reader) formulas(q *Questionnaire, sources []pendingFormula, known symbols) {
	taken := map[string]bool{}
	for _, qu := range q.questions {
		for _, c := range qu.columns() {
			taken[c.Name] = true
		}
	}
	for _, c := range q.Calculated {
		if _, twice := known[c.Code]; twice || taken[c.Code] {
			r.found.add(fmt.Sprintf("%s: calculated[%s]", StructureFile, c.Code), RuleDuplicateVariable, "the variable %s exists twice", c.Code)
			continue
		}
		known[c.Code] = symbol{calculated: c, numeric: true}
	}
	circles := circles(q.Calculated, sources)
	for i, c := range q.Calculated {
		source, path := sources[i].source, sources[i].path
		switch {
		case source == "":
			continue
		case circles[c.Code] != nil:
			if group := circles[c.Code]; group[0] == c.Code { // one circle is one mistake
				r.found.add(path, RuleCycle, "%s is computed from itself%s", c.Code, over(group[1:]))
			}
			continue
		}
		formula, err := compileFormula(source, known, len(q.questions), c.Valid)
		if err != nil {
			r.found.add(path, ruleOf(err, RuleBadFormula), "%s", err)
			continue
		}
		if len(formula.named.variables) == 0 {
			r.found.add(path, RuleBadFormula, "a calculated variable is computed from answers")
		}
		c.Formula = formula
	}
}

// over names the variables of a circle, or the first of them.
func over(others []string) string {
	switch n := len(others); {
	case n == 0:
		return ""
	case n > 3:
		return fmt.Sprintf(", over %s and %d more", strings.Join(others[:3], ", "), n-3)
	}
	return ", over " + strings.Join(others, " and ")
}

// identifiers gives the names in a formula, none where it cannot be read.
func identifiers(source string) []string {
	tree, err := parse(source, "formula")
	if err != nil {
		return nil
	}
	var found collector
	ast.Walk(&tree, &found)
	return found
}

type collector []string

// Visit implements ast.Visitor.
func (c *collector) Visit(n *ast.Node) {
	if id, ok := (*n).(*ast.IdentifierNode); ok {
		*c = append(*c, id.Value)
	}
}
