package questionnaires

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Roles are the disclosure roles a question may declare.
var Roles = []Role{"direct", "qi(size)", "qi(branch)", "qi(canton)", "stable_fact", "public_fact",
	"sensitive_high", "sensitive", "plain", "freetext"}

// maxSentence is how many words a sentence of a question may have before people
// read it twice.
const maxSentence = 25

// maxFields is how many fields one page may post (the service refuses more).
const maxFields = 400

// Lint gives what an author should mend in a questionnaire that could be read:
// words missing in a language, codes used twice, roles missing, long sentences.
// Findings that are only warnings do not keep a version from being published.
func Lint(q *Questionnaire) []Finding {
	l := &linter{q: q, pages: map[string]bool{}, questions: map[string]bool{}}
	l.text("title", q.Title, true)
	l.text("intro", q.Intro, false)
	l.text("header", q.Header, false)
	l.notes("", q.Notes)
	if len(q.Pages) == 0 {
		l.found.add("pages", "empty", "a questionnaire needs a page")
	}
	for _, p := range q.Pages {
		l.page(p)
		l.before += len(p.Questions)
	}
	seen := map[string]bool{}
	for _, c := range q.Checks {
		path := "checks[" + c.Code + "]"
		l.once(seen, path, c.Code)
		if qu := q.Question(c.Question); qu != nil {
			l.before = qu.at + 1
		}
		l.text(path+".text", c.Text, true)
	}
	return l.found
}

type linter struct {
	q         *Questionnaire
	found     findings
	pages     map[string]bool
	questions map[string]bool
	before    int // texts may hold the answers to questions before this place
}

func (l *linter) once(seen map[string]bool, path, code string) {
	if seen[code] {
		l.found.add(path, "duplicate_code", "the code %q is used twice", code)
	}
	seen[code] = true
}

func (l *linter) notes(path string, notes []Note) {
	for _, n := range notes {
		l.text(strings.TrimPrefix(path+".notes["+n.Code+"]", "."), n.Text, true)
	}
}

func (l *linter) page(p *Page) {
	path := "pages[" + p.Code + "]"
	l.once(l.pages, path, p.Code)
	l.text(path+".title", p.Title, true)
	l.notes(path, p.Notes)
	if len(p.Questions) == 0 {
		l.found.add(path, "empty", "a page needs a question")
	}
	if len(p.fields) > maxFields {
		l.found.add(path, "too_many_fields", "the page has %d form fields; at most %d are accepted", len(p.fields), maxFields)
	}
	first := l.before
	for _, qu := range p.Questions {
		l.before = qu.at
		l.question(path, qu)
	}
	l.before = first
}

func (l *linter) question(page string, qu *Question) {
	path := page + ".questions[" + qu.Code + "]"
	l.once(l.questions, path, qu.Code)
	l.text(path+".label", qu.Label, true)
	l.sentences(path+".label", qu.Label)
	l.text(path+".unit", qu.Unit, false)
	l.notes(path, qu.Notes)
	l.role(path, qu)
	codes, missing, others := map[string]bool{}, map[Missing]bool{}, 0
	for _, o := range qu.Options {
		at := path + ".options[" + o.Code + "]"
		l.once(codes, at, o.Code)
		l.text(at, o.Label, true)
		if o.Missing != 0 && missing[o.Missing] {
			l.found.add(at, "duplicate_code", "two answers would be stored as the same missing value %d", o.Missing)
		}
		missing[o.Missing] = true
		if o.Other {
			others++
		}
	}
	if others > 1 {
		l.found.add(path, "two_others", "only one option can open the text field")
	}
	rows := map[string]bool{}
	for _, r := range qu.Rows {
		at := path + ".rows[" + r.Code + "]"
		l.once(rows, at, r.Code)
		l.text(at, r.Label, true)
	}
}

func (l *linter) role(path string, qu *Question) {
	switch {
	case qu.Role == "":
		l.found.add(path+".role", "no_role", "a question without a disclosure role cannot be exported")
	case !slices.Contains(Roles, qu.Role):
		l.found.add(path+".role", "unknown_role", "%q is none of %v", qu.Role, Roles)
	case (qu.Kind == LongText || qu.Kind == Texts) != (qu.Role == "freetext"):
		l.found.add(path+".role", "role_and_kind", "typed text, and only it, has the role freetext")
	}
}

var placeholderForm = regexp.MustCompile(`\{[^{}]*\}`)

// text checks one text: there in all languages, with the same placeholders.
func (l *linter) text(path string, t Text, needed bool) {
	if len(t) == 0 && !needed {
		return
	}
	var first []string
	for i, lang := range Languages {
		if strings.TrimSpace(t[lang]) == "" {
			l.found.add(path+"."+lang, "missing_translation", "there are no words in this language")
			continue
		}
		marks := placeholderForm.FindAllString(t[lang], -1)
		slices.Sort(marks)
		for _, m := range marks {
			if why := l.placeholder(m); why != "" {
				l.found.add(path+"."+lang, "unknown_placeholder", "%s %s", m, why)
			}
		}
		if i == 0 {
			first = marks
		} else if !slices.Equal(first, marks) {
			l.found.add(path+"."+lang, "placeholders_differ", "the placeholders are not those of %s", Languages[0])
		}
		if lang == "de" && strings.Contains(t[lang], "ß") {
			l.found.add(path+".de", "swiss_spelling", "Swiss German is spelled with ss")
		}
	}
}

// placeholder says why a text cannot hold a placeholder; "" where it can.
func (l *linter) placeholder(mark string) string {
	name := strings.Trim(mark, "{}")
	at := -1
	if s, ok := l.q.symbols[name]; ok && s.question != nil {
		at = s.question.at
	} else if ok && s.calculated.Formula != nil {
		at = s.calculated.Formula.named.last()
	} else if qu := l.q.Question(name); qu != nil {
		at = qu.at
	}
	switch {
	case name == "ref_from" || name == "ref_to" || name == "office":
		return ""
	case at < 0:
		return "is none of {ref_from}, {ref_to}, {office} and no question"
	case at >= l.before:
		return "comes later: a text can hold earlier answers only"
	}
	return ""
}

var sentenceEnd = regexp.MustCompile(`[.?!…:]\s+|\n+`)

// sentences warns of questions whose sentences are too long to be read once.
func (l *linter) sentences(path string, t Text) {
	for _, lang := range Languages {
		for _, s := range sentenceEnd.Split(t[lang], -1) {
			if n := len(strings.Fields(s)); n > maxSentence {
				l.found = append(l.found, Finding{
					Path: path + "." + lang, Rule: "long_sentence", Warning: true,
					Sentence: fmt.Sprintf("a sentence of %d words; people read up to %d at once", n, maxSentence),
				})
			}
		}
	}
}
