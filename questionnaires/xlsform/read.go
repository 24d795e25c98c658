package xlsform

import (
	"errors"
	"fmt"
	"strings"

	"rondo/questionnaires"
	"rondo/questionnaires/workbook"
)

// Result is what an import gives.
type Result struct {
	Questionnaire *questionnaires.Questionnaire // as read back from Files
	Files         map[string][]byte             // by the names in questionnaires.Files
	Findings      []questionnaires.Finding      // of the reader and of Lint: what the author should mend
	Notes         []Note                        // what became of the workbook, by sheet, row and column
}

// ErrKey says that a questionnaire cannot be called so: a key is a lower-case
// word, a version a number from 1.
var ErrKey = errors.New("a key is a lower-case word and a version a number from 1")

// Read makes a questionnaire with that key and version from an XLSForm workbook.
// A *Refusal says that the file is no XLSForm, or nothing to be opened safely.
// Everything else that cannot be carried is in the notes of the result.
func Read(raw []byte, key string, version int) (*Result, error) {
	if !codeForm.MatchString(key) || version < 1 {
		return nil, fmt.Errorf("%q is no key of a questionnaire, or %d no version: %w", key, version, ErrKey)
	}
	book, err := open(raw)
	if err != nil {
		return nil, err
	}
	return read(book, key, version)
}

func read(book *workbook.Book, key string, version int) (*Result, error) {
	r := &reader{scope: newScope(), codes: taken{}, pageCodes: taken{}, noteCodes: taken{}, titled: map[*questionnaires.Page]bool{}, noteTexts: map[string]questionnaires.Text{},
		aliases: map[string]string{}, q: &questionnaires.Questionnaire{Key: key, Version: version}}
	if err := r.tables(book); err != nil {
		return nil, err
	}
	if err := r.measure(); err != nil {
		return nil, err
	}
	r.readSettings()
	r.readLists()
	r.layout(r.items(), &context{})
	r.closePage(&context{})
	r.calculations()
	r.settle()
	r.leftovers()
	return r.result()
}

func (r *reader) result() (*Result, error) {
	files, err := questionnaires.Write(r.q)
	if err != nil {
		return nil, refuse("workbook", 0, "", "too_large", "%v", err)
	}
	q, found, err := questionnaires.ReadFiles(files)
	if err != nil {
		return nil, fmt.Errorf("read what was imported: %w", err)
	}
	return &Result{q, files, append(found, questionnaires.Lint(q)...), r.sorted()}, nil
}

// reader makes a questionnaire from tables.
type reader struct {
	report
	survey, choices, settings *table
	first                     string // language of columns that name none
	own                       bool   // the workbook was written here
	lists                     map[string]*list
	scope                     *scope
	q                         *questionnaires.Questionnaire // its conditions are not compiled
	count                     int                           // questions so far
	codes                     taken                         // by questions, variables and checks
	pageCodes, noteCodes      taken
	anchor                    *variable // of the first question that a condition may look at
	noteTexts                 map[string]questionnaires.Text
	pending                   []pendingNote
	page                      *questionnaires.Page
	titled                    map[*questionnaires.Page]bool
	later                     []func() // what waits until all questions are known
	checks                    []placedCheck
	calculates                []*item
	aliases                   map[string]string // calculate of a choice's name → the question
}

// tables finds the sheets by name and reports those that are none of XLSForm's.
func (r *reader) tables(book *workbook.Book) error {
	known := map[string]**table{"survey": &r.survey, "choices": &r.choices, "settings": &r.settings}
	for _, s := range book.Sheets {
		slot, ok := known[strings.ToLower(s.Name)]
		switch {
		case ok && *slot == nil:
			*slot = readTable(s)
		case len(s.Lines) > 0:
			r.lost(cell{sheet: s.Name}, "unknown_sheet", "the sheet is not read (%d rows)", len(s.Lines))
			continue
		default:
			continue
		}
		if err := r.marks(s, *slot); err != nil {
			return err
		}
	}
	if r.survey == nil {
		return refuse("survey", 0, "", "missing_sheet", "an XLSForm has a sheet survey")
	}
	for _, name := range []string{"type", "name"} {
		if !r.survey.has(name) {
			return refuse("survey", 1, name, "missing_column", "the sheet survey has no column %s", name)
		}
	}
	for _, slot := range []**table{&r.choices, &r.settings} {
		if *slot == nil {
			*slot = &table{}
		}
	}
	if len(r.choices.columns) > 0 && (!r.choices.has("list_name") || !r.choices.has("name")) {
		return refuse("choices", 1, "list_name", "missing_column", "the sheet choices has no column list_name or name")
	}
	return nil
}

// marks reports formulas and merged cells; both hold what the spreadsheet showed
// last.
func (r *reader) marks(s *workbook.Sheet, t *table) error {
	header := func(p workbook.Place) cell {
		c := cell{sheet: s.Name, row: p.Row}
		if p.Column >= 1 && p.Column <= len(t.columns) {
			c.column = t.columns[p.Column-1].header
		}
		return c
	}
	for _, p := range s.Formulas {
		r.changed(header(p), "formula", "the cell holds a formula; its last result is read")
	}
	for _, p := range s.Merged {
		r.changed(header(p), "merged_cells", "the cell is merged with others; its text counts for this row and column only")
	}
	return nil
}

// readSettings reads what is said of the form as a whole.
func (r *reader) readSettings() {
	r.first = questionnaires.Languages[0]
	var s *record
	if len(r.settings.records) > 0 {
		s = r.settings.records[0]
	} else {
		s = &record{table: r.settings}
	}
	for _, more := range r.settings.records[min(1, len(r.settings.records)):] {
		more.skip()
		r.lost(more.here(), "second_settings", "only the first row of the settings is read")
	}
	if r.own = s.get("rondo_format") == format; !r.own && s.peek("rondo_format") != "" {
		r.lost(s.place("rondo_format"), "bad_value", "only the format %s is known; the workbook is read as any other", format)
	}
	if name := s.get("default_language"); name != "" {
		if lang := language(name); lang != "" {
			r.first = lang
		} else {
			r.lost(s.place("default_language"), "language", "%q is none of the languages of a questionnaire", name)
		}
	} else if r.survey.has("label") {
		r.changed(cell{r.survey.name, 1, "label"}, "language", "the column names no language and the settings no default_language: its words are taken for %s", r.first)
	}
	title := s.get("form_title")
	r.q.Title = s.words("rondo_title", r.first)
	if title != "" {
		if old := r.q.Title[r.first]; old != "" && old != title {
			r.lost(s.place("rondo_title"), "stale", "form_title counts, not %q", excerpt(old))
		}
		r.q.Title = with(r.q.Title, r.first, title)
	}
	if id := s.get("form_id"); id != "" && id != r.q.Key {
		r.changed(s.place("form_id"), "renamed", "the form %q becomes the questionnaire %s", id, r.q.Key)
	}
	if v := s.get("version"); v != "" && v != fmt.Sprint(r.q.Version) {
		r.changed(s.place("version"), "renamed", "the version %q becomes %d", v, r.q.Version)
	}
	for _, name := range []string{"style", "allow_choice_duplicates"} {
		s.get(name)
	}
	r.q.Minutes = int(r.numberIn(s, "rondo_minutes"))
}

func with(t questionnaires.Text, lang, words string) questionnaires.Text {
	if t == nil {
		t = questionnaires.Text{}
	}
	t[lang] = words
	return t
}
