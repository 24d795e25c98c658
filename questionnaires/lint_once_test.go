package questionnaires

import (
	"strings"
	"testing"
)

// The case files show that a fault is told once. The following are faults of
// several findings, and of two at once.

func ruleCount(t *testing.T, found []Finding, want map[string]string) {
	t.Helper()
	for _, f := range found {
		if sentence, ok := want[f.Path+" "+f.Rule]; !ok || !strings.Contains(f.Sentence, sentence) {
			t.Errorf("%v, which is not expected", f)
		}
		delete(want, f.Path+" "+f.Rule)
	}
	for missed := range want {
		t.Errorf("%s is not found", missed)
	}
}

func TestAPlaceholderThatStandsInSomeLanguagesIsToldForEach(t *testing.T) {
	dir := folder("key: k\nversion: 1\npages: [{code: p1, questions: [{code: a, kind: text, role: freetext}]}]")
	for _, lang := range Languages {
		mark := map[string]string{"fr": " {nobody} {nobody}", "it": " {nobody}"}[lang]
		dir[TextFile(lang)].Data = []byte("title: T\npages: {p1: P}\nquestions: {a: {label: \"What?" + mark + "\"}}")
	}
	q, found, err := ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := "pages[p1].questions[a].label."
	ruleCount(t, append(found, Lint(q)...), map[string]string{
		at + "fr unknown_placeholder": "{nobody}", at + "it unknown_placeholder": "{nobody}",
		at + "fr placeholders_differ": "", at + "it placeholders_differ": "",
	})
}

func TestEachCircleIsToldOnce(t *testing.T) {
	_, found, err := ReadDir(folder(`key: k
version: 1
pages: [{code: p1, questions: [{code: a, kind: integer, min: 0, max: 9, role: plain}]}]
calculated:
  - {code: own, value: own + a, role: plain}
  - {code: one, value: two + a, role: plain}
  - {code: two, value: three + a, role: plain}
  - {code: beside, value: a + 1, role: plain}
  - {code: three, value: four, role: plain}
  - {code: four, value: five, role: plain}
  - {code: five, value: one, role: plain}
  - {code: left, value: right, role: plain}
  - {code: right, value: left, role: plain}
`))
	if err != nil {
		t.Fatal(err)
	}
	ruleCount(t, found, map[string]string{
		"questionnaire.yaml: calculated[own].value cycle":  "own is computed from itself",
		"questionnaire.yaml: calculated[one].value cycle":  "one is computed from itself, over two, three, four and 1 more",
		"questionnaire.yaml: calculated[left].value cycle": "left is computed from itself, over right",
	})
}

// TestWordsThatWentRoundAreToldForEachCode has three options whose words moved on
// by one: no two of them have changed places.
func TestWordsThatWentRoundAreToldForEachCode(t *testing.T) {
	version := func(n, labels string) *Questionnaire {
		dir := folder("key: k\nversion: " + n + "\npages: [{code: p1, questions: [{code: a, kind: single, role: plain, options: [x, y, z]}]}]")
		for _, lang := range Languages {
			dir[TextFile(lang)].Data = []byte("title: T\npages: {p1: P}\nquestions: {a: {label: What, options: " + labels + "}}")
		}
		q, found, err := ReadDir(dir)
		if err != nil || len(found) > 0 {
			t.Fatal(found, err)
		}
		return q
	}
	old, now := version("1", "{x: one, y: two, z: three}"), version("2", "{x: two, y: three, z: one}")
	at := "pages[p1].questions[a].options"
	ruleCount(t, LintAgainst(now, []*Questionnaire{old}, Classification{}), map[string]string{
		at + "[x] code_reused": "that y had", at + "[y] code_reused": "that z had", at + "[z] code_reused": "that x had",
	})
}

func TestEachLanguageThatWasLeftBehindIsTold(t *testing.T) {
	version := func(n, german string) *Questionnaire {
		dir := folder("key: k\nversion: " + n)
		dir[TextFile("de")].Data = []byte("title: " + german)
		q, _, err := ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	ruleCount(t, LintAgainst(version("2", "Neu"), []*Questionnaire{version("1", "Alt")}, Classification{}), map[string]string{
		"text.fr.yaml: title stale_translation": "title: [fr, it, en]", "text.it.yaml: title stale_translation": "title: [fr, it, en]",
		"text.en.yaml: title stale_translation": "title: [fr, it, en]",
	})
}
