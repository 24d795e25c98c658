package nominate

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestBrokenWorkbooksComeToTheirVerdicts has what people and their programs make of a list in Excel.
// Want is as in testdata/lists.txtar.
func TestBrokenWorkbooksComeToTheirVerdicts(t *testing.T) {
	const ok = "2 ok | 3 ok"
	for _, c := range []struct {
		name, want string
		spoil      func(f *excelize.File) error
	}{
		{"a name over two merged rows", "2 ok | 3 missing", func(f *excelize.File) error { return f.MergeCell("Sheet1", "A2", "A3") }},
		{"a merged title above the header", "4 ok | 5 ok", func(f *excelize.File) error {
			return firstError(f.InsertRows("Sheet1", 1, 2), f.SetCellValue("Sheet1", "A1", "Vorschläge 2026"), f.MergeCell("Sheet1", "A1", "F1"))
		}},
		{"a formula that says the size", "2 ok | 3 ok", func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "H2", "SUM(D2:D2)") }},
		{"a formula without a result as address", "2 missing | 3 ok", func(f *excelize.File) error {
			return firstError(f.SetCellValue("Sheet1", "B2", nil), f.SetCellFormula("Sheet1", "B2", `CONCAT("a","@b.ch")`))
		}},
		{"an error as branch", "2 bad_branch | 3 ok", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "E2", "#REF!") }},
		{"size as a date", "2 bad_size | 3 ok", func(f *excelize.File) error {
			return f.SetCellValue("Sheet1", "D2", time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC))
		}},
		{"told as a date", ok, func(f *excelize.File) error {
			return firstError(f.SetCellValue("Sheet1", "G1", "informiert am"), f.SetCellValue("Sheet1", "G2", time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)))
		}},
		{"told as a date to come", "2 future | 3 ok", func(f *excelize.File) error {
			return firstError(f.SetCellValue("Sheet1", "G1", "informiert am"), f.SetCellValue("Sheet1", "G2", time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)))
		}},
		{"a number with a fraction of a person", "2 bad_size | 3 ok", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "D2", 37.5) }},
		{"true as a language", "2 bad_language | 3 ok", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "C2", true) }},
		{"a hidden row counts like any other", ok, func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 3, false) }},
		{"an address that is a link", ok, func(f *excelize.File) error {
			return f.SetCellHyperLink("Sheet1", "B2", "mailto:info@mueller.ch", "External")
		}},
		{"empty columns and rows before the list", "4 ok | 5 ok", func(f *excelize.File) error {
			return firstError(f.InsertCols("Sheet1", "A", 3), f.InsertRows("Sheet1", 1, 2))
		}},
		{"spaces that do not break", ok, func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A2", "Müller\u00a0& Söhne\u00a0") }},
		{"coloured rows down to the last", ok, func(f *excelize.File) error {
			style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
			return firstError(err, f.SetCellStyle("Sheet1", "A4", "F4", style), f.SetCellValue("Sheet1", "A1048576", nil))
		}},
		{"two cells that are the same heading", "file:column_twice", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "G1", "Mail") }},
		{"no heading for the address", "file:columns", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "B1", "Kontakt") }},
		{"nothing but a header", "file:empty", func(f *excelize.File) error { return firstError(f.RemoveRow("Sheet1", 3), f.RemoveRow("Sheet1", 2)) }},
		{"a column far to the right", "file:too_many_columns", func(f *excelize.File) error { return f.SetCellValue("Sheet1", "ZZ2", "x") }},
	} {
		t.Run(c.name, func(t *testing.T) { spoilt(t, c.want, c.spoil) })
	}
}

// TestASheetThatIsEmptyOrHiddenDoesNotCount: people save the file they see.
func TestASheetThatIsEmptyOrHiddenDoesNotCount(t *testing.T) {
	const ok = "2 ok | 3 ok"
	for _, c := range []struct {
		name, want string
		spoil      func(f *excelize.File) error
	}{
		{"empty sheets, as Excel used to add them", ok, func(f *excelize.File) error {
			_, err := f.NewSheet("Tabelle2")
			_, other := f.NewSheet("Tabelle3")
			return firstError(err, other)
		}},
		{"a hidden sheet with what a cell may hold", ok, func(f *excelize.File) error {
			_, err := f.NewSheet("Auswahl")
			return firstError(err, f.SetCellValue("Auswahl", "A1", "de"), f.SetSheetVisible("Auswahl", false))
		}},
		{"a list in a sheet that is hidden, and none elsewhere", ok, func(f *excelize.File) error {
			_, err := f.NewSheet("Tabelle2")
			f.SetActiveSheet(1)
			return firstError(err, f.SetSheetVisible("Sheet1", false))
		}},
	} {
		t.Run(c.name, func(t *testing.T) { spoilt(t, c.want, c.spoil) })
	}
}

// spoilt reads a workbook that was spoilt.
func spoilt(t *testing.T, want string, spoil func(f *excelize.File) error) {
	t.Helper()
	got, err := told(book(t, func(f *excelize.File) {
		if err := spoil(f); err != nil {
			t.Fatal(err)
		}
	}), "ZH")
	if err != nil || got != want {
		t.Errorf("verdicts %q (%v), want %q", got, err, want)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestLargeListsComeToTheirVerdicts has what is too large to lie among the files.
func TestLargeListsComeToTheirVerdicts(t *testing.T) {
	const head = "name;email;language;size;branch;town\n"
	line := func(i int) string { return fmt.Sprintf("Firma %d;info@firma%d.ch;de;7;A;Ort %d\n", i, i, i) }
	many := func(n int) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	sheet := `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`
	row := func(n int, cells ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<row r="%d">`, n)
		for i, cell := range cells {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, n, cell)
		}
		return b.String() + "</row>"
	}
	list := row(1, "name", "email", "language", "size", "branch") + row(2, "Eins", "eins@eins.ch", "de", "7", "A")
	var empty strings.Builder
	for i := 3; i < 1_000_000; i++ {
		fmt.Fprintf(&empty, `<row r="%d" spans="1:6" s="1"/>`, i)
	}
	last := row(1_048_576, "Zwei", "zwei@zwei.ch", "de", "7", "A")
	for _, c := range []struct {
		name, want string
		raw        []byte
	}{
		{"10 MB", "file:too_large", bytes.Repeat([]byte("a;b\n"), 10<<20/4)},
		{"a million empty lines", "2 ok | 1000003 ok", []byte(head + line(1) + strings.Repeat(";;;;;\n", 1_000_000) + line(2))},
		{"a million empty rows, left out", "2 ok | 1048576 ok", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml", strings.NewReader(fmt.Sprintf(sheet, list+last)))},
		{"a million empty rows, written out", "2 ok", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml",
			strings.NewReader(fmt.Sprintf(sheet, list+empty.String())))},
		{"a million empty rows, packed a hundredfold", "file:too_large", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml",
			strings.NewReader(fmt.Sprintf(sheet, list+strings.Repeat("<row/>", 1_000_000))))},
		{"one line more than a list may have", "file:too_many_rows", []byte(many(MostRows + 1))},
		{"a name of a million letters", "2 too_long", []byte(head + strings.Repeat("x", 1_000_000) + ";info@firma.ch;de;7;A;\n")},
		{"a line of a million cells", "file:too_many_columns", []byte(head + strings.Repeat("x;", 1_000_000) + "\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := told(c.raw, "BE"); err != nil || got != c.want {
				t.Errorf("verdicts %.200q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// TestAWholeNumberIsOneHoweverAProgramWritesIt: not every program that writes workbooks writes 37 as Excel does.
func TestAWholeNumberIsOneHoweverAProgramWritesIt(t *testing.T) {
	for number, want := range map[string]string{"37": "2 ok", "37.0": "2 ok", "3.7E1": "2 ok", "37.5": "2 bad_size", "3.7E-1": "2 bad_size", "1E400": "2 bad_size", "NaN": "2 bad_size"} {
		row := func(n int, texts, last string) string {
			var b strings.Builder
			fmt.Fprintf(&b, `<row r="%d">`, n)
			for _, cell := range strings.Fields(texts) {
				fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, cell)
			}
			return b.String() + last + "</row>"
		}
		sheet := `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
			row(1, "name email language branch size", "") + row(2, "Eins eins@eins.ch de A", "<c><v>"+number+"</v></c>") + `</sheetData></worksheet>`
		if got, err := told(repacked(t, book(t, nil), "xl/worksheets/sheet1.xml", strings.NewReader(sheet)), "ZH"); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", number, got, err, want)
		}
	}
}
