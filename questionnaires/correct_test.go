package questionnaires

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyValuesThatStandAloneCanBeCorrected(t *testing.T) {
	var names []string
	for _, c := range define(t, kindsStructure).Correctable() {
		names = append(names, c.Name)
	}
	want := []string{"s", "s_other", "m_other", "x__r1", "x__r2", "i", "d", "y", "day", "n__r1", "n__r2", "later"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

func TestACorrectedValueFollowsTheRulesOfItsVariable(t *testing.T) {
	q := define(t, kindsStructure)
	for _, tc := range []struct{ variable, typed, cell, rule string }{
		{"i", " 1'000 ", "1000", ""}, {"i", "-92", "-92", ""}, {"i", "−92", "-92", ""}, {"i", "5001", "", "above_max"}, {"i", "-1", "", "below_min"}, {"i", "1.5", "", "not_whole"}, {"i", "many", "", "not_a_number"}, {"i", "", "", "not_a_number"},
		{"i", "-93", "", "below_min"}, // the question does not offer "don't know"
		{"d", "-1,5", "-1.5", ""}, {"d", "1.25", "", "decimals"},
		{"s", "a", "a", ""}, {"s", "other", "other", ""}, {"s", "98", "-93", ""}, {"s", "-93", "-93", ""}, {"s", "90", "", "not_offered"}, {"s", "zz", "", "not_offered"},
		{"x__r1", "2", "2", ""}, {"x__r1", "90", "-90", ""}, {"x__r1", "94", "-94", ""},
		{"day", "2020-02-29", "2020-02-29", ""}, {"day", "2021-02-29", "", "not_a_date"},
		{"s_other", "b", "b", ""}, {"s_other", "98", "-93", ""}, {"s_other", "other", "", "not_offered"}, {"s_other", "-92", "", "not_offered"},
		{"m_other", "c", "c", ""}, {"m_other", "none", "", "not_offered"}, {"m_other", "98", "", "not_offered"},
		{"n__r1", "101", "", "above_max"},
	} {
		c, can := q.CorrectableColumn(tc.variable)
		if !can {
			t.Fatalf("%s cannot be corrected", tc.variable)
		}
		cell, rule, _ := c.CorrectedCell(tc.typed)
		if rule != tc.rule || rule == "" && cell != tc.cell {
			t.Errorf("%s ← %q = %q, %q; want %q, %q", tc.variable, tc.typed, cell, rule, tc.cell, tc.rule)
		}
	}
}

func TestCorrectionsMeetTheirValueAndNothingElse(t *testing.T) {
	q := define(t, kindsStructure)
	answered := Answers{"s": {Codes: []string{"other"}}, "s_other": {Text: "bee"}, "m": {Codes: []string{"a", "other"}}, "m_other": {Text: "sea"}, "i": number(0), "y": {Codes: []string{"1"}}, "x__r1": {Codes: []string{"3"}}}
	before := q.Row(answered)
	list := []Correction{
		{Variable: "i", From: "0", To: "-92"}, {Variable: "i", From: "-92", To: "7"}, // all at once: the second does not meet what the first made
		{Variable: "s", From: "other", To: "a"}, {Variable: "s_other", From: "bee", To: "b"}, // what the text means holds
		{Variable: "m_other", From: "sea", To: "c"},
		{Variable: "x__r1", From: "3", To: "-93"}, {Variable: "x__r1", Office: "BE", From: "3", To: "1"}, // the office's own holds
		{Variable: "y", From: "0", To: "1"},
		{Variable: "gone", From: "0", To: "1"},
	}
	for _, tc := range []struct {
		office, x string
		met       []int
	}{{"", "-93", []int{0, 2, 3, 4, 5}}, {"BE", "1", []int{0, 2, 3, 4, 6}}} {
		r, met := q.Corrector(list).Correct(Record{Office: tc.office, Answers: answered})
		slices.Sort(met)
		if !slices.Equal(met, tc.met) {
			t.Errorf("office %q: %v met, want %v", tc.office, met, tc.met)
		}
		got := map[string]string{}
		for i, cell := range q.Row(r.Answers) {
			if c := q.Columns()[i]; cell != before[i] {
				got[c.Name] = cell
			}
		}
		want := map[string]string{"i": "-92", "s": "b", "s_other": "-91", "m__c": "1", "m__other": "0", "m_other": "-91", "x__r1": tc.x}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("office %q: changed cells (-want +got):\n%s", tc.office, diff)
		}
	}
	if !slices.Equal(q.Row(answered), before) {
		t.Error("the response itself was changed")
	}
}

// FuzzCorrectedCell: whatever is typed is refused by a rule, or the dataset holds just that cell afterwards.
func FuzzCorrectedCell(f *testing.F) {
	q := define(f, kindsStructure)
	turn, err := q.ReadPage("p1", fullForm(), nil, Setting{})
	if err != nil {
		f.Fatal(err)
	}
	before := q.Row(turn.Set)
	for _, seed := range []string{"", "a", "98", "-93", "-92", "−92", "1'000", "0.5", "1,25", "1.234", "2020-02-29", "other", "c", "1e3", "+7", "007"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for i, c := range q.Columns() {
			column, can := q.CorrectableColumn(c.Name)
			if !can || before[i] == CellNotAsked || before[i] == CellNoAnswer {
				continue
			}
			cell, rule, _ := column.CorrectedCell(typed)
			if rule != "" {
				continue
			}
			r, met := q.Corrector([]Correction{{Variable: c.Name, From: before[i], To: cell}}).Correct(Record{Answers: turn.Set})
			if got := q.Row(r.Answers)[i]; len(met) != 1 || got != cell {
				t.Errorf("%s: %q becomes %q, and the dataset holds %q", c.Name, typed, cell, got)
			}
		}
	})
}
