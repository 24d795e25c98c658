package workbook_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rondo/questionnaires/workbook"
)

var limits = workbook.Limits{File: 8 << 20, Unpacked: 32 << 20, Elements: 400_000, Rows: 50_000, Columns: 200, Cells: 100_000, Text: 4 << 20}

type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// saved is a workbook that excelize writes.
func saved(t failer, fill func(*excelize.File)) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	fill(book)
	var out bytes.Buffer
	must(t, book.Write(&out))
	return out.Bytes()
}

func read(t failer, raw []byte) *workbook.Book {
	t.Helper()
	book, err := workbook.Read(raw, limits)
	must(t, err)
	return book
}

// asExcelize reads the filled rows of each sheet with the library.
func asExcelize(t failer, raw []byte) []*workbook.Sheet {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true})
	must(t, err)
	defer book.Close()
	var sheets []*workbook.Sheet
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		must(t, err)
		s := &workbook.Sheet{Name: name}
		for i, cells := range rows {
			for c := range cells { // it gives what is stored, not what is shown
				place, err := excelize.CoordinatesToCellName(c+1, i+1)
				must(t, err)
				if kind, err := book.GetCellType(name, place); err == nil && kind == excelize.CellTypeBool {
					cells[c] = map[string]string{"1": "TRUE", "0": "FALSE"}[cells[c]]
				}
			}
			for len(cells) > 0 && cells[len(cells)-1] == "" {
				cells = cells[:len(cells)-1]
			}
			if len(cells) > 0 {
				s.Lines = append(s.Lines, workbook.Line{Row: i + 1, Cells: cells})
			}
		}
		sheets = append(sheets, s)
	}
	return sheets
}

func agree(t failer, raw []byte) {
	t.Helper()
	got := read(t, raw).Sheets
	for _, s := range got {
		s.Formulas, s.Merged, s.Dates = nil, nil, nil
	}
	if diff := cmp.Diff(asExcelize(t, raw), got); diff != "" {
		t.Fatalf("(-excelize +here):\n%s", diff)
	}
}

// TestCellsAreReadAsByTheLibrary writes cells of every kind anywhere, and reads them in both ways.
func TestCellsAreReadAsByTheLibrary(t *testing.T) {
	texts := []string{"a", " ", "Käserei Zäziwil", "e\u0301", "1", "01", "=1+1", "a\nb", "a\r\nb", "\tx ", "<b>&amp;", `"`, "_x000D_", "_x005F_x000D_", "_x", "_xZZZZ_", "😀", "日本", "]]>", "'x"}
	rapid.Check(t, func(rt *rapid.T) {
		agree(rt, saved(rt, func(f *excelize.File) {
			for n := range rapid.IntRange(1, 3).Draw(rt, "sheets") {
				name := fmt.Sprint("Sheet", n+1)
				if n > 0 {
					_, err := f.NewSheet(name)
					must(rt, err)
				}
				for range rapid.IntRange(0, 9).Draw(rt, "cells") {
					cell, err := excelize.CoordinatesToCellName(rapid.IntRange(1, 30).Draw(rt, "column"), rapid.IntRange(1, 40).Draw(rt, "row"))
					must(rt, err)
					text := rapid.SampledFrom(texts).Draw(rt, "text")
					switch rapid.IntRange(0, 7).Draw(rt, "kind") {
					case 0:
						must(rt, f.SetCellValue(name, cell, rapid.Float64Range(-1e6, 1e6).Draw(rt, "number")))
					case 1:
						must(rt, f.SetCellValue(name, cell, rapid.Bool().Draw(rt, "bool")))
					case 2:
						must(rt, f.SetCellRichText(name, cell, []excelize.RichTextRun{{Text: text}, {Text: "b", Font: &excelize.Font{Bold: true}}, {Text: text}}))
					case 3:
						must(rt, f.SetCellDefault(name, cell, text))
					case 4:
						must(rt, f.SetCellFormula(name, cell, "1+1"))
					case 5:
						must(rt, f.SetCellInt(name, cell, 7))
					default:
						must(rt, f.SetCellStr(name, cell, text))
					}
				}
			}
		}))
	})
}

func TestTextsInTheCellsThemselvesAreReadAsByTheLibrary(t *testing.T) {
	agree(t, saved(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		must(t, err)
		must(t, w.SetRow("B3", []any{"a", nil, 3.5, true, "_x0041_", []excelize.RichTextRun{{Text: "x"}, {Text: "y"}}, excelize.Cell{Formula: "1+1", Value: 2}}))
		must(t, w.SetRow("A9", []any{"ü"}))
		must(t, w.Flush())
	}))
}

func TestAWorkbookOfLibreOfficeIsReadAsByTheLibrary(t *testing.T) {
	raw, err := os.ReadFile("../xlsform/testdata/forms/nested_groups.xlsx")
	must(t, err)
	agree(t, raw)
}

// sheetOf is a workbook whose only sheet has that XML within its root.
func sheetOf(t failer, inside string) []byte {
	t.Helper()
	return with(t, saved(t, func(*excelize.File) {}), "xl/worksheets/sheet1.xml",
		`<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+inside+`</worksheet>`)
}

// TestWhatOtherProgramsWriteIsRead has the forms of a cell that excelize does not write.
func TestWhatOtherProgramsWriteIsRead(t *testing.T) {
	cases := []struct{ name, inside, want string }{
		{"rows and cells without their names", `<sheetData><row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row></sheetData>`, "1:1||3 3:4"},
		{"a result of a formula that is a text", `<sheetData><row r="2"><c r="B2" t="str"><f>A1</f><v>x_x0041_</v></c></row></sheetData>`, "2:|x_x0041_"},
		{"an error and a date", `<sheetData><row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="d"><v>2026-11-26</v></c></row></sheetData>`, "1:#N/A|2026-11-26"},
		{"a reading of a Japanese text", `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>ヒガシ</t></rPh><r><t>京</t></r></is></c></row></sheetData>`, "1:東京"},
		{"a comment within a text", `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a<!-- no -->b<![CDATA[<c>]]></t></is></c></row></sheetData>`, "1:ab<c>"},
		{"a prefix", `<x:sheetData xmlns:x="urn:x"><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData>`, "1:1"},
		{"styles of empty cells far out", `<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row></sheetData>`, "1:1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, l := range read(t, sheetOf(t, c.inside)).Sheets[0].Lines {
				got = append(got, fmt.Sprintf("%d:%s", l.Row, strings.Join(l.Cells, "|")))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("read %q, want %q", s, c.want)
			}
		})
	}
}

func TestFormulasAndMergedCellsAreNamed(t *testing.T) {
	s := read(t, saved(t, func(f *excelize.File) {
		must(t, f.SetCellFormula("Sheet1", "C2", "1+1"))
		must(t, f.MergeCell("Sheet1", "B4", "D9"))
	})).Sheets[0]
	if !slices.Equal(s.Formulas, []workbook.Place{{Row: 2, Column: 3}}) || !slices.Equal(s.Merged, []workbook.Place{{Row: 4, Column: 2}}) {
		t.Errorf("formulas %v, merged %v", s.Formulas, s.Merged)
	}
}

func TestNumbersThatAreShownAsDatesAreNamed(t *testing.T) {
	formats := []string{"dd.mm.yyyy", "d. mmm", "[h]:mm", "yyyy\\-mm", `"am" 0`, "[Red]0", `[$CHF-807] #,##0`, "0.00", `0\d`, "General", "@"}
	s := read(t, saved(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))) // in a format that is built in
		must(t, f.SetCellValue("Sheet1", "B1", 46266))
		for i, format := range formats {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err)
			cell := fmt.Sprintf("A%d", i+2)
			must(t, f.SetCellValue("Sheet1", cell, 46266))
			must(t, f.SetCellStyle("Sheet1", cell, cell, style))
		}
	})).Sheets[0]
	want := []workbook.Place{{Row: 1, Column: 1}, {Row: 2, Column: 1}, {Row: 3, Column: 1}, {Row: 4, Column: 1}, {Row: 5, Column: 1}}
	if !slices.Equal(s.Dates, want) || s.Lines[0].Cells[0] != "46266" {
		t.Errorf("dates %v, want %v; the first cell %q", s.Dates, want, s.Lines[0].Cells[0])
	}
}

func TestAChartIsASheetWithoutCells(t *testing.T) {
	book := read(t, saved(t, func(f *excelize.File) {
		must(t, f.AddChartSheet("Chart", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "Sheet1!$A$1:$A$2"}}}))
	}))
	if len(book.Sheets) != 2 || book.Sheets[1].Name != "Chart" || len(book.Sheets[1].Lines) > 0 {
		t.Errorf("sheets %+v", book.Sheets)
	}
}
