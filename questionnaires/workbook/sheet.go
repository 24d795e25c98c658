package workbook

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	*reader
	sheet  *Sheet
	row    int // that has begun; 0: none yet
	column int // of the cell that has begun
	kind   string
	isDate bool            // a number is shown as a date
	value  strings.Builder // of the cell, as the file has it
	inline strings.Builder // the text that stands in the cell itself
	isText bool
	cells  []string // of the row
}

// readSheet reads one sheet.
func (r *reader) readSheet(ref sheetRef) (*Sheet, error) {
	s := &sheetReader{reader: r, sheet: &Sheet{Name: ref.name, Hidden: ref.hidden}}
	if ref.entry == nil {
		return s.sheet, nil
	}
	return s.sheet, r.walk(ref.entry, func(p *part, t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			return s.begin(&element{t, p})
		case xml.EndElement:
			return s.end(t.Name.Local)
		case xml.CharData:
			return s.chars(p, t)
		}
		return nil
	})
}

func (s *sheetReader) begin(e *element) error {
	switch e.name() {
	case "row":
		return s.beginRow(e)
	case "c":
		return s.beginCell(e)
	case "is":
		s.isText = true
	case "f":
		if e.parent() == "c" {
			s.sheet.Formulas = append(s.sheet.Formulas, Place{s.row, s.column})
		}
	case "mergeCell":
		first, _, _ := strings.Cut(e.attribute("ref"), ":")
		place, ok := placeOf(first)
		if !ok {
			return s.refuse(NoWorkbook, "no cell is called %.20q", first)
		}
		s.sheet.Merged = append(s.sheet.Merged, place)
	}
	return nil
}

func (s *sheetReader) refuse(rule, format string, args ...any) error {
	return refuse(s.sheet.Name, s.row, rule, format, args...)
}

func (s *sheetReader) beginRow(e *element) error {
	before := s.row
	s.row++
	if said := e.attribute("r"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil || n <= before {
			return s.refuse(NoWorkbook, "row %.20q does not come after row %d", said, before)
		}
		s.row = n
	}
	if s.row > s.limits.Rows {
		return s.refuse(TooManyRows, "at most %d rows are read; delete the empty ones below the table", s.limits.Rows)
	}
	s.column, s.cells = 0, nil
	return nil
}

func (s *sheetReader) beginCell(e *element) error {
	if e.parent() != "row" {
		return s.refuse(NoWorkbook, "a cell stands outside of the rows")
	}
	before := s.column
	s.column++
	if said := e.attribute("r"); said != "" {
		place, ok := placeOf(said)
		if !ok || place.Row != s.row || place.Column <= before {
			return s.refuse(NoWorkbook, "the cell %.20q is not in its place", said)
		}
		s.column = place.Column
	}
	s.kind, s.isText = e.attribute("t"), false
	style, err := strconv.Atoi(e.attribute("s"))
	s.isDate = err == nil && style >= 0 && style < len(s.dates) && s.dates[style]
	s.value.Reset()
	s.inline.Reset()
	return nil
}

// chars takes what stands in a cell. The readings that Japanese texts carry along (rPh) are none
// of their words.
func (s *sheetReader) chars(p *part, text []byte) error {
	to := &s.value
	switch in := p.in(); {
	case in == "v":
	case in == "t" && p.within("is") && !p.within("rPh"):
		to = &s.inline
	default:
		return nil
	}
	to.Write(text)
	if to.Len() > longestToken {
		return s.tooLong()
	}
	return nil
}

func (s *sheetReader) tooLong() error {
	return s.refuse(TooLarge, "a text has more than %d characters, more than a cell can hold", LongestText)
}

func (s *sheetReader) end(name string) error {
	switch name {
	case "c":
		return s.endCell()
	case "row":
		if len(s.cells) > 0 {
			s.sheet.Lines = append(s.sheet.Lines, Line{s.row, s.cells})
		}
	}
	return nil
}

// endCell keeps the text of a cell, as long as there is room.
func (s *sheetReader) endCell() error {
	text := s.value.String()
	switch {
	case s.kind == "s" && text != "":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(s.shared) {
			return s.refuse(NoWorkbook, "column %d shows a shared text that is not there", s.column)
		}
		text = s.shared[i]
	case s.kind == "inlineStr" && s.isText:
		text = unescape(s.inline.String())
	case s.kind == "b" && (text == "1" || text == "0"):
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
	case s.kind == "" || s.kind == "n":
		text = whole(text)
	}
	if text == "" {
		return nil
	}
	if s.isDate && (s.kind == "" || s.kind == "n") {
		s.sheet.Dates = append(s.sheet.Dates, Place{s.row, s.column})
	}
	blanks := s.column - 1 - len(s.cells)
	s.cells = append(s.cells, make([]string, max(0, min(blanks, s.limits.Columns)))...)
	s.cells = append(s.cells, text)
	s.reader.cells--
	s.blanks -= blanks
	s.text -= len(text)
	switch {
	case s.column > s.limits.Columns:
		return s.refuse(TooManyColumns, "at most %d columns are read", s.limits.Columns)
	case s.reader.cells < 0:
		return s.refuse(TooLarge, "at most %d filled cells are read", s.limits.Cells)
	case s.blanks < 0:
		return s.refuse(TooLarge, "up to here more than %d empty cells stand before filled ones", s.limits.Cells*blanksPerCell)
	case len(text) > LongestText && utf8.RuneCountInString(text) > LongestText:
		return s.tooLong()
	case s.text < 0:
		return s.refuse(TooLarge, "at most %d MB of text are read", s.limits.Text>>20)
	}
	return nil
}

// whole writes a whole number as one: some programs write 37.0 or 3.7E1 where Excel writes 37.
func whole(number string) string {
	if !strings.ContainsAny(number, ".eE") {
		return number
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) >= 1<<53 {
		return number
	}
	return strconv.FormatInt(int64(n), 10)
}

// placeOf reads the name of a cell: B7. $ before its parts is allowed.
func placeOf(name string) (Place, bool) {
	name = strings.ReplaceAll(name, "$", "")
	digits := strings.IndexAny(name, "0123456789")
	if digits < 1 || digits > 3 {
		return Place{}, false
	}
	column := 0
	for _, letter := range strings.ToUpper(name[:digits]) {
		if letter < 'A' || letter > 'Z' {
			return Place{}, false
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, err := strconv.Atoi(name[digits:])
	return Place{row, column}, err == nil && row >= 1
}
