package verify

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"rondo/exports/formats"
	"rondo/questionnaires"
	"rondo/questionnaires/boundtest"
)

// dataFiles are the data of a bundle in every format, and their description in XML.
func dataFiles(t *testing.T, about formats.About, variables []formats.Variable, rows [][]string) map[string]string {
	t.Helper()
	writers := map[string]func(io.Writer) error{
		".csv":       func(w io.Writer) error { return formats.CSV(w, variables, rows) },
		"-excel.csv": func(w io.Writer) error { return formats.ExcelCSV(w, variables, rows) },
		".parquet":   func(w io.Writer) error { return formats.Parquet(w, about, variables, rows) },
		".xlsx":      func(w io.Writer) error { return formats.XLSX(w, about, variables, rows) },
	}
	for _, lang := range questionnaires.Languages {
		writers["."+lang+".sav"] = func(w io.Writer) error { return formats.SAV(w, about, variables, rows, lang) }
	}
	files := map[string]string{}
	for ending, write := range writers {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		files["data/employer"+ending] = b.String()
	}
	ddi, err := formats.DDI(about, variables)
	if err != nil {
		t.Fatal(err)
	}
	files["codebook/ddi-codebook-2.5.xml"] = string(ddi)
	return files
}

// good is a release as it should be: twelve rows in two classes of six.
func good(t *testing.T) map[string]string {
	t.Helper()
	text := func(s string) questionnaires.Text { return questionnaires.Text{"de": s, "fr": s, "it": s, "en": s} }
	about := formats.About{Population: "employer", Title: text("T"), Questionnaire: "employer/9", Records: 12, Synthetic: true}
	variables := []formats.Variable{
		{Name: "synthetic", Type: formats.Number, Role: "technical", Treatment: "open", Wording: text("made up"), Valid: "12"},
		{Name: "e_size", Type: formats.Code, Question: "e_size", Role: "qi(size)", Treatment: "coarse", Wording: text("Size"), Valid: "12",
			Categories: []formats.Category{{Code: "<50", Label: text("small")}, {Code: "50+", Label: text("large")}}, Counts: map[string]string{"<50": "6", "50+": "6"}},
		{Name: "e_free", Type: formats.Code, Question: "e_free", Role: "plain", Treatment: "open", Wording: text("Free"), Valid: "6",
			Categories: []formats.Category{{Code: "1", Label: text("yes")}}, Counts: map[string]string{"1": "6", "-91": "6"}},
	}
	var rows [][]string
	for i := range 12 {
		rows = append(rows, [][]string{{"1", "<50", "1"}, {"1", "50+", "-91"}}[i/6])
	}
	formats.Measure(variables, rows)
	files := map[string]string{"report/anonymisation.json": goodReport}
	maps.Copy(files, beside())
	maps.Copy(files, dataFiles(t, about, variables, rows))
	book, err := formats.CodebookCSV(variables)
	if err != nil {
		t.Fatal(err)
	}
	files["codebook/codebook.csv"] = string(book)
	return files
}

// beside are the files of a bundle that are only looked at for their mark.
func beside() map[string]string {
	files := map[string]string{}
	names := []string{"report/anonymisation.html", "README", "LICENCE"}
	for _, lang := range questionnaires.Languages {
		script := "syntax/employer." + lang
		names = append(names, "codebook/codebook."+lang+".html", script+".R", script+".sps", script+".do")
	}
	for _, name := range names {
		files[name] = "synthetic"
	}
	return files
}

const goodReport = `{"wave": "2026", "population": "employer", "profile": "scientific", "synthetic": true, "records": 12, "k_target": 5, "capacity": 2, "classes": 2, "min_class": 6, "k": 6, "candidates_min": 6,
 "max_risk": 0.16666666666666666, "expected_reidentifications": 2, "ncp": 0.25, "suppressed_records": "0", "node": {"e_size": 1}, "hierarchies": {"e_size": "size"},
 "rules": {"distinct_l": 2, "agree_share": 0.8, "rare_minimum": 3, "hidden_answers_max": 0.1, "suppressed_cells_max": 0.05, "left_out_max": 0.05}, "columns": []}`

type edit struct {
	files    func(map[string]string)
	manifest func(map[string]any)
	time     time.Time
	lie      bool // manifest made before the files are changed
}

func zipped(t *testing.T, e edit) []byte {
	t.Helper()
	files := good(t)
	m := map[string]any{"wave": "2026", "population": "employer", "profile": "scientific", "synthetic": true, "records": 12, "k": 5, "keys": []string{"e_size"}}
	list := func() {
		var all []map[string]any
		for name, body := range files {
			sum := sha256.Sum256([]byte(body))
			all = append(all, map[string]any{"name": name, "bytes": len(body), "sha256": hex.EncodeToString(sum[:])})
		}
		m["files"] = all
	}
	list()
	if e.files != nil {
		e.files(files)
	}
	if !e.lie {
		list()
	}
	if e.manifest != nil {
		e.manifest(m)
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["MANIFEST.json"] = string(body)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	zw := zip.NewWriter(&out)
	at := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	if !e.time.IsZero() {
		at = e.time
	}
	for _, name := range names {
		w, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBundle_counts_k_again_from_the_data(t *testing.T) {
	bundle := zipped(t, edit{})
	got, err := Bundle(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil || got.K != 6 || got.Classes != 2 || got.Records != 12 || got.Target != 5 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestBundle_finds_every_broken_promise(t *testing.T) {
	both := func(files map[string]string, old, new string) {
		files["data/employer.csv"] = strings.Replace(files["data/employer.csv"], old, new, 1)
		files["data/employer-excel.csv"] = strings.Replace(files["data/employer-excel.csv"], strings.ReplaceAll(old, ",", ";"), strings.ReplaceAll(new, ",", ";"), 1)
	}
	finds(t, map[string]edit{
		"fewer than k=7":             {manifest: func(m map[string]any) { m["k"] = 7 }},
		"fewer than k=5":             {files: func(f map[string]string) { both(f, "1,<50,1", "1,50+,1"); both(f, "1,<50,1", "1,50+,1") }},
		"does not describe":          {files: func(f map[string]string) { both(f, "1,<50,1", "1,<50,7") }},
		"is not the file":            {lie: true, files: func(f map[string]string) { f["README"] += "!" }},
		"is listed and missing":      {lie: true, files: func(f map[string]string) { delete(f, "report/anonymisation.html") }},
		"is not listed":              {lie: true, files: func(f map[string]string) { f["notes.txt"] = "x" }},
		"carries a time":             {time: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)},
		"does not say that it is":    {files: func(f map[string]string) { f["README"] = "x" }},
		"another number of records":  {manifest: func(m map[string]any) { m["records"] = 13 }},
		"is no column":               {manifest: func(m map[string]any) { m["keys"] = []string{"e_branch"} }},
		"no keys are declared":       {manifest: func(m map[string]any) { m["keys"] = nil }},
		"promises no k":              {manifest: func(m map[string]any) { m["k"] = 0 }},
		"may leave as internal only": {manifest: func(m map[string]any) { m["population"] = "office" }},
		"must not leave the house": {files: func(f map[string]string) {
			f["codebook/codebook.csv"] = strings.ReplaceAll(f["codebook/codebook.csv"], ",plain,", ",direct,")
		}},
		"would run as a formula": {files: func(f map[string]string) { both(f, "1,<50,1", "1,<50,=1") }},
		"has no byte order mark": {files: func(f map[string]string) {
			f["data/employer-excel.csv"] = strings.TrimPrefix(f["data/employer-excel.csv"], "\ufeff")
		}},
		"differs from the data": {files: func(f map[string]string) {
			f["data/employer-excel.csv"] = strings.Replace(f["data/employer-excel.csv"], "<50;1", "50+;1", 1)
		}},
		"not those of the codebook": {files: func(f map[string]string) {
			f["codebook/codebook.csv"] = strings.ReplaceAll(f["codebook/codebook.csv"], "e_free", "e_other")
		}},
		"employer.de.sav cannot be read":              {files: func(f map[string]string) { f["data/employer.de.sav"] = f["data/employer.de.sav"][:900] }},
		"it carries a time":                           {files: func(f map[string]string) { swap(f, "data/employer.de.sav", "01 Jan 80", "26 Nov 26") }},
		"data/employer.de.sav has another shape":      {files: func(f map[string]string) { other(f, "data/employer.de.sav", 11, "1", "<50", "1") }},
		"data/employer.de.sav differs":                {files: func(f map[string]string) { other(f, "data/employer.de.sav", 12, "1", "50+", "1") }},
		"data/employer.de.sav declares other missing": {files: func(f map[string]string) { swap(f, "data/employer.de.sav", number(-99), number(-98)) }},
		"data/employer.de.sav has other labels":       {files: func(f map[string]string) { swap(f, "data/employer.de.sav", "small", "SMALL") }},
		"data/employer.fr.sav has other labels":       {files: func(f map[string]string) { swap(f, "data/employer.fr.sav", "small", "SMALL") }},
		"data/employer.it.sav has other labels":       {files: func(f map[string]string) { swap(f, "data/employer.it.sav", "made up", "MADE UP") }},
		"data/employer.en.sav is missing":             {files: func(f map[string]string) { delete(f, "data/employer.en.sav") }},
		"data/employer.de.sav has other variables":    {files: func(f map[string]string) { swap(f, "data/employer.de.sav", "=e_free", "=e_fret") }},
		"the Parquet file cannot be read":             {files: func(f map[string]string) { f["data/employer.parquet"] = f["data/employer.parquet"][:300] }},
		"the Parquet file differs":                    {files: func(f map[string]string) { other(f, "data/employer.parquet", 12, "1", "50+", "1") }},
		"the Parquet file has another shape":          {files: func(f map[string]string) { other(f, "data/employer.parquet", 11, "1", "<50", "-91") }},
		"says more than rondo":                        {files: func(f map[string]string) { swap(f, "data/employer.parquet", "rondo version", "rondo@machine") }},
		"the workbook holds a formula":                {files: func(f map[string]string) { f["data/employer.xlsx"] = planted(t, f["data/employer.xlsx"]) }},
		"the workbook cannot be read":                 {files: func(f map[string]string) { f["data/employer.xlsx"] = "PK" }},
		"codebook.csv holds a cell that would":        {files: func(f map[string]string) { swap(f, "codebook/codebook.csv", ",small,", ",=1+1,") }},
		"report/internal.json must not leave":         {files: func(f map[string]string) { f["report/internal.json"] = "synthetic" }},
		"LICENCE is missing":                          {files: func(f map[string]string) { delete(f, "LICENCE") }},
	})
}

// finds fails for each edit of which the finding that it is named for is not among those of Bundle.
func finds(t *testing.T, edits map[string]edit) {
	t.Helper()
	for want, e := range edits {
		bundle := zipped(t, e)
		got, err := Bundle(bytes.NewReader(bundle), int64(len(bundle)))
		if !errors.Is(err, ErrBroken) || !strings.Contains(strings.Join(got.Findings, "\n"), strings.TrimSpace(want)) {
			t.Errorf("%q was not found: %v %q", want, err, got.Findings)
		}
	}
}

// TestBundle_finds_what_rides_along: a file, a sheet, a report that belongs to nothing or to
// another bundle, with hashes that fit.
func TestBundle_finds_what_rides_along(t *testing.T) {
	finds(t, map[string]edit{
		"data/raw.csv is no file of a bundle":  {files: func(f map[string]string) { f["data/raw.csv"] = "synthetic\n1\n" }},
		"report/corrections.csv is no file of": {files: func(f map[string]string) { f["report/corrections.csv"] = "synthetic" }},
		"syntax/employer.fr.sps is missing":    {files: func(f map[string]string) { delete(f, "syntax/employer.fr.sps") }},
		"codebook/codebook.it.html is missing": {files: func(f map[string]string) { delete(f, "codebook/codebook.it.html") }},
		"tells the hash of the frozen answers": {manifest: func(m map[string]any) { m["snapshot"] = "0a1b" }},
		"is that of another bundle":            {files: func(f map[string]string) { swap(f, "report/anonymisation.json", `"2026"`, `"2015"`) }},
		"is that of another bundle ":           {files: func(f map[string]string) { swap(f, "report/anonymisation.json", "scientific", "public") }},
		"the workbook differs from the data":   {files: func(f map[string]string) { other(f, "data/employer.xlsx", 12, "1", "50+", "1") }},
		"the workbook has another shape, sheet 1": {files: func(f map[string]string) {
			rewritten(t, f, "xl/worksheets/sheet1.xml", "</sheetData>", `<row r="14"><c r="A14"><v>1</v></c></row></sheetData>`)
		}},
		"the workbook has another shape, sheet 2": {files: func(f map[string]string) {
			rewritten(t, f, "xl/worksheets/sheet2.xml", "</row></sheetData>", "</row><row></row></sheetData>")
		}},
		"2.5.xml counts e_free otherwise": {files: func(f map[string]string) {
			swap(f, "codebook/ddi-codebook-2.5.xml", `freq">6<`, `freq">4<`)
			swap(f, "codebook/ddi-codebook-2.5.xml", `vald">6<`, `vald">4<`)
		}},
		"2.5.xml does not describe the columns": {files: func(f map[string]string) { swap(f, "codebook/ddi-codebook-2.5.xml", `name="e_free"`, `name="e_fret"`) }},
		"codebook, sheet 2":                     {files: func(f map[string]string) { rewritten(t, f, "xl/worksheets/sheet2.xml", "small", "SMALL") }},
		"codebook, sheet 3":                     {files: func(f map[string]string) { rewritten(t, f, "xl/worksheets/sheet3.xml", "e_free", "e_fret") }},
		"the workbook cannot be read, sheet 1":  {files: func(f map[string]string) { rewritten(t, f, "xl/worksheets/sheet1.xml", `r="B2"`, `r="B9"`) }},
		"the workbook holds another sheet":      {files: func(f map[string]string) { renamed(t, f, "xl/styles.xml", "xl/worksheets/sheet4.xml") }},
		"the workbook holds xl/comments1.xml":   {files: func(f map[string]string) { renamed(t, f, "xl/styles.xml", "xl/comments1.xml") }},
	})
}

// swap changes the first occurrence and leaves the length.
func swap(f map[string]string, name, old, new string) {
	f[name] = strings.Replace(f[name], old, new, 1)
}

// number is a number as an SPSS file holds it.
func number(x float64) string {
	return string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
}

// other writes one of the data files anew, with n rows that are all the same.
func other(f map[string]string, name string, n int, row ...string) {
	text := func(s string) questionnaires.Text { return questionnaires.Text{"de": s} }
	variables := []formats.Variable{
		{Name: "synthetic", Type: formats.Number, Wording: text("made up")},
		{Name: "e_size", Type: formats.Code, Question: "e_size", Wording: text("Size"), Categories: []formats.Category{{Code: "<50", Label: text("small")}, {Code: "50+", Label: text("large")}}},
		{Name: "e_free", Type: formats.Code, Question: "e_free", Wording: text("Free"), Categories: []formats.Category{{Code: "1", Label: text("yes")}}},
	}
	rows := slices.Repeat([][]string{row}, n)
	formats.Measure(variables, rows)
	var b bytes.Buffer
	write := func() error { return formats.SAV(&b, formats.About{}, variables, rows, "de") }
	switch {
	case strings.HasSuffix(name, ".parquet"):
		write = func() error { return formats.Parquet(&b, formats.About{}, variables, rows) }
	case strings.HasSuffix(name, ".xlsx"):
		write = func() error { return formats.XLSX(&b, formats.About{Population: "employer"}, variables, rows) }
	}
	if write() == nil {
		f[name] = b.String()
	}
}

// rewritten changes a word in one part of the workbook.
func rewritten(t *testing.T, f map[string]string, part, old, new string) {
	t.Helper()
	rezipped(t, f, func(name, body string) (string, string) {
		if name == part {
			return name, strings.Replace(body, old, new, 1)
		}
		return name, body
	})
}

// renamed gives one part of the workbook another name.
func renamed(t *testing.T, f map[string]string, part, to string) {
	t.Helper()
	rezipped(t, f, func(name, body string) (string, string) {
		if name == part {
			return to, body
		}
		return name, body
	})
}

// rezipped writes the workbook anew, each part as change gives it.
func rezipped(t *testing.T, f map[string]string, change func(name, body string) (string, string)) {
	t.Helper()
	book := f["data/employer.xlsx"]
	zr, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	for _, part := range zr.File {
		content, err := unpacked(part)
		if err != nil {
			t.Fatal(err)
		}
		name, body := change(part.Name, string(content))
		w, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	f["data/employer.xlsx"] = b.String()
}

// planted is a workbook with a formula in its first sheet.
func planted(t *testing.T, book string) string {
	t.Helper()
	file, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := errors.Join(file.SetCellFormula(file.GetSheetName(0), "A2", "1+1"), file.Write(&b)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// FuzzReadSAV holds the reader to its promise on any bytes: an answer or an
// error, in little time.
func FuzzReadSAV(f *testing.F) {
	seed := map[string]string{}
	other(seed, "employer.sav", 3, "1", "<50", "-91")
	f.Add([]byte(seed["employer.sav"]))
	f.Add([]byte("$FL2"))
	f.Fuzz(func(t *testing.T, body []byte) {
		boundtest.Quick(t, func() {
			if file, err := ReadSAV(body); err == nil && len(file.Numbers) != len(file.Texts) {
				t.Fatal("cases of two sizes")
			}
		})
	})
}

func TestBundle_refuses_what_is_no_bundle(t *testing.T) {
	for name, body := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "a cut archive": zipped(t, edit{})[:200]} {
		if _, err := Bundle(bytes.NewReader(body), int64(len(body))); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var err error
		boundtest.Quick(t, func() { _, err = Bundle(bytes.NewReader(body), int64(len(body))) })
		if err == nil {
			t.Fatal("random bytes were taken for a release")
		}
	})
}
