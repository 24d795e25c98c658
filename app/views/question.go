package views

import (
	"errors"
	"html/template"
	"strconv"
)

// Question is one question of a page as {{question .}} shows it. Everything in it is plain text.
type Question struct {
	Code      string   // of the question: its name, and with "q-" before it its id
	Kind      string   // single, multi, select, matrix, numbers, texts, ranking, date, text, prefilled, integer or decimal
	Label     string   // the question itself
	Optional  bool     // whether it says that an answer is voluntary
	If        string   // when it is to be answered, where that depends on this page
	Notes     []string // explanations, a paragraph each
	Errors    []string // what is wrong with the whole of it
	Described string   // ids of what describes the controls
	Options   []Choice // of single, multi and select
	Rows      []Row    // of matrix, numbers, texts and ranking
	Heads     []Choice // of a matrix: the scale
	Value     string   // one field; the text of a prefilled question
	Unit      string   // of a number
	Hint      string   // in what form an answer is expected
	Long      bool     // the typed text deserves several lines
	Most      int      // characters of a typed text; 0: no limit that is said
	Other     *Other   // where an option asks for words
	Day       []Row    // day, month, year
}

// Row is one line of a question with fields of its own.
type Row struct {
	ID, Name, Label string
	If              string   // when it is to be answered, where that depends on this page
	Value           string   // what the field holds
	Error           string   // what is wrong with this row
	Options         []Choice // of a matrix and of a ranking
	Heads           bool     // the heads of the scale are repeated above this row
}

// Other is the field for words beside an option such as “Other”.
type Other struct {
	Name, Value string
	Label, Code string // of the option it stands beside
}

// questionWords are the words of the house around questions, in one language.
type questionWords struct {
	optional, choose, none phrase
	onlyIf, namely         phrase // with a placeholder
}

func questionWordsIn(lang string) (*questionWords, error) {
	var w questionWords
	var failed error
	for _, word := range []struct {
		to        *phrase
		key, name string
	}{
		{&w.optional, "base.optional", ""},
		{&w.choose, "respond.choose", ""},
		{&w.none, "respond.no_match", ""},
		{&w.onlyIf, "respond.if", "condition"},
		{&w.namely, "respond.namely", "option"},
	} {
		var err error
		*word.to, err = phrased(lang, word.key, word.name)
		failed = errors.Join(failed, err)
	}
	return &w, failed
}

// questionWriter writes a question by hand: a page has up to a hundred controls, and written here
// they take a small part of the time they take as a template.
type questionWriter struct {
	markup
	*questionWords
}

// question writes q.
func (w *questionWords) question(q Question) template.HTML {
	m := questionWriter{questionWords: w}
	m.Grow(q.size())
	m.raw(`<div class="question kind-`)
	m.text(q.Kind)
	if len(q.Errors) > 0 {
		m.raw(" invalid")
	}
	m.raw(`" id="q-`)
	m.text(q.Code)
	m.raw("\">\n")
	if q.If != "" {
		m.raw(`<p class="if">`)
		m.say(m.onlyIf, q.If)
		m.raw("</p>\n")
	}
	m.body(&q)
	m.raw("</div>")
	return m.html()
}

// size guesses how many bytes of HTML q makes, so that the writer seldom has to grow.
func (q *Question) size() int {
	const frame, row, choice = 1024, 320, 240
	n := frame + row*(len(q.Rows)+len(q.Day)) + choice*len(q.Options)
	if len(q.Rows) > 0 {
		n += choice * len(q.Rows) * len(q.Rows[0].Options)
	}
	return n
}

func (m *questionWriter) body(q *Question) {
	switch q.Kind {
	case "single":
		m.choice(q, "radio")
	case "multi":
		m.choice(q, "checkbox")
	case "select":
		m.list(q)
	case "matrix":
		m.matrix(q)
	case "numbers", "texts":
		m.lines(q)
	case "ranking":
		m.ranking(q)
	case "date":
		m.date(q)
	case "text":
		m.typed(q)
	case "prefilled":
		m.element(`<p class="label">`, q.Label, "</p>\n")
		m.element(`<p class="prefilled">`, q.Value, "</p>\n")
	default:
		m.number(q)
	}
}

// fieldset opens the frame of a question with several controls.
func (m *questionWriter) fieldset(q *Question) {
	m.raw("<fieldset")
	m.described(q)
	m.raw(">\n<legend>")
	m.label(q)
	m.raw("</legend>\n")
	m.about(q)
}

// labelled opens a question with one control.
func (m *questionWriter) labelled(q *Question) {
	m.raw(`<label class="label"`)
	m.attribute("for", q.Code)
	m.raw(">")
	m.label(q)
	m.raw("</label>\n")
	m.about(q)
}

func (m *questionWriter) label(q *Question) {
	m.text(q.Label)
	if q.Optional {
		m.raw(` <span class="optional">`)
		m.say(m.optional, "")
		m.raw("</span>")
	}
}

// about writes what stands between the question and its controls.
func (m *questionWriter) about(q *Question) {
	for _, note := range q.Notes {
		m.element(`<p class="note">`, note, "</p>\n")
	}
	if q.Hint != "" {
		m.element(`<p class="hint" id="hint-`, q.Code, `">`)
		m.text(q.Hint)
		m.raw("</p>\n")
	}
	if len(q.Errors) > 0 {
		m.element(`<p class="error" id="error-`, q.Code, `">`)
		for _, one := range q.Errors {
			m.text(one)
			m.raw(" ")
		}
		m.raw("</p>\n")
	}
}

// described leads from a control to what describes it.
func (m *questionWriter) described(q *Question) {
	if q.Described != "" {
		m.attribute("aria-describedby", q.Described)
	}
}

// marked writes the attributes of the only control of q that tell its state.
func (m *questionWriter) marked(q *Question) {
	m.described(q)
	if len(q.Errors) > 0 {
		m.raw(` aria-invalid="true"`)
	}
}

// named writes the attributes id and name of a control.
func (m *questionWriter) named(id, name string) {
	m.attribute("id", id)
	m.attribute("name", name)
}

// typed writes the field of a text.
func (m *questionWriter) typed(q *Question) {
	m.labelled(q)
	if q.Long {
		m.raw(`<textarea rows="6"`)
		m.named(q.Code, q.Code)
		m.most(q)
		m.marked(q)
		m.element(">", q.Value, "</textarea>\n")
		return
	}
	m.raw(`<input type="text"`)
	m.named(q.Code, q.Code)
	m.attribute("value", q.Value)
	m.marked(q)
	m.raw(">\n")
}

// most tells the script how many characters there may be; the hint tells people.
func (m *questionWriter) most(q *Question) {
	if q.Most > 0 {
		m.attribute("data-most", strconv.Itoa(q.Most))
	}
}

// number writes the field of a whole or a decimal number.
func (m *questionWriter) number(q *Question) {
	m.labelled(q)
	mode := literal("numeric")
	if q.Kind == "decimal" {
		mode = "decimal"
	}
	m.raw(`<span class="with-unit"><input type="text" inputmode="` + mode + `" class="short"`)
	m.named(q.Code, q.Code)
	m.attribute("value", q.Value)
	m.marked(q)
	m.raw(">")
	m.unit(q.Unit)
	m.raw("</span>\n")
}

func (m *questionWriter) unit(unit string) {
	if unit != "" {
		m.element(` <span class="unit">`, unit, "</span>")
	}
}
