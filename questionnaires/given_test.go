package questionnaires

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"rondo/questionnaires/boundtest"
)

func TestAnswersWrittenDownAreRead(t *testing.T) {
	q := define(t, kindsStructure)
	want := Answers{
		"s": code("other"), "s_other": {Text: "cycling"}, "m": code("a", "c"), "x__r1": code("3"), "x__r2": {Missing: DontKnow}, "i": number(1000),
		"d": number(-1.5), "t": {Text: "a = b"}, "r__a": number(2), "y": code("1"), "day": {Text: "2020-02-01"}, "n__r1": number(40), "w__r1": {Text: "x"},
	}
	for name, text := range map[string]string{
		"lines": "# a note\ns = other\ns_other=cycling\nm = c, a\nx__r1=3\nx.r2 = 98\ni=1'000\nd = -1.5\n\nt = \"a = b\"\nr.a=2\ny=1\nday=2020-02-01\nn.r1=40\nw.r1=x\n",
		"JSON":  `{"s":"other","s_other":"cycling","m":["c","a"],"x__r1":3,"x.r2":"98","i":1000,"d":-1.5,"t":"a = b","r.a":2,"y":1,"day":"2020-02-01","n.r1":40,"w.r1":"x"}`,
	} {
		if got, err := q.ParseAnswers(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for text, place := range map[string]string{
		"s": "variable = value", "nothing = 1": "nothing", "s = z": "z", "s = a, b": "more answers", "m = a, 98": "more answers", "i = many": "many",
		"day = 1.2.2020": "1.2.2020", "{": "EOF", `{"zz": 1}`: "zz",
	} {
		if _, err := q.ParseAnswers(text); !errors.Is(err, ErrGiven) || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParseAnswers(f *testing.F) {
	for _, seed := range []string{"", "s = a", `{"m": ["a"]}`, "x.r1=3\nd=-1.5", "{", "=", `{"i": {}}`} {
		f.Add(seed)
	}
	q := define(f, kindsStructure)
	f.Fuzz(func(t *testing.T, text string) {
		boundtest.Quick(t, func() {
			if a, err := q.ParseAnswers(text); err == nil {
				q.Path(a)
			}
		})
	})
}
