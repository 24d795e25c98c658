package xlsform

import (
	"strings"

	"rondo/questionnaires"
)

// expression reads a cell that holds an expression; none where it is empty.
func (r *reader) expression(it *item, column, ours string) []formulaCell {
	source, own := it.get(column), it.get(ours)
	if source == "" {
		if own != "" {
			r.lost(it.place(ours), "stale", "%s is empty, so these words of our own do not count", column)
		}
		return nil
	}
	return []formulaCell{{it.place(column), source, own}}
}

// condition puts the expressions of some cells together as one condition. They
// may look at what stands before a place. nil: always.
func (r *reader) condition(cells []formulaCell, before int, self *variable) *questionnaires.Condition {
	if len(cells) == 1 && cells[0].ours != "" {
		if n, err := parse(cells[0].source); err == nil {
			if own, ok := r.verbatim(cells[0], n); ok {
				return r.compilable(cells, own)
			}
		}
		r.changed(cells[0].at, "stale", "the cell has been changed; our own words beside it do not count: %s", excerpt(cells[0].ours))
	}
	l, ok := r.logicOf(cells, before, self)
	if !ok || l.op == "true" {
		return nil
	}
	source := l.source()
	return r.compilable(cells, source)
}

// longestCondition is the longest condition a definition may hold.
const longestCondition = 1000

func (r *reader) compilable(cells []formulaCell, source string) *questionnaires.Condition {
	if len(source) > longestCondition {
		r.lost(cells[0].at, "expression", "as a condition of ours it has %d characters; at most %d are allowed", len(source), longestCondition)
		return nil
	}
	return questionnaires.Uncompiled(source)
}

// logicOf understands the expressions of some cells; what cannot be understood
// is reported. It gives false where nothing is left.
func (r *reader) logicOf(cells []formulaCell, before int, self *variable) (logic, bool) {
	l, understood := always, false
	for _, c := range cells {
		n, err := parse(c.source)
		if err != nil {
			r.lost(c.at, "expression", "%s: %v", excerpt(c.source), err)
			continue
		}
		part, ok := r.understand(c, n, before, self)
		if ok {
			l, understood = all(l, part), true
		}
	}
	if l.op == "false" && len(cells) > 0 {
		return r.impossible(cells[0], before)
	}
	return l, understood
}

// understand turns one expression into a condition and reports what it cannot.
func (r *reader) understand(c formulaCell, n node, before int, self *variable) (logic, bool) {
	u := &understanding{scope: r.scope, self: self}
	l, err := u.condition(n)
	if err != nil {
		r.lost(c.at, "expression", "%s: %v", excerpt(c.source), err)
		return never, false
	}
	if u.last > before {
		r.lost(c.at, "expression", "%s: a condition may only look back", excerpt(c.source))
		return never, false
	}
	if !r.own {
		for _, remark := range u.remarks {
			r.changed(c.at, "missing_code", "%s", remark)
		}
	}
	return l, true
}

// verbatim gives our own words for an expression that says just what they say.
func (r *reader) verbatim(c formulaCell, n node) (string, bool) {
	if c.ours == "" {
		return "", false
	}
	said, err := r.scope.say(c.ours)
	if err != nil {
		return "", false
	}
	xpath := show(said)
	return c.ours, show(reduce(said, nil)) == show(reduce(n, nil)) || len(xpath) > longestExpression && c.source == tooLongCondition
}

// impossible is a condition that never holds, in the language of conditions: no
// question is both answered and not.
func (r *reader) impossible(c formulaCell, before int) (logic, bool) {
	if r.anchor == nil || r.anchor.at >= before {
		r.lost(c.at, "expression", "%s never holds, which nothing can say before the first question", excerpt(c.source))
		return always, false
	}
	return all(atom("answered("+r.anchor.name+")"), atom("answered("+r.anchor.name+")").negated()), true
}

func excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// filter reads a choice filter: for every option, with the columns of its row in
// place of their names, it is the condition of that option.
func (r *reader) filter(it *item, qu *questionnaires.Question) {
	l := r.lists[it.list]
	if l == nil {
		return
	}
	source := it.get("choice_filter")
	if source == "" {
		return
	}
	at, before := it.place("choice_filter"), r.count-1
	r.later = append(r.later, func() {
		n, err := parse(source)
		if err != nil {
			r.lost(at, "choice_filter", "%s: %v", excerpt(source), err)
			return
		}
		named := map[string]bool{}
		namesIn(n, named)
		for _, c := range l.choices {
			for name := range named {
				c.get(name)
			}
		}
		for i := range qu.Options {
			if c := l.byCode[qu.Options[i].Code]; c != nil {
				qu.Options[i].If = r.optionCondition(formulaCell{at, source, c.get("rondo_if")}, reduce(n, c.extra), before)
			}
		}
	})
}

func (r *reader) optionCondition(c formulaCell, n node, before int) *questionnaires.Condition {
	if c.ours != "" {
		if own, ok := r.verbatim(c, n); ok {
			return r.compilable([]formulaCell{c}, own)
		}
		r.changed(c.at, "stale", "the choices have been changed; our own words beside them do not count: %s", excerpt(c.ours))
	}
	l, ok := r.understand(c, n, before, nil)
	if ok && l.op == "false" {
		l, ok = r.impossible(c, before)
	}
	if !ok || l.op == "true" {
		return nil
	}
	return r.compilable([]formulaCell{c}, l.source())
}

// reduce puts the values of a choice's columns in place of their names and works
// out what is constant.
func reduce(n node, columns map[string]string) node {
	switch n := n.(type) {
	case columnNode:
		if value, ok := columns[strings.ToLower(n.name)]; ok {
			return textNode{value}
		}
	case callNode:
		args := make([]node, len(n.args))
		for i, a := range n.args {
			args[i] = reduce(a, columns)
		}
		return callNode{n.name, args}
	case binaryNode:
		left, right := reduce(n.left, columns), reduce(n.right, columns)
		_, fixedLeft := literal(left)
		_, fixedRight := literal(right)
		if fixedLeft && fixedRight && strength[n.op] >= strength["="] && strength[n.op] <= strength["<"] {
			return call(fixed(left, n.op, right).op)
		}
		for _, side := range [][2]node{{left, right}, {right, left}} {
			switch {
			case n.op == "and" && isCall(side[0], "true"), n.op == "or" && isCall(side[0], "false"):
				return side[1]
			case n.op == "and" && isCall(side[0], "false"), n.op == "or" && isCall(side[0], "true"):
				return side[0]
			}
		}
		return binaryNode{n.op, left, right}
	}
	return n
}

func isCall(n node, name string) bool {
	c, ok := n.(callNode)
	return ok && c.name == name && len(c.args) == 0
}
