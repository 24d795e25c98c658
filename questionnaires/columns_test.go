package questionnaires

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestColumnsOfEveryKind(t *testing.T) {
	q := define(t, kindsStructure)
	var got []string
	for _, c := range q.Columns() {
		got = append(got, c.Name+" "+c.Type)
		if c.Page == nil || c.Question == nil || c.Row != nil && c.Option != nil {
			t.Errorf("column %s: page %v, row %v, option %v", c.Name, c.Page, c.Row, c.Option)
		}
	}
	want := strings.Split("s code,s_other text,m__a flag,m__b flag,m__c flag,m__none flag,m__other flag,m_other text,"+
		"x__r1 code,x__r2 code,i number,d number,t text,r__a rank,r__b rank,r__c rank,y code,day date,"+
		"n__r1 number,n__r2 number,w__r1 text,w__r2 text,later code", ",")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

func TestRowSaysWhyACellHasNoAnswer(t *testing.T) {
	q := define(t, kindsStructure)
	cases := []struct {
		name string
		a    Answers
		want string
	}{
		{"nothing answered", Answers{}, "-92 -91 -92 -92 -92 -92 -92 -91 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -91"},
		{"everything", Answers{"s": code("other"), "s_other": {Text: "o"}, "m": code("a", "c"), "x__r1": code("3"), "x__r2": code("1"),
			"i": number(1e6), "d": number(-0.5), "t": {Text: "t"}, "r__a": number(2), "r__c": number(1), "y": code("1"), "day": {Text: "2020-01-02"},
			"n__r1": number(0), "n__r2": number(100), "w__r1": {Text: "1"}, "w__r2": {Text: "2"}, "later": code("b")},
			"other o 1 0 1 0 0 -91 3 1 1000000 -0.5 t 2 0 1 1 2020-01-02 0 100 1 2 b"},
		{"reasons", Answers{"s": {Missing: DontKnow}, "m": {Missing: DontKnow}, "x__r1": {Missing: PreferNotToSay}, "x__r2": {Missing: NotApplicable},
			"y": code("1"), "later": code("b")},
			"-93 -91 -93 -93 -93 -93 -93 -91 -94 -90 -92 -92 -92 -92 -92 -92 1 -92 -92 -92 -92 -92 -91"},
		{"other without its text", Answers{"m": code("other")}, "-92 -91 0 0 0 0 1 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -92 -91"},
	}
	for _, c := range cases {
		if got := strings.Join(q.Row(c.a), " "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestRowsOfWrittenAnswersHoldTheCellsOfRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawOne(t)
		rows := q.Rows()
		for i := range 6 {
			a := drawAnswers(t, q)
			if i%2 == 0 {
				a, _ = q.Settle(a, someSetting)
			}
			written := marshal(t, a)
			if i%2 == 0 && !rows.read(written) {
				t.Fatalf("%s was left to encoding/json", written)
			}
			got, err := rows.Append([]string{"before"}, written)
			if diff := cmp.Diff(append([]string{"before"}, q.Row(a)...), got); diff != "" || err != nil {
				t.Fatalf("%v, of %s (-Row +Append):\n%s", err, written, diff)
			}
		}
	})
}

func TestRowsReadAnswersInAnyOrderAndRefuseWhatIsNone(t *testing.T) {
	q := define(t, kindsStructure)
	rows := q.Rows()
	for written, a := range map[string]Answers{
		`{"y":{"c":["1"]},"unknown":{"t":"x"},"t":{"t":"t"},"i":{"n":5},"i":{"n":6}}`: {"y": code("1"), "t": {Text: "t"}, "i": number(6)},
		` { "t" : { "t" : "t" } } `: {"t": {Text: "t"}},
		`{}`:                        {},
		`null`:                      {},
	} {
		if got, err := rows.Append(nil, []byte(written)); err != nil || !slices.Equal(got, q.Row(a)) {
			t.Errorf("%s gives %q, %v", written, got, err)
		}
	}
	for _, written := range []string{"", "{", `{"t":{"t":"t"}}}`, `{"t":{"t":"t"}},"x":1`, `{"t":3}`} {
		if got, err := rows.Append(nil, []byte(written)); err == nil {
			t.Errorf("%s gives %q", written, got)
		}
	}
}

func marshal(t *rapid.T, a Answers) []byte {
	written, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func TestOrderKeepsItsEndAndComesInAtMostEightVersions(t *testing.T) {
	for _, q := range Builtins() {
		for _, qu := range q.Questions() {
			seen := map[string]bool{}
			for p := -1; p < 20; p++ {
				rows, options := q.Order(qu, p)
				seen[fmt.Sprint(rows, options)] = true
				if !isPermutation(rows, len(qu.Rows)) || !isPermutation(options, len(qu.Options)) {
					t.Fatalf("%s %s: order %v %v", q.Ref(), qu.Code, rows, options)
				}
				if qu.Kind == Matrix && !slices.IsSorted(options) {
					t.Errorf("%s %s: the scale is shuffled: %v", q.Ref(), qu.Code, options)
				}
				loose := false // from the end: first what keeps its place, then what does not
				for i := len(options) - 1; i >= 0 && qu.Kind != Matrix; i-- {
					o := qu.Options[options[i]]
					fixed := o.Other || o.Exclusive || o.Missing != 0
					if fixed && loose && qu.Shuffle {
						t.Errorf("%s %s: %s does not stand at the end", q.Ref(), qu.Code, o.Code)
					}
					loose = loose || !fixed
				}
			}
			if len(seen) > Permutations || qu.Shuffle == (len(seen) == 1) {
				t.Errorf("%s %s comes in %d orders, shuffled: %v", q.Ref(), qu.Code, len(seen), qu.Shuffle)
			}
		}
	}
}

func isPermutation(order []int, n int) bool {
	sorted := slices.Sorted(slices.Values(order))
	return slices.Equal(sorted, upTo(n))
}

// TestOrderStaysForEver holds orders that respondents have seen.
func TestOrderStaysForEver(t *testing.T) {
	q := Newest("employer")
	for p, w := range orders {
		if rows, _ := q.Order(q.Question("e_type"), p); fmt.Sprint(rows) != w {
			t.Errorf("permutation %d of e_type is %v, want %s", p, rows, w)
		}
	}
}

var orders = []string{
	"[5 2 4 3 1 0]", "[1 4 2 5 0 3]", "[0 1 2 4 5 3]", "[3 1 4 0 2 5]",
	"[5 2 1 0 4 3]", "[0 4 3 1 5 2]", "[4 0 5 1 3 2]", "[2 0 1 5 3 4]",
}
