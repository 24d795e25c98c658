package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"rondo/questionnaires"
	"rondo/questionnaires/workbook"
)

// Write gives a questionnaire as an XLSForm workbook. Reading it back gives the
// same questionnaire in everything but its hash. The same questionnaire gives
// the same bytes.
//
// The error says that a text is longer than a cell of a spreadsheet can hold, or
// that a condition cannot be said in XPath.
func Write(q *questionnaires.Questionnaire) ([]byte, error) {
	w := &writer{q: q, names: map[string]bool{}, scope: newScope(), lists: map[string]string{}, ranks: map[int]int{}}
	w.survey.name, w.choices.name, w.settings.name = "survey", "choices", "settings"
	w.reserve()
	w.settingsRow()
	w.surveyRows()
	if w.err != nil {
		return nil, fmt.Errorf("write %s as XLSForm: %w", q.Ref(), w.err)
	}
	return pack([]*out{&w.survey, &w.choices, &w.settings})
}

// languageNames are the languages as XLSForm names them.
var languageNames = map[string]string{"de": "Deutsch (de)", "fr": "Français (fr)", "it": "Italiano (it)", "en": "English (en)"}

// format is what settings say of a workbook that was written here: what XLSForm
// leaves open has been said in rondo_ columns.
const format = "1"

// writer makes the sheets of a workbook.
type writer struct {
	q                         *questionnaires.Questionnaire
	survey, choices, settings out
	names                     map[string]bool // taken in the survey sheet
	scope                     *scope
	lists                     map[string]string // options → name of their list
	ranks                     map[int]int
	err                       error
}

func (w *writer) fail(place string, err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("%s: %w", place, err)
	}
}

// reserve gives the questions and calculated variables their names, before
// anything else takes one.
func (w *writer) reserve() {
	for at, qu := range w.q.Questions() {
		w.names[qu.Code] = true
		refs := []string{qu.Code}
		if len(qu.Rows) > 0 {
			refs = nil
			for _, r := range qu.Rows {
				refs = append(refs, qu.Code+"__"+r.Code)
				w.names[qu.Code+"__"+r.Code] = true
			}
		}
		if qu.HasOther() {
			w.names[qu.Code+"_other"] = true
		}
		w.scope.addQuestion(qu, refs, nil, at)
	}
	for _, c := range w.q.Calculated {
		w.names[c.Code] = true
		w.scope.add(&variable{name: c.Code, ref: c.Code})
	}
}

var badInName = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// name gives a row that nothing refers to a free name, and says in rondo_code
// which code it stands for where the name had to differ.
func (w *writer) name(r row, code string) {
	name := badInName.ReplaceAllString(code, "_")
	if name == "" || !letterFirst(name) {
		name = "n_" + name
	}
	for base, n := name, 2; w.names[name]; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	w.names[name] = true
	r["name"] = name
	if name != code {
		r["rondo_code"] = code
	}
}

func letterFirst(s string) bool {
	return s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z' || s[0] == '_'
}

func (w *writer) settingsRow() {
	q := w.q
	r := row{"form_title": q.Title["de"], "form_id": q.Key, "version": strconv.Itoa(q.Version),
		"default_language": languageNames["de"], "style": "pages", "rondo_format": format}
	r.whole("rondo_minutes", q.Minutes)
	for lang, words := range q.Title {
		r["rondo_title::"+languageNames[lang]] = words
	}
	w.settings.rows = append(w.settings.rows, r)
}

func (w *writer) surveyRows() {
	w.words("note", "intro", w.q.Intro)
	w.words("note", "header", w.q.Header)
	w.notes(w.q.Notes, "")
	for _, p := range w.q.Pages {
		r := row{"type": "begin_group", "appearance": "field-list"}
		w.name(r, p.Code)
		w.say(r, "label", p.Title)
		w.condition(r, "relevant", "rondo_if", p.If)
		w.survey.add(r)
		w.notes(p.Notes, "")
		for _, qu := range p.Questions {
			w.question(qu)
			w.checks(qu)
		}
		w.survey.add(row{"type": "end_group"})
	}
	for _, c := range w.q.Calculated {
		w.calculated(c)
	}
}

// words writes the intro or the header, where there is one.
func (w *writer) words(kind, part string, t questionnaires.Text) {
	if len(t) == 0 {
		return
	}
	r := row{"type": kind, "rondo_kind": part}
	w.name(r, part)
	delete(r, "rondo_code")
	w.say(r, "label", t)
	w.survey.add(r)
}

// notes writes notes as rows; those of a question say so.
func (w *writer) notes(notes []questionnaires.Note, question string) {
	for _, n := range notes {
		r := row{"type": "note", "rondo_for": question}
		w.name(r, n.Code)
		w.say(r, "label", n.Text)
		w.survey.add(r)
	}
}

// say puts words into the columns of their languages; a placeholder that names a
// question becomes a reference of XLSForm.
func (w *writer) say(r row, column string, t questionnaires.Text) {
	for lang, words := range t {
		if !slices.Contains(questionnaires.Languages, lang) {
			w.fail(r["name"], fmt.Errorf("no column holds the language %q", lang))
		}
		words = w.scope.pipe(words)
		if len([]rune(words)) > workbook.LongestText {
			w.fail(r["name"], fmt.Errorf("a text has more than %d characters, more than a cell can hold", workbook.LongestText))
		}
		r[column+"::"+languageNames[lang]] = words
	}
}

// condition puts a condition into a column as XPath, and as our own words beside
// it where reading the XPath would not give just these.
func (w *writer) condition(r row, column, ours string, c *questionnaires.Condition) {
	if c == nil {
		return
	}
	n, err := w.scope.say(c.Source())
	if err != nil {
		w.fail(r["name"], err)
		return
	}
	r[column] = show(n)
	if len(r[column]) > longestExpression {
		r[column], r[ours] = tooLongCondition, c.Source()
		return
	}
	if back, _, err := w.scope.reread(r[column], nil); err != nil || back != c.Source() {
		r[ours] = c.Source()
	}
}

// What stands in place of an expression that is longer in XPath than we would
// read: other programs ask the question always, and calculate nothing. Our own
// words stand beside it.
const (
	tooLongCondition = "true()"
	tooLongFormula   = "''"
)

// reread gives an XPath as our condition, and remarks on what it means less.
func (s *scope) reread(xpath string, self *variable) (string, []string, error) {
	n, err := parse(xpath)
	if err != nil {
		return "", nil, err
	}
	u := &understanding{scope: s, self: self}
	l, err := u.condition(n)
	return l.source(), u.remarks, err
}

func (w *writer) calculated(c *questionnaires.Calculated) {
	r := row{"type": "calculate", "name": c.Code, "rondo_role": string(c.Role)}
	r.whole("rondo_valid", c.Valid)
	r.whole("rondo_decimals", c.Decimals)
	w.say(r, "label", c.Label)
	if c.Formula != nil {
		n, err := w.scope.sayFormula(c.Formula.Source(), c.Valid, c.Decimals)
		if err != nil {
			w.fail(c.Code, err)
			return
		}
		r["calculation"], r["rondo_value"] = show(n), c.Formula.Source()
		if len(r["calculation"]) > longestExpression {
			r["calculation"] = tooLongFormula
		}
	}
	w.survey.add(r)
}
