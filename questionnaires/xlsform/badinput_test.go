package xlsform_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires/boundtest"
	"rondo/questionnaires/xlsform"
)

// small is a workbook with a form of one question, and what spoil makes of it.
func small(t testing.TB, spoil func(*excelize.File)) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	must(t, book.SetSheetName("Sheet1", "survey"))
	for i, cells := range [][]any{
		{"type", "name", "label::English (en)", "relevant", "calculation"},
		{"text", "a", "What?"},
	} {
		must(t, book.SetSheetRow("survey", fmt.Sprintf("A%d", i+1), &cells))
	}
	if spoil != nil {
		spoil(book)
	}
	return bytesOf(t, book)
}

// withEntry packs a workbook again with one entry added or replaced.
func withEntry(t testing.TB, raw []byte, name string, content io.Reader) []byte {
	t.Helper()
	return repack(t, raw, name, func(w *zip.Writer) {
		to, err := w.Create(name)
		must(t, err)
		_, err = io.Copy(to, content)
		must(t, err)
	})
}

func repack(t testing.TB, raw []byte, without string, add func(*zip.Writer)) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, entry := range in.File {
		if entry.Name != without {
			must(t, w.Copy(entry))
		}
	}
	add(w)
	must(t, w.Close())
	return buf.Bytes()
}

// withLie adds an entry that unpacks to more than it says.
func withLie(t testing.TB, raw []byte, name string, size int64) []byte {
	t.Helper()
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestSpeed)
	must(t, err)
	_, err = io.Copy(deflate, io.LimitReader(zeros{}, size))
	must(t, err)
	must(t, deflate.Close())
	return repack(t, raw, name, func(w *zip.Writer) {
		to, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(nil),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
		must(t, err)
		_, err = to.Write(packed.Bytes())
		must(t, err)
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

const sheet1 = "xl/worksheets/sheet1.xml"

// sheetOf wraps rows as a sheet.
func sheetOf(rows string) io.Reader {
	return strings.NewReader(`<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`)
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestMain reads one workbook where a test below asks for it in a process of its
// own, and says what becomes of it.
func TestMain(m *testing.M) {
	boundtest.Main(m, func(path string) string {
		f, err := os.Open(path)
		if err != nil {
			return err.Error()
		}
		defer f.Close()
		raw, err := io.ReadAll(io.LimitReader(f, xlsform.LargestFile+1)) // as the command does
		if err != nil {
			return err.Error()
		}
		result, err := xlsform.Read(raw, "k", 1)
		if refused := new(xlsform.Refusal); errors.As(err, &refused) {
			return "refused: " + err.Error()
		} else if err != nil {
			return "neither read nor refused: " + err.Error()
		}
		var said strings.Builder
		fmt.Fprintf(&said, "%d questions, %d findings\n", len(result.Questionnaire.Questions()), len(result.Findings))
		for _, n := range result.Notes {
			fmt.Fprintln(&said, n)
		}
		return said.String()
	})
}

// bench reads workbooks in processes of their own.
type bench struct {
	*boundtest.Bench
	dir string
}

func newBench(t *testing.T) *bench {
	b := &bench{dir: t.TempDir()}
	b.Bench = boundtest.NewBench(t, b.file(t, small(t, nil)))
	return b
}

func (b *bench) file(t *testing.T, raw []byte) string {
	t.Helper()
	f, err := os.CreateTemp(b.dir, "*.xlsx")
	must(t, err)
	_, err = f.Write(raw)
	must(t, err)
	must(t, f.Close())
	return f.Name()
}

// read says what becomes of a workbook, which must take 2 s and 128 MB at most.
func (b *bench) read(t *testing.T, raw []byte) string {
	t.Helper()
	return b.Read(t, b.file(t, raw))
}

func TestWhatIsNoFormIsRefusedAtOnceWithThePlaceNamed(t *testing.T) {
	b, form := newBench(t), small(t, nil)
	b.refuses(t, []refusedCase{
		{"100 MB", "too_large", "workbook", make([]byte, 100<<20)},
		{"no archive", "no_workbook", "workbook", []byte("type,name,label\ntext,a,What?\n")},
		{"empty", "no_workbook", "workbook", nil},
		{"the old form of Excel", "old_format", "workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		{"cut off", "no_workbook", "workbook", form[:len(form)/2]},
		{"packed a thousandfold", "too_large", "xl/media/a.bin.xml", withEntry(t, form, "xl/media/a.bin.xml", io.LimitReader(zeros{}, 64<<20))},
		{"unpacks to more than it says", "no_workbook", sheet1, withLie(t, form, sheet1, 64<<20)},
		{"says less than it is", "no_workbook", sheet1, withLie(t, form, sheet1, 4<<10)},
		{"an archive inside", "embedded", "xl/a.zip", withEntry(t, form, "xl/a.zip", bytes.NewReader(form))},
		{"a workbook inside", "embedded", "xl/embeddings/b.xlsx", withEntry(t, form, "xl/embeddings/b.xlsx", bytes.NewReader(form))},
		{"a thousand entries", "too_large", "workbook", repack(t, form, "", func(w *zip.Writer) {
			for i := range 1000 {
				_, err := w.Create(fmt.Sprintf("xl/media/%d.png", i))
				must(t, err)
			}
		})},
		{"the same entry twice", "no_workbook", "XL/worksheets/Sheet1.xml", repack(t, form, "", func(w *zip.Writer) {
			_, err := w.Create("XL/worksheets/Sheet1.xml")
			must(t, err)
		})},
		{"macros", "macros", "xl/vbaProject.bin", withEntry(t, form, "xl/vbaProject.bin", strings.NewReader("x"))},
		{"a kind that has macros", "macros", "[Content_Types].xml", withEntry(t, form, "[Content_Types].xml", strings.NewReader(
			`<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`))},
		{"links to other files", "external_links", "xl/externalLinks/externalLink1.xml", withEntry(t, form, "xl/externalLinks/externalLink1.xml", strings.NewReader("x"))},
		{"a million empty rows", "too_many_rows", "survey row 50001", withEntry(t, form, sheet1, sheetOf(numbered(1<<20, `<row r="%d"/>`)))},
		{"one cell in the last row", "too_many_rows", "survey row 1048576", withEntry(t, form, sheet1, sheetOf(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`))},
		{"the last column", "too_many_columns", "survey row 1", withEntry(t, form, sheet1, sheetOf(`<row r="1"><c r="XFD1"><v>1</v></c></row>`))},
		{"more cells than a form has", "too_large", "survey row 33334", withEntry(t, form, sheet1, sheetOf(numbered(40_000, `<row r="%[1]d"><c r="A%[1]d"><v>1</v></c><c r="B%[1]d"><v>1</v></c><c r="C%[1]d"><v>1</v></c></row>`)))},
		{"a million shared texts", "too_large", "xl/sharedStrings.xml", withEntry(t, form, "xl/sharedStrings.xml", strings.NewReader("<sst>"+numbered(1<<20, "<si><t>%d</t></si>")+"</sst>"))},
		{"nested a hundred thousand deep", "no_workbook", sheet1, withEntry(t, form, sheet1, sheetOf(numbered(100_000, `<r%d>`)))},
		{"entities of its own", "no_workbook", sheet1, withEntry(t, form, sheet1, strings.NewReader(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>`))},
		{"no sheet survey", "missing_sheet", "survey", small(t, func(f *excelize.File) { must(t, f.SetSheetName("survey", "Tabelle1")) })},
		{"no column type", "missing_column", "survey row 1 type", small(t, func(f *excelize.File) { must(t, f.SetCellStr("survey", "A1", "typ")) })},
		{"choices without names", "missing_column", "choices row 1 list_name", small(t, func(f *excelize.File) {
			_, err := f.NewSheet("choices")
			must(t, err)
			must(t, f.SetCellStr("choices", "A1", "label"))
		})},
	})
}

// refusedCase is a workbook that is refused, by which rule and at which place.
type refusedCase struct {
	name, rule, place string
	raw               []byte
}

func (b *bench) refuses(t *testing.T, cases []refusedCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := fmt.Sprintf("refused: %s: %s: ", c.place, c.rule)
			if said := b.read(t, c.raw); !strings.HasPrefix(said, want) {
				t.Errorf("%.500q, want %q", said, want)
			}
		})
	}
}

// rows gives a form that has these rows beneath the header type, name, relevant,
// calculation.
func rows(t testing.TB, lines ...[]any) []byte {
	return formOf(t, append([][]any{{"type", "name", "relevant", "calculation", "label::English (en)"}}, lines...)...)
}

func formOf(t testing.TB, lines ...[]any) []byte {
	return small(t, func(f *excelize.File) {
		for i, cells := range lines {
			must(t, f.SetSheetRow("survey", fmt.Sprintf("A%d", i+1), &cells))
		}
	})
}

func TestWhatAFormCannotMeanIsReportedAtOnceWithThePlaceNamed(t *testing.T) {
	b := newBench(t)
	var many, chain [][]any
	for i := range 5000 {
		many = append(many, []any{"text", strings.Repeat("é", 1+i%3) + "-", "${" + fmt.Sprint(i) + "}"})
		chain = append(chain, []any{"calculate", fmt.Sprintf("c%d", i), "", fmt.Sprintf("${c%d} + 1", i+1)})
	}
	cases := []struct {
		name, want string
		raw        []byte
	}{
		{"an expression of 10,000 characters", "survey row 3 relevant: expression (not carried)",
			rows(t, []any{"integer", "a"}, []any{"text", "b", "${a} = 1" + strings.Repeat(" or ${a} = 1", 10_000/12)})},
		{"ten thousand brackets", "survey row 3 relevant: expression (not carried)",
			rows(t, []any{"integer", "a"}, []any{"text", "b", strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)})},
		{"a circle of calculations", "survey row 2 calculation: cycle (not carried)",
			rows(t, []any{"calculate", "a", "", "${b} + 1"}, []any{"calculate", "b", "", "${a} + 1"}, []any{"text", "t"})},
		{"a calculation of itself", "survey row 2 calculation: cycle (not carried)",
			rows(t, []any{"calculate", "a", "", "${a} + 1"}, []any{"text", "t"})},
		{"five thousand calculations upon one another", "survey row 103 calculation: cycle (not carried)", rows(t, chain...)},
		{"five thousand names that become the same", "survey row 1001 name: renamed", rows(t, many...)},
		{"a condition that looks forward", "survey row 2 relevant: expression (not carried): ${b} > 1: a condition may only look back",
			rows(t, []any{"text", "a", "${b} > 1"}, []any{"integer", "b"})},
		{"groups a thousand deep", "survey row 22: nested_groups (not carried)", rows(t, slicesOf(1000, []any{"begin_group", "g"})...)},
		{"a formula cell", "survey row 2 label::English (en): formula: ", small(t, func(f *excelize.File) {
			must(t, f.SetCellFormula("survey", "C2", `HYPERLINK("http://example.org","x")`))
		})},
		{"merged cells", "survey row 2 label::English (en): merged_cells: ", small(t, func(f *excelize.File) { must(t, f.MergeCell("survey", "C2", "D4")) })},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if said := b.read(t, c.raw); !strings.Contains(said, "\n"+c.want) {
				t.Errorf("the report does not say %q:\n%.2000s", c.want, said)
			}
		})
	}
}

// withList adds a list of choices.
func withList(t testing.TB, n int, raw []byte) []byte {
	book, err := excelize.OpenReader(bytes.NewReader(raw))
	must(t, err)
	defer book.Close()
	_, err = book.NewSheet("choices")
	must(t, err)
	must(t, book.SetSheetRow("choices", "A1", &[]any{"list_name", "name", "label::English (en)", "r"}))
	for i := range n {
		must(t, book.SetSheetRow("choices", fmt.Sprintf("A%d", i+2), &[]any{"l", fmt.Sprintf("c%d", i), "x", i % 5}))
	}
	return bytesOf(t, book)
}

func slicesOf(n int, row []any) [][]any {
	var out [][]any
	for range n {
		out = append(out, row)
	}
	return out
}
