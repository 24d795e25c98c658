package xlsform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rondo/questionnaires"
)

// displays are appearances that change how a question looks and nothing of what
// is asked.
var displays = regexp.MustCompile(`^(minimal|multiline|horizontal(-compact)?|vertical|compact(-\d+)?|quick(compact)?(-\d+)?|columns(-\d+|-pack)?|no-buttons|likert|autocomplete|` +
	`label|list|list-no-?label|field-list|table-list|w\d+|spinner|picker|numbers|thousands-sep|no-calendar|no-ticks|masked|counter|hide-input|search)$`)

// appearance reports the words of an appearance that mean something else.
func (r *reader) appearance(it *item) {
	for _, word := range strings.Fields(it.get("appearance")) {
		if !displays.MatchString(strings.ToLower(word)) {
			r.lost(it.place("appearance"), "appearance", "%q has no counterpart", word)
		}
	}
}

// parameters reads the order of choices.
func (r *reader) parameters(it *item, qu *questionnaires.Question) {
	for _, p := range strings.FieldsFunc(it.get("parameters"), func(c rune) bool { return c == ' ' || c == ';' || c == ',' }) {
		name, value, _ := strings.Cut(p, "=")
		switch {
		case name == "randomize" && len(qu.Options) > 0:
			qu.Shuffle = yes(value)
		case name == "rows": // how high a text field looks
		case it.kind == "range" && (name == "start" || name == "end" || name == "step"):
		default:
			r.lost(it.place("parameters"), "parameters", "%s has no counterpart", p)
		}
	}
}

// numberIn reads a number from one of our own columns.
func (r *reader) numberIn(rec *record, column string) float64 {
	s := rec.get(column)
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f-f != 0 || f < -1e12 || f > 1e12 {
		r.lost(rec.place(column), "bad_value", "%q is no number", s)
		return 0
	}
	return f
}

// flagIn reads yes or no from a column.
func (r *reader) flagIn(rec *record, column string) bool {
	s := rec.get(column)
	if !yes(s) && !no(s) {
		r.lost(rec.place(column), "bad_value", "%q is neither yes nor no", excerpt(s))
	}
	return yes(s)
}

// wordIn reads a word from a column that knows only one.
func (r *reader) wordIn(rec *record, column, word string) bool {
	s := rec.get(column)
	if s != "" && s != word {
		r.lost(rec.place(column), "bad_value", "%q is not %s", excerpt(s), word)
	}
	return s == word
}

// optionalIn is numberIn where an empty cell is no number at all.
func (r *reader) optionalIn(rec *record, column string) *float64 {
	if rec.peek(column) == "" {
		return nil
	}
	f := r.numberIn(rec, column)
	return &f
}

// computed is a default that is worked out, not given.
var computed = regexp.MustCompile(`\$\{|^[a-z][a-z:-]*\(.*\)$`)

// initial reads the answer a question starts with.
func (r *reader) initial(it *item, qu *questionnaires.Question, codes map[string]string) {
	s := it.get("default")
	if s == "" {
		return
	}
	bad := func(why string) { r.lost(it.place("default"), "default", "%q %s", s, why) }
	if computed.MatchString(s) && !r.own {
		bad("is worked out when the form is filled in")
		return
	}
	switch qu.Kind {
	case questionnaires.Single, questionnaires.YesNo, questionnaires.Multi:
		choices := []string{s}
		if qu.Kind == questionnaires.Multi {
			choices = strings.Fields(s)
		}
		for _, choice := range choices {
			code, ok := codes[choice]
			if !ok || qu.Option(code) == nil {
				bad("is none of the choices")
				return
			}
			qu.Initial = append(qu.Initial, code)
		}
		if len(qu.Initial) > 1 && slices.ContainsFunc(qu.Initial, func(code string) bool { return qu.Option(code).Exclusive }) {
			qu.Initial = nil
			bad("has a choice that excludes the others")
		}
	case questionnaires.Integer, questionnaires.Decimal:
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f-f != 0 || fraction(f) > qu.Decimals {
			bad("is no number that the question accepts")
			return
		}
		qu.Initial = []string{questionnaires.FormatNumber(f)}
	case questionnaires.Date:
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			bad("is no day in the form 2026-11-22")
			return
		}
		qu.Initial = []string{s}
	case questionnaires.LongText:
		qu.Initial = []string{s}
	default:
		bad("cannot be proposed to a question of this kind")
	}
}

// otherNames are how forms name the choice that opens a text.
var otherNames = regexp.MustCompile(`(?i)other|autre|altr[oi]|ander|sonstig|specify|96|99|77`)

// otherText recognises the text beside an option "other": a text right after a
// choice, asked where that one option is chosen.
func (r *reader) otherText(it *item, c *context) bool {
	if r.page == nil || len(r.page.Questions) == 0 || len(r.pending) > 0 {
		return false
	}
	qu := r.page.Questions[len(r.page.Questions)-1]
	if qu.Kind != questionnaires.Single && qu.Kind != questionnaires.Multi || qu.HasOther() {
		return false
	}
	n, err := parse(it.peek("relevant"))
	if err != nil {
		return false
	}
	ref, choice := chosenOption(n)
	v := r.scope.byRef[ref]
	if v == nil || v.qu != qu || qu.Option(v.code(choice)) == nil || qu.Option(v.code(choice)).Missing != 0 {
		return false
	}
	kind := it.peek("rondo_kind")
	if kind != "other" && (r.own || !otherNames.MatchString(choice)) {
		return false
	}
	if kind == "other" {
		it.get("rondo_kind")
	}
	for _, column := range []string{"relevant", "name"} {
		it.get(column)
	}
	qu.Option(v.code(choice)).Other = true
	r.codes[qu.Code+"_other"] = 1
	r.appearance(it)
	if it.peek("constraint") == "string-length(.) <= 200" {
		it.get("constraint")
	}
	if kind == "other" && sameWords(it.words("label", r.first), specify) {
		return true
	}
	it.words("label", r.first)
	if no(it.peek("required")) {
		it.get("required")
	}
	r.lost(it.place("label"), "other_text", "the text becomes the field beside the option %s, whose label is the same everywhere; these words are not used, and ${%s} means nothing", choice, it.name)
	return true
}

// chosenOption reads ${q} = 'a' and selected(${q}, 'a').
func chosenOption(n node) (ref, choice string) {
	var left, right node
	switch n := n.(type) {
	case binaryNode:
		if n.op == "=" {
			left, right = n.left, n.right
		}
	case callNode:
		if n.name == "selected" && len(n.args) == 2 {
			left, right = n.args[0], n.args[1]
		}
	}
	q, ok := left.(refNode)
	if s, isText := right.(textNode); ok && isText {
		return q.name, s.s
	}
	return "", ""
}
