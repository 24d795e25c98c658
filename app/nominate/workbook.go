package nominate

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/unicode/norm"

	"rondo/questionnaires/workbook"
)

// mostOfAWorkbook are the limits of a list (reference/security.md SEC-11). The last row of a
// spreadsheet may be filled, as long as no more rows than MostRows are.
var mostOfAWorkbook = workbook.Limits{File: LargestFile, Unpacked: 64 << 20, Elements: 2_000_000, Rows: 1 << 20, Columns: MostColumns, Cells: 500_000, Text: 16 << 20}

// readWorkbook reads the one sheet of an XLSX file that holds anything and is seen: Excel used to add two
// empty ones, and forms hide one with what a cell may hold.
func readWorkbook(raw []byte) (table, error) {
	book, err := workbook.Read(raw, mostOfAWorkbook)
	if refused := new(workbook.Refusal); errors.As(err, &refused) {
		return table{}, problemOf(refused)
	}
	if err != nil {
		return table{}, err
	}
	filled := slices.DeleteFunc(book.Sheets, func(s *workbook.Sheet) bool { return len(s.Lines) == 0 })
	if slices.ContainsFunc(filled, func(s *workbook.Sheet) bool { return !s.Hidden }) {
		filled = slices.DeleteFunc(filled, func(s *workbook.Sheet) bool { return s.Hidden })
	}
	switch len(filled) {
	case 0:
		return table{}, &FileProblem{Rule: "empty"}
	case 1:
	default:
		return table{}, &FileProblem{Rule: "sheets", Args: map[string]any{"n": len(filled)}}
	}
	dates := map[workbook.Place]bool{}
	for _, place := range filled[0].Dates {
		dates[place] = true
	}
	var list table
	for _, l := range filled[0].Lines {
		for i, cell := range l.Cells {
			if dates[workbook.Place{Row: l.Row, Column: i + 1}] {
				cell = dated(cell)
			}
			l.Cells[i] = norm.NFC.String(cell)
		}
		if problem := list.add(l.Row, l.Cells); problem != nil {
			return table{}, problem
		}
	}
	return list.checked()
}

// problemOf says in the words of a list why a workbook is refused.
func problemOf(refused *workbook.Refusal) *FileProblem {
	switch refused.Rule {
	case workbook.Macros:
		return &FileProblem{Rule: "macros"}
	case workbook.ExternalLinks:
		return &FileProblem{Rule: "external"}
	case workbook.TooLarge:
		return &FileProblem{Rule: "too_large", Args: map[string]any{"megabytes": LargestFile >> 20}}
	case workbook.TooManyColumns:
		return &FileProblem{Rule: "too_many_columns", Args: map[string]any{"max": MostColumns}}
	}
	return &FileProblem{Rule: "not_a_list"}
}

// dated gives a date as one: Excel makes the ninth of January of "1-9", and its number would pass
// for that of many persons.
func dated(cell string) string {
	days, err := strconv.ParseFloat(cell, 64)
	if err != nil || days < 1 || days > 3_000_000 {
		return cell
	}
	return time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly)
}
