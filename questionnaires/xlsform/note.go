package xlsform

import (
	"cmp"
	"fmt"
	"slices"
)

// Note is one line of the report of an import: a place in the workbook and what
// became of it.
type Note struct {
	Sheet    string // survey, choices, settings …
	Row      int    // from 1, as the spreadsheet shows it; 0: the whole sheet
	Column   string // the header of the column as its author wrote it; empty: the whole row
	Rule     string // expression, unknown_column, renamed, question_type …
	Sentence string // what happened, in English
	Lost     bool   // something of the workbook is not in the questionnaire
}

func (n Note) String() string {
	place := n.Sheet
	if n.Row > 0 {
		place += fmt.Sprintf(" row %d", n.Row)
	}
	if n.Column != "" {
		place += " " + n.Column
	}
	lost := ""
	if n.Lost {
		lost = " (not carried)"
	}
	return place + ": " + n.Rule + lost + ": " + n.Sentence
}

// Refusal says why a file is not read as an XLSForm at all.
type Refusal struct{ Note }

func (r *Refusal) Error() string { return r.String() }

func refuse(sheet string, row int, column, rule, format string, args ...any) *Refusal {
	return &Refusal{Note{Sheet: sheet, Row: row, Column: column, Rule: rule, Sentence: fmt.Sprintf(format, args...)}}
}

// report collects the notes of an import.
type report struct{ notes []Note }

// mostNotes is how many notes a report holds; one more says how many there are.
const mostNotes = 5000

// lost notes something that is not carried.
func (r *report) lost(c cell, rule, format string, args ...any) {
	r.notes = append(r.notes, Note{c.sheet, c.row, c.column, rule, fmt.Sprintf(format, args...), true})
}

// changed notes something that is carried in another form.
func (r *report) changed(c cell, rule, format string, args ...any) {
	r.notes = append(r.notes, Note{c.sheet, c.row, c.column, rule, fmt.Sprintf(format, args...), false})
}

var sheetOrder = []string{"settings", "survey", "choices"}

// sorted gives the notes by sheet, row and column, each once.
func (r *report) sorted() []Note {
	rank := func(sheet string) int {
		if i := slices.Index(sheetOrder, sheet); i >= 0 {
			return i
		}
		return len(sheetOrder)
	}
	slices.SortStableFunc(r.notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(rank(a.Sheet), rank(b.Sheet)), cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row))
	})
	notes := slices.Compact(r.notes)
	if more := len(notes) - mostNotes; more > 0 {
		notes = append(notes[:mostNotes:mostNotes], Note{Rule: "too_many_notes", Lost: true,
			Sentence: fmt.Sprintf("%d more notes are not shown", more)})
	}
	return notes
}
