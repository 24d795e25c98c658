package xlsform

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// workbook is what a file holds, by sheet, in the order of the file.
type workbook struct{ sheets []*sheet }

// sheet is one sheet as rows of trimmed texts.
type sheet struct {
	name     string
	lines    []line
	formulas []place // cells whose text is the last result of a formula
	merged   []place // the first cells of merged ones
}

// place is a cell by its row and column, both from 1.
type place struct{ row, column int }

// line is one row of a sheet that is not empty.
type line struct {
	row   int // from 1
	cells []string
}

// open reads the sheets of a workbook.
func open(raw []byte) (*workbook, error) {
	if err := inspect(raw); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked, // all in memory: nothing touches the disk
		RawCellValue: true,
	})
	if err != nil {
		return nil, refuse("workbook", 0, "", "no_workbook", "the workbook cannot be read: %v", err)
	}
	defer book.Close()
	out, left := &workbook{}, mostCells
	for _, name := range book.GetSheetList() {
		s, err := readSheet(book, name, &left)
		if err != nil {
			return nil, err
		}
		out.sheets = append(out.sheets, s)
	}
	return out, out.mark(raw)
}

// readSheet reads one sheet row by row; left is how many cells may still come.
func readSheet(book *excelize.File, name string, left *int) (*sheet, error) {
	s := &sheet{name: norm.NFC.String(name)}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, refuse(name, 0, "", "no_workbook", "the sheet cannot be read: %v", err)
	}
	defer rows.Close()
	for row := 1; rows.Next(); row++ {
		if row > mostRows {
			return nil, refuse(name, row, "", "too_many_rows", "at most %d rows are read; delete the empty ones below the table", mostRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return nil, refuse(name, row, "", "no_workbook", "the row cannot be read: %v", err)
		}
		if len(cells) > mostColumns {
			return nil, refuse(name, row, "", "too_large", "at most %d columns are read", mostColumns)
		}
		empty := true
		for i := range cells {
			cells[i] = tidy(cells[i])
			if cells[i] != "" {
				empty = false
				*left--
			}
		}
		if *left < 0 {
			return nil, refuse(name, row, "", "too_large", "at most %d filled cells are read", mostCells)
		}
		if !empty {
			s.lines = append(s.lines, line{row, cells})
		}
	}
	if err := rows.Error(); err != nil {
		return nil, refuse(name, 0, "", "no_workbook", "the sheet cannot be read: %v", err)
	}
	return s, nil
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
