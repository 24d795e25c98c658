package questionnaires

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryKindIsReadIntoItsCanonicalValue(t *testing.T) {
	q := define(t, kindsStructure)
	turn, err := q.ReadPage("p1", fullForm(), Answers{}, Setting{Today: "2026-11-22"})
	if err != nil || len(turn.Problems)+len(turn.Warnings) > 0 {
		t.Fatalf("problems %v, warnings %v, error %v", turn.Problems, turn.Warnings, err)
	}
	want := Answers{
		"s": code("a"), "m": code("a", "c"), "x__r1": code("3"), "x__r2": {Missing: NotApplicable},
		"i": number(1000), "d": number(-1.5), "t": {Text: "Été"}, "r__a": number(2), "r__c": number(1),
		"y": code("1"), "day": {Text: "2020-02-01"}, "n__r1": number(40), "n__r2": number(60),
		"w__r1": {Text: "x"}, "w__r2": {Text: "y"},
	}
	if diff := cmp.Diff(want, turn.Set); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func TestAnEmptyPageClearsEverythingAndLacksEveryRequiredQuestionOnce(t *testing.T) {
	q := define(t, kindsStructure)
	first, err := q.ReadPage("p1", fullForm(), Answers{}, Setting{})
	if err != nil {
		t.Fatal(err)
	}
	before := first.Apply(Answers{"later": code("a")})
	turn, err := q.ReadPage("p1", nil, before, Setting{})
	if err != nil {
		t.Fatal(err)
	}
	if after := turn.Apply(before); len(after) != 1 {
		t.Errorf("after an empty page there is still %v", after)
	}
	var fields []string
	for _, p := range turn.Problems {
		if p.Rule != "required" {
			t.Errorf("%s: %s, want required", p.Field, p.Rule)
		}
		fields = append(fields, p.Field)
	}
	want := []string{"s", "m", "x.r1", "i", "d", "t", "r.a", "y", "day.day", "n.r1", "w.r1"}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrongIsSaidAtItsFieldAndTheRestIsKept(t *testing.T) {
	q := define(t, kindsStructure)
	cases := []struct {
		name   string
		change map[string][]string
		want   string // field: rule
		gone   []string
	}{
		{"letters", map[string][]string{"i": {"ten"}}, "i: not_a_number", []string{"i"}},
		{"half a person", map[string][]string{"i": {"1.5"}}, "i: not_whole", []string{"i"}},
		{"a thousand or one", map[string][]string{"i": {"1,234"}}, "i: not_a_number", []string{"i"}},
		{"too many", map[string][]string{"i": {"5001"}}, "i: above_max max=5000", []string{"i"}},
		{"too few", map[string][]string{"d": {"-10.1"}}, "d: below_min min=-10", []string{"d"}},
		{"two decimals", map[string][]string{"d": {"0.25"}}, "d: decimals decimals=1", []string{"d"}},
		{"six characters", map[string][]string{"t": {"123456"}}, "t: too_long length=6 max=5", []string{"t"}},
		{"eleven thousand characters", map[string][]string{"t": {strings.Repeat("x", 11000)}}, "t: too_long length=11000 max=5", []string{"t"}},
		{"none and another", map[string][]string{"m": {"none", "a"}}, "m: exclusive", []string{"m"}},
		{"don't know and another", map[string][]string{"m": {"98", "a"}}, "m: exclusive", []string{"m"}},
		{"one rank twice", map[string][]string{"r.b": {"1"}}, "r.c: rank_twice rank=1", []string{"r__a", "r__c"}},
		{"no first rank", map[string][]string{"r.c": {""}}, "r.a: rank_gap rank=1", []string{"r__a", "r__c"}},
		{"a third rank", map[string][]string{"r.b": {"3"}}, "r.b: too_many max=2", []string{"r__a", "r__c"}},
		{"no such day", map[string][]string{"day.month": {"2"}, "day.day": {"30"}}, "day.day: not_a_date", []string{"day"}},
		{"half a date", map[string][]string{"day.year": {""}}, "day.day: not_a_date", []string{"day"}},
		{"a word for a year", map[string][]string{"day.year": {"last"}}, "day.day: not_a_date", []string{"day"}},
		{"year of two digits", map[string][]string{"day.year": {"20"}}, "day.day: not_a_date", []string{"day"}},
		{"tomorrow", map[string][]string{"day.day": {"23"}, "day.month": {"11"}, "day.year": {"2026"}}, "day.day: future", []string{"day"}},
		{"sum of 99", map[string][]string{"n.r2": {"59"}}, "n.r1: sum_equals got=99 sum=100", nil},
		{"row left out", map[string][]string{"w.r2": {" \n"}}, "w.r2: row_required", []string{"w__r2"}},
		{"scale point left out", map[string][]string{"x.r1": {""}}, "x.r1: row_required", []string{"x__r1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := fullForm()
			maps.Copy(form, c.change)
			s := Setting{Today: "2026-11-22"}
			full, err := q.ReadPage("p1", fullForm(), Answers{}, s)
			if err != nil {
				t.Fatal(err)
			}
			before := full.Apply(nil)
			turn, err := q.ReadPage("p1", form, before, s)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(turn.Problems); !slices.Equal(got, []string{c.want}) {
				t.Errorf("problems %v, want %s", got, c.want)
			}
			after := turn.Apply(before)
			for name := range before {
				if _, kept := after[name]; kept == slices.Contains(c.gone, name) {
					t.Errorf("%s is kept: %v", name, kept)
				}
			}
		})
	}
}

func TestForgedPostsAreRefusedWhole(t *testing.T) {
	q := define(t, kindsStructure)
	cases := map[string]map[string][]string{
		"unknown":  {"z": {"1"}},
		"foreign":  {"later": {"a"}},
		"doubled":  {"s": {"a", "b"}},
		"twice":    {"m": {"a", "a"}},
		"code":     {"s": {"c"}},
		"row code": {"x.r1": {"94 "}},
		"row":      {"x.r3": {"1"}},
		"variable": {"x__r1": {"1"}},
		"bytes":    {"t": {"\xff"}},
		"nul":      {"t": {"a\x00b"}},
		"rank":     {"r.a": {"01"}},
		"rank 0":   {"r.a": {"0"}},
		"whole":    {"day": {"2020-01-01"}},
	}
	for name, change := range cases {
		form := fullForm()
		maps.Copy(form, change)
		turn, err := q.ReadPage("p1", form, Answers{}, Setting{})
		var field *FieldError
		if !errors.As(err, &field) {
			t.Errorf("%s: error %v, want a FieldError", name, err)
		}
		if len(turn.Set)+len(turn.Clear) > 0 {
			t.Errorf("%s: refused, but something would be stored", name)
		}
	}
}

func TestTextIsKeptInCanonicalForm(t *testing.T) {
	q := define(t, strings.Replace(kindsStructure, "max_length: 5", "max_length: 50", 1))
	cases := map[string]string{
		"e\u0301te\u0301":    "été",
		" a \r\n b\rc ":      "a \n b\nc",
		"a\x0bb\x1fc\td":     "abc\td",
		"\u2028x\u0085y":     "xy",
		"𝒳 is one character": "𝒳 is one character",
	}
	for typed, want := range cases {
		form := fullForm()
		form["t"] = []string{typed}
		turn, err := q.ReadPage("p1", form, nil, Setting{})
		if err != nil {
			t.Fatal(err)
		}
		if got := turn.Set["t"].Text; got != want {
			t.Errorf("typed %q is kept as %q, want %q", typed, got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	good := map[string]float64{
		"0": 0, "-0": 0, "1'000": 1000, "1’000": 1000, "1 000": 1000, "1\u00a0000": 1000, "1\u202f234\u202f567": 1234567,
		"1,5": 1.5, "1.5": 1.5, " 12 ": 12, "+3": 3, "−3,25": -3.25, "1'000.5": 1000.5, "0,125": 0.125, "007": 7, "12345.678": 12345.678,
	}
	for typed, want := range good {
		if got, ok := ParseNumber(typed); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %v", typed, got, ok, want)
		}
	}
	bad := []string{"", "x", "1e3", "0x10", "NaN", "Inf", "1_000", "1,234", "1.234", "1'00", "1.000.000", "1,5,5", "1'000,", ".5",
		"--1", "1 2", "1/2", "٣", "12345678901234567890", "5 %"}
	for _, typed := range bad {
		if got, ok := ParseNumber(typed); ok {
			t.Errorf("ParseNumber(%q) = %v, want refused", typed, got)
		}
	}
}
