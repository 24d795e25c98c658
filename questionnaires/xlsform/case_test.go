package xlsform_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/tools/txtar"

	"rondo/questionnaires"
	"rondo/questionnaires/xlsform"
)

var update = flag.Bool("update", false, "write what comes out into the case files")

// TestCases imports the workbooks that testdata holds as tables and compares the
// report and the folder with those in the same file.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/forms/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := imported(t, archive)
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, f := range got.Files {
				if want := part(archive, f.Name); want != string(f.Data) {
					t.Errorf("%s is\n%s\nwant\n%s", f.Name, f.Data, want)
				}
			}
			if len(got.Files) != len(archive.Files) {
				t.Errorf("the case has %d parts, want %d; see -update", len(archive.Files), len(got.Files))
			}
		})
	}
}

func part(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// imported gives a case with its sheets as they were and the rest as it is.
func imported(t *testing.T, a *txtar.Archive) *txtar.Archive {
	t.Helper()
	out := &txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, " sheet") {
			out.Files = append(out.Files, f)
		}
	}
	add := func(name, body string) {
		out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(body)})
	}
	result, err := xlsform.Read(workbookOf(t, a), "case", 1)
	if err != nil {
		add("refusal", err.Error()+"\n")
		return out
	}
	var report, findings strings.Builder
	for _, n := range result.Notes {
		fmt.Fprintln(&report, n)
	}
	count := map[string]int{}
	for _, f := range result.Findings {
		switch f.Rule {
		case "no_role", "missing_translation": // too many to be read one by one
			count[f.Rule+" "+f.Path[strings.LastIndex(f.Path, ".")+1:]]++
		default:
			fmt.Fprintln(&findings, f)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&findings, "%s: %d times\n", rule, count[rule])
	}
	add("report", report.String())
	add("findings", findings.String())
	for _, name := range questionnaires.Files() {
		add(name, string(result.Files[name]))
	}
	return out
}

// workbookOf makes a real workbook of the tables of a case: a line is a row, |
// parts the cells, \n is a line break within one.
func workbookOf(t testing.TB, a *txtar.Archive) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	first := true
	for _, f := range a.Files {
		name, isSheet := strings.CutSuffix(f.Name, " sheet")
		if !isSheet {
			continue
		}
		if first {
			must(t, book.SetSheetName("Sheet1", name))
			first = false
		} else {
			_, err := book.NewSheet(name)
			must(t, err)
		}
		row := 0
		for _, line := range strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n") {
			row++
			for i, s := range strings.Split(line, "|") {
				if s = strings.ReplaceAll(strings.TrimSpace(s), `\n`, "\n"); s == "" {
					continue
				}
				cell, err := excelize.CoordinatesToCellName(i+1, row)
				must(t, err)
				must(t, book.SetCellStr(name, cell, s))
			}
		}
	}
	return bytesOf(t, book)
}

func bytesOf(t testing.TB, book *excelize.File) []byte {
	t.Helper()
	var buf bytes.Buffer
	must(t, book.Write(&buf))
	return buf.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAWorkbookSavedByLibreOfficeSaysTheSame reads nested_groups.txtar once more,
// as LibreOffice has saved it: shared texts, styles, and all a real file has.
func TestAWorkbookSavedByLibreOfficeSaysTheSame(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/forms/nested_groups.txtar")
	must(t, err)
	raw, err := os.ReadFile("testdata/forms/nested_groups.xlsx")
	must(t, err)
	result, err := xlsform.Read(raw, "case", 1)
	must(t, err)
	var report strings.Builder
	for _, n := range result.Notes {
		fmt.Fprintln(&report, n)
	}
	if want := part(archive, "report"); report.String() != want {
		t.Errorf("the report is\n%s\nwant\n%s", report.String(), want)
	}
	for _, name := range questionnaires.Files() {
		if want := part(archive, name); string(result.Files[name]) != want {
			t.Errorf("%s is\n%s\nwant\n%s", name, result.Files[name], want)
		}
	}
}
