package exports

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"rondo/questionnaires"
)

// hostile are texts that formats are apt to stumble over; of some not all is
// kept, see clean.
var hostile = []string{
	"=1+1", "+41 31 322 90 90", "-5", "-91", "@SUM(A1)", "\t=1+1", "\x00=1", "\u202e=1+1", "\u200f-1+1", "＝1", "Müller; «so», \"anders\"\r\nund weiter",
	"l'été à Genève", "'", "\"", "''", "a,b;c\td", "1e5", "00012", "10-49", "2026-01-02", "TRUE", "NA", "NULL", "日本語 😀", "\\n", "$x`y`", "<b>&amp;</b>",
	strings.Repeat("Zürich ", 40), strings.Repeat("é", 255), strings.Repeat("lang und länger ", 600),
}

// kinds is a wave whose questionnaire has every kind of variable and whose
// answers hold what spreadsheets and statistics programs may get wrong.
func kinds(t testing.TB, n int) memory {
	t.Helper()
	structure, err := os.ReadFile("testdata/kinds/questionnaire.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/kinds/text.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"questionnaire.yaml": {Data: structure}}
	for _, lang := range questionnaires.Languages {
		files["text."+lang+".yaml"] = &fstest.MapFile{Data: bytes.ReplaceAll(text, []byte("LANG"), []byte(lang))}
	}
	q, findings, err := questionnaires.ReadDir(files)
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v %v", err, findings)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	m := memory{snapshot: Snapshot{
		Wave: "2026", Population: "employer", Hash: "kinds", Questionnaire: q, N: n, Synthetic: true, RefFrom: 2021, RefTo: 2026, Strata: []string{"group"},
	}}
	numbers := []float64{0, 1, -50, 151, 152, 5e6, 12.345, 0.001}
	for i := range n {
		r := Record{Answers: answer(q, rng), Language: pick(rng, "de", "fr", "it"), Stratum: map[string]string{"group": pick(rng, "G1", "G2")}, Shuffle: rng.IntN(8)}
		if _, asked := r.Answers["e_why"]; asked {
			r.Answers["e_why"] = questionnaires.Value{Text: hostile[i%len(hostile)]}
			r.Answers["e_both__good"] = questionnaires.Value{Text: hostile[(i*7+3)%len(hostile)]}
			r.Answers["e_short"] = questionnaires.Value{Text: pick(rng, "=1", "ja", "-91", "é")}
			x := numbers[i%len(numbers)]
			r.Answers["e_share"] = questionnaires.Value{Number: &x}
			y := float64(int(x))
			r.Answers["e_people"] = questionnaires.Value{Number: &y}
		}
		if i%5 == 0 {
			r.Answers["e_rating_of_something_that_has_a_very_long_name__b"] = questionnaires.Value{Missing: questionnaires.Missing(90 + 4*(i%2))}
			delete(r.Answers, "e_first")
		}
		if r.Answers["raw1"].Codes != nil && r.Answers["raw1"].Codes[0] == "other" {
			r.Answers["raw1_other"] = questionnaires.Value{Text: fmt.Sprint("anderes ", i)}
		}
		m.records = append(m.records, r)
	}
	return m
}

func TestBuild_survives_every_kind_of_variable_and_cell(t *testing.T) {
	m := kinds(t, 120)
	_, bundle := build(t, m, Internal)
	files := unzip(t, bundle)
	for _, row := range lines(t, files["data/employer.csv"])[1:] {
		for _, cell := range row {
			if strings.ContainsAny(cell, "\x00\t\r\n\u202e\u200f") {
				t.Errorf("a cell holds what a program may stumble over: %q", cell)
			}
		}
	}
	_, again := build(t, m, Internal)
	if !bytes.Equal(bundle, again) {
		t.Error("two bundles of one snapshot differ")
	}
}
