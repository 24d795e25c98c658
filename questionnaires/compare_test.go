package questionnaires

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// builtinFolder copies the files of a built-in version, to be changed by a test.
func builtinFolder(t testing.TB, ref string) fstest.MapFS {
	t.Helper()
	dir := fstest.MapFS{}
	for _, name := range Files() {
		data, err := fs.ReadFile(Definitions(), ref+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		dir[name] = &fstest.MapFile{Data: data}
	}
	return dir
}

// changed reads a version in which one place of a file reads differently.
func changed(t testing.TB, ref, file, old, new string) *Questionnaire {
	t.Helper()
	dir := builtinFolder(t, ref)
	if !strings.Contains(string(dir[file].Data), old) {
		t.Fatalf("%s of %s does not hold %q", file, ref, old)
	}
	dir[file].Data = []byte(strings.Replace(string(dir[file].Data), old, new, 1))
	q, _, err := ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestCompareNamesEachChangeByVariableAndLanguage(t *testing.T) {
	old, err := Builtin("employer/2")
	if err != nil {
		t.Fatal(err)
	}
	s := StructureFile
	cases := []struct{ name, file, from, to, want string }{
		{"wording", "text.fr.yaml", "Depuis quand collaborez-vous", "Depuis quand travaillez-vous", "e_since fr wording"},
		{"option wording", "text.it.yaml", "Meno di 1 anno", "Meno di un anno", "e_since it option_wording"},
		{"row wording", "text.en.yaml", "Financial risks", "Money risks", "e_barriers__financial_risk en row_wording"},
		{"scale wording", "text.de.yaml", "viel zu kurz", "allzu kurz", "e_duration de option_wording"},
		{"outside the scale", "text.de.yaml", "kein Fall", "nie ein Fall", "e_duration de option_wording"},
		{"notice", "text.de.yaml", "Bitte nennen Sie keine Namen", "Nennen Sie keine Namen", "e_comment de wording"},
		{"page title", "text.de.yaml", "Kontaktaufnahme", "Kontakt", "pages[e2] de words"},
		{"title", "text.en.yaml", "Survey of employers", "Employer survey", "title en words"},
		{"promise", "text.en.yaml", "Taking part is voluntary", "It is voluntary", "notes[PRIVACY_EMPLOYER] en words"},
		{"header", "text.en.yaml", "These questions concern", "About", "header en words"},
		{"option gone", s, "[lt1, y1_2,", "[lt1,", "e_since option_removed"},
		{"option new", s, "[lt1, y1_2,", "[lt1, y0, y1_2,", "e_since option_added"},
		{"option order", s, "[lt1, y1_2,", "[y1_2, lt1,", "e_since option_order"},
		{"exclusive no more", s, "{code: none, exclusive: true}", "none", "e_known option_meaning"},
		{"row gone", s, "[phone, visit, meeting_office,", "[phone, visit,", "e_channels__meeting_office row_removed"},
		{"row new", s, "[phone, visit, meeting_office,", "[phone, fax, visit, meeting_office,", "e_channels__fax row_added"},
		{"row order", s, "[phone, visit, meeting_office,", "[visit, phone, meeting_office,", "e_channels row_order"},
		{"kind", s, "code: e_visits\n        kind: single", "code: e_visits\n        kind: multi", "e_visits kind"},
		{"scale", s, "scale: IMP4", "scale: AGREE4", "e_importance de option_wording"},
		{"required", s, "code: e_contact\n        kind: yesno\n        required: true", "code: e_contact\n        kind: yesno", "e_contact required"},
		{"routing", s, `if: e_initiator == "company"`, `if: e_initiator == "doctor"`, "e_initiator_time routing"},
		{"routing of the page", s, "code: e4\n    if: e_contact == 1\n", "code: e4\n", "e_results_overall routing"},
		{"role", s, "role: qi(size)", "role: stable_fact", "e_size role"},
		{"limits", s, "max_length: 2000", "max_length: 1000", "e_comment limits"},
		{"top", s, "top: 3", "top: 2", "e_wishes limits"},
		{"shuffle", s, "role: sensitive_high\n        shuffle: true\n        options: [retention", "role: sensitive_high\n        options: [retention", "e_reasons shuffle"},
		{"formula", s, "valid: 2", "valid: 1", "e_type_a formula"},
		{"role of a calculated variable", s, "decimals: 2\n    role: sensitive_high", "decimals: 2\n    role: sensitive", "e_type_a role"},
		{"words of a calculated variable", "text.en.yaml", "mean of the two statements (1 to 4)", "mean of both statements", "e_type_a en wording"},
		{"calculated variable new", s, "calculated:\n", "calculated:\n  - {code: e_new, value: e_type__a_new_measures + 1, role: sensitive_high}\n", "e_new added"},
		{"calculated variable gone", s, "  - code: e_type_c_centred", "  - code: e_type_d_centred", "e_type_c_centred removed"},
		{"option on a condition", s, "[lt1, y1_2,", "[lt1, {code: y1_2, if: e_contact == 1},", "e_since option_routing"},
		{"row on a condition", s, "[phone, visit, meeting_office,", "[{code: phone, if: e_contact == 1}, visit, meeting_office,", "e_channels__phone row_routing"},
		{"proposed answer", s, "code: e_since\n", "code: e_since\n        initial: lt1\n", "e_since initial"},
		{"ticks", s, "code: e_reasons\n", "code: e_reasons\n        most: 3\n", "e_reasons limits"},
		{"check", s, "soft: true", "soft: false", "cases_fit_reasons check"},
		{"words of a check", "text.en.yaml", "If both are right, simply continue.", "", "cases_fit_reasons en words"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range Compare(old, changed(t, "employer/2", c.file, c.from, c.to)) {
				got = append(got, strings.Join(strings.Fields(x.Variable+" "+x.Language+" "+x.Kind), " "))
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("changes %v, want %s", got, c.want)
			}
			if len(got) > 6 && c.name != "scale" {
				t.Errorf("one change is reported as %d: %v", len(got), got)
			}
		})
	}
}

func TestCompareFindsNothingWhereNothingDiffers(t *testing.T) {
	for _, q := range Builtins() {
		if got := Compare(q, q); len(got) > 0 {
			t.Errorf("%s against itself: %v", q.Ref(), got)
		}
	}
}

func TestCompareReportsMovedQuestions(t *testing.T) {
	structure := func(codes ...string) *Questionnaire {
		s := "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n"
		for _, c := range codes {
			s += "      - {code: " + c + ", kind: text, role: freetext}\n"
		}
		return define(t, s)
	}
	kinds := func(old, new *Questionnaire) string {
		var out []string
		for _, x := range Compare(old, new) {
			out = append(out, x.Variable+" "+x.Kind)
		}
		return strings.Join(out, ", ")
	}
	if got := kinds(structure("a", "b", "c"), structure("a", "x", "b")); got != "x added, c removed" {
		t.Errorf("one new and one gone: %s", got)
	}
	if got := kinds(structure("a", "b"), structure("b", "a")); got != "b order, a order" {
		t.Errorf("turned round: %s", got)
	}
}

func TestAChangeWithoutItsClassIsOpen(t *testing.T) {
	reworded := Change{Variable: "a", Language: "de", Kind: "wording", Question: "a"}
	row := Change{Variable: "a__r", Kind: "row_removed", Question: "a"}
	added := Change{Variable: "b", Kind: "added", Question: "b"}
	around := Change{Variable: "title", Language: "de", Kind: "words"}
	all := []Change{reworded, row, added, around}
	cases := []struct {
		classes map[string]string
		open    int
	}{
		{nil, 3},
		{map[string]string{"a": ClassKeepsMeaning}, 1},
		{map[string]string{"a": ClassKeepsMeaning, "a__r": ClassBreaksTrend, "b": ClassNew}, 0},
		{map[string]string{"a": ClassNew, "b": ClassNew}, 2}, // what was there is not new
		{map[string]string{"a": ClassBreaksTrend, "b": ClassKeepsMeaning}, 1},
	}
	for _, c := range cases {
		if got := (Classification{Classes: c.classes}).Unclassified(all); len(got) != c.open {
			t.Errorf("%v leaves %v open, want %d", c.classes, got, c.open)
		}
	}
}

func TestReadChangesFindsMistakes(t *testing.T) {
	dir := fstest.MapFS{ChangesFile: {Data: []byte("against: k/1\nby: me\nchanges:\n  - {variable: a, class: same}\n  - {variable: b, class: new}\n  - {variable: b, class: new}\n")}}
	c, found, err := ReadChanges(dir)
	if err != nil || c.Against != "k/1" || c.Classes["b"] != ClassNew {
		t.Fatalf("%+v, %v", c, err)
	}
	want := []string{"changes.yaml: by unknown_key", "changes.yaml: changes[1].class bad_value", "changes.yaml: changes[3].variable duplicate_code"}
	if got := rules(found); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if c, found, err := ReadChanges(fstest.MapFS{}); err != nil || len(found) > 0 || len(c.Classes) > 0 {
		t.Errorf("a folder without the file gives %v, %v, %v", c, found, err)
	}
}
