package questionnaires

import (
	"strings"
	"testing"
)

func compileIn(q *Questionnaire, source string) (*Condition, error) {
	known := symbols{}
	for _, qu := range q.questions {
		known.add(qu)
	}
	return compile(source, known, len(q.questions))
}

func TestConditionsHoldAsTheDesignSays(t *testing.T) {
	q := define(t, kindsStructure)
	answers := Answers{
		"s": code("a"), "m": code("a", "none"), "x__r1": code("3"), "x__r2": {Missing: NotApplicable},
		"i": number(10), "y": {Missing: DontKnow}, "r__a": number(1), "t": {Text: "x"},
	}
	cases := map[string]bool{
		`s == "a"`: true, `s != "a"`: false, `s != "b"`: true, `s in ["b", "a"]`: true, `s in ["b"]`: false, `s in []`: false,
		`"a" in m`: true, `"b" in m`: false, `"none" in m`: true, `not ("b" in m)`: true, `"b" not in m`: true,
		`x__r1 >= 2`: true, `x__r1 == 3`: true, `x__r1 < 3`: false, `x__r1 in [1, 2]`: false, `x__r1 == "3"`: true,
		`i == 10`: true, `i > 9.5`: true, `i in [1, 10]`: true, `i != 10`: false, `i > -1`: true, `r__a == 1`: true,
		// answered, but with a missing answer: no comparison holds, not even !=
		`answered(y)`: true, `y == 1`: false, `y != 1`: false, `y in [1, 0]`: false, `not (y == 1)`: true, `y not in [1]`: true,
		`x__r2 >= 0`: false, `x__r2 != 3`: false, `not (x__r2 != 3)`: true, `answered(x__r2)`: true,
		// not answered at all
		`answered(d)`: false, `d == 0`: false, `d != 0`: false, `d > i`: false, `d <= i`: false, `d != i`: false, `not answered(d)`: true, `!(d == 0)`: true,
		// joined
		`s == "a" and i == 10`: true, `s == "a" && y == 1`: false, `s == "b" or i == 10`: true, `s == "b" || y == 1`: false,
		// formulas: a side without a value makes the comparison false
		`i + 1 == 11`: true, `-i < 0`: true, `sum(i, r__a) == 11`: true, `sum(i, d) >= 0`: false, `not (sum(i, d) >= 0)`: true, `count(i, d, x__r1, x__r2) == 2`: true,
		`mean(i, x__r1) == 6.5`: true, `min(i, x__r1) == x__r1`: true, `max(i, x__r1, 12) == 12`: true, `i / 0 != 1`: false, `i / 4 == 2.5`: true, `x__r1 * 2 > 5`: true,
		`(y == 1 ? 1 : 2) == 2`: true, `round(i / 3, 2) == 3.33`: true, `round(-2.5, 0) == -3`: true, `round(2.5, 0) == 3`: true, `i - (x__r2 + 1) < 100`: false,
		`sum(i, x__r1) <= i + x__r1`: true, `x__r1 < i`: true, `x__r1 == x__r1`: true, `x__r2 <= x__r1`: false,
		`not (s == "b") and (i < 5 or answered(t))`: true, `i == i`: true, `answered(m)`: true,
	}
	for source, want := range cases {
		c, err := compileIn(q, source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := c.Holds(answers); got != want {
			t.Errorf("%s holds: %v, want %v", source, got, want)
		}
		if c.Source() != source {
			t.Errorf("Source() = %q, want %q", c.Source(), source)
		}
	}
}

func TestConditionsOutsideTheWhitelistAreRefused(t *testing.T) {
	q := define(t, kindsStructure)
	cases := map[string]string{
		`s = "a"`: "cannot be read", ``: "cannot be read", `s == `: "cannot be read",
		`s`: "true or false", `"a"`: "true or false", `true`: "true or false", `1 + 1`: "not allowed", `i + t == 2`: "t is no number", `i + m > 1`: "m is no number", `s + 1 > 2`: "no option whose code is a number",
		`i % 2 == 1`: "not allowed in a formula", `i ** 2 > 4`: "not allowed in a formula", `sum() > 1`: "needs inputs", `sum(i)`: "true or false", `round(i, 1)`: "true or false",
		`round(i) == 1`: "round(x, n)", `round(i, 7) == 1`: "round(x, n)", `round(i, d) == 1`: "round(x, n)", `abs(i) > 1`: "must be a question", `mean([i, d]) > 1`: "formula is made of",
		`sum(i, "a") > 1`: "formula is made of", `len(m) + i > 1`: "formula is made of", `spread(i, d) > 1`: "no function spread",
		`s matches "a"`: "not allowed", `s contains "a"`: "not allowed", `i in 1..3`: "", `len(m) > 1`: "must be a question",
		`any(m, # == "a")`: "true or false", `now() > i`: "must be a question", `answered()`: "only function", `answered(s, i)`: "only function",
		`exists(s)`: "only function", `answered(i + 1)`: "must be a question", `answered("s")`: "must be a question", `s.a == "b"`: "must be a question", `s == "z"`: "no option",
		`s == 98`: "missing answer", `"98" in m`: "missing answer", `y == 2`: "no option", `zz == 1`: "no variable", `x == 1`: "no variable",
		`m == "a"`: "several answers", `"a" in s`: "one answer", `t == "x"`: "typed freely", `day > "2020-01-01"`: "typed freely",
		`i == "many"`: "is a number", `s < "b"`: "no order", `s == m`: "cannot be compared", `let z = 1; z == 1`: "", `s ?? "a"`: "not allowed",
		`s == "a" ? i == 1 : i == 2`: "true or false", `{"a": 1}`: "true or false", `i == nil`: "compare with", `3 < i`: "must be a question",
		strings.Repeat("i>1 or ", 60) + "i>1": "cannot be read",
		"i == 1" + strings.Repeat(" ", 1000):  "longer than",
	}
	for source, want := range cases {
		c, err := compileIn(q, source)
		if err == nil {
			t.Errorf("%s was accepted as %v", source, c.Source())
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", source, err, want)
		}
	}
}

func TestConditionsMayOnlyLookBack(t *testing.T) {
	structure := `
key: k
version: 1
pages:
  - code: p1
    if: b == "x"
    questions:
      - {code: a, kind: single, role: plain, if: b == "x", options: [x]}
      - {code: b, kind: single, role: plain, if: b == "x", options: [x]}
      - {code: c, kind: texts, role: freetext, rows: [{code: r, required_if: a == "x"}]}
`
	_, found, err := ReadDir(folder(structure))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range found {
		if f.Rule != RuleLooksForward || !strings.Contains(f.Sentence, "look back") {
			t.Errorf("unexpected finding %v", f)
		}
		paths = append(paths, f.Path)
	}
	if len(paths) != 3 {
		t.Errorf("conditions that look forward or at themselves: found %v, want 3", paths)
	}
}

func TestConditionsCannotLookAtWhatTheServiceFillsIn(t *testing.T) {
	q := Newest("office")
	if _, err := compileIn(q, `o_canton == "ZH"`); err == nil || !strings.Contains(err.Error(), "filled in") {
		t.Errorf("a condition on the pre-filled canton gives %v", err)
	}
}

func TestVariablesOfAConditionAreEachNamedOnce(t *testing.T) {
	q := define(t, kindsStructure)
	c, err := compileIn(q, `x__r1 == 1 or i > 3 and x__r1 == 2`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Variables(), " "); got != "x__r1 i" {
		t.Errorf("Variables() = %s", got)
	}
}
