package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rondo/app/wave"
	"rondo/storage/storagetest"
)

// bundle is what somebody reads who has nothing but a release file.
type bundle struct {
	Wave, Population, Profile string
	Records, Invited          int
	Synthetic                 bool

	data []byte
	rows []map[string]string // data/POPULATION.csv
}

func readBundle(t testing.TB, name string) bundle {
	t.Helper()
	archive, err := zip.OpenReader(name)
	must(t, err)
	defer archive.Close()
	read := func(name string) []byte {
		file, err := archive.Open(name)
		must(t, err)
		defer file.Close()
		body, err := io.ReadAll(file)
		must(t, err)
		return body
	}
	var b bundle
	must(t, json.Unmarshal(read("MANIFEST.json"), &b))
	b.data = read("data/" + b.Population + ".csv")
	lines, err := csv.NewReader(bytes.NewReader(b.data)).ReadAll()
	must(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		b.rows = append(b.rows, row)
	}
	return b
}

// count is how many rows hold one of the values in a column.
func (b bundle) count(column string, values ...string) int {
	n := 0
	for _, row := range b.rows {
		if slices.Contains(values, row[column]) {
			n++
		}
	}
	return n
}

// TestTheDemoReachesThePublishedFigures recomputes T1 to T8 of the study's facts from the
// exported files alone, here and in docs/figures.py where Python is at hand.
func TestTheDemoReachesThePublishedFigures(t *testing.T) {
	script, err := filepath.Abs("../docs/figures.py")
	must(t, err)
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.do("demo", "--fill-only")
			of := map[string]bundle{}
			for _, population := range wave.Populations {
				s.do("export", "--wave=2015", "--population="+population, "--profile=internal", "--out="+population+".zip")
				of[population] = readBundle(t, population+".zip")
				if !of[population].Synthetic || !strings.HasPrefix(string(of[population].data), "synthetic,") {
					t.Errorf("%s is not marked as synthetic", population)
				}
			}
			figures(t, of["office"], of["employer"], of["discussion"])
			python(t, script)
		})
	}
}

// figures are the published targets T1-T8.
func figures(t *testing.T, office, employer, discussion bundle) {
	t.Helper()
	top := func(column string) int { return employer.count(column, "3", "4") }
	support, all := top("e_support"), len(employer.rows)
	for _, f := range []struct {
		name        string
		got         int
		least, most int
	}{
		{"T1 offices invited", office.Invited, 26, 26},
		{"T1 offices answering", len(office.rows), 23, 23},
		{"T2 employers answering", all, 109, 109},
		{"T3 support rather or very good", support, 75, 75},
		{"T3 in percent", (200*support + all) / (2 * all), 69, 69},
		{"T4 reaction time", top("e_sat_contact__reaction_time"), 82, 82},
		{"T5 quality of answers", top("e_sat_contact__answer_quality"), 81, 81},
		{"T6 cases last too long", office.count("o_case_duration", "1", "2"), 11, 12},
		{"T7 detailed written strategy", office.count("o_strategy", "detailed"), 15, 15},
		{"T8 protocols", len(discussion.rows), 23, 23},
	} {
		if f.got < f.least || f.got > f.most {
			t.Errorf("%s: %d, want %d to %d", f.name, f.got, f.least, f.most)
		}
	}
	offices := map[string]bool{}
	for _, row := range office.rows {
		offices[row["office"]] = true
		if known, ok := wave.OfficeByCode(row["office"]); !ok || known.Large != (row["o_strategy"] == "detailed") {
			t.Errorf("T7: office %q (large: %v) has the strategy %q", row["office"], known.Large, row["o_strategy"])
		}
	}
	for _, row := range discussion.rows {
		if !offices[row["office"]] {
			t.Errorf("T8: a protocol of %q, which did not answer", row["office"])
		}
		delete(offices, row["office"])
	}
}

// python lets the script recompute the same, and fail when a figure is off.
func python(t *testing.T, script string) {
	t.Helper()
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Logf("no python3 here: the figures are recomputed in Go only")
		return
	}
	out, err := exec.Command(program, script, "office.zip", "employer.zip", "discussion.zip").CombinedOutput()
	if err != nil || strings.Count(string(out), "\n") != 8 {
		t.Errorf("figures.py: %v\n%s", err, out)
	}
	if out, err := exec.Command(program, script, "office.zip", "employer.zip", "office.zip").CombinedOutput(); err == nil {
		t.Errorf("figures.py is content without protocols:\n%s", out)
	}
	fmt.Fprintf(t.Output(), "%s", out)
}
