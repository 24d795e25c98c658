package nominate

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires/boundtest"
)

// book makes a workbook and lets spoil break it.
func book(t testing.TB, spoil func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, cells := range [][]any{
		{"Firma", "E-Mail", "Sprache", "Grösse", "NOGA", "Ort"},
		{"Müller & Söhne AG", "info@mueller.ch", "de", 37, "C", "Zürich"},
		{"Rochat SA", "contact@rochat.ch", "fr", "250+", "gi", "Bienne"},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if spoil != nil {
		spoil(f)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repacked writes the archive again with one entry added or replaced.
func repacked(t *testing.T, raw []byte, name string, content io.Reader) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, entry := range in.File {
		if entry.Name == name {
			continue
		}
		if err := w.Copy(entry); err != nil {
			t.Fatal(err)
		}
	}
	entry, err := w.Create(name)
	if err == nil {
		_, err = io.Copy(entry, content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAWorkbookIsReadLikeAList(t *testing.T) {
	employers, verdicts, err := ReadEmployers(book(t, nil), "ZH")
	if err != nil || !AllGood(verdicts) || len(employers) != 2 {
		t.Fatalf("ReadEmployers = %v, %v, %v", employers, verdicts, err)
	}
	want := Employer{Line: 2, Office: "ZH", Name: "Müller & Söhne AG", Email: "info@mueller.ch", Language: "de", Size: "10-49", Branch: "be", Town: "Zürich"}
	if employers[0] != want {
		t.Errorf("first line %+v, want %+v", employers[0], want)
	}
}

// TestMain reads one list where a test below asks for it in a process of its own.
func TestMain(m *testing.M) {
	boundtest.Main(m, func(path string) string {
		raw, err := os.ReadFile(path)
		if err != nil {
			return err.Error()
		}
		employers, _, err := ReadEmployers(raw, "ZH")
		if file := new(FileProblem); errors.As(err, &file) {
			return "refused: " + file.Rule
		} else if err != nil {
			return "neither read nor refused: " + err.Error()
		}
		return fmt.Sprint(len(employers), " lines")
	})
}

func onDisk(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWorkbooksThatAreNoListAreRefused(t *testing.T) {
	sheet := `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`
	cases := []struct {
		name, want string
		raw        []byte
	}{
		{"two sheets", "sheets", book(t, func(f *excelize.File) { _, _ = f.NewSheet("Noch eins"); _ = f.SetCellValue("Noch eins", "B2", "x") })},
		{"macros", "macros", repacked(t, book(t, nil), "xl/vbaProject.bin", strings.NewReader("x"))},
		{"links to other files", "external", repacked(t, book(t, nil), "xl/externalLinks/externalLink1.xml", strings.NewReader("x"))},
		{"an archive inside", "not_a_list", repacked(t, book(t, nil), "xl/a.zip", strings.NewReader("x"))},
		{"packed a thousandfold", "too_large", repacked(t, book(t, nil), "xl/media/a.bin", io.LimitReader(zeros{}, 32<<20))},
		{"cut off", "not_a_list", book(t, nil)[:900]},
		{"a broken sheet", "not_a_list", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml", strings.NewReader("<broken"))},
		{"a hundred thousand sheets", "not_a_list", repacked(t, book(t, nil), "xl/workbook.xml", strings.NewReader("<workbook><sheets>"+numbered(100_000, `<sheet name="a%d" r:id="rId1"/>`)+"</sheets></workbook>"))},
		{"a row of a hundred thousand cells", "too_many_columns", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml", strings.NewReader(fmt.Sprintf(sheet, `<row r="1">`+numbered(70_000, `<c><v>%d</v></c>`)+`</row>`)))},
		{"one text in every cell", "too_large", repacked(t, repacked(t, book(t, nil), "xl/sharedStrings.xml", strings.NewReader("<sst><si>"+strings.Repeat("<r><t>abcdefgh</t></r>", 4000)+"</si></sst>")),
			"xl/worksheets/sheet1.xml", strings.NewReader(fmt.Sprintf(sheet, strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 30_000))))},
		{"one cell in the last row", "columns", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml",
			strings.NewReader(fmt.Sprintf(sheet, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)))},
		{"larger than any list", "too_large", bytes.Repeat([]byte("a"), LargestFile+1)},
	}
	alone := boundtest.NewBench(t, onDisk(t, book(t, nil)))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if said := alone.Read(t, onDisk(t, c.raw)); said != "refused: "+c.want {
				t.Errorf("%s, want %s", said, c.want)
			}
		})
	}
}

// TestADateIsNoNumberOfPersons has the size 1-9 as Excel makes a date of it while it is typed.
func TestADateIsNoNumberOfPersons(t *testing.T) {
	raw := book(t, func(f *excelize.File) {
		_ = f.SetCellValue("Sheet1", "D2", time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	})
	employers, verdicts, err := ReadEmployers(raw, "ZH")
	if err != nil {
		t.Fatal(err)
	}
	if p := verdicts[0].Problems; len(p) != 1 || p[0].Rule != "bad_size" || employers[0].Size != "2026-09-01" {
		t.Errorf("size %q, problems %v", employers[0].Size, p)
	}
}

func TestAFormulaCellIsItsTextNotItsResult(t *testing.T) {
	raw := book(t, func(f *excelize.File) { _ = f.SetCellFormula("Sheet1", "A2", `HYPERLINK("http://x","y")`) })
	employers, verdicts, err := ReadEmployers(raw, "ZH")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(employers[0].Name, "HYPERLINK") {
		t.Errorf("name %q, verdict %v", employers[0].Name, verdicts[0])
	}
}
