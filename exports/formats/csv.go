package formats

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// CSV writes data for programs: UTF-8 without byte order mark, comma, LF, the
// codes as they are.
func CSV(w io.Writer, variables []Variable, rows [][]string) error {
	cw := csv.NewWriter(w)
	return write(cw, variables, rows, func(_ Variable, cell string) string { return cell })
}

// ExcelCSV writes data for a spreadsheet in a Swiss locale: byte order mark,
// semicolon, CRLF, and an apostrophe before every cell that would be read as a
// formula.
func ExcelCSV(w io.Writer, variables []Variable, rows [][]string) error {
	bw := bufio.NewWriter(w)
	if _, err := bw.WriteString("\ufeff"); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	cw := csv.NewWriter(bw)
	cw.Comma, cw.UseCRLF = ';', true
	asRead := func(_ Variable, cell string) string {
		return Harmless(strings.ReplaceAll(cell, "\r", "")) // the writer leaves them out, and what stood around one is judged together
	}
	if err := write(cw, variables, rows, asRead); err != nil {
		return err
	}
	if err := bw.Flush(); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	return nil
}

func write(cw *csv.Writer, variables []Variable, rows [][]string, as func(Variable, string) string) error {
	line := make([]string, len(variables))
	for j, v := range variables {
		line[j] = as(v, v.Name)
	}
	if err := cw.Write(line); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	for _, row := range rows {
		for j, v := range variables {
			line[j] = as(v, row[j])
		}
		if err := cw.Write(line); err != nil {
			return fmt.Errorf("write data: %w", err)
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	return nil
}

// Harmless puts an apostrophe before a cell that a spreadsheet would read as a
// formula; numbers stay numbers.
func Harmless(cell string) string {
	if Risky(cell) {
		return "'" + cell
	}
	return cell
}

// Risky says whether a spreadsheet would read a cell as a formula: it begins,
// after blanks, with a sign that starts one, and is no plain number.
func Risky(cell string) bool {
	if cell == "" || plainNumber(cell) {
		return false
	}
	if strings.ContainsRune("\t\r\n\x00", rune(cell[0])) {
		return true
	}
	for _, r := range strings.TrimLeft(cell, " \u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff") {
		return strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", r)
	}
	return false
}
