package workbook

import (
	"fmt"
	"strings"
)

// Book is what a file holds, by sheet, in the order of the file.
type Book struct{ Sheets []*Sheet }

// Sheet is one sheet as rows of texts.
type Sheet struct {
	Name     string
	Hidden   bool
	Lines    []Line
	Formulas []Place // cells whose text is the last result of a formula
	Merged   []Place // the first cells of merged ones
	Dates    []Place // numbers that are shown as dates
}

// Place is a cell by its row and column, both from 1.
type Place struct{ Row, Column int }

// Line is one row of a sheet that is not empty.
type Line struct {
	Row   int      // from 1
	Cells []string // from the first column to the last that is filled
}

// Limits say how much a workbook may hold.
type Limits struct {
	File     int   // bytes of the file
	Unpacked int64 // bytes, of what is packed in it
	Elements int   // of XML, in all parts that are read
	Rows     int   // the number of the last row of a sheet
	Columns  int   // the number of the last filled column of a sheet
	Cells    int   // filled ones, in all sheets
	Text     int   // bytes of all cells together, as often as they show a text
}

// What no workbook of tables has, whoever wrote it.
const (
	mostEntries   = 100
	mostSheets    = 100
	mostRelations = 1000
	mostRatio     = 100     // unpacked bytes for each packed one
	smallEnough   = 1 << 20 // below this, however well it packs, nothing can go wrong
	deepest       = 64      // elements within one another
	longestToken  = 1 << 19 // bytes of one tag, text or comment
	LongestText   = 32_767  // characters of a cell, the limit of spreadsheets
	longestName   = 255     // bytes of the name of a sheet; Excel allows 31 characters
	blanksPerCell = 10      // empty places before filled ones, in the mean
)

// Rules of refusals.
const (
	NoWorkbook     = "no_workbook"
	OldFormat      = "old_format"
	TooLarge       = "too_large"
	TooManyRows    = "too_many_rows"
	TooManyColumns = "too_many_columns"
	Macros         = "macros"
	ExternalLinks  = "external_links"
	Embedded       = "embedded"
)

// Refusal says why a file is not read.
type Refusal struct {
	Place    string // "workbook", an entry of the archive, or the name of a sheet
	Row      int    // of the sheet; 0: all of it
	Rule     string
	Sentence string // in English
}

func (r *Refusal) Error() string {
	if r.Row > 0 {
		return fmt.Sprintf("%s row %d: %s: %s", r.Place, r.Row, r.Rule, r.Sentence)
	}
	return fmt.Sprintf("%s: %s: %s", r.Place, r.Rule, r.Sentence)
}

func refuse(place string, row int, rule, format string, args ...any) error {
	return &Refusal{Place: place, Row: row, Rule: rule, Sentence: fmt.Sprintf(format, args...)}
}

// Read reads the sheets of a workbook. The error is a *Refusal.
func Read(raw []byte, limits Limits) (*Book, error) {
	r := &reader{limits: limits, elements: limits.Elements, cells: limits.Cells, blanks: limits.Cells * blanksPerCell, text: limits.Text}
	if err := r.open(raw); err != nil {
		return nil, err
	}
	if err := r.kind(); err != nil {
		return nil, err
	}
	parts, err := r.index()
	if err != nil {
		return nil, err
	}
	if err := r.readTexts(parts.texts); err != nil {
		return nil, err
	}
	if err := r.readStyles(parts.styles); err != nil {
		return nil, err
	}
	book := &Book{}
	for _, ref := range parts.sheets {
		s, err := r.readSheet(ref)
		if err != nil {
			return nil, err
		}
		book.Sheets = append(book.Sheets, s)
	}
	return book, nil
}

// reader holds what is left of the limits while a workbook is read.
type reader struct {
	limits   Limits
	entries  map[string]*entry // by path in lower case
	elements int
	cells    int
	blanks   int
	text     int // bytes
	shared   []string
	dates    []bool // by style: a number is shown as a date
}

// sheetRef is a sheet as the workbook names it; entry is nil for one without cells, such as a chart.
type sheetRef struct {
	name   string
	hidden bool
	entry  *entry
}

// parts are those that hold tables. Not every workbook has texts that cells share, or styles.
type parts struct {
	sheets        []sheetRef
	texts, styles *entry
}

// index finds the parts.
func (r *reader) index() (*parts, error) {
	main := "xl/workbook.xml"
	top, err := r.relations("", "_rels/.rels")
	if err != nil {
		return nil, err
	}
	for _, to := range top {
		if strings.HasSuffix(to.kind, "/officedocument") {
			main = to.path
		}
	}
	book := r.entries[main]
	if book == nil {
		return nil, refuse("workbook", 0, NoWorkbook, "the archive holds no workbook")
	}
	dir, base := main[:strings.LastIndex(main, "/")+1], main[strings.LastIndex(main, "/")+1:]
	relations, err := r.relations(dir, dir+"_rels/"+base+".rels")
	if err != nil {
		return nil, err
	}
	found := &parts{texts: r.entries[dir+"sharedstrings.xml"], styles: r.entries[dir+"styles.xml"]}
	for _, to := range relations {
		switch part := r.entries[to.path]; {
		case part == nil:
		case strings.HasSuffix(to.kind, "/sharedstrings"):
			found.texts = part
		case strings.HasSuffix(to.kind, "/styles"):
			found.styles = part
		}
	}
	found.sheets, err = r.sheets(book, relations)
	return found, err
}

// sheets reads which sheets there are.
func (r *reader) sheets(book *entry, relations map[string]relation) ([]sheetRef, error) {
	var refs []sheetRef
	taken := map[*entry]bool{}
	err := r.each(book, func(e *element) error {
		if e.name() != "sheet" || e.parent() != "sheets" {
			return nil
		}
		ref := sheetRef{name: e.attribute("name"), hidden: strings.HasSuffix(strings.ToLower(e.attribute("state")), "hidden")}
		if len(refs) == mostSheets {
			return refuse(book.name, 0, TooLarge, "at most %d sheets are read", mostSheets)
		}
		if len(ref.name) > longestName {
			return refuse(book.name, 0, TooLarge, "the name of a sheet has more than %d bytes", longestName)
		}
		to, ok := relations[e.attribute("id")]
		if !ok || r.entries[to.path] == nil {
			return refuse(ref.name, 0, NoWorkbook, "the sheet is not in the archive")
		}
		if to.kind == "" || strings.HasSuffix(to.kind, "/worksheet") {
			ref.entry = r.entries[to.path]
		}
		if taken[ref.entry] && ref.entry != nil {
			return refuse(ref.name, 0, NoWorkbook, "another sheet stands in the same part")
		}
		taken[ref.entry] = true
		refs = append(refs, ref)
		return nil
	})
	return refs, err
}

// relation says where a part is that another one refers to.
type relation struct {
	kind string // the type, in lower case: a long address of which the last word counts
	path string // in lower case
}

// relations reads the parts that those in a folder refer to, by id. Not every
// archive has such a list.
func (r *reader) relations(dir, name string) (map[string]relation, error) {
	found := map[string]relation{}
	list := r.entries[name]
	if list == nil {
		return found, nil
	}
	count := 0
	err := r.each(list, func(e *element) error {
		if e.name() != "Relationship" {
			return nil
		}
		if count++; count > mostRelations {
			return refuse(list.name, 0, TooLarge, "at most %d relations are read", mostRelations)
		}
		found[e.attribute("Id")] = relation{strings.ToLower(e.attribute("Type")), absolute(dir, e.attribute("Target"))}
		return nil
	})
	return found, err
}
