package nominate

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
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

func TestWorkbooksThatAreNoListAreRefused(t *testing.T) {
	sheet := `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>`
	cases := []struct {
		name, want string
		raw        []byte
	}{
		{"two sheets", "sheets", book(t, func(f *excelize.File) { _, _ = f.NewSheet("Noch eins") })},
		{"macros", "macros", repacked(t, book(t, nil), "xl/vbaProject.bin", strings.NewReader("x"))},
		{"links to other files", "external", repacked(t, book(t, nil), "xl/externalLinks/externalLink1.xml", strings.NewReader("x"))},
		{"an archive inside", "not_a_list", repacked(t, book(t, nil), "xl/a.zip", strings.NewReader("x"))},
		{"packed a thousandfold", "too_large", repacked(t, book(t, nil), "xl/media/a.bin", io.LimitReader(zeros{}, 32<<20))},
		{"cut off", "not_a_list", book(t, nil)[:900]},
		{"a broken sheet", "empty", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml", strings.NewReader("<broken"))},
		{"one cell in the last row", "empty", repacked(t, book(t, nil), "xl/worksheets/sheet1.xml",
			strings.NewReader(fmt.Sprintf(sheet, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)))},
		{"larger than any list", "too_large", bytes.Repeat([]byte("a"), LargestFile+1)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			_, _, err := ReadEmployers(c.raw, "ZH")
			var file *FileProblem
			if !errors.As(err, &file) {
				t.Fatalf("err = %v, want a refusal of the file", err)
			}
			if file.Rule != c.want && !(c.want == "empty" && file.Rule == "columns") {
				t.Errorf("rule %s, want %s", file.Rule, c.want)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
		})
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
