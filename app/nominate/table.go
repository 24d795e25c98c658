package nominate

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// The limits of a list.
const (
	LargestFile = 8 << 20 // bytes
	MostRows    = 50_000
	MostColumns = 50
)

// FileProblem is why a file cannot be read as a list at all. Rule is a key of
// the catalogue below office.file.
type FileProblem struct {
	Rule string
	Args map[string]any
}

func (p *FileProblem) Error() string { return fmt.Sprintf("list: %s %v", p.Rule, p.Args) }

// table is a list as rows of cells, before anything is understood.
type table struct {
	header     []string
	headerLine int
	rows       []row
}

type row struct {
	line  int // as a spreadsheet counts: the header is usually 1
	cells []string
}

// readTable finds out what kind of file it is and reads its cells.
func readTable(raw []byte) (table, error) {
	switch {
	case len(raw) > LargestFile:
		return table{}, &FileProblem{Rule: "too_large", Args: map[string]any{"megabytes": LargestFile >> 20}}
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return readWorkbook(raw)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return table{}, &FileProblem{Rule: "old_excel"}
	}
	text, err := decoded(raw)
	if err != nil {
		return table{}, err
	}
	return readCSV(text)
}

// decoded gives the file as UTF-8, in composed form and without a byte order mark.
func decoded(raw []byte) (string, error) {
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		raw, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw)
	case !utf8.Valid(raw):
		raw = mixed(raw)
	}
	if err != nil || bytes.IndexByte(raw, 0) >= 0 {
		return "", &FileProblem{Rule: "not_a_list"}
	}
	text := strings.TrimPrefix(string(raw), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return norm.NFC.String(strings.ReplaceAll(text, "\r", "\n")), nil
}

// mixed reads each line that is no UTF-8 as Windows-1252: a list may come from two programs.
func mixed(raw []byte) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(raw)+len(raw)/8))
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n') + 1
		if end == 0 {
			end = len(raw)
		}
		if line := raw[:end]; utf8.Valid(line) {
			out.Write(line)
		} else {
			for _, b := range line {
				out.WriteRune(charmap.Windows1252.DecodeByte(b))
			}
		}
		raw = raw[end:]
	}
	return out.Bytes()
}

func readCSV(text string) (table, error) {
	skipped := 0
	comma := rune(0)
	if line, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(strings.ToLower(line), "sep=") && len(line) == 5 {
		comma, text, skipped = rune(line[4]), rest, 1
	}
	if comma == 0 {
		comma = separator(text)
	}
	list, err := quoted(text, comma, skipped)
	if problem := new(FileProblem); errors.As(err, &problem) && problem.Rule == "quotes" {
		return unquoted(text, comma, skipped)
	}
	return list, err
}

// quoted reads cells in which a quotation mark means that the cell stands in quotation marks.
func quoted(text string, comma rune, skipped int) (table, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord = comma, -1
	reader.TrimLeadingSpace = comma != '\t' // else an empty cell would be trimmed away, and all behind it shift
	var list table
	for {
		cells, err := reader.Read()
		if err == io.EOF {
			return list.checked()
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return table{}, &FileProblem{Rule: "quotes", Args: map[string]any{"line": broken.StartLine + skipped}}
		}
		if err != nil {
			return table{}, &FileProblem{Rule: "not_a_list"}
		}
		line, _ := reader.FieldPos(0)
		if problem := list.add(line+skipped, cells); problem != nil {
			return table{}, problem
		}
	}
}

// unquoted reads the lines of a list in which quotation marks stand as they are, as Excel copies them:
// a cell in quotation marks is one only as a whole. Where one opens and does not close in its cell,
// nobody knows what belongs together.
func unquoted(text string, comma rune, skipped int) (table, error) {
	var list table
	for number, rest := skipped+1, text; rest != ""; number++ {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		cells := strings.SplitN(line, string(comma), 10*MostColumns)
		for i, cell := range cells {
			cell = strings.TrimSpace(cell)
			inner := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(cell, `"`), `"`), `""`, "")
			switch {
			case !strings.HasPrefix(cell, `"`):
			case strings.Count(cell, `"`)%2 != 0:
				return table{}, &FileProblem{Rule: "quotes", Args: map[string]any{"line": number}}
			case strings.HasSuffix(cell, `"`) && !strings.Contains(inner, `"`):
				cells[i] = strings.ReplaceAll(cell[1:len(cell)-1], `""`, `"`)
			}
		}
		if problem := list.add(number, cells); problem != nil {
			return table{}, problem
		}
	}
	return list.checked()
}

// separator is the one that parts a line into most cells: the first line with enough of them for a
// header decides, else the best of the first lines, since titles may stand above.
func separator(text string) rune {
	best, most := ',', 0
	lines := 0
	for rest := text; most < 3 && lines < headerWithin && rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		lines++
		for _, candidate := range ",;\t" {
			if n := separated(line, candidate); n > most {
				best, most = candidate, n
			}
		}
	}
	return best
}

// separated counts how often a separator stands outside quotes, which open at the start of a cell.
func separated(line string, by rune) (n int) {
	quoted, start := false, true
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted && start
		case r == by && !quoted:
			n++
		}
		start = r == by || r == '"' || start && r == ' '
	}
	return n
}

// add keeps a row that holds anything; the first one is the header.
func (t *table) add(line int, cells []string) *FileProblem {
	last := -1
	for i := range cells {
		cells[i] = Plain(cells[i])
		if cells[i] != "" {
			last = i
		}
	}
	switch {
	case last < 0:
		return nil
	case last >= MostColumns:
		return &FileProblem{Rule: "too_many_columns", Args: map[string]any{"max": MostColumns}}
	case t.header == nil:
		t.header, t.headerLine = cells[:last+1], line
		return nil
	case len(t.rows) >= MostRows:
		return &FileProblem{Rule: "too_many_rows", Args: map[string]any{"max": MostRows}}
	}
	t.rows = append(t.rows, row{line: line, cells: cells[:last+1]})
	return nil
}

func (t table) checked() (table, error) {
	if t.header == nil {
		return table{}, &FileProblem{Rule: "empty"}
	}
	return t, nil
}
