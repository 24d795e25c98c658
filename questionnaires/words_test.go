package questionnaires

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFillReplacesThePlaceholders(t *testing.T) {
	q := Newest("employer")
	if got := q.Fill(q.Header, "it", someSetting); got != "Queste domande riguardano: Zurigo" {
		t.Errorf("header: %s", got)
	}
	o := Newest("office")
	if got := o.Fill(o.Question("o_trend").Label, "en", someSetting); got != "How has collaboration with employers changed since 2015?" {
		t.Errorf("o_trend: %s", got)
	}
	if got := q.Fill(Text{"de": "nur deutsch"}, "fr", Setting{}); got != "nur deutsch" {
		t.Errorf("without a translation: %s", got)
	}
}

func TestExplainSaysConditionsInWords(t *testing.T) {
	q := define(t, kindsStructure)
	for code, label := range map[string]Text{"s": {"de": "Was?", "en": "What?"}, "m": {"de": "Wer?"}, "x": {"de": "Wie?"}, "i": {"de": "Wie viele?"}} {
		qu := q.Question(code)
		qu.Label = label
		for i := range qu.Options {
			qu.Options[i].Label = Text{"de": "<" + qu.Options[i].Code + ">"}
		}
	}
	q.Question("x").Rows[0].Label = Text{"de": "erste"}
	cases := map[string]string{
		`s == "a"`:                               "«Was?»: <a>",
		`s in ["a", "b"]`:                        "«Was?»: <a> oder <b>",
		`s != "a"`:                               "«Was?»: <b> oder <other>",
		`x__r1 >= 2`:                             "«Wie? – erste»: <2> oder <3>",
		`"a" in m or "c" in m`:                   "«Wer?»: <a> oder <c>",
		`"a" in m or s == "a"`:                   "«Wer?»: <a> oder «Was?»: <a>",
		`s == "a" and ("a" in m or "b" in m)`:    "«Was?»: <a> und («Wer?»: <a> oder <b>)",
		`not ("a" in m)`:                         "nicht: «Wer?»: <a>",
		`answered(s)`:                            "«Was?»: beantwortet",
		`i >= 3`:                                 "«Wie viele?» ≥ 3",
		`i in [1, 2]`:                            "«Wie viele?»: 1 oder 2",
		`i != i`:                                 "«Wie viele?» ≠ «Wie viele?»",
		`i > 1 or answered(s) or s in ["other"]`: "«Wie viele?» > 1 oder «Was?»: beantwortet oder «Was?»: <other>",
	}
	for source, want := range cases {
		c, err := compileIn(q, source)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Explain(c, "de", Setting{}); got != want {
			t.Errorf("%s is said as %q, want %q", source, got, want)
		}
	}
	c, err := compileIn(q, `s == "a"`)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Explain(c, "en", Setting{}); got != "“What?”: <a>" {
		t.Errorf("in English: %s", got)
	}
	if got := q.Explain(nil, "en", Setting{}); got != "" {
		t.Errorf("no condition is said as %q", got)
	}
}

func TestQuoteGivesEveryKindOfAnswerInWords(t *testing.T) {
	q := define(t, kindsStructure)
	for _, qu := range q.Questions() {
		for i := range qu.Options {
			qu.Options[i].Label = Text{"de": "<" + qu.Options[i].Code + ">"}
		}
		for i := range qu.Rows {
			qu.Rows[i].Label = Text{"de": qu.Rows[i].Code}
		}
	}
	q.Question("n").Rows[0].Label = Text{"de": "Ein ganzer Satz."}
	q.Question("i").Unit = Text{"de": "Tage"}
	a := Answers{"s": code("other"), "s_other": {Text: "sonst"}, "m": code("a", "c"), "x__r1": code("3"), "x__r2": {Missing: NotApplicable},
		"i": number(5), "t": {Text: "frei"}, "r__c": number(1), "r__a": number(2), "day": {Text: "2020-01-02"}, "n__r1": number(40)}
	want := map[string][]string{
		"s": {"<other>: sonst"}, "m": {"<a>", "<c>"}, "x": {"r1: <3>", "r2: <90>"}, "i": {"5 Tage"}, "d": {NoAnswer}, "t": {"frei"},
		"r": {"1. <c>", "2. <a>"}, "y": {NoAnswer}, "day": {"02.01.2020"}, "n": {"Ein ganzer Satz: 40", "r2: –"}, "w": {"r1: –", "r2: –"},
	}
	for name, w := range want {
		if got := q.Quote(q.Question(name), "de", a, Setting{}); !slices.Equal(got, w) {
			t.Errorf("%s is quoted as %v, want %v", name, got, w)
		}
	}
	if got := q.Quote(q.Question("r"), "de", Answers{}, Setting{}); !slices.Equal(got, []string{NoAnswer}) {
		t.Errorf("an empty ranking is quoted as %v", got)
	}
}

func TestRandomFollowsItsWeights(t *testing.T) {
	q := Newest("employer")
	weights := map[string]map[string]float64{
		"e_contact":                   {"1": 1},
		"e_duration":                  {"1": 1, "2": 3},
		"e_reasons":                   {"hire": 1, "doubt": 0.5},
		"e_sat_contact__competence":   {"98": 1},
		"e_support":                   {"4": 1},
		"e_image":                     {"partner": 0.25},
		"e_results__effectiveness":    {"3": 1, "4": 1},
		"e_duration_effect":           {"none": 1},
		"e_sat_contact__reachability": {"90": 1},
	}
	r := rand.New(rand.NewPCG(7, 7))
	ones, n := 0, 400
	for range n {
		a := q.Random(r, someSetting, weights)
		if a["e_contact"].Codes[0] != "1" || a["e_support"].Codes[0] != "4" || !slices.Contains(a["e_reasons"].Codes, "hire") {
			t.Fatalf("weights are not followed: %v %v %v", a["e_contact"], a["e_support"], a["e_reasons"])
		}
		if a["e_sat_contact__competence"].Missing != DontKnow || a["e_sat_contact__reachability"].Missing != NotApplicable {
			t.Fatal("weights of missing answers are not followed")
		}
		if a["e_duration"].Codes[0] == "1" {
			ones++
		}
	}
	if share := float64(ones) / float64(n); share < 0.17 || share > 0.33 {
		t.Errorf("a weight of one in four came %.2f of the time", share)
	}
	o := Newest("office").Random(r, someSetting, map[string]map[string]float64{"o_fte_total": {"80.5": 1}, "o_fte_employer": {"90": 1, "7": 1}})
	if *o["o_fte_total"].Number != 80.5 || *o["o_fte_employer"].Number != 7 {
		t.Errorf("numbers: %v of %v; 90 of 80.5 would fail the check", *o["o_fte_employer"].Number, *o["o_fte_total"].Number)
	}
	if got := o["o_canton"].Codes; !slices.Equal(got, []string{"ZH"}) {
		t.Errorf("the pre-filled canton is %v", got)
	}
}

func TestPrefilledAnswersComeFromTheSettingAlone(t *testing.T) {
	q := Newest("office")
	settled, _ := q.Settle(Answers{"o_canton": code("GE")}, someSetting)
	if got := settled["o_canton"].Codes; !slices.Equal(got, []string{"ZH"}) {
		t.Errorf("o_canton is settled as %v, want what the invitation says", got)
	}
	_, problems := q.Settle(Answers{}, Setting{})
	for _, p := range problems {
		if p.Question == "o_canton" {
			t.Errorf("nobody can correct %v", p)
		}
	}
}

func BenchmarkPathOfTheOffice(b *testing.B) {
	q := Newest("office")
	a := q.Random(rand.New(rand.NewPCG(1, 1)), someSetting, map[string]map[string]float64{"o_noncase": {"1": 1}})
	for b.Loop() {
		q.Path(a)
	}
}

func BenchmarkSettleOfTheOffice(b *testing.B) {
	q := Newest("office")
	a := q.Random(rand.New(rand.NewPCG(1, 1)), someSetting, map[string]map[string]float64{"o_noncase": {"1": 1}})
	for b.Loop() {
		q.Settle(a, someSetting)
	}
}
