package xlsform_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"rondo/questionnaires"
	"rondo/questionnaires/xlsform"
)

// TestAnExportedWorkbookOpensInLibreOffice lets LibreOffice turn every sheet of an
// export into CSV and compares it cell by cell; then lets it save the workbook and
// imports what it saved. It needs soffice, which .ci/install
// provides; without, it is skipped, except on the project's machine.
func TestAnExportedWorkbookOpensInLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("soffice is not installed; see .ci/install")
		}
		t.Skip("soffice is not installed (apt-get install libreoffice-calc-nogui)")
	}
	for _, ref := range []string{"office/2", "discussion/2"} {
		q, err := questionnaires.Builtin(ref)
		must(t, err)
		raw, dir := export(t, q), t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "form.xlsx"), raw, 0o600))
		convert(t, soffice, dir, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", dir)
		book, err := excelize.OpenReader(bytes.NewReader(raw))
		must(t, err)
		defer book.Close()
		for _, sheet := range book.GetSheetList() {
			want, err := book.GetRows(sheet)
			must(t, err)
			if diff := firstDifference(want, sheetAsCSV(t, dir, sheet)); diff != "" {
				t.Errorf("%s, sheet %s: %s", ref, sheet, diff)
			}
		}
		saved := t.TempDir()
		convert(t, soffice, dir, "xlsx:Calc MS Excel 2007 XML", saved)
		again, err := os.ReadFile(filepath.Join(saved, "form.xlsx"))
		must(t, err)
		result, err := xlsform.Read(again, q.Key, q.Version)
		if err != nil {
			t.Fatalf("%s, saved by LibreOffice: %v", ref, err)
		}
		if diff := cmp.Diff(q, result.Questionnaire, same); diff != "" || len(result.Notes) > 0 {
			t.Errorf("%s, saved by LibreOffice: notes %v (-exported +imported):\n%s", ref, result.Notes, diff)
		}
	}
}

// convert lets LibreOffice save dir/form.xlsx in another form.
func convert(t *testing.T, soffice, dir, as, to string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, soffice, "-env:UserInstallation=file://"+filepath.Join(t.TempDir(), "profile"),
		"--headless", "--convert-to", as, "--outdir", to, filepath.Join(dir, "form.xlsx"))
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
}

func sheetAsCSV(t *testing.T, dir, sheet string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "form-"+sheet+".csv"))
	must(t, err)
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	must(t, err)
	return all
}

// firstDifference compares two sheets; empty cells and rows at an end do not count.
func firstDifference(want, got [][]string) string {
	trim := func(cells []string) []string {
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		return cells
	}
	for i := range max(len(want), len(got)) {
		var a, b []string
		if i < len(want) {
			a = trim(want[i])
		}
		if i < len(got) {
			b = trim(got[i])
		}
		if !slices.Equal(a, b) {
			return fmt.Sprintf("row %d is\n%s\nwant\n%s", i+1, strings.Join(b, " | "), strings.Join(a, " | "))
		}
	}
	return ""
}
