package xlsform

import (
	"slices"
	"strconv"

	"rondo/questionnaires"
)

// placedCheck is a check with its place: the number its author gave it, else
// that of its question.
type placedCheck struct {
	check questionnaires.Check
	order int
	at    int
}

func (r *reader) addCheck(qu *questionnaires.Question, c questionnaires.Check, order int) {
	at := 0
	for _, p := range r.q.Pages {
		for _, other := range p.Questions {
			if other == qu {
				r.checks = append(r.checks, placedCheck{c, order, at})
			}
			at++
		}
	}
}

// check takes a note that appears on a condition, which is how XLSForm warns: as
// a warning of the question before it, or after it where it is the first.
func (r *reader) check(it *item, c *context, t questionnaires.Text) {
	code := it.name
	if own := it.get("rondo_code"); own != "" {
		code = own
	}
	check := questionnaires.Check{Code: r.codes.free(asCode(code, "check")), Text: t, Soft: true}
	of := it.get("rondo_for")
	order := int(r.numberIn(it.record, "rondo_order"))
	if r.own && it.peek("rondo_kind") == "check" {
		it.get("rondo_kind")
		check.Soft, check.Release = r.flagIn(it.record, "rondo_soft"), r.wordIn(it.record, "rondo_at", "release")
	} else {
		r.changed(it.here(), "conditional_note", "a note that appears on a condition becomes the warning %s", check.Code)
	}
	var before *questionnaires.Question
	if r.page != nil && len(r.page.Questions) > 0 {
		before = r.page.Questions[len(r.page.Questions)-1]
	}
	page := r.ensurePage(c)
	place := len(page.Questions)
	cells := append(c.onAnswer[:len(c.onAnswer):len(c.onAnswer)], r.expression(it, "relevant", "rondo_if")...)
	r.later = append(r.later, func() {
		qu := before
		if v := r.scope.byRef[of]; v != nil {
			qu = v.qu
		} else if own := r.questionOf(of); own != nil {
			qu = own
		}
		if qu == nil && place < len(page.Questions) {
			qu = page.Questions[place]
		}
		if qu == nil {
			r.lost(it.here(), "conditional_note", "there is no question on this page that could show the warning")
			return
		}
		check.Question = qu.Code
		if check.Fails = r.condition(cells, r.placeOf(qu)+1, nil); check.Fails == nil {
			r.lost(it.here(), "conditional_note", "its condition is not carried, so neither is the warning")
			return
		}
		r.addCheck(qu, check, order)
	})
}

func (r *reader) questionOf(code string) *questionnaires.Question {
	for _, p := range r.q.Pages {
		for _, qu := range p.Questions {
			if qu.Code == code {
				return qu
			}
		}
	}
	return nil
}

func (r *reader) placeOf(qu *questionnaires.Question) int {
	at := 0
	for _, p := range r.q.Pages {
		for _, other := range p.Questions {
			if other == qu {
				return at
			}
			at++
		}
	}
	return at
}

// settle does what waited until all questions were known.
func (r *reader) settle() {
	for len(r.later) > 0 {
		later := r.later
		r.later = nil
		for _, f := range later {
			f()
		}
	}
	slices.SortStableFunc(r.checks, func(a, b placedCheck) int {
		if a.order != 0 && b.order != 0 {
			return a.order - b.order
		}
		return a.at - b.at
	})
	for _, c := range r.checks {
		r.q.Checks = append(r.q.Checks, c.check)
	}
	for _, n := range r.pending {
		r.lost(n.rec.here(), "note", "no question follows that could show the note")
	}
}

// constraint reads what an answer must fulfil: limits where the kind has them,
// a check for the rest.
func (r *reader) constraint(it *item, qu *questionnaires.Question, self *variable) {
	source := it.get("constraint")
	message := r.say(it.record, "constraint_message")
	n, err := parse(source)
	var rest []node
	switch {
	case source == "":
	case err != nil:
		r.lost(it.place("constraint"), "expression", "%s: %v", excerpt(source), err)
	default:
		for _, part := range split("and", n) {
			if !r.limit(it, qu, selfIn(part, it.name)) {
				rest = append(rest, part)
			}
		}
	}
	r.defaultLimits(it, qu)
	if len(rest) == 0 && message == nil || self == nil {
		return
	}
	before := r.count
	code := r.codes
	r.later = append(r.later, func() {
		// checks of our own stand in rows of their own, which are read first
		r.later = append(r.later, func() { r.rest(it, qu, self, rest, message, before, code) })
	})
}

// rest makes a check of what a constraint demands beyond limits.
func (r *reader) rest(it *item, qu *questionnaires.Question, self *variable, parts []node, message questionnaires.Text, before int, codes taken) {
	demanded, text := r.demanded(qu)
	parts = slices.DeleteFunc(parts, func(n node) bool { return slices.Contains(demanded, show(n)) })
	if len(parts) == 0 {
		if message != nil && !sameWords(message, text) {
			r.lost(it.place("constraint_message"), "constraint_message", "limits have words of their own here; these are not used")
		}
		return
	}
	u := &understanding{scope: r.scope, self: self}
	fails := []logic{}
	for _, part := range parts {
		c := formulaCell{at: it.place("constraint"), source: show(part)}
		if l, ok := r.understand(c, part, before, self); ok {
			fails = append(fails, l.negated())
		}
	}
	if len(fails) == 0 {
		if message != nil {
			r.lost(it.place("constraint_message"), "constraint_message", "what it explains is not carried")
		}
		return
	}
	l := all(u.answered(self), some(fails...))
	if l.op == "false" {
		return
	}
	c := r.compilable([]formulaCell{{at: it.place("constraint"), source: it.peek("constraint")}}, l.source())
	if c == nil {
		return
	}
	check := questionnaires.Check{Code: codes.free(qu.Code + "_check"), Question: qu.Code, Fails: c, Text: message}
	r.changed(it.place("constraint"), "constraint", "what goes beyond limits becomes the check %s", check.Code)
	r.addCheck(qu, check, 0)
}

// demanded gives what the sums and checks that stand elsewhere in the workbook
// demand of a question, as the constraint repeats it.
func (r *reader) demanded(qu *questionnaires.Question) ([]string, questionnaires.Text) {
	so := *r.q
	so.Checks = nil
	for _, c := range r.checks {
		so.Checks = append(so.Checks, c.check)
	}
	parts, text, err := r.scope.demands(&so, qu)
	if err != nil {
		return nil, nil
	}
	var out []string
	for _, p := range parts {
		for _, part := range split("and", p) {
			out = append(out, show(part))
		}
	}
	return out, text
}

// selfIn puts . in place of a question's own name, which means the same.
func selfIn(n node, name string) node {
	switch n := n.(type) {
	case refNode:
		if n.name == name {
			return selfNode{}
		}
	case callNode:
		args := make([]node, len(n.args))
		for i, a := range n.args {
			args[i] = selfIn(a, name)
		}
		return callNode{n.name, args}
	case binaryNode:
		return binaryNode{n.op, selfIn(n.left, name), selfIn(n.right, name)}
	}
	return n
}

// widest are the numbers Collect accepts where a form sets no limit.
const widest = 999_999_999

// defaultLimits gives numbers the limits that a definition needs.
func (r *reader) defaultLimits(it *item, qu *questionnaires.Question) {
	switch qu.Kind {
	case questionnaires.Integer, questionnaires.Decimal, questionnaires.Numbers:
	default:
		return
	}
	low, high := -float64(widest), float64(widest)
	if qu.Min != nil && qu.Max != nil {
		return
	}
	if qu.Min == nil {
		qu.Min = &low
	}
	if qu.Max == nil {
		qu.Max = &high
	}
	r.changed(it.place("constraint"), "limits", "a number needs a smallest and a largest value; from %s to %s is accepted",
		strconv.FormatFloat(*qu.Min, 'f', -1, 64), strconv.FormatFloat(*qu.Max, 'f', -1, 64))
}
