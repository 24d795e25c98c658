package exports

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rondo/questionnaires"
)

// sameNumber says whether a number that SPSS holds is a cell.
func (d *described) sameNumber(cell, got string) bool {
	if day, err := time.Parse(time.DateOnly, cell); err == nil && d.kind == "date" {
		cell = strconv.FormatInt(day.Unix()-time.Date(1582, 10, 14, 0, 0, 0, 0, time.UTC).Unix(), 10)
	}
	return equalNumbers(d.number(cell), got)
}

func (b *opened) psppReadsSAV(t *testing.T) {
	for _, lang := range questionnaires.Languages {
		script := filepath.Join(t.TempDir(), "get.sps")
		content := fmt.Sprintf("GET FILE='%s'.\n", b.sav(lang))
		if err := os.WriteFile(script, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		b.psppSays(t, b.dir, script, lang)
	}
}

func (b *opened) psppRunsScript(t *testing.T) {
	for _, lang := range questionnaires.Languages {
		b.psppSays(t, filepath.Join(b.dir, "syntax"), b.population+"."+lang+".sps", lang)
	}
}

// sav is the SPSS file with labels in a language.
func (b *opened) sav(lang string) string {
	return filepath.Join(b.dir, "data", b.population+"."+lang+".sav")
}

// psppSays compares the dataset that a script makes in pspp: values, labels,
// missing values, and all words of variables and values.
func (b *opened) psppSays(t *testing.T, dir, script, lang string) {
	t.Helper()
	to := t.TempDir()
	var dump strings.Builder
	fmt.Fprintf(&dump, "SET TVARS=NAMES TNUMBERS=VALUES.\nFORMATS")
	for _, name := range b.names {
		if d := b.book[name]; !d.text() {
			fmt.Fprintf(&dump, "\n  %s (F24.6)", d.spss)
		}
	}
	dump.WriteString(".\nDISPLAY DICTIONARY.\n")
	for name, how := range map[string]string{"values": "/CELLS=VALUES", "labels": "/CELLS=LABELS", "missing": "/CELLS=VALUES /MISSING=RECODE"} {
		fmt.Fprintf(&dump, "SAVE TRANSLATE /OUTFILE='%s/%s.csv' /TYPE=CSV /FIELDNAMES %s /REPLACE.\n", to, name, how)
	}
	last := filepath.Join(to, "dump.sps")
	if err := os.WriteFile(last, []byte(dump.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out := string(run(t, dir, "pspp", "-O", "format=csv", script, last))
	if strings.Contains(out, "error:") || strings.Contains(out, "warning:") {
		t.Fatalf("pspp: %.3000s", out)
	}
	if len(b.rows) == 0 {
		return // SAVE TRANSLATE writes nothing
	}
	values := tableOf(t, filepath.Join(to, "values.csv"), ',')
	b.compare(t, values[0], values[1:], func(d *described, want, got string) bool {
		if d.text() {
			return begun(want, got)
		}
		return d.sameNumber(want, got)
	})
	for j, name := range b.names {
		if values[0][j] != b.book[name].spss {
			t.Errorf("%s is called %s", name, values[0][j])
		}
	}
	gaps := tableOf(t, filepath.Join(to, "missing.csv"), ',')
	b.compare(t, gaps[0], gaps[1:], func(d *described, want, got string) bool {
		reason := missing(want) && len(d.codes) > 0 && !d.text()
		return reason == (strings.TrimSpace(got) == "")
	})
	labels := tableOf(t, filepath.Join(to, "labels.csv"), ',')
	b.compare(t, labels[0], labels[1:], func(d *described, want, got string) bool {
		word := d.word(want, lang)
		return d.text() || word == "" || begun(word, got)
	})
	b.dictionary(t, out, lang)
}

var footnote = regexp.MustCompile(`\[[a-z]+\]$`)

// dictionary compares the words that pspp displays.
func (b *opened) dictionary(t *testing.T, out, lang string) {
	t.Helper()
	byName := map[string]*described{}
	for _, d := range b.book {
		byName[d.spss] = d
	}
	variables, values, current := 0, 0, ""
	part := ""
	for _, line := range strings.Split(out, "\n") {
		if name, ok := strings.CutPrefix(line, "Table: "); ok {
			part = name
			continue
		}
		cells := fieldsOf(line)
		switch {
		case part == "Variables" && len(cells) == 10 && byName[cells[0]] != nil:
			variables++
			d := byName[cells[0]]
			if !begun(d.label[lang], cells[2]) {
				t.Errorf("%s is called %q, want %q", cells[0], cells[2], d.label[lang])
			}
			if want := len(d.codes) > 0 && !d.text() && d.word("-91", lang) != ""; want != (cells[9] == "-99 THRU -90") {
				t.Errorf("%s: missing values %q", cells[0], cells[9])
			}
		case part == "Value Labels" && len(cells) == 3 && cells[1] != "":
			if cells[0] != "" {
				current = cells[0]
			}
			d, number, found := byName[current], footnote.ReplaceAllString(cells[1], ""), false
			for i := range d.codes {
				found = found || equalNumbers(d.numbers[i], number) && begun(d.words[i][lang], cells[2])
			}
			if current != "Variable Value" && !found {
				t.Errorf("%s: %s is called %q", current, number, cells[2])
			}
			values++
		}
	}
	want := 0
	for _, d := range b.book {
		if !d.text() {
			want += len(d.codes)
		}
	}
	if variables != len(b.names) || values != want {
		t.Errorf("pspp displays %d variables and %d values, want %d and %d", variables, values, len(b.names), want)
	}
}

func fieldsOf(line string) []string {
	if all := strings.TrimSpace(line); all == "" || strings.HasPrefix(all, "Variable Value,") || strings.HasPrefix(all, "Footnote") {
		return nil
	}
	cells, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return nil
	}
	return cells
}

func (b *opened) havenReadsSAV(t *testing.T) {
	for _, lang := range questionnaires.Languages {
		b.havenSays(t, lang)
	}
}

// havenSays compares the SPSS file with labels in a language.
func (b *opened) havenSays(t *testing.T, lang string) {
	t.Helper()
	to := t.TempDir()
	run(t, "testdata/readers", "Rscript", "--vanilla", "haven.R", b.sav(lang), to)
	values := tableOf(t, filepath.Join(to, "values.csv"), ',')
	b.compare(t, values[0], values[1:], func(d *described, want, got string) bool {
		if d.text() {
			return begun(want, got)
		}
		if days, err := strconv.ParseFloat(got, 64); err == nil && d.kind == "date" { // haven counts days from 1970
			got = strconv.FormatFloat(math.Round(days*86_400)+12_219_379_200, 'f', -1, 64)
		}
		return d.sameNumber(want, got)
	})
	gaps := tableOf(t, filepath.Join(to, "missing.csv"), ',')
	b.compare(t, gaps[0], gaps[1:], func(d *described, want, got string) bool {
		reason := missing(want) && len(d.codes) > 0 && !d.text()
		return reason == (got == "1")
	})
	values = tableOf(t, filepath.Join(to, "words.csv"), ',')
	byName, count := map[string]*described{}, 0
	for _, d := range b.book {
		byName[d.spss] = d
	}
	for _, line := range values[1:] {
		d, value, label, low, high := byName[line[0]], line[1], line[2], line[3], line[4]
		if value == "" {
			count++
			gaps := d.word("-91", lang) != ""
			if !begun(d.label[lang], label) || d.kind != "date" && !d.text() && gaps != (low == "-99" && high == "-90") {
				t.Errorf("%s is called %q, missing %s to %s", line[0], label, low, high)
			}
			continue
		}
		found := false
		for i := range d.codes {
			found = found || equalNumbers(d.numbers[i], value) && begun(d.words[i][lang], label)
		}
		if !found {
			t.Errorf("%s: %s is called %q", line[0], value, label)
		}
	}
	if count != len(b.names) {
		t.Errorf("%d variables", count)
	}
}

func (b *opened) rRunsScript(t *testing.T) {
	for _, lang := range questionnaires.Languages {
		b.rSays(t, lang)
	}
}

// rSays compares the data frame that the script in a language makes.
func (b *opened) rSays(t *testing.T, lang string) {
	t.Helper()
	to := t.TempDir()
	run(t, "testdata/readers", "Rscript", "--vanilla", "script.R", filepath.Join(b.dir, "syntax", b.population+"."+lang+".R"), to)
	values := tableOf(t, filepath.Join(to, "values.csv"), ',')
	reasons := tableOf(t, filepath.Join(to, "reasons.csv"), ',')
	b.compare(t, values[0], values[1:], func(d *described, want, got string) bool {
		gap := missing(want) && d.word("-91", lang) != ""
		switch word := d.word(want, lang); {
		case gap:
			return got == "NA"
		case d.kind == "code" || d.kind == "flag":
			return got == word || got == word+" ("+want+")"
		case d.kind == "number" || d.kind == "rank":
			return equalNumbers(want, got)
		}
		return want == got
	})
	b.compare(t, reasons[0], reasons[1:], func(d *described, want, got string) bool {
		if missing(want) && d.word("-91", lang) != "" {
			return got == d.word(want, lang)
		}
		return got == ""
	})
	for i, line := range tableOf(t, filepath.Join(to, "words.csv"), ',')[1:] {
		if d := b.book[b.names[i]]; line[0] != b.names[i] || line[1] != d.label[lang] {
			t.Errorf("%s is called %q, want %q", line[0], line[1], d.label[lang])
		}
	}
}
