package questionnaires

import (
	"fmt"
	"slices"
	"strings"
)

// question writes one question; the order of the keys is that of the built-in
// definitions.
func (w *writer) question(qu *Question) {
	const indent = 8
	p := &w.page
	p.item(indent-2, "code", asWord(qu.Code))
	p.word(indent, "kind", string(qu.Kind))
	p.flag(indent, "required", qu.Required)
	p.condition(indent, "if", qu.If)
	p.word(indent, "role", string(qu.Role))
	w.notes(indent, qu.Notes)
	p.flag(indent, "shuffle", qu.Shuffle)
	p.flag(indent, "prefill", qu.Prefill)
	p.flag(indent, "default", qu.Default)
	if qu.Offices {
		p.pair(indent, "limit", "offices")
	}
	p.flag(indent, "not_future", qu.NotFuture)
	p.number(indent, "min", qu.Min)
	p.number(indent, "max", qu.Max)
	p.whole(indent, "decimals", qu.Decimals)
	p.number(indent, "sum_equals", qu.SumEquals)
	p.number(indent, "sum_min", qu.SumMin)
	p.whole(indent, "max_length", qu.MaxLength)
	p.whole(indent, "least", qu.Least)
	p.whole(indent, "most", qu.Most)
	if qu.Top > 0 && qu.Top == len(qu.Options) {
		p.pair(indent, "top", "all")
	} else {
		p.whole(indent, "top", qu.Top)
	}
	w.initial(indent, qu)
	w.words.set(qu.Label, "questions", qu.Code, "label")
	w.words.set(qu.Unit, "questions", qu.Code, "unit")
	w.options(indent, qu)
	w.rows(indent, qu)
}

func (w *writer) initial(indent int, qu *Question) {
	if len(qu.Initial) == 1 && qu.Kind != Multi {
		w.page.pair(indent, "initial", asWord(qu.Initial[0]))
		return
	}
	var codes []string
	for _, code := range qu.Initial {
		codes = append(codes, asWord(code))
	}
	w.page.list(indent, "initial", codes)
}

func (w *writer) options(indent int, qu *Question) {
	for _, s := range w.scales {
		if s.fits(qu) {
			w.page.pair(indent, "scale", asWord(s.name))
			return
		}
	}
	var items []string
	for _, o := range qu.Options {
		w.words.set(o.Label, "questions", qu.Code, "options", o.Code)
		items = append(items, flow(o.Code, flowCondition("if", o.If), flowFlag("exclusive", o.Exclusive), flowFlag("other", o.Other)))
	}
	w.page.list(indent, "options", items)
}

func (w *writer) rows(indent int, qu *Question) {
	var items []string
	for _, r := range qu.Rows {
		w.words.set(r.Label, "questions", qu.Code, "rows", r.Code)
		items = append(items, flow(r.Code, flowCondition("if", r.If), flowCondition("required_if", r.RequiredIf)))
	}
	w.page.list(indent, "rows", items)
}

// flow gives an option or a row: its code alone, or a mapping where it has more.
func flow(code string, more ...string) string {
	more = slices.DeleteFunc(more, func(s string) bool { return s == "" })
	if len(more) == 0 {
		return asWord(code)
	}
	return "{code: " + asWord(code) + ", " + strings.Join(more, ", ") + "}"
}

func flowFlag(key string, set bool) string {
	if !set {
		return ""
	}
	return key + ": true"
}

func flowCondition(key string, c *Condition) string {
	if c == nil {
		return ""
	}
	return key + ": " + plain(c.Source())
}

// scale is a list of answers that several questions share.
type scale struct {
	name    string
	options []Option
}

// sharedScales finds the lists of answers that at least two questions share, in
// the order of their first question, whose code in capitals names them.
func sharedScales(q *Questionnaire) []scale {
	var scales []scale
	count := map[string]int{}
	for _, p := range q.Pages {
		for _, qu := range p.Questions {
			if !sharable(qu) {
				continue
			}
			at := slices.IndexFunc(scales, func(s scale) bool { return s.fits(qu) })
			if at < 0 {
				at = len(scales)
				scales = append(scales, scale{strings.ToUpper(qu.Code), qu.Options})
			}
			count[scales[at].name]++
		}
	}
	return slices.DeleteFunc(scales, func(s scale) bool { return count[s.name] < 2 })
}

// sharable says whether the options of a question hold nothing but what a scale
// can say: codes and words.
func sharable(qu *Question) bool {
	for _, o := range qu.Options {
		if o.If != nil || o.Other || o.Exclusive != (qu.Kind == Multi && o.Missing != 0) {
			return false
		}
	}
	return len(qu.Options) > 0
}

func (s scale) fits(qu *Question) bool {
	return sharable(qu) && slices.EqualFunc(s.options, qu.Options, func(a, b Option) bool {
		return a.Code == b.Code && a.Label.equal(b.Label)
	})
}

// equal says whether two texts have the same words in the same languages.
func (t Text) equal(u Text) bool {
	if len(t) != len(u) {
		return false
	}
	for lang, words := range t {
		if other, ok := u[lang]; !ok || other != words {
			return false
		}
	}
	return true
}

// number writes a number as a definition holds it.
func (l *layout) number(indent int, key string, n *float64) {
	if n != nil {
		l.pair(indent, key, FormatNumber(*n))
	}
}

func (l *layout) whole(indent int, key string, n int) {
	if n != 0 {
		l.pair(indent, key, fmt.Sprint(n))
	}
}

func (l *layout) flag(indent int, key string, set bool) {
	if set {
		l.pair(indent, key, "true")
	}
}

func (l *layout) word(indent int, key, word string) {
	if word != "" {
		l.pair(indent, key, plain(word))
	}
}

func (l *layout) condition(indent int, key string, c *Condition) {
	if c != nil {
		l.pair(indent, key, plain(c.Source()))
	}
}
