package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/exports/verify"
	"rondo/questionnaires"
)

func build(t testing.TB, m memory, profile string) (Manifest, []byte) {
	t.Helper()
	var out bytes.Buffer
	man, err := Build(context.Background(), m, Request{Wave: "2026", Population: m.snapshot.Population, Profile: profile}, []byte("row key"), &out)
	if err != nil {
		t.Fatal(err)
	}
	return man, out.Bytes()
}

func unzip(t testing.TB, bundle []byte) map[string][]byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = body
	}
	return out
}

func lines(t testing.TB, body []byte) [][]string {
	t.Helper()
	out, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBuild_internal_holds_every_column_and_answer_of_every_population(t *testing.T) {
	for _, ref := range []string{"employer/1", "employer/2", "office/2", "discussion/2"} {
		m := wave(t, ref, 23, 7)
		man, bundle := build(t, m, Internal)
		files := unzip(t, bundle)
		data := lines(t, files["data/"+man.Population+".csv"])
		want := []string{"synthetic"}
		if man.Population != "employer" {
			want = append(want, "office")
		}
		want = append(want, "language", "stratum_group", "stratum_strategy", "shuffle")
		for _, c := range m.snapshot.Questionnaire.Columns() {
			want = append(want, c.Name)
		}
		if diff := cmp.Diff(want, data[0]); diff != "" {
			t.Errorf("%s: columns (-want +got):\n%s", ref, diff)
		}
		if len(data) != 24 || man.Records != 23 {
			t.Errorf("%s: %d lines, %d records", ref, len(data), man.Records)
		}
		if !strings.Contains(string(files["README"]), "not anonymised") {
			t.Errorf("%s: README does not say that the data are not anonymised", ref)
		}
	}
}

func TestBuild_gives_all_columns_for_no_rows(t *testing.T) {
	m := wave(t, "employer/2", 0, 1)
	_, bundle := build(t, m, Internal)
	data := lines(t, unzip(t, bundle)["data/employer.csv"])
	if len(data) != 1 || len(data[0]) != 5+len(m.snapshot.Questionnaire.Columns())-0 {
		t.Errorf("%d lines, %d columns", len(data), len(data[0]))
	}
	var out bytes.Buffer
	_, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Scientific}, nil, &out)
	if !errors.Is(err, ErrTooFew) || out.Len() != 0 {
		t.Errorf("scientific release of nothing: %v, %d bytes", err, out.Len())
	}
}

func TestBuild_gives_the_same_bytes_in_whatever_order_records_come(t *testing.T) {
	for _, profile := range []string{Internal, Scientific} {
		m := wave(t, "employer/2", 109, 3)
		_, first := build(t, m, profile)
		slices.Reverse(m.records)
		_, second := build(t, m, profile)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two builds of one snapshot differ", profile)
		}
	}
}

func TestBuild_marks_everything_made_up_as_synthetic(t *testing.T) {
	for _, profile := range []string{Internal, Scientific} {
		m := wave(t, "employer/2", 150, 4)
		m.snapshot.Synthetic, m.snapshot.Rehearsal = false, true
		man, bundle := build(t, m, profile)
		if !man.Synthetic {
			t.Errorf("%s: the manifest does not say synthetic", profile)
		}
		for name, body := range unzip(t, bundle) {
			if strings.HasSuffix(name, ".xlsx") {
				body = bytes.Join([][]byte{unzip(t, body)["xl/workbook.xml"], unzip(t, body)["xl/worksheets/sheet1.xml"]}, nil)
			}
			if !strings.Contains(string(body), "synthetic") {
				t.Errorf("%s: %s does not say synthetic", profile, name)
			}
		}
	}
}

func TestBuild_real_data_carries_no_such_mark(t *testing.T) {
	m := wave(t, "employer/2", 30, 4)
	m.snapshot.Synthetic = false
	_, bundle := build(t, m, Internal)
	for name, body := range unzip(t, bundle) {
		if name != "MANIFEST.json" && name != "report/anonymisation.json" && name != "report/internal.json" && strings.Contains(string(body), "synthetic") {
			t.Errorf("%s says synthetic", name)
		}
	}
}

func TestBuild_refuses_confidential_populations_as_anonymous_and_unknown_profiles(t *testing.T) {
	for _, c := range []struct{ ref, profile string }{{"office/2", Scientific}, {"discussion/2", Public}, {"employer/2", "open"}} {
		m := wave(t, c.ref, 20, 1)
		var out bytes.Buffer
		_, err := Build(context.Background(), m, Request{Wave: "2026", Population: m.snapshot.Population, Profile: c.profile}, nil, &out)
		if !errors.Is(err, ErrProfile) || out.Len() > 0 {
			t.Errorf("%s as %s: %v", c.ref, c.profile, err)
		}
	}
}

func TestPlanFor_refuses_a_question_without_a_role(t *testing.T) {
	q := *builtin(t, "employer/2")
	page := *q.Pages[0]
	question := *page.Questions[0]
	question.Role = ""
	page.Questions = append([]*questionnaires.Question{&question}, page.Questions[1:]...)
	q.Pages = append([]*questionnaires.Page{&page}, q.Pages[1:]...)
	for _, profile := range []string{Internal, Scientific} {
		if _, err := PlanFor(&q, profile); !errors.Is(err, ErrNoRole) || !strings.Contains(err.Error(), question.Code) {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

func TestPlanFor_lets_nothing_out_that_names_or_is_known(t *testing.T) {
	plan, err := PlanFor(builtin(t, "employer/2"), Scientific)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Kept() {
		switch role := c.Column.Question.Role; role {
		case "plain", "sensitive", "sensitive_high", "qi(size)", "qi(branch)", "qi(canton)":
		default:
			t.Errorf("%s with role %s is released", c.Column.Name, role)
		}
		if c.Column.Type == "text" || c.Column.Type == "number" || c.Column.Type == "date" {
			t.Errorf("%s of type %s is released", c.Column.Name, c.Column.Type)
		}
	}
	for _, c := range plan.Choices {
		if Reason(c.Why).In("fr") == "" {
			t.Errorf("%s: no words for %q", c.Column.Name, c.Why)
		}
	}
}

func TestBuild_spreadsheets_hold_no_formula(t *testing.T) {
	m := wave(t, "employer/2", 60, 5)
	_, bundle := build(t, m, Internal)
	files := unzip(t, bundle)
	if sheet := string(unzip(t, files["data/employer.xlsx"])["xl/worksheets/sheet1.xml"]); strings.Contains(sheet, "<f>") || strings.Contains(sheet, "<f ") {
		t.Error("the workbook holds a formula")
	}
	if !strings.Contains(string(files["data/employer-excel.csv"]), ";'=1+1") {
		t.Error("a cell beginning with = went out bare")
	}
	if !strings.Contains(string(files["data/employer.csv"]), ",=1+1") {
		t.Error("the analysis file changed an answer")
	}
}

// ddiSchema gives xmllint and the schema, where both are there. Elsewhere than beside shared there
// is nothing to validate with; beside it their absence is a failure.
func ddiSchema(t *testing.T) (lint, schema string) {
	t.Helper()
	for _, up := range []string{"..", "../.."} {
		if file := filepath.Join(up, "shared", "ddi-codebook-2.5", "codebook.xsd"); exists(file) {
			schema = file
		} else if exists(filepath.Join(up, "shared")) {
			t.Fatalf("%s/shared is here, but %s is not", up, file)
		}
	}
	lint, err := exec.LookPath("xmllint")
	if schema == "" {
		t.Skip("shared/ddi-codebook-2.5 is not beside this checkout: nothing to validate with")
	}
	if err != nil {
		t.Fatal("xmllint is missing: `make install` brings it")
	}
	return lint, schema
}

// holds validates a codebook.
func holds(t *testing.T, lint, schema, what string, body []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ddi.xml")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--nonet", "--noout", "--schema", schema, file).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%.2000s", what, err, out)
	}
}

func TestBuild_codebook_holds_to_the_DDI_schema(t *testing.T) {
	lint, schema := ddiSchema(t)
	for _, c := range []struct{ ref, profile string }{{"employer/2", Scientific}, {"office/2", Internal}, {"discussion/2", Internal}} {
		_, bundle := build(t, wave(t, c.ref, 109, 6), c.profile)
		holds(t, lint, schema, "data of "+c.ref, unzip(t, bundle)["codebook/ddi-codebook-2.5.xml"])
	}
}

func exists(file string) bool { _, err := os.Stat(file); return err == nil }

func TestBuild_public_report_shows_no_small_count(t *testing.T) {
	_, bundle := build(t, wave(t, "employer/2", 109, 8), Scientific)
	var r map[string]any
	if err := json.Unmarshal(unzip(t, bundle)["report/anonymisation.json"], &r); err != nil {
		t.Fatal(err)
	}
	for _, c := range r["columns"].([]any) {
		for key, v := range c.(map[string]any) {
			if s, ok := v.(string); ok && slices.Contains([]string{"1", "2", "3", "4"}, s) {
				t.Errorf("%v: %s is %s", c, key, s)
			}
		}
	}
	if r["min_class"].(float64) < 5 || r["candidates_min"].(float64) < 5 {
		t.Errorf("min_class %v candidates_min %v", r["min_class"], r["candidates_min"])
	}
}

func TestVerify_finds_a_planted_fault(t *testing.T) {
	_, bundle := build(t, wave(t, "employer/2", 109, 9), Scientific)
	if _, err := verify.Bundle(bytes.NewReader(bundle), int64(len(bundle))); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(files map[string][]byte){
		"a changed byte": func(f map[string][]byte) { f["README"] = append(f["README"], '!') },
		"a missing file": func(f map[string][]byte) { delete(f, "codebook/codebook.csv") },
		"an added file":  func(f map[string][]byte) { f["data/notes.txt"] = []byte("x") },
		"a lying manifest": func(f map[string][]byte) {
			f["MANIFEST.json"] = bytes.Replace(f["MANIFEST.json"], []byte(`"k": 5`), []byte(`"k": 50`), 1)
		},
	} {
		files := unzip(t, bundle)
		spoil(files)
		spoiled := rezip(t, files)
		if _, err := verify.Bundle(bytes.NewReader(spoiled), int64(len(spoiled))); !errors.Is(err, verify.ErrBroken) {
			t.Errorf("%s went unnoticed: %v", name, err)
		}
	}
}
