package exports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rondo/questionnaires"
)

// opened is a bundle in a folder, with what its own data and codebook say; other
// people's programs must find the same in every other file.
type opened struct {
	dir, population string
	names           []string
	rows            [][]string
	book            map[string]*described
}

// described is a variable of the codebook.
type described struct {
	kind, spss string
	label      questionnaires.Text
	codes      []string              // in order
	numbers    []string              // that stand for them in SPSS
	words      []questionnaires.Text // of the codes
}

// text says whether statistics programs keep the variable as a text.
func (d *described) text() bool { return d.kind == "text" }

// word is the label of a code in a language, "" where there is none.
func (d *described) word(code, lang string) string {
	if i := slices.Index(d.codes, code); i >= 0 {
		return d.words[i][lang]
	}
	return ""
}

// number is what stands for a cell in SPSS.
func (d *described) number(cell string) string {
	if i := slices.Index(d.codes, cell); i >= 0 {
		return d.numbers[i]
	}
	return cell
}

// TestReaders lets real programs open every file of several bundles: of every
// kind of variable, of a real questionnaire, and those in the folder
// RONDO_TEST_BUNDLES. It runs where RONDO_TEST_READERS is set (make
// test-readers); a program that is not there is then a failure.
func TestReaders(t *testing.T) {
	if os.Getenv("RONDO_TEST_READERS") == "" {
		t.Skip("set RONDO_TEST_READERS=1, or make test-readers")
	}
	bundles := map[string][]byte{}
	_, bundles["every kind"] = build(t, kinds(t, 120), Internal)
	_, bundles["every kind, no record"] = build(t, kinds(t, 0), Internal)
	_, bundles["every kind, scientific"] = build(t, kinds(t, 400), Scientific)
	_, bundles["employer 2, public"] = build(t, wave(t, "employer/2", 300, 12), Public)
	if dir := os.Getenv("RONDO_TEST_BUNDLES"); dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "*.zip"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no bundles in %s: %v", dir, err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bundles[filepath.Base(file)] = body
		}
	}
	t.Run("LibreOffice runs formulas", officeRunsFormulas)
	for _, name := range sorted(bundles) {
		t.Run(name, func(t *testing.T) {
			b := openBundle(t, bundles[name])
			t.Run("pspp reads the SPSS file", b.psppReadsSAV)
			t.Run("pspp runs the script", b.psppRunsScript)
			t.Run("haven reads the SPSS file", b.havenReadsSAV)
			t.Run("R runs the script", b.rRunsScript)
			t.Run("DuckDB reads the Parquet file", b.duckdbReadsParquet)
			t.Run("LibreOffice opens the workbook", b.officeOpensWorkbook)
			t.Run("LibreOffice opens the CSV for Excel", b.officeOpensCSV)
			t.Run("xmllint validates the codebook", func(t *testing.T) {
				lint, schema := ddiSchema(t)
				holds(t, lint, schema, name, b.file(t, "codebook/ddi-codebook-2.5.xml"))
			})
		})
	}
}

func openBundle(t *testing.T, bundle []byte) *opened {
	t.Helper()
	b := &opened{dir: t.TempDir(), book: map[string]*described{}}
	for name, body := range unzip(t, bundle) {
		file := filepath.Join(b.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var m Manifest
	if err := json.Unmarshal(b.file(t, "MANIFEST.json"), &m); err != nil {
		t.Fatal(err)
	}
	b.population = m.Population
	data := lines(t, b.file(t, "data/"+b.population+".csv"))
	b.names, b.rows = data[0], data[1:]
	book := lines(t, b.file(t, "codebook/codebook.csv"))
	at := func(column string) int { return slices.Index(book[0], column) }
	inAll := func(column string, line []string) questionnaires.Text {
		out := questionnaires.Text{}
		for _, lang := range questionnaires.Languages {
			out[lang] = strings.TrimPrefix(line[at(column+lang)], "'")
		}
		return out
	}
	for _, line := range book[1:] {
		d := b.book[line[0]]
		if d == nil {
			d = &described{kind: line[at("type")], spss: line[at("spss_name")], label: inAll("label_", line)}
			b.book[line[0]] = d
		}
		if code := line[at("code")]; code != "" {
			d.codes, d.numbers = append(d.codes, code), append(d.numbers, line[at("spss_code")])
			d.words = append(d.words, inAll("value_", line))
		}
	}
	return b
}

func (b *opened) file(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// run runs a program in a folder, which must succeed, and gives what it says.
func run(t *testing.T, dir, program string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing: make test-readers installs it", program)
	}
	command := exec.CommandContext(t.Context(), path, args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=UTC")
	var out, fault bytes.Buffer
	command.Stdout, command.Stderr = &out, &fault
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%.3000s\n%.3000s", program, err, out.Bytes(), fault.Bytes())
	}
	return out.Bytes()
}

// tableOf reads a CSV file that a program has written.
func tableOf(t *testing.T, file string, comma rune) [][]string {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	r.Comma, r.FieldsPerRecord = comma, -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// compare holds the cells of a reader against those of the CSV.
func (b *opened) compare(t *testing.T, head []string, cells [][]string, same func(d *described, want, got string) bool) {
	t.Helper()
	if len(head) != len(b.names) || len(cells) != len(b.rows) {
		t.Fatalf("%d columns and %d rows, want %d and %d", len(head), len(cells), len(b.names), len(b.rows))
	}
	faults, seen := 0, 0
	for r, row := range b.rows {
		for j, name := range b.names {
			seen++
			if !same(b.book[name], row[j], cells[r][j]) {
				if faults++; faults < 8 {
					t.Errorf("%s, row %d: %.200q, want %.200q", name, r+1, cells[r][j], row[j])
				}
			}
		}
	}
	t.Logf("%d cells compared, %d differ", seen, faults)
}

// equalNumbers compares two numbers as written.
func equalNumbers(want, got string) bool {
	a, err := strconv.ParseFloat(want, 64)
	if err != nil {
		return false
	}
	b, err := strconv.ParseFloat(strings.TrimSpace(got), 64)
	return err == nil && a == b
}

// begun says whether got is want, or so much of it as a program takes.
func begun(want, got string) bool {
	want, got = strings.Join(strings.Fields(want), " "), strings.Join(strings.Fields(got), " ")
	start, cut := strings.CutSuffix(got, "…")
	return want == got || cut && len(got) > 100 && strings.HasPrefix(want, start)
}

// parquetSaid is what DuckDB says of a Parquet file.
type parquetSaid struct {
	Columns []string
	Rows    [][]any
	Words   struct {
		Variables []struct {
			Name    string
			Label   map[string]string
			Missing string `json:"missing_in_all_rows"`
			Values  []struct {
				Code  string
				Label map[string]string
			}
		}
	}
}

func (b *opened) duckdbReadsParquet(t *testing.T) {
	var got parquetSaid
	out := run(t, "testdata/readers", "node", "duckdb.mjs", filepath.Join(b.dir, "data", b.population+".parquet"))
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	constant := b.parquetWords(t, got)
	place := map[string]int{}
	var head []string
	for i, name := range got.Columns {
		place[name] = i
		if !strings.HasSuffix(name, "__miss") {
			head = append(head, name)
		}
	}
	if !slices.Equal(head, b.names) {
		t.Errorf("columns %v, want %v", head, b.names)
	}
	cells := make([][]string, len(got.Rows))
	for r, row := range got.Rows {
		for _, name := range head {
			v := row[place[name]]
			if i, ok := place[name+"__miss"]; ok && v == nil {
				v = row[i]
			} else if v == nil {
				v = constant[name]
			} else if ok && row[i] != nil {
				t.Fatalf("%s, row %d has an answer and a reason", name, r+1)
			}
			cells[r] = append(cells[r], said(v))
		}
	}
	b.compare(t, head, cells, func(_ *described, want, got string) bool { return want == got })
}

// parquetWords compares the words of variables and values, and gives for each
// variable the reason that holds in all rows.
func (b *opened) parquetWords(t *testing.T, got parquetSaid) map[string]string {
	t.Helper()
	constant := map[string]string{}
	if len(got.Words.Variables) != len(b.names) {
		t.Fatalf("words of %d variables, want %d", len(got.Words.Variables), len(b.names))
	}
	for i, v := range got.Words.Variables {
		d := b.book[v.Name]
		if d == nil || b.names[i] != v.Name || !maps.Equal(v.Label, d.label) {
			t.Errorf("%s is called %q", v.Name, v.Label["de"])
			continue
		}
		constant[v.Name] = v.Missing
		for _, value := range v.Values {
			if i := slices.Index(d.codes, value.Code); i < 0 || !maps.Equal(d.words[i], value.Label) {
				t.Errorf("%s: %s is called %q", v.Name, value.Code, value.Label["de"])
			}
		}
	}
	return constant
}

func said(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case string:
		return x
	}
	return "?"
}
