package questionnaires

import (
	"fmt"
	"unicode/utf8"
)

// Write gives the files of a version, by the names in Files. Reading them back
// with ReadFiles gives the same questionnaire in everything but its hash. Words
// that are missing in a language are left out of its file. Options that several
// questions share become a scale named after the first of them.
//
// The error says that the questionnaire cannot be put into files: the same code
// has two wordings, or a file would be larger or hold more than a reader accepts.
func Write(q *Questionnaire) (map[string][]byte, error) {
	w := &writer{scales: sharedScales(q), words: newWords()}
	w.questionnaire(q)
	if w.words.err != nil {
		return nil, fmt.Errorf("write %s: %w", q.Ref(), w.words.err)
	}
	files := map[string][]byte{StructureFile: w.page.bytes()}
	for _, lang := range Languages {
		files[TextFile(lang)] = w.words.file(q.Ref(), lang)
	}
	for name, data := range files {
		if len(data) > maxFileSize {
			return nil, fmt.Errorf("write %s: %s would have %d bytes; a reader accepts %d", q.Ref(), name, len(data), maxFileSize)
		}
		if !utf8.Valid(data) {
			return nil, fmt.Errorf("write %s: %s would not be UTF-8", q.Ref(), name)
		}
	}
	return files, nil
}

// Uncompiled gives a condition that is only written down, to be put into files
// by Write and compiled when they are read. It must not be evaluated.
func Uncompiled(source string) *Condition { return &Condition{source: source} }

// UncompiledFormula is Uncompiled for a formula.
func UncompiledFormula(source string) *Formula { return &Formula{source: source} }

// writer puts a questionnaire into the layout of the built-in definitions.
type writer struct {
	page   layout
	words  *words
	scales []scale
}

func (w *writer) questionnaire(q *Questionnaire) {
	w.page.comment("The structure of " + q.Ref() + ": what is asked, of whom and with which limits. The words stand in text.*.yaml.")
	w.page.pair(0, "key", asWord(q.Key))
	w.page.pair(0, "version", fmt.Sprint(q.Version))
	w.page.whole(0, "minutes", q.Minutes)
	w.words.set(q.Title, "title")
	w.words.set(q.Intro, "intro")
	w.words.set(q.Header, "header")
	w.notes(0, q.Notes)
	w.sharedScales()
	w.page.heading(0, "pages", len(q.Pages))
	for _, p := range q.Pages {
		w.page.item(2, "code", asWord(p.Code))
		w.words.set(p.Title, "pages", p.Code)
		w.page.condition(4, "if", p.If)
		w.notes(4, p.Notes)
		w.page.heading(4, "questions", len(p.Questions))
		for _, qu := range p.Questions {
			w.question(qu)
		}
	}
	w.calculated(q.Calculated)
	w.checks(q.Checks)
}

func (w *writer) sharedScales() {
	if len(w.scales) == 0 {
		return
	}
	w.page.heading(0, "scales", len(w.scales))
	for _, s := range w.scales {
		var codes []string
		for _, o := range s.options {
			codes = append(codes, asWord(o.Code))
			w.words.set(o.Label, "scales", s.name, o.Code)
		}
		w.page.list(2, asWord(s.name), codes)
	}
}

func (w *writer) notes(indent int, notes []Note) {
	var codes []string
	for _, n := range notes {
		codes = append(codes, asWord(n.Code))
		w.words.set(n.Text, "notes", n.Code)
	}
	w.page.list(indent, "notes", codes)
}

func (w *writer) calculated(list []*Calculated) {
	if len(list) == 0 {
		return
	}
	w.page.heading(0, "calculated", len(list))
	for _, c := range list {
		w.page.item(2, "code", asWord(c.Code))
		if c.Formula != nil {
			w.page.pair(4, "value", plain(c.Formula.Source()))
		}
		w.page.whole(4, "valid", c.Valid)
		w.page.whole(4, "decimals", c.Decimals)
		w.page.word(4, "role", string(c.Role))
		w.words.set(c.Label, "calculated", c.Code)
	}
}

func (w *writer) checks(checks []Check) {
	if len(checks) == 0 {
		return
	}
	w.page.heading(0, "checks", len(checks))
	for i := range checks {
		c := &checks[i]
		w.page.item(2, "code", asWord(c.Code))
		w.page.word(4, "question", c.Question)
		w.page.condition(4, "fails", c.Fails)
		w.page.flag(4, "soft", c.Soft)
		if c.Release {
			w.page.pair(4, "at", "release")
		}
		w.words.set(c.Text, "checks", c.Code)
	}
}
