package questionnaires

// encoder turns conditions into the form of Client. What does not depend on the
// page is decided.
type encoder struct {
	q        *Questionnaire
	v        *view // of the answers kept so far
	seen     *onPage
	named    map[string]bool // variables of the page that conditions look at
	formulas map[string]ClientFormula
}

// parts gives the rows or options that the page shows; none where no condition
// of one depends on the page.
func (e *encoder) parts(parts []shownPart, code func(i int) string) []ClientPart {
	var all []ClientPart
	depends := false
	for i, p := range parts {
		if !p.shown {
			continue
		}
		c := ClientPart{Code: code(i)}
		if p.depends != nil {
			c.If, depends = e.condition(p.depends.root), true
		}
		all = append(all, c)
	}
	if !depends {
		return nil
	}
	return all
}

// on says whether answers on the page decide about a variable.
func (e *encoder) on(r ref) bool {
	if r.calculated == nil {
		return e.seen.has(r.question.at, r.name)
	}
	f := r.calculated.Formula
	for i, at := range f.named.questions {
		if e.seen.has(at, f.named.variables[i]) {
			return true
		}
	}
	return false
}

// name notes that the browser has to know a variable.
func (e *encoder) name(r ref) string {
	if r.calculated == nil {
		e.named[r.name] = true
		return r.name
	}
	if _, done := e.formulas[r.name]; !done {
		e.formula(r.calculated)
	}
	return r.name
}

func (e *encoder) formula(c *Calculated) {
	f := ClientFormula{Value: e.amount(c.Formula.root), Decimals: c.Decimals}
	asked := false // something of it, on an earlier page
	for i, name := range c.Formula.named.variables {
		if at := c.Formula.named.questions[i]; e.seen.has(at, name) {
			f.Inputs = append(f.Inputs, name)
		} else {
			asked = asked || !e.v.hidden[at] && !e.v.off(c.inputs[i].place)
		}
	}
	if asked {
		f.Inputs = nil
	}
	if e.formulas == nil {
		e.formulas = map[string]ClientFormula{}
	}
	e.formulas[c.Code] = f
}

// condition gives true, false or a list of an operator and its arguments.
func (e *encoder) condition(t term) any {
	switch t := t.(type) {
	case negation:
		inner := e.condition(t.inner)
		if known, ok := inner.(bool); ok {
			return !known
		}
		return []any{"not", inner}
	case both:
		return joined("and", e.condition(t.left), e.condition(t.right))
	case either:
		return joined("or", e.condition(t.left), e.condition(t.right))
	case compareFormulas:
		return e.compared(t.op, e.amount(t.left), e.amount(t.right))
	case comparePair:
		return e.compared(t.op, e.variable(t.left), e.variable(t.right))
	case member:
		return e.member(t)
	case compare:
		return e.compare(t)
	case given:
		if e.on(t.ref) {
			return []any{"answered", e.name(t.ref)}
		}
	case ticked:
		if e.on(t.ref) {
			return []any{"ticked", e.name(t.ref), t.code}
		}
	}
	return t.holds(e.v)
}

// joined puts two conditions together; one that is decided may decide both.
func joined(op string, left, right any) any {
	decisive := op == "or"
	for _, pair := range [][2]any{{left, right}, {right, left}} {
		if known, ok := pair[0].(bool); ok {
			if known == decisive {
				return decisive
			}
			return pair[1]
		}
	}
	list := []any{op}
	for _, part := range []any{left, right} {
		if same, ok := part.([]any); ok && same[0] == op {
			list = append(list, same[1:]...) // a and (b and c) is a and b and c
		} else {
			list = append(list, part)
		}
	}
	return list
}

func (e *encoder) member(t member) any {
	var all any = false
	for _, l := range t.literals {
		all = joined("or", all, e.compare(compare{t.ref, "==", l}))
	}
	return all
}

func (e *encoder) compare(t compare) any {
	switch {
	case !e.on(t.ref):
		return t.holds(e.v)
	case t.ref.numeric || t.literal.numeric:
		return e.compared(t.op, e.variable(t.ref), t.literal.number)
	case t.op == "!=":
		return []any{"isnt", e.name(t.ref), t.literal.code}
	}
	return []any{"is", e.name(t.ref), t.literal.code}
}

// compared decides a comparison of two numbers where both are known.
func (e *encoder) compared(op string, left, right any) any {
	x, isKnown := known(left)
	y, also := known(right)
	switch {
	case left == nil || right == nil:
		return false
	case isKnown && also:
		return ordered(x, op, y)
	}
	return []any{op, left, right}
}

func known(x any) (float64, bool) {
	n, ok := x.(float64)
	return n, ok
}

// variable gives a number, nil or ["var", name].
func (e *encoder) variable(r ref) any {
	if e.on(r) {
		return []any{"var", e.name(r)}
	}
	if n, ok := e.v.number(r); ok {
		return n
	}
	return nil
}

// amount gives a number, nil or a list of an operator and its arguments.
func (e *encoder) amount(t amount) any {
	switch t := t.(type) {
	case constant:
		return float64(t)
	case variable:
		return e.variable(t.ref)
	case operation:
		left, right := e.amount(t.left), e.amount(t.right)
		if left == nil || right == nil {
			return nil
		}
		return []any{t.op, left, right}
	case rounded:
		return []any{"round", e.amount(t.inner), t.digits}
	case choice:
		return []any{"if", e.condition(t.condition), e.amount(t.yes), e.amount(t.no)}
	case summary:
		need := t.need
		if need == 0 {
			need = len(t.inputs)
		}
		list := []any{t.name, need}
		for _, x := range t.inputs {
			list = append(list, e.amount(x))
		}
		return list
	}
	return nil
}
