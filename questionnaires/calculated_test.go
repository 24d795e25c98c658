package questionnaires

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cellsOf gives the cells of some columns of a settled response.
func cellsOf(q *Questionnaire, a Answers, names ...string) string {
	at := map[string]string{}
	for i, cell := range q.Row(a) {
		at[q.Columns()[i].Name] = cell
	}
	var out []string
	for _, name := range names {
		out = append(out, at[name])
	}
	return strings.Join(out, " ")
}

// TestIndicesAreThoseOfTheInstruments computes by hand what instruments.md says:
// the mean of the rows of a form, and its distance from the mean of all rows.
func TestIndicesAreThoseOfTheInstruments(t *testing.T) {
	office, employer := Newest("office"), Newest("employer")
	rows := func(code string, points ...string) Answers {
		a := Answers{}
		for i, name := range office.Question(code).Variables() {
			switch points[i] {
			case "":
			case "98":
				a[name] = Value{Missing: DontKnow}
			default:
				a[name] = Value{Codes: []string{points[i]}}
			}
		}
		return a
	}
	offices := []struct {
		name   string
		points string
		want   string
	}{
		{"all rows", "4 3 4 4 2 2 1 2 1 1 2 1", "3.75 1.5 1.75 -0.5 1.25 -1"},
		{"three of four rows are enough", "4 98 4 4 2 2 1 2 1 1 2 1", "4 1.82 1.75 -0.43 1.25 -0.93"},
		{"two of four rows are not", "4 98 4 - 2 2 1 2 1 1 2 1", "-92 -92 1.75 -0.25 1.25 -0.75"},
		{"nothing answered", "- - - - - - - - - - - -", "-92 -92 -92 -92 -92 -92"},
	}
	for _, c := range offices {
		a := rows("o_type", strings.Split(strings.ReplaceAll(c.points, "-", ""), " ")...)
		if got := cellsOf(office, a, "o_type_a", "o_type_a_centred", "o_type_b", "o_type_b_centred", "o_type_c", "o_type_c_centred"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	e := Answers{"e_contact": code("1")}
	for i, name := range employer.Question("e_type").Variables() {
		e[name] = code([]string{"4", "3", "2", "2", "1", "2"}[i])
	}
	names := []string{"e_type_a", "e_type_a_centred", "e_type_b", "e_type_b_centred", "e_type_c", "e_type_c_centred"}
	if got := cellsOf(employer, e, names...); got != "3.5 1.17 2 -0.33 1.5 -0.83" {
		t.Errorf("employer: %s", got)
	}
	e["e_type__a_new_measures"] = Value{Missing: DontKnow}
	if got := cellsOf(employer, e, names[:4]...); got != "-92 -92 2 0" {
		t.Errorf("employer, one of two rows: %s", got)
	}
	e["e_contact"] = code("0")
	if got := cellsOf(employer, e, names...); got != "-91 -91 -91 -91 -91 -91" {
		t.Errorf("employer without contact: %s", got)
	}
}

func TestBothVersionsHaveTheSameIndices(t *testing.T) {
	for _, key := range []string{"office", "employer"} {
		var all []string
		for _, version := range []string{"1", "2"} {
			q, err := Builtin(key + "/" + version)
			if err != nil {
				t.Fatal(err)
			}
			var one []string
			for _, c := range q.Calculated {
				one = append(one, c.Code+" = "+c.Rule()+" "+string(c.Role))
				for _, lang := range Languages {
					if c.Label[lang] == "" {
						t.Errorf("%s: %s has no words in %s", q.Ref(), c.Code, lang)
					}
				}
			}
			if all = append(all, strings.Join(one, "\n")); len(one) != 6 {
				t.Errorf("%s has %d indices", q.Ref(), len(one))
			}
		}
		if diff := cmp.Diff(all[0], all[1]); diff != "" {
			t.Errorf("%s (-1 +2):\n%s", key, diff)
		}
	}
}

const chained = `
key: k
version: 1
pages:
  - code: p1
    questions:
      - {code: a, kind: integer, role: plain, min: -9, max: 9}
      - {code: b, kind: decimal, role: plain, min: -9, max: 9, decimals: 2}
      - {code: shown, kind: text, role: freetext, if: half >= 1}
      - {code: late, kind: text, role: freetext, if: answered(twice) and twice != 3}
calculated:
  - {code: half, value: a / 2, decimals: 1, role: plain}
  - {code: twice, value: half * 4 + b, decimals: 0, role: plain}
  - {code: ratio, value: a / b, decimals: 3, role: plain}
  - {code: best, value: 'answered(b) ? max(a, b) : 0 - a', role: plain}
  - {code: given, value: 'count(a, b)', role: plain}
`

func TestCalculatedVariablesBuildOnOneAnotherAndRoute(t *testing.T) {
	q := define(t, chained)
	cases := []struct {
		name string
		a    Answers
		want string // half twice ratio best given
		path string
	}{
		{"nothing", Answers{}, "-92 -92 -92 -92 0", "p1/a p1/b "},
		{"rounded half away from zero", Answers{"a": number(3), "b": number(0.5)}, "1.5 7 6 3 2", "p1/a p1/b p1/shown p1/late "},
		{"negative", Answers{"a": number(-3), "b": number(-0.5)}, "-1.5 -7 6 -1 2", "p1/a p1/b p1/late "},
		{"division by zero has no value", Answers{"a": number(0), "b": number(0)}, "0 0 -92 0 2", "p1/a p1/b p1/late "},
		{"a missing input", Answers{"a": number(2)}, "1 -92 -92 -2 1", "p1/a p1/b p1/shown "},
		{"the value that is excepted", Answers{"a": number(1), "b": number(1)}, "0.5 3 1 1 2", "p1/a p1/b "},
	}
	for _, c := range cases {
		if got := cellsOf(q, c.a, "half", "twice", "ratio", "best", "given"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := pathOf(q, c.a); got != c.path {
			t.Errorf("%s: path %s, want %s", c.name, got, c.path)
		}
	}
	got := q.Calculate(Answers{"a": number(3), "b": number(0.5)})
	want := Answers{"half": number(1.5), "twice": number(7), "ratio": number(6), "best": number(3), "given": number(2)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Calculate (-want +got):\n%s", diff)
	}
	if c, err := compile("twice == 7", q.symbols, len(q.questions)); err != nil || !c.Holds(Answers{"a": number(3), "b": number(0.5)}) {
		t.Errorf("Holds of a condition on a calculated variable: %v", err)
	} else if diff := cmp.Diff([]string{"a", "b"}, c.Variables()); diff != "" {
		t.Errorf("Variables of the questions behind it (-want +got):\n%s", diff)
	}
}

// TestCalculatedVariablesTakeNoLongerTheMoreTheyBuildOnOneAnother would not end
// if each were computed anew wherever it is named.
func TestCalculatedVariablesTakeNoLongerTheMoreTheyBuildOnOneAnother(t *testing.T) {
	var s strings.Builder
	s.WriteString("key: k\nversion: 1\npages: [{code: p1, questions: [{code: a, kind: integer, role: plain, min: 0, max: 9}]}]\ncalculated:\n")
	last := "a"
	for i := range 100 {
		name := "c" + FormatNumber(float64(i))
		s.WriteString("  - {code: " + name + ", value: " + last + " + " + last + " - " + last + ", role: plain}\n")
		last = name
	}
	if got := cellsOf(define(t, s.String()), Answers{"a": number(7)}, last); got != "7" {
		t.Errorf("the hundredth is %s", got)
	}
}

func TestTheServiceFillsInEveryKindThatMayBePrefilled(t *testing.T) {
	q := define(t, `
key: k
version: 1
pages:
  - code: p1
    questions:
      - {code: s, kind: single, required: true, prefill: true, role: plain, options: [a, b, "98"]}
      - {code: y, kind: yesno, required: true, prefill: true, role: plain, options: ["1", "0"]}
      - {code: i, kind: integer, required: true, prefill: true, role: plain, min: 0, max: 9}
      - {code: d, kind: decimal, required: true, prefill: true, role: plain, min: 0, max: 9, decimals: 1}
      - {code: t, kind: text, required: true, prefill: true, role: freetext, max_length: 9}
      - {code: day, kind: date, required: true, prefill: true, role: plain}
`)
	good := map[string]string{"s": "98", "y": "0", "i": "7", "d": "1.5", "t": " Zürich ", "day": "2026-02-28"}
	got, problems := q.Settle(Answers{"i": number(3)}, Setting{Prefill: good})
	want := Answers{"s": {Missing: DontKnow}, "y": code("0"), "i": number(7), "d": number(1.5), "t": {Text: "Zürich"}, "day": {Text: "2026-02-28"}}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Errorf("problems %v (-want +got):\n%s", problems, diff)
	}
	bad := map[string]string{"s": "z", "y": "2", "i": "10", "d": "1.55", "t": "longer than nine", "day": "2026-02-30"}
	if got, _ := q.Settle(Answers{}, Setting{Prefill: bad}); len(got) > 0 {
		t.Errorf("what is no answer was filled in: %v", got)
	}
	if got, want := q.Quote(q.Question("day"), "de", got, Setting{}), "28.02.2026"; got[0] != want {
		t.Errorf("quoted %v, want %s", got, want)
	}
}
