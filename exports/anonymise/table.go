package anonymise

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Suppressed is the value of a suppressed cell and the name of the coarsest
// level of every hierarchy.
const Suppressed = "*"

// Refusals of this package; each is wrapped with a sentence that says what and
// where.
var (
	// ErrTable says that a file is not a table that can be worked on.
	ErrTable = errors.New("not a usable table")
	// ErrHierarchy says that a hierarchy does not fit the data or itself.
	ErrHierarchy = errors.New("not a usable hierarchy")
	// ErrOption says that a setting makes no sense.
	ErrOption = errors.New("not a usable setting")
	// ErrUnreachable says that the protection asked for cannot be reached.
	ErrUnreachable = errors.New("cannot be reached")
)

// Table is a file of records: one name per column, one string per cell.
type Table struct {
	Names []string
	Rows  [][]string
	Comma rune // separator found when read, used again when written
}

// ReadCSV reads a table in UTF-8, with or without byte order mark. The
// separator, comma or semicolon, is the more frequent of the two in the header
// outside quotes. Rows of another length than the header are ErrTable.
func ReadCSV(r io.Reader) (*Table, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := br.Peek(3); string(mark) == "\ufeff" {
		if _, err := br.Discard(len(mark)); err != nil {
			return nil, fmt.Errorf("read table: %w", err)
		}
	}
	head, err := br.Peek(1 << 15)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read table: %w", err)
	}
	comma := separator(head)
	cr := csv.NewReader(br)
	cr.Comma = comma
	names, err := cr.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: the file is empty", ErrTable)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrTable, err.Error())
	}
	t := &Table{Names: names, Comma: comma}
	if err := checkNames(names); err != nil {
		return nil, err
	}
	for {
		row, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s", ErrTable, err.Error())
		}
		for _, cell := range row {
			if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
				return nil, fmt.Errorf("%w: row %d holds bytes that are no text in UTF-8", ErrTable, len(t.Rows)+1)
			}
		}
		t.Rows = append(t.Rows, row)
	}
}

func checkNames(names []string) error {
	seen := map[string]bool{}
	for _, n := range names {
		if n == "" || !utf8.ValidString(n) || strings.ContainsAny(n, "\x00\ufeff") {
			return fmt.Errorf("%w: a column has no readable name", ErrTable)
		}
		if seen[n] {
			return fmt.Errorf("%w: two columns are called %q", ErrTable, n)
		}
		seen[n] = true
	}
	return nil
}

func separator(head []byte) rune {
	var commas, semicolons int
	quoted := false
	for _, b := range head {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			return pick(commas, semicolons)
		case b == ',':
			commas++
		case b == ';':
			semicolons++
		}
	}
	return pick(commas, semicolons)
}

func pick(commas, semicolons int) rune {
	if semicolons > commas {
		return ';'
	}
	return ','
}

// header writes the names so that the separator is found again: a name with either of the two
// in it stands in quotes, which encoding/csv would spare.
func header(names []string, comma rune) string {
	cells := make([]string, len(names))
	for i, name := range names {
		if cells[i] = name; strings.ContainsAny(name, ",;\"\r\n") || strings.TrimSpace(name) != name {
			cells[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return strings.Join(cells, string(comma)) + "\n"
}

// WriteCSV writes the table in UTF-8 with LF line ends and its own separator.
func (t *Table) WriteCSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	if t.Comma != 0 {
		cw.Comma = t.Comma
	}
	if _, err := io.WriteString(w, header(t.Names, cw.Comma)); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	for _, row := range t.Rows {
		if len(row) == 1 && row[0] == "" {
			// A lone empty cell would be a blank line, which readers skip.
			cw.Flush()
			if _, err := io.WriteString(w, "\"\"\n"); err != nil {
				return fmt.Errorf("write table: %w", err)
			}
			continue
		}
		if err := cw.Write(row); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// Column gives the cells of one column, in row order; a name the table does not
// have is ErrOption.
func (t *Table) Column(name string) ([]string, error) {
	i := slices.Index(t.Names, name)
	if i < 0 {
		return nil, fmt.Errorf("%w: the file has no column %q", ErrOption, name)
	}
	out := make([]string, len(t.Rows))
	for r, row := range t.Rows {
		out[r] = row[i]
	}
	return out, nil
}

// columns gives several columns; a name given twice is ErrOption.
func (t *Table) columns(names []string) ([][]string, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: no key column was named", ErrOption)
	}
	out := make([][]string, len(names))
	for i, n := range names {
		if slices.Contains(names[:i], n) {
			return nil, fmt.Errorf("%w: the column %q is named twice", ErrOption, n)
		}
		c, err := t.Column(n)
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}
