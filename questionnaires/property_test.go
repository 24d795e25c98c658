package questionnaires

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var someSetting = Setting{
	RefFrom: 2015, RefTo: 2020, Today: "2026-11-22", Prefill: map[string]string{"o_canton": "ZH", "g_guide": "2026-1"},
	Offices: []string{"ZH", "BE", "TI"}, Office: Text{"de": "Zürich", "fr": "Zurich", "it": "Zurigo", "en": "Zurich"},
}

func drawQuestionnaire(t *rapid.T) *Questionnaire {
	return rapid.SampledFrom(Builtins()).Draw(t, "questionnaire")
}

func drawRandom(t *rapid.T, q *Questionnaire) Answers {
	seed := rapid.Uint64().Draw(t, "seed")
	return q.Random(rand.New(rand.NewPCG(seed, 1)), someSetting, nil)
}

// drawAnswers gives answers as a draft may hold them after much back and forth:
// valid ones, ones of other routes, and things no form could have sent.
func drawAnswers(t *rapid.T, q *Questionnaire) Answers {
	a := drawRandom(t, q)
	other := drawRandom(t, q)
	names := allVariables(q)
	for range rapid.IntRange(0, 40).Draw(t, "changes") {
		name := rapid.SampledFrom(names).Draw(t, "variable")
		switch rapid.IntRange(0, 4).Draw(t, "change") {
		case 0:
			delete(a, name)
		case 1, 2:
			if x, ok := other[name]; ok {
				a[name] = x
			}
		case 3:
			a[name] = code(rapid.SampledFrom([]string{"1", "0", "2", "98", "none", "other", "company", "own", "no"}).Draw(t, "code"))
		case 4:
			a[name] = rapid.SampledFrom([]Value{number(3), number(-1), {Text: "x"}, {Missing: DontKnow}, {Missing: 7}, {},
				{Text: "x", Missing: DontKnow}, code(), code("1", "2")}).Draw(t, "value")
		}
	}
	return a
}

func allVariables(q *Questionnaire) []string {
	names := []string{"not_a_variable"}
	for _, qu := range q.Questions() {
		names = append(names, qu.Variables()...)
	}
	return names
}

func TestSettlingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		once, problems := q.Settle(drawAnswers(t, q), someSetting)
		twice, again := q.Settle(once, someSetting)
		if diff := cmp.Diff(once, twice); diff != "" {
			t.Fatalf("settled again (-once +twice):\n%s", diff)
		}
		if diff := cmp.Diff(problems, again); diff != "" {
			t.Fatalf("problems (-once +twice):\n%s", diff)
		}
	})
}

func TestHiddenAnswersNeverSurviveSettling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		settled, _ := q.Settle(drawAnswers(t, q), someSetting)
		asked := map[string]bool{}
		v := q.routing(settled)
		for _, step := range q.Path(settled) {
			for _, qu := range step.Questions {
				for _, name := range qu.Variables() {
					asked[name] = !v.off(qu.placeOf(name))
				}
			}
		}
		for name, x := range settled {
			if !asked[name] {
				t.Fatalf("%s survived though it is not asked", name)
			}
			for _, o := range q.symbols[name].question.Options {
				if v.off(o.place) && (slices.Contains(x.Codes, o.Code) || x.Missing != 0 && x.Missing == o.Missing) {
					t.Fatalf("%s holds %s, which is not offered", name, o.Code)
				}
			}
		}
	})
}

func TestSettlingLeavesThePathAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		a := drawRandom(t, q)
		other := drawRandom(t, q)
		for _, qu := range q.Questions() {
			free := !qu.begun(&view{answers: a}) || qu.Kind == Matrix || qu.Kind == Texts
			for _, name := range qu.Variables() {
				if x, ok := other[name]; ok && free {
					a[name] = x // of another route
				}
			}
		}
		settled, _ := q.Settle(a, someSetting)
		if before, after := pathOf(q, a), pathOf(q, settled); before != after {
			t.Fatalf("path was %s, is %s", before, after)
		}
	})
}

func pathOf(q *Questionnaire, a Answers) string {
	var b strings.Builder
	for _, step := range q.Path(a) {
		for _, qu := range step.Questions {
			fmt.Fprintf(&b, "%s/%s ", step.Page.Code, qu.Code)
		}
	}
	return b.String()
}

func TestEveryRowHasOneFilledCellForEachColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		settled, _ := q.Settle(drawAnswers(t, q), someSetting)
		columns, row := q.Columns(), q.Row(settled)
		if len(row) != len(columns) {
			t.Fatalf("%d cells, %d columns", len(row), len(columns))
		}
		asked := map[*Question]bool{}
		for _, step := range q.Path(settled) {
			for _, qu := range step.Questions {
				asked[qu] = true
			}
		}
		hidden := q.routing(settled)
		for i, c := range columns {
			if part := placeOfColumn(c); part != 0 && hidden.off(part) && row[i] != CellNotAsked {
				t.Fatalf("%s = %q, though its row or option is hidden", c.Name, row[i])
			}
			if row[i] == "" || c.Question != nil && !asked[c.Question] && row[i] != CellNotAsked {
				t.Fatalf("%s = %q, asked: %v", c.Name, row[i], asked[c.Question])
			}
		}
	})
}

func placeOfColumn(c Column) int {
	switch {
	case c.Row != nil:
		return c.Row.place
	case c.Option != nil:
		return c.Option.place
	}
	return 0
}

func TestRandomAnswersHaveNothingToCorrectAndAreSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		a := drawRandom(t, q)
		settled, problems := q.Settle(a, someSetting)
		if len(problems) > 0 {
			t.Fatalf("problems %v", problems)
		}
		if diff := cmp.Diff(a, settled); diff != "" {
			t.Fatalf("settling changed them (-random +settled):\n%s", diff)
		}
		if again := q.Random(rand.New(rand.NewPCG(1, 2)), someSetting, nil); !cmp.Equal(again, q.Random(rand.New(rand.NewPCG(1, 2)), someSetting, nil)) {
			t.Fatal("the same seed gives other answers")
		}
	})
}

// TestWhatAFormSendsIsReadBack posts made-up answers page by page, as a browser
// would, and finds them again.
func TestWhatAFormSendsIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		a := drawRandom(t, q)
		got := Answers{}
		for _, step := range q.Path(a) {
			turn, err := q.ReadPage(step.Page.Code, asForm(step, a), got, someSetting)
			if err != nil || len(turn.Problems) > 0 {
				t.Fatalf("page %s: %v %v", step.Page.Code, turn.Problems, err)
			}
			got = turn.Apply(got)
			if problems, warnings := q.Check(step.Page.Code, got, someSetting); len(problems) > 0 || len(warnings) != len(turn.Warnings) {
				t.Fatalf("page %s: stored answers have %v %v, the post had %v", step.Page.Code, problems, warnings, turn.Warnings)
			}
		}
		settled, problems := q.Settle(got, someSetting)
		if diff := cmp.Diff(a, settled); diff != "" || len(problems) > 0 {
			t.Fatalf("problems %v (-sent +read):\n%s", problems, diff)
		}
	})
}

// asForm gives the form fields in which a page sends its answers.
func asForm(step Step, a Answers) map[string][]string {
	form := map[string][]string{"_revision": {"1"}}
	for _, qu := range step.Questions {
		if qu.Prefill {
			continue
		}
		for i, name := range qu.Variables() {
			x, ok := a[name]
			if !ok {
				continue
			}
			field := qu.Code + "_other"
			if !strings.HasSuffix(name, "_other") || !qu.HasOther() {
				field = qu.field(i)
			}
			switch {
			case qu.Kind == Date:
				parts := strings.Split(x.Text, "-")
				form[qu.Code+".year"], form[qu.Code+".month"], form[qu.Code+".day"] = parts[:1], parts[1:2], parts[2:]
			case x.Missing != 0:
				form[field] = []string{strconv.Itoa(int(x.Missing))}
			case x.Number != nil:
				form[field] = []string{FormatNumber(*x.Number)}
			case x.Text != "":
				form[field] = []string{x.Text}
			default:
				form[field] = slices.Clone(x.Codes)
			}
		}
	}
	return form
}

// TestConditionsAgreeWithTheExpressionLanguage draws conditions and answers. Our
// evaluator must agree with the expression library, once every comparison with
// a missing answer is written as false.
func TestConditionsAgreeWithTheExpressionLanguage(t *testing.T) {
	q := define(t, kindsStructure)
	rapid.Check(t, func(t *rapid.T) {
		d := &drawnCondition{T: t, env: map[string]any{}, answers: Answers{}}
		source, oracle := d.term(3)
		c, err := compileIn(q, source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		want, err := expr.Eval(oracle, d.env)
		if err != nil {
			t.Fatalf("%s: %v", oracle, err)
		}
		if got := c.Holds(d.answers); got != want {
			t.Fatalf("%s holds: %v; the library says of %s: %v, answers %v", source, got, oracle, want, d.answers)
		}
	})
}

// drawnCondition draws a condition over kindsStructure and the answers it needs.
type drawnCondition struct {
	*rapid.T
	env     map[string]any
	answers Answers
	drawn   map[string]bool
}

// term gives a condition and what it means where answers are missing.
func (d *drawnCondition) term(depth int) (source, oracle string) {
	if depth == 0 {
		return d.atom()
	}
	switch rapid.IntRange(0, 3).Draw(d.T, "join") {
	case 0:
		s, o := d.term(depth - 1)
		return "not (" + s + ")", "not (" + o + ")"
	case 1:
		s1, o1 := d.term(depth - 1)
		s2, o2 := d.term(depth - 1)
		return "(" + s1 + ") and (" + s2 + ")", "(" + o1 + ") and (" + o2 + ")"
	case 2:
		s1, o1 := d.term(depth - 1)
		s2, o2 := d.term(depth - 1)
		return "(" + s1 + ") or (" + s2 + ")", "(" + o1 + ") or (" + o2 + ")"
	}
	return d.atom()
}

func (d *drawnCondition) atom() (source, oracle string) {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(d.T, "part") }
	name := pick("s", "m", "i", "d")
	switch name {
	case "s":
		source = pick(`s == "a"`, `s != "a"`, `s in ["a", "other"]`, `s != "b"`, `s in ["b"]`)
	case "m":
		source = pick(`"a" in m`, `"none" in m`, `not ("b" in m)`)
	default:
		source = name + " " + pick("==", "!=", "<", "<=", ">", ">=") + " " + pick("0", "2", "-1", "1.5", "i")
	}
	names := []string{name}
	if strings.HasSuffix(source, " i") {
		names = append(names, "i")
	}
	oracle = source
	for _, n := range names {
		if d.give(n) {
			continue
		}
		oracle = "false"
		if strings.HasPrefix(source, "not") {
			oracle = "true"
		}
	}
	if rapid.IntRange(0, 5).Draw(d.T, "answered") == 0 {
		_, given := d.answers[name]
		return "answered(" + name + ")", strconv.FormatBool(given)
	}
	return source, oracle
}

// give draws an answer for a variable once and says whether it has a value.
func (d *drawnCondition) give(name string) bool {
	if d.drawn == nil {
		d.drawn = map[string]bool{}
	}
	if !d.drawn[name] {
		d.drawn[name] = true
		switch how := rapid.IntRange(0, 4).Draw(d.T, "answer"); {
		case how == 0:
			return false
		case how == 1:
			d.answers[name] = Value{Missing: DontKnow}
		case name == "s":
			c := rapid.SampledFrom([]string{"a", "b", "other"}).Draw(d.T, "code")
			d.answers[name], d.env[name] = code(c), c
		case name == "m":
			c := rapid.SampledFrom([][]string{{"a"}, {"b", "c"}, {"none"}}).Draw(d.T, "codes")
			d.answers[name], d.env[name] = code(c...), c
		default:
			n := float64(rapid.IntRange(-2, 3).Draw(d.T, "number"))
			d.answers[name], d.env[name] = number(n), n
		}
	}
	_, ok := d.env[name]
	return ok
}
