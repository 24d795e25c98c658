package xlsform

import (
	"math"

	"rondo/questionnaires"
)

// limit takes one demand as a limit of the question; false where it is none.
func (r *reader) limit(it *item, qu *questionnaires.Question, n node) bool {
	if c, ok := n.(callNode); ok && c.name == "not" && len(c.args) == 1 {
		return exclusive(qu, c.args[0])
	}
	b, ok := n.(binaryNode)
	if !ok {
		return false
	}
	if b.op == "or" {
		return least(qu, b)
	}
	if _, fixed := constant(b.left); fixed {
		b = binaryNode{mirrored(b.op), b.right, b.left}
	}
	if c, ok := b.left.(callNode); ok && len(c.args) == 1 && isSelf(c.args[0]) {
		value, isNumber := constant(b.right)
		return isNumber && r.counted(it, qu, c.name, b.op, value)
	}
	if !isSelf(b.left) {
		return false
	}
	if c, ok := b.right.(callNode); ok && c.name == "today" && qu.Kind == questionnaires.Date && (b.op == "<=" || b.op == "<") {
		if b.op == "<" {
			r.changed(it.place("constraint"), "limits", "today is accepted too")
		}
		qu.NotFuture = true
		return true
	}
	value, isNumber := constant(b.right)
	return isNumber && r.bound(it, qu, b.op, value)
}

func isSelf(n node) bool { _, ok := n.(selfNode); return ok }

// bound takes . >= 0 as a limit.
func (r *reader) bound(it *item, qu *questionnaires.Question, op string, value float64) bool {
	switch qu.Kind {
	case questionnaires.Integer, questionnaires.Decimal, questionnaires.Numbers:
	default:
		return false
	}
	if math.Abs(value) > 1e12 {
		return false
	}
	if op == "<" || op == ">" {
		step := math.Pow(10, -float64(qu.Decimals))
		if op == ">" {
			value, op = math.Floor(value/step+1e-9)*step+step, ">="
		} else {
			value, op = math.Ceil(value/step-1e-9)*step-step, "<="
		}
		value = math.Round(value*1e9) / 1e9
	}
	switch op {
	case ">=":
		if qu.Min == nil || value > *qu.Min {
			qu.Min = &value
		}
	case "<=":
		if qu.Max == nil || value < *qu.Max {
			qu.Max = &value
		}
	default:
		return false
	}
	if qu.Min != nil && qu.Max != nil && *qu.Min > *qu.Max {
		r.lost(it.place("constraint"), "limits", "no number is both at least %s and at most %s", questionnaires.FormatNumber(*qu.Min), questionnaires.FormatNumber(*qu.Max))
		qu.Min, qu.Max = nil, nil
	}
	return true
}

// counted takes string-length(.) <= 200 and count-selected(.) <= 3 as limits.
func (r *reader) counted(it *item, qu *questionnaires.Question, what, op string, value float64) bool {
	n := int(value)
	if value != float64(n) || n < 0 || n > 1e6 {
		return false
	}
	switch op {
	case "<":
		n, op = n-1, "<="
	case ">":
		n, op = n+1, ">="
	}
	switch {
	case what == "string-length" && op == "<=" && (qu.Kind == questionnaires.LongText || qu.Kind == questionnaires.Texts) && n >= 1:
		if n > longestText {
			r.changed(it.place("constraint"), "limits", "a text may have at most %d characters", longestText)
			n = longestText
		}
		qu.MaxLength = n
	case what == "string-length" && op == ">=" && n <= 1: // an answer that is there has one
	case what == "count-selected" && op == "<=" && qu.Kind == questionnaires.Multi && n >= 1:
		qu.Most = n
	case what == "count-selected" && op == ">=" && qu.Kind == questionnaires.Multi && n >= 1:
		qu.Least = n
	default:
		return false
	}
	return true
}

const longestText = 10000

// exclusive takes not(selected(., 'none') and count-selected(.) > 1) as an option
// that excludes the others; so does naming all the others in place of the count.
func exclusive(qu *questionnaires.Question, n node) bool {
	if qu.Kind != questionnaires.Multi {
		return false
	}
	parts := split("and", n)
	if len(parts) != 2 {
		return false
	}
	if _, ok := selectedSelf(parts[0]); !ok {
		parts[0], parts[1] = parts[1], parts[0]
	}
	code, ok := selectedSelf(parts[0])
	o := qu.Option(asOption(code))
	if !ok || o == nil {
		return false
	}
	if !severalTicked(parts[1]) {
		others := map[string]bool{}
		for _, p := range split("or", parts[1]) {
			other, ok := selectedSelf(p)
			if !ok {
				return false
			}
			others[asOption(other)] = true
		}
		for _, x := range qu.Options {
			if x.Code != o.Code && !others[x.Code] && !x.Exclusive {
				return false
			}
		}
	}
	o.Exclusive = true
	return true
}

func severalTicked(n node) bool {
	b, ok := n.(binaryNode)
	if !ok {
		return false
	}
	c, ok := b.left.(callNode)
	value, isNumber := constant(b.right)
	return ok && isNumber && c.name == "count-selected" && len(c.args) == 1 && isSelf(c.args[0]) &&
		(b.op == ">" && value == 1 || b.op == ">=" && value == 2)
}

// selectedSelf reads selected(., 'a').
func selectedSelf(n node) (string, bool) {
	c, ok := n.(callNode)
	if !ok || c.name != "selected" || len(c.args) != 2 || !isSelf(c.args[0]) {
		return "", false
	}
	s, ok := c.args[1].(textNode)
	return s.s, ok
}

// least takes count-selected(.) >= 2 or selected(., 'none') as the least number
// of ticks, from which an option that excludes the others is free.
func least(qu *questionnaires.Question, n binaryNode) bool {
	parts := split("or", n)
	b, ok := parts[0].(binaryNode)
	if !ok || b.op != ">=" {
		return false
	}
	c, ok := b.left.(callNode)
	value, isNumber := constant(b.right)
	if !ok || !isNumber || c.name != "count-selected" || len(c.args) != 1 || !isSelf(c.args[0]) || value != math.Trunc(value) || value < 1 || value > 1e6 {
		return false
	}
	for _, p := range parts[1:] {
		code, ok := selectedSelf(p)
		if o := qu.Option(asOption(code)); !ok || o == nil || !o.Exclusive {
			return false
		}
	}
	qu.Least = int(value)
	return true
}
