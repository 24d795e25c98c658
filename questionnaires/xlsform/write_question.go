package xlsform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// types are the XLSForm types of the kinds that take one row.
var types = map[questionnaires.Kind]string{
	questionnaires.Single: "select_one", questionnaires.YesNo: "select_one", questionnaires.Multi: "select_multiple",
	questionnaires.Ranking: "rank", questionnaires.Integer: "integer", questionnaires.Decimal: "decimal",
	questionnaires.LongText: "text", questionnaires.Date: "date",
}

func (w *writer) question(qu *questionnaires.Question) {
	r := row{"name": qu.Code, "rondo_role": string(qu.Role)}
	w.say(r, "label", qu.Label)
	w.condition(r, "relevant", "rondo_if", qu.If)
	if qu.Unit != nil {
		w.say(r, "rondo_unit", qu.Unit)
	}
	if qu.Kind == questionnaires.Decimal {
		r["rondo_decimals"] = strconv.Itoa(qu.Decimals)
	}
	if qu.Top > 0 && qu.Top != len(qu.Options) {
		r.whole("rondo_top", qu.Top)
	}
	r.number("rondo_sum_equals", qu.SumEquals)
	r.number("rondo_sum_min", qu.SumMin)
	r.flag("rondo_prefill", qu.Prefill)
	r.flag("rondo_default", qu.Default)
	r.flag("read_only", qu.Prefill)
	if qu.Offices {
		r["rondo_limit"] = "offices"
	}
	if len(qu.Rows) > 0 {
		w.notes(qu.Notes, qu.Code)
		r.flag("rondo_shuffle", qu.Shuffle)
		w.rows(r, qu)
		return
	}
	w.hints(r, qu)
	w.plain(r, qu)
}

// hints writes the note of a question as its hint; several stand in rows above.
func (w *writer) hints(r row, qu *questionnaires.Question) {
	if len(qu.Notes) == 1 {
		r["rondo_notes"] = qu.Notes[0].Code
		w.say(r, "hint", qu.Notes[0].Text)
		return
	}
	w.notes(qu.Notes, qu.Code)
}

// plain writes a question that takes one row, and the row of the text beside an
// option "other".
func (w *writer) plain(r row, qu *questionnaires.Question) {
	r["type"] = w.typeOf(types[qu.Kind], r, qu)
	r.flag("required", qu.Required)
	if usual := usualKind(qu); usual != qu.Kind {
		r["rondo_kind"] = string(qu.Kind)
	}
	if qu.Shuffle {
		if len(qu.Options) > 0 {
			r["parameters"] = "randomize=true"
		} else {
			r["rondo_shuffle"] = "yes"
		}
	}
	if qu.Kind == questionnaires.LongText && qu.MaxLength > 100 {
		r["appearance"] = "multiline"
	}
	r["default"] = strings.Join(qu.Initial, " ")
	w.constrain(r, qu)
	w.survey.add(r)
	if !qu.HasOther() {
		return
	}
	for _, o := range qu.Options {
		if o.Other {
			w.survey.add(w.otherText(qu, o))
		}
	}
}

// typeOf gives the type with the list of its choices.
func (w *writer) typeOf(base string, r row, qu *questionnaires.Question) string {
	if len(qu.Options) == 0 {
		return base
	}
	list, filter := w.list(qu)
	if filter != nil {
		r["choice_filter"] = show(filter)
	}
	return base + " " + list
}

// usualKind is the kind that a reader takes such a question for.
func usualKind(qu *questionnaires.Question) questionnaires.Kind {
	if (qu.Kind == questionnaires.Single || qu.Kind == questionnaires.YesNo) && !isYesNo(qu.Options) {
		return questionnaires.Single
	} else if qu.Kind == questionnaires.Single {
		return questionnaires.YesNo
	}
	return qu.Kind
}

// isYesNo says whether the options are 1 and 0, with or without 98.
func isYesNo(options []questionnaires.Option) bool {
	var codes []string
	for _, o := range options {
		codes = append(codes, o.Code)
	}
	slices.Sort(codes)
	return slices.Equal(codes, []string{"0", "1"}) || slices.Equal(codes, []string{"0", "1", "98"})
}

// specify is the label of the text beside an option "other".
var specify = questionnaires.Text{"de": "Bitte angeben", "fr": "Veuillez préciser", "it": "Si prega di precisare", "en": "Please specify"}

func (w *writer) otherText(qu *questionnaires.Question, o questionnaires.Option) row {
	r := row{"type": "text", "name": qu.Code + "_other", "rondo_kind": "other",
		"constraint": "string-length(.) <= 200",
		"relevant":   show(compareNodes(refNode{qu.Code}, "=", textNode{o.Code}))}
	if qu.Kind == questionnaires.Multi {
		r["relevant"] = show(call("selected", refNode{qu.Code}, textNode{o.Code}))
	}
	w.say(r, "label", specify)
	return r
}

// rows writes a question with rows as a group: a matrix in the appearance that
// other tools show as a table.
func (w *writer) rows(r row, qu *questionnaires.Question) {
	r["type"] = "begin_group"
	base := "integer"
	switch qu.Kind {
	case questionnaires.Matrix:
		r["appearance"] = "table-list"
		base = "select_one"
	case questionnaires.Texts:
		r["rondo_kind"], base = "texts", "text"
	default:
		r["rondo_kind"] = "numbers"
	}
	w.survey.add(r)
	for i, x := range qu.Rows {
		line := row{"name": qu.Code + "__" + x.Code}
		line["type"] = w.typeOf(base, line, qu)
		w.say(line, "label", x.Label)
		w.condition(line, "relevant", "rondo_if", x.If)
		w.condition(line, "required", "rondo_required_if", x.RequiredIf)
		if x.RequiredIf != nil && qu.Required {
			line["rondo_required_if"] = x.RequiredIf.Source()
		}
		if qu.Required {
			line["required"] = "yes"
		}
		if i == len(qu.Rows)-1 {
			w.constrain(line, qu)
		} else if n := join("and", limits(qu)...); n != nil {
			line["constraint"] = show(n)
		}
		w.survey.add(line)
	}
	w.survey.add(row{"type": "end_group"})
}

// constrain writes the limits of a question and the checks that it must pass.
func (w *writer) constrain(r row, qu *questionnaires.Question) {
	parts := limits(qu)
	more, text, err := w.scope.demands(w.q, qu)
	w.fail(qu.Code, err)
	if n := join("and", append(parts, more...)...); n != nil {
		r["constraint"] = show(n)
	}
	w.say(r, "constraint_message", text)
}

// demands gives what the sums and the hard checks of a question demand, and the
// words of the first of these checks.
func (s *scope) demands(q *questionnaires.Questionnaire, qu *questionnaires.Question) ([]node, questionnaires.Text, error) {
	var parts []node
	var total node
	for _, r := range qu.Rows {
		if v := s.byName[qu.Code+"__"+r.Code]; v != nil {
			total = sum(total, call("coalesce", refNode{v.ref}, numberNode{"0"}))
		}
	}
	if qu.SumEquals != nil {
		parts = append(parts, compareNodes(total, "=", sayNumber(*qu.SumEquals)))
	}
	if qu.SumMin != nil {
		parts = append(parts, compareNodes(total, ">=", sayNumber(*qu.SumMin)))
	}
	var text questionnaires.Text
	for i := range q.Checks {
		c := &q.Checks[i]
		if c.Question != qu.Code || c.Soft || c.Release || c.Fails == nil {
			continue
		}
		n, err := s.say(c.Fails.Source())
		if err != nil {
			return nil, nil, fmt.Errorf("the check %s: %w", c.Code, err)
		}
		parts = append(parts, not(n))
		if text == nil {
			text = c.Text
		}
	}
	return parts, text, nil
}

// limits gives what a question demands of its own answer.
func limits(qu *questionnaires.Question) []node {
	var parts []node
	self := selfNode{}
	if qu.Min != nil {
		parts = append(parts, compareNodes(self, ">=", sayNumber(*qu.Min)))
	}
	if qu.Max != nil {
		parts = append(parts, compareNodes(self, "<=", sayNumber(*qu.Max)))
	}
	if qu.MaxLength > 0 {
		parts = append(parts, compareNodes(call("string-length", self), "<=", numberNode{strconv.Itoa(qu.MaxLength)}))
	}
	if qu.NotFuture {
		parts = append(parts, compareNodes(self, "<=", call("today")))
	}
	count := call("count-selected", self)
	var alone []node
	for _, o := range qu.Options {
		if o.Exclusive {
			alone = append(alone, call("selected", self, textNode{o.Code}))
			parts = append(parts, not(join("and", alone[len(alone)-1], compareNodes(count, ">", numberNode{"1"}))))
		}
	}
	if qu.Least > 0 {
		parts = append(parts, join("or", append([]node{compareNodes(count, ">=", numberNode{strconv.Itoa(qu.Least)})}, alone...)...))
	}
	if qu.Most > 0 {
		parts = append(parts, compareNodes(count, "<=", numberNode{strconv.Itoa(qu.Most)}))
	}
	return parts
}

// checks writes the checks that a question shows as notes that appear where the
// check fails, which is how XLSForm warns.
func (w *writer) checks(qu *questionnaires.Question) {
	for i := range w.q.Checks {
		c := &w.q.Checks[i]
		if c.Question != qu.Code {
			continue
		}
		r := row{"type": "note", "rondo_kind": "check", "rondo_for": qu.Code, "rondo_order": strconv.Itoa(i + 1)}
		w.name(r, c.Code)
		w.say(r, "label", c.Text)
		w.condition(r, "relevant", "rondo_if", c.Fails)
		r.flag("rondo_soft", c.Soft)
		if c.Release {
			r["rondo_at"] = "release"
		}
		w.survey.add(r)
	}
}
