package verify

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
	"strings"
	"time"
)

// languages are those of every label.
var languages = []string{"de", "fr", "it", "en"}

// bookEntry is what the codebook says about a variable.
type bookEntry struct {
	kind   string
	spss   string
	codes  map[string]float64            // code → number in SPSS
	label  map[string]string             // by language
	labels map[string]map[float64]string // by language: number in SPSS → label
	gaps   bool                          // it may hold missing codes
	role   string
	filter string            // the condition under which it was asked
	valid  string            // how many cells hold an answer, as printed
	counts map[string]string // code → how many cells hold it, as printed
	words  string            // labels in all languages
}

// readBook reads the codebook by the names of its columns; nil where it is none.
func readBook(body []byte) map[string]*bookEntry {
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	needed := []string{"variable", "type", "code", "spss_name", "spss_code", "role", "filter", "valid_n", "n"}
	for _, lang := range languages {
		needed = append(needed, "label_"+lang, "value_"+lang)
	}
	for _, name := range needed {
		if _, ok := at[name]; !ok {
			return nil
		}
	}
	out := map[string]*bookEntry{}
	for _, line := range lines[1:] {
		name, code := line[at["variable"]], line[at["code"]]
		e := out[name]
		if e == nil {
			e = &bookEntry{
				kind: line[at["type"]], spss: line[at["spss_name"]], role: line[at["role"]], filter: line[at["filter"]], valid: line[at["valid_n"]],
				codes: map[string]float64{}, label: map[string]string{}, labels: map[string]map[float64]string{}, counts: map[string]string{},
			}
			for _, lang := range languages {
				e.label[lang], e.labels[lang] = strings.TrimPrefix(line[at["label_"+lang]], "'"), map[float64]string{}
			}
			out[name] = e
		}
		for i, head := range lines[0] {
			if strings.HasPrefix(head, "label_") || strings.HasPrefix(head, "value_") {
				e.words += line[i] + "\n"
			}
		}
		if code == "" {
			continue
		}
		e.gaps = e.gaps || reason(code)
		e.counts[code] = line[at["n"]]
		if x, err := strconv.ParseFloat(line[at["spss_code"]], 64); err == nil {
			e.codes[code] = x
			for _, lang := range languages {
				e.labels[lang][x] = strings.TrimPrefix(line[at["value_"+lang]], "'")
			}
		}
	}
	return out
}

// reason says whether a cell is one of the codes -99 to -90.
func reason(cell string) bool {
	return len(cell) == 3 && cell[0] == '-' && cell[1] == '9' && cell[2] >= '0' && cell[2] <= '9'
}

// table is the data file that all others must agree with.
type table struct {
	names []string
	rows  [][]string
	book  map[string]*bookEntry
}

// checkSAV compares an SPSS file with the data: cells, labels, missing codes.
func (d table) checkSAV(body []byte, lang string, say func(string, ...any)) {
	file, err := ReadSAV(body)
	if err != nil {
		say("cannot be read: %s", err.Error())
		return
	}
	if len(file.Variables) != len(d.names) || len(file.Numbers) != len(d.rows) {
		say("has another shape than the data")
		return
	}
	for j, name := range d.names {
		e, v := d.book[name], file.Variables[j]
		if e == nil || e.spss != v.Name {
			say("has other variables than the codebook")
			return
		}
		if !v.Text && (e.gaps != (v.Low == -99 && v.High == -90)) {
			say("declares other missing codes for %s", name)
		}
		if !e.labelled(v, lang) {
			say("has other labels for %s", name)
		}
		for r, row := range d.rows {
			if !e.same(row[j], v, file.Numbers[r][j], file.Texts[r][j]) {
				say("differs from the data in %s", name)
				break
			}
		}
	}
}

// labelled says whether a variable of an SPSS file and its values are called what the codebook calls
// them in a language.
func (e *bookEntry) labelled(v SAVVariable, lang string) bool {
	for _, l := range v.Labels {
		if !shortened(e.labels[lang][l.Value], l.Label) {
			return false
		}
	}
	return shortened(e.label[lang], v.Label) && (v.Text || len(v.Labels) == len(e.labels[lang]))
}

// same says whether a cell of the data and one of the SPSS file agree.
func (e *bookEntry) same(cell string, v SAVVariable, number float64, text string) bool {
	if v.Text {
		return shortened(strings.TrimRight(cell, " "), text)
	}
	if x, ok := e.codes[cell]; ok {
		return x == number
	}
	if e.kind == "date" {
		day, err := time.Parse(time.DateOnly, cell)
		return err == nil && float64(day.Unix()+12_219_379_200) == number // seconds since 14 October 1582
	}
	x, err := strconv.ParseFloat(cell, 64)
	return err == nil && x == number
}

// shortened says whether got is want, or its beginning with an ellipsis where
// the format holds no more.
func shortened(want, got string) bool {
	if want == got || strings.Join(strings.Fields(want), " ") == got {
		return true
	}
	start, cut := strings.CutSuffix(got, "…")
	return cut && len(got) > 100 && strings.HasPrefix(strings.Join(strings.Fields(want), " "), start)
}

// checkTexts looks for cells in the codebook that a spreadsheet would run.
func checkTexts(book []byte, say func(string, ...any)) {
	lines, err := csv.NewReader(bytes.NewReader(book)).ReadAll()
	if err != nil {
		return // said elsewhere
	}
	for _, line := range lines {
		for i, cell := range line {
			if runs(cell) && i != 6 { // 6: the code as it stands in the data
				say("codebook/codebook.csv holds a cell that would run as a formula")
				return
			}
		}
	}
}

// checkStatistics compares the files for statistics programs with the data.
func checkStatistics(files map[string][]byte, m manifest, names []string, rows [][]string, say func(string, ...any)) {
	base := "data/" + m.Population
	d := table{names, rows, readBook(files["codebook/codebook.csv"])}
	if d.book == nil {
		say("codebook/codebook.csv lacks columns")
		return
	}
	for _, lang := range languages {
		name := base + "." + lang + ".sav"
		d.checkSAV(files[name], lang, func(format string, args ...any) { say(name+" "+format, args...) })
	}
	if err := d.checkParquet(files[base+".parquet"], say); err != nil {
		say("the Parquet file cannot be read: %s", err.Error())
	}
	d.checkWorkbook(files[base+".xlsx"], files["codebook/codebook.csv"], say)
	d.checkDDI(files["codebook/ddi-codebook-2.5.xml"], say)
	checkTexts(files["codebook/codebook.csv"], say)
	if m.K == 0 {
		return
	}
	for name := range files {
		if strings.Contains(name, "internal") {
			say("%s must not leave the house", name)
		}
	}
}

// shown prints a number as the data file does.
func shown(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

var errParquet = errors.New("it is no Parquet file")
