package verify

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rondo/exports/anonymise"
	"rondo/exports/formats"
	"rondo/questionnaires"
)

// scene is a release in the making and the answers it is made from, so that a test can spoil
// either and everything else still agrees.
type scene struct {
	names, roles, kinds, filters []string
	rows                         [][]string
	records                      []Answers
	report                       map[string]any
	profile                      string
	files                        map[string]string // more files, or others
	typed                        string            // rides in a part of the workbook that shows nothing
	counts                       func(n int) string
	lie                          anonymise.Diversity // added to what the report says of the classes
}

var sizes = map[string][]string{"e_size": {"1-9", "10-49", "50-249", "250+"}}

// sound is a release of twenty records that keeps all it promises.
func sound() *scene {
	s := &scene{
		names:   []string{"synthetic", "e_size", "e_free", "e_view", "e_tick__a", "e_tick__b", "e_why"},
		roles:   []string{"technical", "qi(size)", "plain", "sensitive_high", "plain", "plain", "plain"},
		kinds:   []string{"number", "code", "code", "code", "flag", "flag", "code"},
		filters: []string{"", "", "", "", "", "", "e_free == 1"},
		profile: "scientific", files: map[string]string{},
		counts: func(n int) string {
			if n > 0 && n < 5 {
				return "<5"
			}
			return strconv.Itoa(n)
		},
	}
	for i := range 20 {
		size, shown := []string{"1-9", "10-49", "50-249", "250+"}[i/5], []string{"<50", "50+"}[i/10]
		free, view, why := strconv.Itoa(1+i%2), strconv.Itoa(1+i%3), "-91"
		answers := Answers{"e_size": {size}, "e_free": {free}, "e_view": {view}, "e_tick": {"a", "b"}, "e_comment": {"Ein Satz, den jemand selber geschrieben hat " + strconv.Itoa(i)}}
		tickA, tickB := "1", "1"
		switch i % 5 {
		case 0:
			answers["e_tick"], tickB = []string{"a"}, "0"
		case 1, 2:
			answers["e_tick"], tickA = []string{"b"}, "0"
		}
		if i%2 == 0 {
			why = strconv.Itoa(1 + i/2%2)
			answers["e_why"] = []string{why}
		}
		s.records = append(s.records, answers)
		s.rows = append(s.rows, []string{"1", shown, free, view, tickA, tickB, why})
	}
	s.report = map[string]any{
		"synthetic": true, "records": 20, "k_target": 5, "capacity": 4, "classes": 2, "min_class": 10, "k": 10, "candidates_min": 10, "max_risk": .1,
		"expected_reidentifications": 2, "expected_reidentifications_before": 4, "ncp": .25, "ncp_by_key": map[string]float64{"e_size": .25}, "suppressed_records": "0", "node": map[string]int{"e_size": 1}, "hierarchies": map[string]string{"e_size": "size"},
		"rules": map[string]float64{"distinct_l": 2, "agree_share": .8, "rare_minimum": 3, "hidden_answers_max": .1, "suppressed_cells_max": .05, "left_out_max": .05},
	}
	return s
}

func (s *scene) column(name string) int { return slices.Index(s.names, name) }

// set puts a cell into rows; the answers stay.
func (s *scene) set(name, cell string, rows ...int) {
	for _, r := range rows {
		s.rows[r][s.column(name)] = cell
	}
}

func (s *scene) rule(name string, x float64) { s.report["rules"].(map[string]float64)[name] = x }

func upTo(n int) []int {
	var out []int
	for i := range n {
		out = append(out, i)
	}
	return out
}

// variables describes the columns as their rows are now.
func (s *scene) variables() (out []formats.Variable, columns []map[string]any) {
	text := func(s string) questionnaires.Text { return questionnaires.Text{"de": s, "fr": s, "it": s, "en": s} }
	for j, name := range s.names {
		v := formats.Variable{Name: name, Type: s.kinds[j], Question: name, Role: s.roles[j], Treatment: "open", Filter: s.filters[j], Wording: text("Frage " + name), Counts: map[string]string{}}
		if s.roles[j] == "technical" {
			v.Question = ""
		}
		n, valid := map[string]int{}, 0
		for _, row := range s.rows {
			if n[row[j]]++; !reason(row[j]) {
				valid++
			}
		}
		for _, code := range slices.Sorted(maps.Keys(n)) {
			if !reason(code) && s.kinds[j] != "number" {
				v.Categories = append(v.Categories, formats.Category{Code: code, Label: text("Wert " + code)})
			}
			if s.roles[j] != "technical" {
				v.Counts[code] = s.counts(n[code])
			}
		}
		v.Valid = s.counts(valid)
		out = append(out, v)
		told := s.diversity(j)
		columns = append(columns, map[string]any{"variable": name, "role": s.roles[j], "treatment": "open", "distinct_l": told.L, "entropy_l": told.EntropyL, "t": told.T,
			"merged_rare": s.counts(n["-97"]), "suppressed_local": s.counts(n["-96"]), "suppressed_routing": s.counts(n["-95"])})
	}
	return out, columns
}

// diversity is what the report says of the classes of a sensitive question: all zero of others.
func (s *scene) diversity(j int) (d anonymise.Diversity) {
	if s.roles[j] != "sensitive_high" {
		return d
	}
	var keys, named [][]string
	var answers, plain []string
	for _, row := range s.rows {
		if reason(row[j]) && row[j] != "-97" {
			continue
		}
		if keys, answers = append(keys, row[1:2]), append(answers, row[j]); row[j] != "-97" {
			named, plain = append(named, row[1:2]), append(plain, row[j])
		}
	}
	d = anonymise.Diverse(keys, answers)
	d.T = anonymise.Diverse(named, plain).T
	return anonymise.Diversity{L: d.L + s.lie.L, EntropyL: d.EntropyL + s.lie.EntropyL, T: d.T + s.lie.T}
}

func (s *scene) bundle(t *testing.T) []byte {
	t.Helper()
	variables, columns := s.variables()
	more, _ := s.report["columns"].([]map[string]any)
	s.report["columns"] = append(columns, more...)
	formats.Measure(variables, s.rows)
	about := formats.About{Population: "employer", Questionnaire: "employer/9", Records: len(s.rows), Synthetic: true}
	files := beside()
	maps.Copy(files, dataFiles(t, about, variables, s.rows))
	book, err := formats.CodebookCSV(variables)
	if err != nil {
		t.Fatal(err)
	}
	s.report["wave"], s.report["population"], s.report["profile"] = "2026", "employer", s.profile
	report, err := json.Marshal(s.report)
	if err != nil {
		t.Fatal(err)
	}
	files["codebook/codebook.csv"], files["report/anonymisation.json"] = string(book), string(report)
	maps.Copy(files, s.files)
	if s.typed != "" {
		rewritten(t, files, "docProps/core.xml", "</cp:coreProperties>", "<!--"+s.typed+"--></cp:coreProperties>")
	}
	m := map[string]any{"wave": "2026", "population": "employer", "profile": s.profile, "synthetic": true, "records": len(s.rows), "k": s.report["k_target"], "keys": []string{"e_size"}}
	var list []map[string]any
	for name, body := range files {
		sum := sha256.Sum256([]byte(body))
		list = append(list, map[string]any{"name": name, "bytes": len(body), "sha256": hex.EncodeToString(sum[:])})
	}
	m["files"] = list
	manifest, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["MANIFEST.json"] = string(manifest)
	var out bytes.Buffer
	zw := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestASoundReleaseHoldsAgainstItsSnapshot(t *testing.T) {
	s := sound()
	body := s.bundle(t)
	got, err := Against(bytes.NewReader(body), int64(len(body)), Snapshot{Records: s.records, Options: sizes})
	if err != nil || got.K != 10 || got.Candidates != 10 || got.NCP != .25 {
		t.Fatalf("%v %+v", err, got)
	}
}

// TestAReceiverFindsWhatAReleaseDoesNotKeep plants one fault after the other; none needs the
// snapshot to be found.
func TestAReceiverFindsWhatAReleaseDoesNotKeep(t *testing.T) {
	receiverFinds(t, map[string]func(s *scene){
		"a class agrees on what it answered to e_view": func(s *scene) { s.set("e_view", "2", upTo(10)...) },
		"e_free shows an answer that too few gave":     func(s *scene) { s.set("e_free", "3", 1, 3) },
		"e_free shows an answer that too few gave ":    func(s *scene) { s.set("e_free", "-97", 1, 3) },
		"more cells of the key e_size are suppressed": func(s *scene) {
			s.set("e_size", "-96", 0, 1, 2, 3, 4)
			s.report["classes"], s.report["min_class"], s.report["k"], s.report["max_risk"], s.report["expected_reidentifications"] = 3, 5, 5, .2, 3
		},
		"what shows of e_tick tells what was suppressed":               func(s *scene) { s.set("e_tick__b", "-96", 1) },
		"whether e_why was asked tells what was suppressed elsewhere":  func(s *scene) { s.set("e_free", "-96", 1) },
		"whether e_free was asked tells what was suppressed elsewhere": func(s *scene) { s.filters[s.column("e_free")] = `e_size == "250+"` },
		"whether e_view was asked tells what was suppressed elsewhere": func(s *scene) { s.filters[s.column("e_view")] = `"b" in e_tick`; s.set("e_tick__b", "-96", 0) },
		"whether e_view was asked tells what was suppressed elsewhere ": func(s *scene) {
			s.filters[s.column("e_view")] = `e_since == 1`
			s.report["columns"] = []map[string]any{{"variable": "e_since", "role": "stable_fact", "treatment": "dropped"}}
		},
		"the report promises less than the profile scientific":   func(s *scene) { s.rule("distinct_l", 1) },
		"the report promises less than the profile scientific ":  func(s *scene) { s.rule("agree_share", .5) },
		"the report promises less than the profile scientific  ": func(s *scene) { s.report["k_target"], s.report["capacity"] = 3, 6 },
		"the report promises less than the profile public":       func(s *scene) { s.profile = "public" },
		"the profile open is not known":                          func(s *scene) { s.profile = "open" },
		"the report says another records than the data":          func(s *scene) { s.report["records"] = 21 },
		"the report says another classes than the data":          func(s *scene) { s.report["classes"] = 3 },
		"the report says another min_class than the data":        func(s *scene) { s.report["min_class"] = 11 },
		"the report says another candidates_min than the data":   func(s *scene) { s.report["candidates_min"] = 9 },
		"the report says another max_risk than the data":         func(s *scene) { s.report["max_risk"] = .09 },
		"expected_reidentifications than the data":               func(s *scene) { s.report["expected_reidentifications"] = 1 },
		"the report says another suppressed_records than":        func(s *scene) { s.report["suppressed_records"] = "2" },
		"the codebook counts e_free otherwise": func(s *scene) {
			s.set("e_free", "-92", 1, 3)
			s.set("e_why", "-95", 1, 3)
			s.counts = strconv.Itoa
		},
		"the report counts what was hidden of e_view otherwise": func(s *scene) {
			s.set("e_view", "-96", 0, 10)
			s.counts = strconv.Itoa
		},
		"the report says another l of e_view than the data":         func(s *scene) { s.lie.L = 1 },
		"the report says another entropy l of e_view than the data": func(s *scene) { s.lie.EntropyL = -.001 },
		"the report says another t of e_view than the data":         func(s *scene) { s.lie.T = -.001 },
		"more answers to sensitive questions are hidden than":       func(s *scene) { s.set("e_view", "-96", 0, 1, 10) },
		"report/anonymisation.json cannot be read":                  func(s *scene) { s.files["report/anonymisation.json"] = "synthetic" },
	})
}

// receiverFinds fails for each fault of which the finding that it is named for is not found.
func receiverFinds(t *testing.T, faults map[string]func(s *scene)) {
	t.Helper()
	for want, spoil := range faults {
		s := sound()
		spoil(s)
		body := s.bundle(t)
		got, err := Bundle(bytes.NewReader(body), int64(len(body)))
		if !errors.Is(err, ErrBroken) || !strings.Contains(strings.Join(got.Findings, "\n"), strings.TrimSpace(want)) {
			t.Errorf("%q was not found: %v %q", want, err, got.Findings)
		}
	}
}

func TestAReceiverFindsAHiddenClassThatOthersTell(t *testing.T) {
	receiverFinds(t, map[string]func(s *scene){
		"what a class hides of e_view is told by those that still agree": func(s *scene) {
			s.set("e_view", "1", upTo(20)...)
			s.set("e_view", "-96", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		},
		"what a class hides of e_tick__b is told by those that still agree": func(s *scene) {
			s.roles[s.column("e_tick__a")], s.roles[s.column("e_tick__b")] = "sensitive_high", "sensitive_high"
			s.set("e_tick__b", "0", upTo(20)...)
			s.set("e_tick__b", "-96", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		},
	})
}

// TestTheSnapshotTellsWhatAReceiverCannotSee plants faults that leave the bundle in agreement with
// itself.
func TestTheSnapshotTellsWhatAReceiverCannotSee(t *testing.T) {
	for want, spoil := range map[string]func(s *scene){
		"a row is no record of the snapshot":               func(s *scene) { s.set("e_free", "2", 0); s.set("e_why", "-91", 0) },
		"a row is no record of the snapshot ":              func(s *scene) { s.rows[0] = slices.Clone(s.rows[6]) }, // one record twice, the other gone
		"a row is no record of the snapshot  ":             func(s *scene) { s.set("e_size", "50+", 0); s.set("e_size", "<50", 10) },
		"a row is no record of the snapshot   ":            func(s *scene) { s.set("e_free", "-91", 0); s.set("e_why", "-95", 0) }, // an answer turned into "not asked"
		"a row is no record of the snapshot    ":           func(s *scene) { s.records[0]["e_size"] = nil },
		"has a key that its hierarchy does not":            func(s *scene) { s.records[0]["e_size"] = []string{"7"} },
		"other records were left out":                      func(s *scene) { s.records = append(s.records, s.records[0]) },
		"other records were left out ":                     func(s *scene) { s.report["suppressed_records"] = "<5" },
		"says another loss":                                func(s *scene) { s.report["ncp"] = .2 },
		"says another loss, or other candidates":           func(s *scene) { s.report["candidates_min"] = 11 },
		"another risk before protection than the snapshot": func(s *scene) { s.report["expected_reidentifications_before"] = 5 },
		"another loss of e_size than the data":             func(s *scene) { s.report["ncp_by_key"] = map[string]float64{"e_size": .2} },
		"the hierarchy of e_size is not known":             func(s *scene) { s.report["hierarchies"] = map[string]string{"e_size": "sizes"} },
		"README holds a text that somebody":                func(s *scene) { s.files["README"] = "synthetic. den jemand selber geschrieben hat 7." },
		"data/employer.xlsx holds a text":                  func(s *scene) { s.typed = s.records[3]["e_comment"][0] },
	} {
		s := sound()
		spoil(s)
		body := s.bundle(t)
		if _, err := Bundle(bytes.NewReader(body), int64(len(body))); err != nil {
			t.Errorf("%q: the bundle alone shows it: %v", want, err)
			continue
		}
		got, err := Against(bytes.NewReader(body), int64(len(body)), Snapshot{Records: s.records, Options: sizes})
		if !errors.Is(err, ErrBroken) || !strings.Contains(strings.Join(got.Findings, "\n"), strings.TrimSpace(want)) {
			t.Errorf("%q was not found: %v %q", want, err, got.Findings)
		}
	}
}

// TestVerifySharesNoCodeWithWhatItChecks: what both get right was written twice.
func TestVerifySharesNoCodeWithWhatItChecks(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		read++
		for _, imported := range parsed.Imports {
			path, err := strconv.Unquote(imported.Path.Value)
			if err != nil || strings.HasPrefix(path, "rondo/") || strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && path != "github.com/parquet-go/parquet-go" {
				t.Errorf("%s imports %s", f.Name(), path)
			}
		}
	}
	if read < 5 {
		t.Errorf("only %d files were read", read)
	}
}
