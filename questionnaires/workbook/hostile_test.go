package workbook_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires/boundtest"
	"rondo/questionnaires/workbook"
)

// with packs a workbook again with one entry added or replaced.
func with(t failer, raw []byte, name, content string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, entry := range in.File {
		if entry.Name != name {
			must(t, w.Copy(entry))
		}
	}
	to, err := w.Create(name)
	must(t, err)
	_, err = io.WriteString(to, content)
	must(t, err)
	must(t, w.Close())
	return out.Bytes()
}

// TestAWorkbookThatContradictsItselfIsRefused has files that a program could only have written
// wrong. Half of a table would be taken for the whole, so each is refused with its place.
func TestAWorkbookThatContradictsItselfIsRefused(t *testing.T) {
	one := saved(t, func(f *excelize.File) { must(t, f.SetCellStr("Sheet1", "A1", "x")) })
	row := func(cells string) []byte {
		return sheetOf(t, `<sheetData><row r="1"><c r="A1"><v>1</v></c>`+cells+`</row></sheetData>`)
	}
	const sheet, book, list, texts = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
	sheets := func(s string) []byte { return with(t, one, book, `<workbook><sheets>`+s+`</sheets></workbook>`) }
	cases := []struct {
		name, want string
		raw        []byte
	}{
		{"no workbook inside", "workbook: no_workbook: ", with(t, one, "_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/other.xml"/></Relationships>`)},
		{"cut off in the midst", sheet + ": no_workbook: ", with(t, one, sheet, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>`)},
		{"ends that do not belong", sheet + ": no_workbook: ", with(t, one, sheet, `<worksheet><sheetData></row></worksheet>`)},
		{"no XML", sheet + ": no_workbook: ", with(t, one, sheet, `<broken`)},
		{"in another encoding", sheet + ": no_workbook: ", with(t, one, sheet, `<?xml version="1.0" encoding="UTF-16"?><worksheet/>`)},
		{"a cell twice", "Sheet1 row 1: no_workbook: ", row(`<c r="A1"><v>2</v></c>`)},
		{"a cell of another row", "Sheet1 row 1: no_workbook: ", row(`<c r="B2"><v>2</v></c>`)},
		{"a cell without a column", "Sheet1 row 1: no_workbook: ", row(`<c r="77"><v>2</v></c>`)},
		{"a cell in a cell", "Sheet1 row 1: no_workbook: ", row(`<c r="B1"><c r="C1"><v>2</v></c></c>`)},
		{"a shared text that is not there", "Sheet1 row 1: no_workbook: ", row(`<c r="B1" t="s"><v>77</v></c>`)},
		{"a row twice", "Sheet1 row 2: no_workbook: ", sheetOf(t, `<sheetData><row r="1"/><row r="1"/></sheetData>`)},
		{"a sheet that is not there", "b: no_workbook: ", sheets(`<sheet name="b" r:id="rId99"/>`)},
		{"one part for two sheets", "b: no_workbook: ", sheets(`<sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId1"/>`)},
		{"a thousand sheets", book + ": too_large: ", sheets(strings.Repeat(`<sheet name="a chart" r:id="rId2"/>`, 1000))}, // rId2 is none with cells
		{"a long name", book + ": too_large: ", sheets(`<sheet name="` + strings.Repeat("a", 1000) + `" r:id="rId1"/>`)},
		{"two thousand relations", list + ": too_large: ", with(t, one, list, `<R>`+strings.Repeat(`<Relationship Id="a"/>`, 2000)+`</R>`)},
		{"a hundred thousand attributes", sheet + ": too_large: ", with(t, one, sheet, `<worksheet `+strings.Repeat(`a="" `, 120_000)+`/>`)},
		{"a comment of a megabyte", sheet + ": too_large: ", with(t, one, sheet, `<worksheet><!--`+strings.Repeat(`x`, 1<<20)+`--></worksheet>`)},
		{"a text that no cell can hold", "Sheet1 row 1: too_large: ", row(`<c r="B1" t="inlineStr"><is><t>` + strings.Repeat("x", 40_000) + `</t></is></c>`)},
		{"such a text in pieces", "Sheet1 row 1: too_large: ", row(`<c r="B1" t="inlineStr"><is>` + strings.Repeat("<r><t>"+strings.Repeat("x", 1000)+"</t></r>", 600) + `</is></c>`)},
		{"such a text that is shared", texts + ": too_large: ", with(t, one, texts, `<sst><si>`+strings.Repeat("<r><t>"+strings.Repeat("x", 1000)+"</t></r>", 600)+`</si></sst>`)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := workbook.Read(c.raw, limits)
			if refused := new(workbook.Refusal); !errors.As(err, &refused) {
				t.Fatalf("err = %v, want a refusal", err)
			}
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("refused with %q, want %q", err, c.want)
			}
		})
	}
}

// TestEveryLimitHolds reads what is just allowed, and refuses one more of it.
func TestEveryLimitHolds(t *testing.T) {
	rows := func(n int) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<row r="%d"><c><v>1</v></c><c/><c><v>2</v></c></row>`, i+1)
		}
		return sheetOf(t, "<sheetData>"+b.String()+"</sheetData>")
	}
	few := workbook.Limits{File: 1 << 20, Unpacked: 1 << 20, Elements: 1000, Rows: 10, Columns: 3, Cells: 20, Text: 20}
	cases := []struct {
		name, rule string
		limit      func(*workbook.Limits)
	}{
		{"rows", workbook.TooManyRows, func(l *workbook.Limits) { l.Rows-- }},
		{"columns", workbook.TooManyColumns, func(l *workbook.Limits) { l.Columns-- }},
		{"cells", workbook.TooLarge, func(l *workbook.Limits) { l.Cells-- }},
		{"text", workbook.TooLarge, func(l *workbook.Limits) { l.Text-- }},
		{"elements", workbook.TooLarge, func(l *workbook.Limits) { l.Elements = 60 }},
		{"bytes", workbook.TooLarge, func(l *workbook.Limits) { l.File = 1000 }},
		{"unpacked bytes", workbook.TooLarge, func(l *workbook.Limits) { l.Unpacked = 2000 }},
	}
	raw := rows(10)
	if _, err := workbook.Read(raw, few); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tight := few
			c.limit(&tight)
			_, err := workbook.Read(raw, tight)
			if refused := new(workbook.Refusal); !errors.As(err, &refused) || refused.Rule != c.rule {
				t.Errorf("err = %v, want %s", err, c.rule)
			}
		})
	}
}

// FuzzParts reads any XML as a sheet and its shared texts, packed as it should be: no panic, and
// nothing that takes long.
func FuzzParts(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3.5</v></c></row></sheetData></worksheet>`, `<sst><si><t>a</t></si></sst>`)
	f.Add(`<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>a_x000D_</x:t></x:r></x:is></x:c></x:row></x:sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></x:worksheet>`, `<sst/>`)
	f.Add(`<?xml version="1.0" encoding="UTF-8"?><a><!-- b --><row r="2"/><c r="$B$2" t="b"><f>1</f><v><![CDATA[1]]>&amp;&#x41;</v></c></a>`, `<si><rPh><t>x</t></rPh></si>`)
	empty := saved(f, func(*excelize.File) {})
	f.Fuzz(func(t *testing.T, sheet, texts string) {
		raw := with(t, with(t, empty, "xl/worksheets/sheet1.xml", sheet), "xl/sharedStrings.xml", texts)
		var book *workbook.Book
		var err error
		boundtest.Quick(t, func() { book, err = workbook.Read(raw, limits) })
		if refused := new(workbook.Refusal); err != nil && !errors.As(err, &refused) {
			t.Fatalf("neither read nor refused: %v", err)
		}
		if err != nil {
			return
		}
		last := 0
		for _, l := range book.Sheets[0].Lines {
			if l.Row <= last || len(l.Cells) == 0 || len(l.Cells) > limits.Columns || l.Cells[len(l.Cells)-1] == "" {
				t.Fatalf("row %d after %d with the cells %q", l.Row, last, l.Cells)
			}
			last = l.Row
		}
	})
}
