package xlsform

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires"
	"rondo/questionnaires/questionnairetest"
)

var someSetting = questionnaires.Setting{RefFrom: 2015, RefTo: 2020, Today: "2026-11-22"}

// drawSubject draws a questionnaire, the names of its variables and answers to it.
func drawSubject(t *rapid.T) (*questionnaires.Questionnaire, *writer, questionnaires.Answers) {
	q := questionnairetest.Draw(t)
	if rapid.IntRange(0, 3).Draw(t, "which") == 0 {
		q = rapid.SampledFrom(questionnaires.Builtins()).Draw(t, "built in")
	}
	w := &writer{q: q, names: map[string]bool{}, scope: newScope()}
	w.reserve()
	return q, w, q.Random(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), someSetting, nil)
}

// conditionsOf gives every condition of a questionnaire.
func conditionsOf(q *questionnaires.Questionnaire) []*questionnaires.Condition {
	var all []*questionnaires.Condition
	for _, p := range q.Pages {
		all = append(all, p.If)
		for _, qu := range p.Questions {
			all = append(all, qu.If)
			for _, o := range qu.Options {
				all = append(all, o.If)
			}
			for _, r := range qu.Rows {
				all = append(all, r.If, r.RequiredIf)
			}
		}
	}
	for i := range q.Checks {
		all = append(all, q.Checks[i].Fails)
	}
	return all
}

// unaskedIn gives the calculated variables of which nothing was asked. A calculation of XLSForm
// does not know whether anything was asked: a count is 0 there, and has no value here.
func unaskedIn(q *questionnaires.Questionnaire, a questionnaires.Answers) []string {
	var codes []string
	row := q.Row(a)
	for i, c := range q.Columns() {
		if c.Calculated != nil && row[i] == questionnaires.CellNotAsked {
			codes = append(codes, c.Name)
		}
	}
	return codes
}

func TestExportedXPathHoldsWhereTheConditionHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, w, a := drawSubject(t)
		e, unasked := answersOf(q, a), unaskedIn(q, a)
		for _, c := range conditionsOf(q) {
			if c == nil || slices.ContainsFunc(unasked, func(code string) bool { return strings.Contains(c.Source(), code) }) {
				continue
			}
			n, err := w.scope.say(c.Source())
			if err != nil {
				t.Fatal(err)
			}
			if got, want := asBool(e.value(n)), c.Holds(a); got != want {
				t.Fatalf("%s holds: %v; %s: %v; answers %v", c.Source(), want, show(n), got, e)
			}
		}
	})
}

func TestExportedCalculationsGiveTheSameNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, w, a := drawSubject(t)
		e, values, unasked := answersOf(q, a), q.Calculate(a), unaskedIn(q, a)
		for _, c := range q.Calculated {
			if slices.Contains(unasked, c.Code) {
				continue
			}
			n, err := w.scope.sayFormula(c.Formula.Source(), c.Valid, c.Decimals)
			if err != nil {
				t.Fatal(err)
			}
			got, want := asNumber(e.value(n)), math.NaN()
			if x, ok := values[c.Code]; ok {
				want = *x.Number
			}
			if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-6 {
				t.Fatalf("%s is %v; %s is %v; answers %v", c.Formula.Source(), want, show(n), got, e)
			}
		}
	})
}

// drawXPath draws an expression as authors of forms write them.
func drawXPath(t *rapid.T, s *scope, names []string, depth int) node {
	draw := func(high int) int { return rapid.IntRange(0, high).Draw(t, "part") }
	if depth > 0 && draw(1) == 0 {
		switch draw(2) {
		case 0:
			return not(drawXPath(t, s, names, depth-1))
		case 1:
			return join("and", drawXPath(t, s, names, depth-1), drawXPath(t, s, names, depth-1))
		}
		return join("or", drawXPath(t, s, names, depth-1), drawXPath(t, s, names, depth-1))
	}
	v := s.byName[rapid.SampledFrom(names).Draw(t, "variable")]
	op := rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(t, "op")
	self := refNode{v.ref}
	switch {
	case draw(4) == 0:
		return compareNodes(self, map[bool]string{true: "=", false: "!="}[draw(1) == 0], textNode{""})
	case v.rank != "":
		return compareNodes(call("selected-at", self, numberNode{"0"}), "=", textNode{v.rank})
	case v.numeric() && draw(3) == 0:
		return compareNodes(binaryNode{"+", self, numberNode{"1"}}, op, binaryNode{"*", self, numberNode{"2"}})
	case v.numeric():
		return compareNodes(self, op, sayNumber(float64(draw(200)-100)/2))
	case v.multi(), v.chosen():
		code := v.qu.Options[draw(len(v.qu.Options)-1)].Code
		if v.multi() && draw(1) == 0 {
			return call("selected", self, textNode{code})
		}
		return compareNodes(self, map[bool]string{true: "=", false: "!="}[draw(1) == 0], textNode{code})
	}
	return compareNodes(call("string-length", self), ">", numberNode{"0"})
}

func TestImportedConditionsHoldWhereTheXPathHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, w, a := drawSubject(t)
		var names []string
		unasked := unaskedIn(q, a)
		for _, name := range slices.Sorted(maps.Keys(w.scope.byName)) {
			if v := w.scope.byName[name]; !slices.Contains(unasked, name) && (v.calculated() || !v.qu.Prefill) {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			return
		}
		n := drawXPath(t, w.scope, names, 2)
		u := &understanding{scope: w.scope}
		l, err := u.condition(n)
		if err != nil || len(u.remarks) > 0 || l.op == "true" || l.op == "false" {
			return // reported, or nothing to evaluate
		}
		c := compiled(t, q, l.source())
		if got, want := c.Holds(a), asBool(answersOf(q, a).value(n)); got != want {
			t.Fatalf("%s: %v; as a condition %s: %v; answers %v", show(n), want, l.source(), got, answersOf(q, a))
		}
	})
}

// compiled gives a condition as the last question of a questionnaire would have it.
func compiled(t *rapid.T, q *questionnaires.Questionnaire, source string) *questionnaires.Condition {
	last := &questionnaires.Question{Code: "zz_last", Kind: questionnaires.LongText, MaxLength: 1, If: questionnaires.Uncompiled(source)}
	more := *q
	more.Pages = append(q.Pages[:len(q.Pages):len(q.Pages)], &questionnaires.Page{Code: "zz", Questions: []*questionnaires.Question{last}})
	files, err := questionnaires.Write(&more)
	if err != nil {
		t.Fatal(err)
	}
	back, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatalf("%s: %v %v", source, found, err)
	}
	return back.Question("zz_last").If
}
