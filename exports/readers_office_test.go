package exports

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	officeCSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false"
	// How a spreadsheet opens the CSV for Excel: semicolons, UTF-8, formulas run.
	excelCSV = "CSV:59,34,76,1,,0,false,false,false,false,false,0,true"
)

// office lets LibreOffice turn a file into another form.
func office(t *testing.T, file, as, to string, more ...string) {
	t.Helper()
	args := append([]string{"-env:UserInstallation=file://" + filepath.Join(t.TempDir(), "profile"), "--headless"}, more...)
	run(t, t.TempDir(), "soffice", append(args, "--convert-to", as, "--outdir", to, file)...)
}

// formulas counts the formula cells that LibreOffice finds in a file.
func formulas(t *testing.T, file string, more ...string) int {
	t.Helper()
	to := t.TempDir()
	office(t, file, "fods", to, more...)
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	body, err := os.ReadFile(filepath.Join(to, base+".fods"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(body, []byte("table:formula="))
}

func (b *opened) officeOpensWorkbook(t *testing.T) {
	file, to := filepath.Join(b.dir, "data", b.population+".xlsx"), t.TempDir()
	office(t, file, officeCSV+",-1", to)
	sheets, err := filepath.Glob(filepath.Join(to, "*.csv"))
	if err != nil || len(sheets) != 3 {
		t.Fatalf("sheets: %v", sheets)
	}
	for _, sheet := range sheets {
		cells := tableOf(t, sheet, ',')
		switch name := strings.TrimPrefix(filepath.Base(sheet), b.population+"-"); {
		case strings.HasPrefix(name, "labels"):
			book := lines(t, b.file(t, "codebook/codebook.csv"))
			if diff := unequal(book, cells); diff != "" {
				t.Errorf("labels: %s", diff)
			}
		case strings.HasPrefix(name, "codebook"):
			if len(cells) != 1+len(b.names) {
				t.Errorf("codebook: %d lines for %d variables", len(cells), len(b.names))
			}
		default:
			b.compare(t, cells[0], cells[1:], func(_ *described, want, got string) bool {
				return want == got || equalNumbers(want, got) || len(want) > 32_767 && strings.HasPrefix(want, got)
			})
		}
	}
	if n := formulas(t, file); n > 0 {
		t.Errorf("%d formula cells", n)
	}
}

// unequal tells the first line in which two tables differ.
func unequal(want, got [][]string) string {
	for i, line := range want {
		if i >= len(got) || strings.TrimRight(strings.Join(line, "\x00"), "\x00") != strings.TrimRight(strings.Join(got[i], "\x00"), "\x00") {
			return "differs from the codebook in line " + strings.Join(line, "|")
		}
	}
	if len(want) != len(got) {
		return "has more lines than the codebook"
	}
	return ""
}

// officeRunsFormulas shows that the checks of the CSV for Excel would find a
// formula.
func officeRunsFormulas(t *testing.T) {
	bare := filepath.Join(t.TempDir(), "bare.csv")
	if err := os.WriteFile(bare, []byte("\ufeffx\r\n=1+1\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := formulas(t, bare, "--infilter="+excelCSV); n != 1 {
		t.Fatalf("LibreOffice finds %d formulas where one is", n)
	}
}

func (b *opened) officeOpensCSV(t *testing.T) {
	file, to := filepath.Join(b.dir, "data", b.population+"-excel.csv"), t.TempDir()
	if n := formulas(t, file, "--infilter="+excelCSV); n > 0 {
		t.Errorf("%d formula cells", n)
	}
	var columns []string // each as text: what is to be seen is the encoding
	for i := range b.names {
		columns = append(columns, strconv.Itoa(i+1)+"/2")
	}
	office(t, file, officeCSV, to, "--infilter=CSV:59,34,76,1,"+strings.Join(columns, "/"))
	cells := tableOf(t, filepath.Join(to, b.population+"-excel.csv"), ',')
	b.compare(t, cells[0], cells[1:], func(_ *described, want, got string) bool { return want == strings.TrimPrefix(got, "'") || want == got })
}
