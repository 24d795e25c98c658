package xlsform

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"rondo/questionnaires/workbook"
)

// LargestFile is how many bytes a workbook may have.
const LargestFile = 8 << 20

// mostOfAWorkbook are the limits of a workbook of a questionnaire (reference/security.md SEC-11).
var mostOfAWorkbook = workbook.Limits{File: LargestFile, Unpacked: 32 << 20, Elements: 400_000, Rows: 50_000, Columns: 200, Cells: 100_000, Text: 4 << 20}

// open reads the sheets of a workbook and tidies their cells.
func open(raw []byte) (*workbook.Book, error) {
	book, err := workbook.Read(raw, mostOfAWorkbook)
	if refused := new(workbook.Refusal); errors.As(err, &refused) {
		return nil, refuse(refused.Place, refused.Row, "", refused.Rule, "%s", refused.Sentence)
	}
	if err != nil {
		return nil, err
	}
	for _, s := range book.Sheets {
		s.Name = norm.NFC.String(s.Name)
		lines := s.Lines[:0]
		for _, l := range s.Lines {
			filled := false
			for i := range l.Cells {
				l.Cells[i] = tidy(l.Cells[i])
				filled = filled || l.Cells[i] != ""
			}
			if filled {
				lines = append(lines, l)
			}
		}
		s.Lines = lines
	}
	return book, nil
}

// tidy gives a cell as it is meant: without blanks at the ends, and a number
// without the noise of binary fractions (1.1000000000000001).
func tidy(s string) string {
	s = norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")))
	if len(s) > 16 && strings.Contains(s, ".") && strings.Trim(s, "0123456789.-+eE") == "" {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return strconv.FormatFloat(f, 'g', 15, 64)
		}
	}
	return s
}
