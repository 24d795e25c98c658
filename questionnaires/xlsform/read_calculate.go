package xlsform

import (
	"errors"
	"regexp"

	"rondo/questionnaires"
)

// calculation is a calculate row on its way to a calculated variable.
type calculation struct {
	*item
	code  string
	state int // 0 not begun, 1 begun, 2 done
}

var choiceName = regexp.MustCompile(`^\s*jr:choice-name\s*\(\s*\$\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\s*,\s*['"‘’]\s*\$\{[^}]*\}\s*['"‘’]\s*\)\s*$`)

// calculations makes calculated variables of the calculate rows. One that looks
// at another comes after it; a circle is reported.
func (r *reader) calculations() {
	byName := map[string]*calculation{}
	var list []*calculation
	for _, it := range r.calculates {
		if m := choiceName.FindStringSubmatch(it.peek("calculation")); m != nil && r.scope.byRef[m[1]] != nil {
			it.get("calculation")
			r.aliases[it.name] = m[1]
			r.changed(it.here(), "choice_name", "the label of a choice is what {%s} shows anyway; ${%s} becomes it", m[1], it.name)
			continue
		}
		c := &calculation{item: it, code: r.codeOf(it, "v")}
		if byName[it.name] == nil {
			byName[it.name] = c
		}
		list = append(list, c)
	}
	for _, c := range list {
		r.calculate(c, byName, 0)
	}
}

// deepestCalculation is how many calculations may stand one upon another.
const deepestCalculation = 100

func (r *reader) calculate(c *calculation, byName map[string]*calculation, depth int) {
	if c.state != 0 {
		if c.state == 1 {
			r.lost(c.place("calculation"), "cycle", "the calculation of %s comes back to itself", c.name)
		}
		return
	}
	c.state = 1
	defer func() { c.state = 2 }()
	source, own := c.get("calculation"), c.get("rondo_value")
	n, err := parse(source)
	if err != nil {
		r.lost(c.place("calculation"), "expression", "%s: %v", excerpt(source), err)
		return
	}
	if depth > deepestCalculation {
		r.lost(c.place("calculation"), "cycle", "calculations stand more than %d upon one another", deepestCalculation)
		return
	}
	for _, ref := range refsIn(n) {
		if next := byName[ref]; next != nil && r.scope.byRef[ref] == nil {
			r.calculate(next, byName, depth+1)
		}
	}
	out := &questionnaires.Calculated{Code: c.code}
	out.Valid, out.Decimals = int(r.numberIn(c.record, "rondo_valid")), int(r.numberIn(c.record, "rondo_decimals"))
	formula, last, ok := r.formulaOf(c, n, own, out)
	if !ok {
		c.unread("rondo_valid", "rondo_decimals")
		return
	}
	out.Role, out.Label = questionnaires.Role(c.get("rondo_role")), r.say(c.record, "label")
	if len(formula) > longestCondition {
		r.lost(c.place("calculation"), "expression", "as a formula of ours it has %d characters; at most %d are allowed", len(formula), longestCondition)
		return
	}
	out.Formula = questionnaires.UncompiledFormula(formula)
	r.q.Calculated = append(r.q.Calculated, out)
	r.scope.add(&variable{name: c.code, ref: c.name, at: max(last-1, 0)})
}

// formulaOf gives the formula of a calculation: our own words where they say
// just what the cell says, else what the cell is understood to mean.
func (r *reader) formulaOf(c *calculation, n node, own string, out *questionnaires.Calculated) (formula string, last int, ok bool) {
	u := &understanding{scope: r.scope}
	for _, ref := range refsIn(n) {
		if v := r.scope.byRef[ref]; v != nil {
			last = max(last, v.at+1)
		}
	}
	if show(n) == tooLongFormula {
		last = r.count
	}
	if own != "" {
		if said, err := r.scope.sayFormula(own, out.Valid, out.Decimals); err == nil && (show(said) == show(n) || len(show(said)) > longestExpression && show(n) == tooLongFormula) {
			return own, last, true
		}
		r.changed(c.place("calculation"), "stale", "the cell has been changed; our own words beside it do not count: %s", excerpt(own))
	}
	if outer, isRound := n.(callNode); isRound && outer.name == "round" && len(outer.args) >= 1 {
		digits := 0.0
		if len(outer.args) == 2 {
			digits, _ = constant(outer.args[1])
		}
		if digits >= 0 && digits <= 6 && digits == float64(int(digits)) {
			out.Decimals, n = int(digits), outer.args[0]
		}
	} else if c.peek("rondo_decimals") == "" {
		out.Decimals = 6
	}
	formula, err := u.formula(n, false)
	if err == nil && len(refsIn(n)) == 0 {
		err = errNoQuestion
	}
	if err != nil {
		r.lost(c.place("calculation"), "expression", "%s: %v", excerpt(c.peek("calculation")), err)
		return "", 0, false
	}
	for _, remark := range u.remarks {
		r.changed(c.place("calculation"), "missing_code", "%s", remark)
	}
	return formula, last, true
}

var errNoQuestion = errors.New("it looks at no question: a constant is not calculated")

// refsIn gives the names an expression refers to.
func refsIn(n node) []string {
	switch n := n.(type) {
	case refNode:
		return []string{n.name}
	case negativeNode:
		return refsIn(n.x)
	case binaryNode:
		return append(refsIn(n.left), refsIn(n.right)...)
	case callNode:
		var out []string
		for _, a := range n.args {
			out = append(out, refsIn(a)...)
		}
		return out
	}
	return nil
}
