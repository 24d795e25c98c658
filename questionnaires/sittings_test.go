package questionnaires

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestSittings plays the case files in testdata/sittings: someone sits down and
// answers page after page. testdata/sittings/README.md says how to write one.
func TestSittings(t *testing.T) {
	files, err := filepath.Glob("testdata/sittings/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d sittings: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &sitting{t: t, answers: Answers{}, setting: Setting{RefFrom: 2015, RefTo: 2020, Today: "2026-11-22"}}
			for _, part := range archive.Files {
				word, page, _ := strings.Cut(part.Name, " ")
				s.play(word, page, lines(string(part.Data)))
			}
		})
	}
}

// sitting is what a case file has come to so far.
type sitting struct {
	t       *testing.T
	q       *Questionnaire
	setting Setting
	answers Answers
	turn    Turn
}

func lines(s string) []string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

func (s *sitting) play(word, page string, want []string) {
	s.t.Helper()
	switch word {
	case "questionnaire":
		s.q = questionnaireOf(s.t, want[0])
	case "setting":
		s.set(want)
	case "answer":
		s.post(page, want)
	case "refused":
		form := formOf(want[1:])
		_, err := s.q.ReadPage(page, form, s.answers, s.setting)
		if err == nil || err.Error() != want[0] {
			s.t.Errorf("posting %v to %s gives %v, want %s", form, page, err, want[0])
		}
	case "problems":
		s.equal("problems", said(s.turn.Problems), want)
	case "warnings":
		s.equal("warnings", said(s.turn.Warnings), want)
	case "path":
		var pages []string
		for _, step := range s.q.Path(s.answers) {
			pages = append(pages, step.Page.Code)
		}
		s.equal("path", pages, strings.Fields(strings.Join(want, " ")))
	case "asked":
		s.equal("asked on "+page, s.asked(page), strings.Fields(strings.Join(want, " ")))
	case "shown":
		s.equal("shown on "+page, s.shown(page), want)
	case "left":
		_, problems := s.q.Settle(s.answers, s.setting)
		s.equal("left to correct", said(problems), want)
	case "settled":
		settled, _ := s.q.Settle(s.answers, s.setting)
		s.equal("settled variables", slices.Sorted(maps.Keys(settled)), strings.Fields(strings.Join(want, " ")))
	case "release":
		settled, _ := s.q.Settle(s.answers, s.setting)
		s.equal("left before release", said(s.q.Releasable(settled)), want)
	case "row":
		s.row(want)
	case "review":
		s.review(page, want)
	case "label":
		code, lang, _ := strings.Cut(page, " ")
		s.equal("label of "+page, []string{s.q.Pipe(s.q.Question(code).Label, lang, s.answers, s.setting)}, want)
	default:
		s.t.Fatalf("a case file has no part called %q", word)
	}
}

func (s *sitting) set(want []string) {
	for _, line := range want {
		key, value, _ := strings.Cut(line, " = ")
		switch key {
		case "today":
			s.setting.Today = value
		case "offices":
			s.setting.Offices = strings.Fields(value)
		default:
			if s.setting.Prefill == nil {
				s.setting.Prefill = map[string]string{}
			}
			s.setting.Prefill[key] = value
		}
	}
}

// formOf reads "field = value" lines; a value in ‹n times x› is x repeated.
func formOf(want []string) map[string][]string {
	form := map[string][]string{}
	for _, line := range want {
		field, value, _ := strings.Cut(line, " = ")
		if count, what, ok := strings.Cut(value, " times "); ok {
			if n, err := strconv.Atoi(count); err == nil {
				value = strings.Repeat(what, n)
			}
		}
		form[strings.TrimSuffix(field, " =")] = append(form[strings.TrimSuffix(field, " =")], value)
	}
	return form
}

func (s *sitting) post(page string, want []string) {
	s.t.Helper()
	turn, err := s.q.ReadPage(page, formOf(want), s.answers, s.setting)
	if err != nil {
		s.t.Fatalf("posting to %s: %v", page, err)
	}
	s.turn, s.answers = turn, turn.Apply(s.answers)
}

func said(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		line := p.Field + ": " + p.Rule
		for _, key := range slices.Sorted(maps.Keys(p.Args)) {
			line += fmt.Sprintf(" %s=%v", key, p.Args[key])
		}
		if p.Text != nil {
			line += ": " + p.Text["en"]
		}
		out = append(out, line)
	}
	return out
}

func (s *sitting) asked(page string) []string {
	var out []string
	for _, step := range s.q.Path(s.answers) {
		for _, qu := range step.Questions {
			if step.Page.Code == page {
				out = append(out, qu.Code)
			}
		}
	}
	return out
}

func (s *sitting) shown(page string) []string {
	var out []string
	for _, x := range s.q.Shown(page, s.answers) {
		line := x.Question.Code
		if x.Depends {
			line += " only if " + s.q.Explain(x.If, "en", s.setting)
		}
		out = append(append(out, line), s.parts(x)...)
	}
	return out
}

// parts lists the rows and options that a page shows of a question in which
// some have a condition.
func (s *sitting) parts(x ShownQuestion) []string {
	var out []string
	say := func(code string, shown bool, when *Condition) {
		switch {
		case shown && when == nil:
			out = append(out, x.Question.Code+"."+code)
		case shown:
			out = append(out, x.Question.Code+"."+code+" only if "+s.q.Explain(when, "en", s.setting))
		}
	}
	if slices.ContainsFunc(x.Question.Rows, func(r Row) bool { return r.If != nil }) {
		for i, r := range x.Question.Rows {
			shown, when := x.Row(i)
			say(r.Code, shown, when)
		}
	}
	if slices.ContainsFunc(x.Question.Options, func(o Option) bool { return o.If != nil }) {
		for i, o := range x.Question.Options {
			shown, when := x.Option(i)
			say(o.Code, shown, when)
		}
	}
	return out
}

// questionnaireOf gives a built-in questionnaire, or one of testdata.
func questionnaireOf(t testing.TB, ref string) *Questionnaire {
	t.Helper()
	if q, err := Builtin(ref); err == nil {
		return q
	}
	q, found, err := ReadDir(os.DirFS("testdata/" + ref))
	if err != nil || len(found) > 0 {
		t.Fatalf("%s cannot be read: %v %v", ref, found, err)
	}
	return q
}

func (s *sitting) row(want []string) {
	s.t.Helper()
	settled, _ := s.q.Settle(s.answers, s.setting)
	cells := map[string]string{}
	row := s.q.Row(settled)
	for i, c := range s.q.Columns() {
		cells[c.Name] = row[i]
	}
	for _, line := range want {
		column, value, _ := strings.Cut(line, " = ")
		if got, ok := cells[column]; !ok || got != value {
			s.t.Errorf("the dataset has %s = %q, want %q", column, got, value)
		}
	}
}

func (s *sitting) review(question string, want []string) {
	s.t.Helper()
	code, lang, _ := strings.Cut(question, " ")
	s.equal("review of "+question, s.q.Quote(s.q.Question(code), lang, s.answers, s.setting), want)
}

func (s *sitting) equal(what string, got, want []string) {
	s.t.Helper()
	if !slices.Equal(got, want) {
		s.t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
