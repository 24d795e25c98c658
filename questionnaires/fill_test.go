package questionnaires

import (
	"strings"
	"testing"
)

func TestPlaceholdersBecomeEarlierAnswersInWords(t *testing.T) {
	q := questionnaireOf(t, "workshop/1")
	s := Setting{RefFrom: 2015, RefTo: 2020, Office: Text{"en": "Office {w_size}"}}
	a := Answers{
		"w_size": number(1200), "w_services": code("advice", "other"), "w_services_other": {Text: "tea\n and {w_size}"}, "w_first": {Text: "2026-01-15"},
		"w_place": {Missing: DontKnow}, "w_rating__advice": code("4"), "w_rating__training": code("4"), "w_rating__overall": code("2"), "w_best": code("advice"),
		"w_order__advice": number(1), "w_people": number(0),
	}
	cases := map[string]string{
		"no placeholder":                "no placeholder",
		"{ref_from}–{ref_to}":           "2015–2020",
		"{office}":                      "Office {w_size}",
		"{w_size}":                      "1200 people",
		"{w_services}":                  "Counselling, Other: tea and {w_size}",
		"{w_services_other}!":           "tea and {w_size}!",
		"{w_first}, {w_place}":          "15.01.2026, …",
		"{w_rating__advice}":            "very satisfied",
		"{w_rating__training}":          "…", // its row is hidden: training was not ticked
		"{w_rating}":                    "Counselling: very satisfied; All in all: rather not satisfied",
		"{w_best} {w_order__advice}":    "Counselling 1",
		"{w_order}":                     "1. Counselling",
		"{w_people}{w_guests}":          "……", // hidden, and not answered
		"{unknown} {} { {{w_best}} } {": "{unknown} {} { {Counselling} } {",
		strings.Repeat("{w_best}", 101): strings.Repeat("Counselling", 100) + "…",
		"} {w_best} and {w_first":       "} Counselling and {w_first",
		"{ref_from":                     "{ref_from",
	}
	for words, want := range cases {
		if got := q.Pipe(Text{"en": words}, "en", a, s); got != want {
			t.Errorf("%s becomes %q, want %q", words, got, want)
		}
	}
	if got := q.Fill(Text{"en": "{w_size} {office}"}, "en", s); got != "… Office {w_size}" {
		t.Errorf("without answers: %q", got)
	}
	a["w_services_other"] = Value{Text: strings.Repeat("ü", 190)}
	if got := q.Pipe(Text{"en": "{w_services_other}"}, "en", a, s); length(got) != 190 {
		t.Errorf("%d characters", length(got))
	}
	a["w_services_other"] = Value{Text: strings.Repeat("ü", 500)}
	if got := q.Pipe(Text{"en": "{w_services_other}"}, "en", a, s); length(got) != maxPiped || !strings.HasSuffix(got, "ü…") {
		t.Errorf("a long answer takes %d characters", length(got))
	}
}

// TestAnswersInTextsNeverGoRoundInCircles reads a questionnaire whose option
// holds the answer it stands for; lint refuses it, and showing it ends.
func TestAnswersInTextsNeverGoRoundInCircles(t *testing.T) {
	dir := folder("key: k\nversion: 1\npages: [{code: p1, questions: [{code: a, kind: single, role: plain, options: [x]}]}]")
	for _, lang := range Languages {
		dir[TextFile(lang)].Data = []byte("title: T\npages: {p1: P}\nquestions: {a: {label: '{a} {a}', options: {x: '{a}{a}'}}}")
	}
	q, found, err := ReadDir(dir)
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	if got := q.Pipe(q.Question("a").Label, "en", Answers{"a": code("x")}, Setting{}); length(got) > 2*maxPiped+1 {
		t.Errorf("%d characters", length(got))
	}
	wrong := 0
	for _, f := range Lint(q) {
		if placeholderFinding(f) {
			wrong++
		}
	}
	if wrong != 2 {
		t.Errorf("lint names %d texts that hold the answer to their own question, want 2", wrong)
	}
}

// placeholderFinding says whether a finding is about an answer that a text
// cannot hold.
func placeholderFinding(f Finding) bool {
	return strings.Contains(f.Sentence, "earlier answers only") || strings.Contains(f.Sentence, "and no question")
}

func TestTextsMayHoldEarlierAnswersOnly(t *testing.T) {
	q := questionnaireOf(t, "workshop/1")
	for _, f := range Lint(q) {
		t.Errorf("%v", f)
	}
	for where, mark := range map[string]string{"w_why": "{w_people}", "w_size": "{w_size}", "w_rating": "{w_score}", "w_people": "{nobody}"} {
		q.Question(where).Label["fr"] += mark
	}
	var got []string
	for _, f := range Lint(q) {
		if placeholderFinding(f) {
			got = append(got, f.Path)
		}
	}
	want := "pages[w1].questions[w_size].label.fr pages[w2].questions[w_rating].label.fr pages[w3].questions[w_why].label.fr pages[w3].questions[w_people].label.fr"
	if strings.Join(got, " ") != want {
		t.Errorf("found %v", got)
	}
}
