package questionnaires

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestTheSolverAgreesWithTryingEveryAnswer draws small questionnaires, tries all
// that anybody could answer, and compares what the solver says of every
// condition. With a hard check, which may concern questions that the condition
// has nothing to do with, the solver may admit more, never less.
func TestTheSolverAgreesWithTryingEveryAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &drawnStructure{T: t}
		q, found, err := ReadDir(folder(d.structure()))
		if err != nil || len(found) > 0 {
			t.Fatalf("%v %v in\n%s", err, found, d.text)
		}
		if tooMany(q) {
			t.Skip("more combinations than a test can try")
		}
		s := newSolver(q)
		var hard []*Check
		for i := range q.Checks {
			hard = append(hard, &q.Checks[i])
		}
		s.assume(hard)
		complete := everyResponse(q)
		for name, c := range targetsOf(q) {
			want := tried(q, c, complete)
			got := s.solve(c)
			if len(q.Checks) > 0 {
				want.holds, want.fails = want.holds || got.holds, want.fails || got.fails
			}
			if !got.decided || got.holds != want.holds || got.fails != want.fails {
				t.Fatalf("%s, %q: the solver says %+v, trying %d responses says %+v, in\n%s", name, c.own.source, got, len(complete), want, d.text)
			}
		}
	})
}

// tried is what solve finds out, from a list of all there is.
func tried(q *Questionnaire, c target, complete []Answers) outcome {
	o := outcome{decided: true}
	for _, a := range complete {
		inside := true
		for _, x := range c.context {
			inside = inside && x.under(q.routing(a))
		}
		if inside {
			holds := c.own.under(q.routing(a))
			o.holds, o.fails = o.holds || holds, o.fails || !holds
		}
	}
	return o
}

func targetsOf(q *Questionnaire) map[string]target {
	out := map[string]target{}
	for _, p := range q.Pages {
		if p.If != nil {
			out[p.Code] = target{own: p.If}
		}
		for _, qu := range p.Questions {
			if qu.If != nil {
				out[qu.Code] = target{own: qu.If, context: []*Condition{p.If}}
			}
			for i := range qu.Rows {
				r := qu.Rows[i]
				if r.RequiredIf != nil {
					out[qu.Code+"."+r.Code] = target{own: r.RequiredIf, context: []*Condition{p.If, qu.If}}
				}
				if r.If != nil {
					out[qu.Code+"."+r.Code+".if"] = target{own: r.If, context: []*Condition{p.If, qu.If}}
				}
			}
		}
	}
	return out
}

// tooMany says whether everyResponse would take more than a moment.
func tooMany(q *Questionnaire) bool {
	n := 1
	for _, qu := range q.questions {
		for range qu.variables {
			n *= 1 + len(everyValue(qu))
		}
	}
	return n > 50_000
}

// everyResponse gives all complete answers: settled, with nothing to correct.
func everyResponse(q *Questionnaire) []Answers {
	var all []Answers
	var choose func(i int, a Answers)
	choose = func(i int, a Answers) {
		if i == len(q.questions) {
			settled, hard := q.Settle(a, Setting{})
			if len(hard) == 0 && cmp.Equal(settled, a) {
				all = append(all, settled)
			}
			return
		}
		qu := q.questions[i]
		if q.routing(a).hidden[i] {
			choose(i+1, a)
			return
		}
		var fill func(v int, a Answers)
		fill = func(v int, a Answers) {
			if v == len(qu.variables) {
				choose(i+1, a)
				return
			}
			fill(v+1, a)
			for _, x := range everyValue(qu) {
				if qu.fits(v, x, Setting{}) {
					fill(v+1, Turn{Set: Answers{qu.variables[v]: x}}.Apply(a))
				}
			}
		}
		fill(0, a)
	}
	choose(0, Answers{})
	return all
}

// everyValue gives all values a variable of the question could have, and some
// that it could not.
func everyValue(qu *Question) []Value {
	var out []Value
	switch {
	case qu.Kind == Multi:
		for set := 1; set < 1<<len(qu.Options); set++ {
			var x Value
			for i, o := range qu.Options {
				if set>>i&1 == 1 {
					x.Codes = append(x.Codes, o.Code)
				}
			}
			out = append(out, x)
		}
	case len(qu.Options) > 0 && qu.Kind != Ranking:
		for _, o := range qu.Options {
			out = append(out, code(o.Code))
		}
	case qu.numeric():
		for _, n := range []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 3} {
			out = append(out, number(n))
		}
	default:
		return []Value{{Text: "x"}}
	}
	return append(out, Value{Missing: DontKnow})
}

// drawnStructure draws the structure of a small questionnaire.
type drawnStructure struct {
	*rapid.T
	text       string
	last       string
	atoms      []string // what a later condition may say
	calculated []string
}

func (d *drawnStructure) structure() string {
	var b strings.Builder
	b.WriteString("key: k\nversion: 1\nscales: {YN: ['1', '0', '98']}\npages:\n")
	for p := range 3 {
		fmt.Fprintf(&b, "  - code: p%d\n", p)
		if p > 0 && rapid.Bool().Draw(d.T, "page if") {
			fmt.Fprintf(&b, "    if: '%s'\n", d.condition())
		}
		b.WriteString("    questions:\n")
		for i := range rapid.IntRange(1, 2).Draw(d.T, "questions") {
			b.WriteString("      - " + d.question(fmt.Sprintf("q%d%d", p, i)) + "\n")
		}
	}
	if rapid.IntRange(0, 3).Draw(d.T, "check") == 0 {
		fmt.Fprintf(&b, "checks: [{code: c, question: %s, fails: '%s'}]\n", d.last, d.condition())
	}
	if len(d.calculated) > 0 {
		fmt.Fprintf(&b, "calculated: [%s]\n", strings.Join(d.calculated, ", "))
	}
	d.text = b.String()
	return d.text
}

func (d *drawnStructure) question(code string) string {
	kind := rapid.SampledFrom([]string{"single", "multi", "yesno", "integer", "decimal", "ranking", "numbers", "matrix", "text"}).Draw(d.T, "kind")
	body := map[string]string{
		"single":  "options: [a, {code: bIF}, '1', '98']",
		"multi":   "options: [a, {code: bIF}, {code: none, exclusive: true}]" + rapid.SampledFrom([]string{"", ", least: 2", ", most: 1"}).Draw(d.T, "ticks"),
		"yesno":   "scale: YN",
		"integer": "min: 0, max: 3",
		"decimal": "min: 0, max: 0.5, decimals: 1",
		"ranking": "options: [a, {code: bIF}, c], top: " + rapid.SampledFrom([]string{"2", "all"}).Draw(d.T, "top"),
		"numbers": "min: 0, max: 2, rows: [r1, r2], " + rapid.SampledFrom([]string{"sum_equals: 3", "sum_min: 2", "sum_equals: 1"}).Draw(d.T, "sum"),
		"matrix":  "options: ['1', '2'], rows: [{code: r1IF}, {code: r2REQ}]",
		"text":    "role: freetext",
	}[kind]
	for _, key := range []string{"if", "required_if"} {
		mark, rule := map[string]string{"if": "IF", "required_if": "REQ"}[key], ""
		if strings.Contains(body, mark) && len(d.atoms) > 0 && rapid.IntRange(0, 2).Draw(d.T, key) == 0 {
			rule = fmt.Sprintf(", %s: '%s'", key, d.condition())
		}
		body = strings.Replace(body, mark, rule, 1)
	}
	if len(d.atoms) > 0 && rapid.Bool().Draw(d.T, "if") {
		body += fmt.Sprintf(", if: '%s'", d.condition())
	}
	if rapid.Bool().Draw(d.T, "required") {
		body += ", required: true"
	}
	d.atoms, d.last = append(d.atoms, d.atomsOf(kind, code)...), code
	return fmt.Sprintf("{code: %s, kind: %s, %s}", code, kind, body)
}

// atomsOf gives what conditions may say about a question.
func (d *drawnStructure) atomsOf(kind, code string) []string {
	var out []string
	say := func(format string) { out = append(out, strings.ReplaceAll(format, "Q", code)) }
	if kind == "matrix" || kind == "numbers" {
		for _, c := range []string{"{code: mQ, value: 'mean(Q__r1, Q__r2)', valid: 1, decimals: 1}", "{code: nQ, value: 'count(Q__r1, Q__r2)'}"} {
			d.calculated = append(d.calculated, strings.ReplaceAll(c, "Q", code))
		}
		for _, s := range []string{`mQ >= 1.5`, `nQ == 0`, `answered(nQ)`, `sum(Q__r1, Q__r2) == 3`, `nQ < mQ`} {
			say(s)
		}
	}
	switch kind {
	case "single":
		for _, s := range []string{`Q == "a"`, `Q != "b"`, `Q in ["a", "1"]`, `Q > 0`} {
			say(s)
		}
	case "multi":
		for _, s := range []string{`"a" in Q`, `"b" in Q`, `"none" in Q`} {
			say(s)
		}
	case "yesno":
		say(`Q == 1`)
		say(`Q != 1`)
	case "integer", "decimal":
		for _, s := range []string{`Q > 1`, `Q <= 0.25`, `Q in [0, 3]`, `Q < 0`, `Q * 2 + 1 > 4`, `Q >= q00`} {
			if s != `Q >= q00` || len(d.atoms) > 0 && strings.HasPrefix(d.atoms[0], "q00 > 1") {
				say(s)
			}
		}
	case "ranking":
		say(`Q__a == 1`)
		say(`Q__b >= 2`)
		say(`Q__a < Q__b`)
	case "numbers":
		say(`Q__r1 == 2`)
		say(`Q__r2 == 2`)
		say(`Q__r2 < 1`)
	case "matrix":
		say(`Q__r1 == 1`)
		say(`Q__r2 >= 2`)
		say(`answered(Q__r2)`)
		return out
	}
	if kind != "ranking" && kind != "numbers" {
		say(`answered(Q)`)
	}
	return out
}

func (d *drawnStructure) condition() string {
	atom := func() string {
		a := rapid.SampledFrom(d.atoms).Draw(d.T, "atom")
		if rapid.IntRange(0, 3).Draw(d.T, "not") == 0 {
			return "not (" + a + ")"
		}
		return a
	}
	switch rapid.IntRange(0, 3).Draw(d.T, "form") {
	case 0:
		return atom()
	case 1:
		return atom() + " and " + atom()
	case 2:
		return atom() + " or " + atom()
	}
	return "(" + atom() + " or " + atom() + ") and " + atom()
}
