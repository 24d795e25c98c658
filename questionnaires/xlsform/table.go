package xlsform

import (
	"regexp"
	"slices"
	"strings"

	"rondo/questionnaires"
	"rondo/questionnaires/workbook"
)

// table is a sheet whose first row names its columns.
type table struct {
	name    string
	columns []column
	records []*record
}

// column is a column of a table.
type column struct {
	header string // as its author wrote it
	name   string // canonical: label, hint, relevant …
	lang   string // de, fr, it, en; empty: the default language; other: none of ours
}

// other is the language of a column whose words cannot be carried.
const other = "?"

// record is a row of a table. It remembers what has been read, so that in the end
// whatever nobody asked for is reported.
type record struct {
	table *table
	row   int
	cells []string
	used  []bool
}

// cell is a place in the workbook, for the report.
type cell struct {
	sheet  string
	row    int
	column string
}

// aliases are other spellings of column names that XLSForm tools accept.
var aliases = map[string]string{
	"caption": "label", "relevance": "relevant", "bind::relevant": "relevant", "bind::constraint": "constraint",
	"constraint_msg": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
	"bind::jr:requiredmsg": "required_message", "bind::required": "required", "bind::calculate": "calculation",
	"calculate": "calculation", "bind::readonly": "read_only", "readonly": "read_only", "control::appearance": "appearance",
	"body::appearance": "appearance", "list": "list_name", "value": "name", "filter": "choice_filter", "body::accept": "accept",
	"question": "label", "count": "repeat_count", "tag": "name",
}

// translated are the columns that stand once for each language.
var translated = []string{"label", "hint", "guidance_hint", "constraint_message", "required_message", "rondo_unit", "rondo_title", "media"}

// readTable takes a sheet as a table.
func readTable(s *workbook.Sheet) *table {
	t := &table{name: s.Name}
	if len(s.Lines) == 0 {
		return t
	}
	for _, header := range s.Lines[0].Cells {
		t.columns = append(t.columns, readColumn(header))
	}
	for _, l := range s.Lines[1:] {
		r := &record{t, l.Row, l.Cells, make([]bool, len(l.Cells))}
		t.records = append(t.records, r)
	}
	return t
}

var blanks = regexp.MustCompile(`[\s_]+`)

func readColumn(header string) column {
	name, lang, parted := strings.Cut(header, "::")
	if !parted {
		name, lang, parted = strings.Cut(header, ":")
	}
	canonical := func(s string) string { return strings.Trim(blanks.ReplaceAllString(strings.ToLower(s), "_"), "_") }
	c := column{header: header, name: canonical(name)}
	if parted && slices.Contains(translated, c.name) && c.name != "media" {
		if c.lang = language(lang); c.lang == "" {
			c.lang = other
		}
	} else if parted {
		c.name = canonical(header)
	}
	if a, ok := aliases[c.name]; ok {
		c.name = a
	}
	return c
}

var (
	languageCode  = regexp.MustCompile(`\(\s*([A-Za-z]{2,3})([-_][A-Za-z]+)?\s*\)\s*$`)
	languageWords = map[string]string{
		"deutsch": "de", "german": "de", "allemand": "de", "tedesco": "de", "français": "fr", "francais": "fr", "french": "fr", "französisch": "fr",
		"italiano": "it", "italian": "it", "italienisch": "it", "italien": "it", "english": "en", "englisch": "en", "anglais": "en", "inglese": "en",
	}
)

// language gives the code of a language named as XLSForm does, "Deutsch (de)",
// or by its code or name alone; empty where it is none of ours.
func language(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	code := name
	if m := languageCode.FindStringSubmatch(name); m != nil {
		code = m[1]
	} else if known, ok := languageWords[name]; ok {
		code = known
	}
	if slices.Contains(questionnaires.Languages, code) {
		return code
	}
	return ""
}

// find gives the index of a column, or -1.
func (t *table) find(name, lang string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return c.name == name && c.lang == lang })
}

func (t *table) has(name string) bool { return t.find(name, "") >= 0 }

// get reads a cell and marks it as read.
func (r *record) get(name string) string { return r.at(r.table.find(name, "")) }

func (r *record) at(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	r.used[i] = true
	return r.cells[i]
}

// peek reads a cell without marking it.
func (r *record) peek(name string) string { return r.look(r.table.find(name, "")) }

// look is peek for who knows the place of the column; -1: there is none.
func (r *record) look(i int) string {
	if i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// unread takes back that cells have been read, where it came to nothing.
func (r *record) unread(names ...string) {
	for _, name := range names {
		if i := r.table.find(name, ""); i >= 0 && i < len(r.used) {
			r.used[i] = false
		}
	}
}

// place names a cell of the record for the report.
func (r *record) place(name string) cell {
	header := name
	if i := r.table.find(name, ""); i >= 0 {
		header = r.table.columns[i].header
	}
	return cell{r.table.name, r.row, header}
}

// here names the record as a whole.
func (r *record) here() cell { return cell{r.table.name, r.row, ""} }

// skip marks all cells of a record as accounted for by a note on the whole.
func (r *record) skip() {
	for i := range r.used {
		r.used[i] = true
	}
}

// words reads the words of a record in every language of ours; first is the
// language of columns that name none. Nil where there are none.
func (r *record) words(name, first string) questionnaires.Text {
	var t questionnaires.Text
	take := func(lang, as string) {
		for i, c := range r.table.columns {
			if c.name != name || c.lang != lang || i >= len(r.cells) || r.cells[i] == "" || t[as] != "" {
				continue
			}
			if t == nil {
				t = questionnaires.Text{}
			}
			t[as] = r.at(i)
		}
	}
	for _, lang := range questionnaires.Languages {
		take(lang, lang)
	}
	take("", first) // what a column for the language says goes before one for none
	return t
}
