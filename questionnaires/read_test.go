package questionnaires

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func rules(found []Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Path+" "+f.Rule)
	}
	slices.Sort(out)
	return out
}

// onePage is a structure with one page of these questions.
func onePage(questions string) string {
	return "key: k\nversion: 1\npages:\n  - code: p1\n    questions:\n      - " + questions + "\n"
}

const atA = "questionnaire.yaml: pages[p1].questions[a]"

// mistakes are structures with what is found in them; atA is the place of their question a.
var mistakes = []struct{ name, structure, want string }{
	{"unknown key", onePage("{code: a, kind: yesno, role: plain, options: ['1'], optoins: [x]}"), atA + ".optoins unknown_key"},
	{"unknown key on top", "key: k\nversion: 1\ncolour: red\n", "questionnaire.yaml: colour unknown_key"},
	{"unknown key in an option", onePage("{code: a, kind: multi, options: [{code: x, exlusive: true}]}"), atA + ".options[1].exlusive unknown_key"},
	{"unknown kind", onePage("{code: a, kind: choice}"), atA + ".kind unknown_kind"},
	{"no key", "version: 1", "questionnaire.yaml: key bad_reference"},
	{"no mapping", "- a", "questionnaire.yaml: not_a_mapping"},
	{"bad code", onePage("{code: A b, kind: text}"), "questionnaire.yaml: pages[p1].questions[1].code bad_code"},
	{"bad option", onePage("{code: a, kind: single, options: [x y]}"), atA + ".options[1] bad_code"},
	{"bad row", onePage("{code: a, kind: texts, rows: ['1']}"), atA + ".rows[1] bad_code"},
	{"variable twice", onePage("{code: a, kind: text}\n      - {code: a, kind: text}"), atA + " duplicate_code"},
	{"other collides", onePage("{code: a, kind: single, options: [{code: other, other: true}]}\n      - {code: a_other, kind: text}"), "questionnaire.yaml: a_other duplicate_variable"},
	{"unknown scale", onePage("{code: a, kind: matrix, scale: NO, rows: [x]}"), atA + ".scale unknown_scale"},
	{"unknown answer", onePage("{code: a, kind: single, options: [x], also: [NO]}"), atA + ".also unknown_answer"},
	{"single without options", onePage("{code: a, kind: single}"), atA + " options_and_kind"},
	{"matrix without rows", onePage("{code: a, kind: matrix, options: [x]}"), atA + " rows_and_kind"},
	{"number without limits", onePage("{code: a, kind: integer, min: 1}"), atA + " missing_limits"},
	{"turned limits", onePage("{code: a, kind: integer, min: 3, max: 1}"), atA + ".min bad_range"},
	{"limits of a text", onePage("{code: a, kind: text, min: 1, max: 2}"), atA + " limits_and_kind"},
	{"very long text", onePage("{code: a, kind: text, max_length: 10001}"), atA + ".max_length too_long"},
	{"word for a number", onePage("{code: a, kind: integer, min: few, max: 3}"), atA + ".min not_a_number"},
	{"word for a flag", onePage("{code: a, kind: text, required: yes please}"), atA + ".required not_true_or_false"},
	{"ranking without top", onePage("{code: a, kind: ranking, options: [x, y]}"), atA + " limits_and_kind"},
	{"prefilled matrix", onePage("{code: a, kind: matrix, options: [x], rows: [r], prefill: true}"), atA + " limits_and_kind"},
	{"ticks of a single", onePage("{code: a, kind: single, options: [x, y], most: 1}"), atA + " limits_and_kind"},
	{"turned ticks", onePage("{code: a, kind: multi, options: [x, y, z], least: 2, most: 1}"), atA + " bad_range"},
	{"more ticks than options", onePage("{code: a, kind: multi, options: [x, y, {code: none, exclusive: true}], least: 3}"), atA + " bad_range"},
	{"no such answer proposed", onePage("{code: a, kind: single, options: [x, y], initial: z}"), atA + ".initial bad_initial"},
	{"number proposed outside the limits", onePage("{code: a, kind: integer, min: 0, max: 5, initial: 6}"), atA + ".initial bad_initial"},
	{"day proposed that is none", onePage("{code: a, kind: date, initial: 2026-02-30}"), atA + ".initial bad_initial"},
	{"several proposed for one", onePage("{code: a, kind: single, options: [x, y], initial: [x, y]}"), atA + ".initial bad_initial"},
	{"more ticks proposed than allowed", onePage("{code: a, kind: multi, options: [x, y, z], most: 1, initial: [x, y]}"), atA + ".initial bad_initial"},
	{"exclusive tick proposed with another", onePage("{code: a, kind: multi, options: [x, {code: none, exclusive: true}], initial: [x, none]}"), atA + ".initial bad_initial"},
	{"proposal for a matrix", onePage("{code: a, kind: matrix, options: [x], rows: [r], initial: x}"), atA + ".initial bad_initial"},
	{"proposal beside what the service fills in", onePage("{code: a, kind: text, default: true, initial: x}"), atA + ".initial bad_initial"},
	{"condition of a row on its own question", onePage("{code: a, kind: matrix, options: [x], rows: [r, {code: s, if: a__r == \"x\"}]}"), atA + ".rows[2].if looks_forward"},
	{"condition of an option on its own question", onePage("{code: a, kind: single, options: [x, {code: y, if: a == \"x\"}]}"), atA + ".options[2].if looks_forward"},
	{"calculated from nothing", onePage("{code: a, kind: text}") + "\ncalculated: [{code: c}]", "questionnaire.yaml: calculated[c].value missing_key"},
	{"calculated without answers", onePage("{code: a, kind: text}") + "\ncalculated: [{code: c, value: 1 + 1}]", "questionnaire.yaml: calculated[c].value bad_formula"},
	{"calculated from itself", onePage("{code: a, kind: integer, min: 0, max: 1}") + "\ncalculated: [{code: c, value: a + e}, {code: e, value: c + 1}]", "questionnaire.yaml: calculated[c].value cycle"},
	{"calculated from a later one", onePage("{code: a, kind: integer, min: 0, max: 1}") + "\ncalculated: [{code: c, value: e + 1}, {code: e, value: a + 1}]", "questionnaire.yaml: calculated[c].value bad_formula"},
	{"calculated under the name of a question", onePage("{code: a, kind: integer, min: 0, max: 1}") + "\ncalculated: [{code: a, value: a + 1}]", "questionnaire.yaml: calculated[a] duplicate_variable"},
	{"more valid inputs than there are", onePage("{code: a, kind: integer, min: 0, max: 1}") + "\ncalculated: [{code: c, value: 'mean(a, a)', valid: 3}]", "questionnaire.yaml: calculated[c].value bad_formula"},
	{"calculated to more digits than there are", onePage("{code: a, kind: integer, min: 0, max: 1}") + "\ncalculated: [{code: c, value: a + 1, decimals: 7}]", "questionnaire.yaml: calculated[c].decimals bad_range"},
	{"other limit", onePage("{code: a, kind: single, options: [x], limit: cantons}"), atA + ".limit bad_value"},
	{"yesno with more", onePage("{code: a, kind: yesno, options: ['1', maybe]}"), atA + " limits_and_kind"},
	{"exclusive single", onePage("{code: a, kind: single, options: [{code: x, exclusive: true}]}"), atA + " limits_and_kind"},
	{"bad condition", onePage("{code: a, kind: text, if: b == 1}"), atA + ".if bad_condition"},
	{"check of nothing", "key: k\nversion: 1\nchecks: [{code: c, question: z, fails: z == 1}]", "questionnaire.yaml: checks[1].question unknown_question"},
	{"check without rule", "key: k\nversion: 1\nchecks: [{code: c, question: z}]", "questionnaire.yaml: checks[1].fails missing_key"},
	{"check at another time", "key: k\nversion: 1\nchecks: [{code: c, question: z, fails: z == 1, at: noon}]", "questionnaire.yaml: checks[1].at bad_value"},
	{"scale point with a space", "key: k\nversion: 1\nscales: {S: [a b]}", "questionnaire.yaml: scales.S bad_code"},
	{"answer outside with another code", "key: k\nversion: 1\nalso: {NA: '7'}", "questionnaire.yaml: also.NA not_outside"},
	{"list for a word", "key: [k]\nversion: 1", "questionnaire.yaml: key not_a_word"},
	{"word for a list", "key: k\nversion: 1\npages: none", "questionnaire.yaml: pages not_a_list"},
}

func TestMistakesInAStructureAreFoundAtTheirPlace(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			q, found, err := ReadDir(folder(c.structure))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(rules(found), c.want) {
				t.Errorf("found %v, want %s", rules(found), c.want)
			}
			Lint(q) // must bear a questionnaire with findings
		})
	}
}

func TestWordsThatNothingUsesAreFound(t *testing.T) {
	dir := folder("key: k\nversion: 1\npages: [{code: p1, questions: [{code: a, kind: text, role: freetext}]}]")
	dir["text.fr.yaml"].Data = []byte("title: T\nquestions:\n  a: {label: Oui, lable: Oui}\n  b: {label: Non}\nlist: [1]\n")
	_, found, err := ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"text.fr.yaml: list not_words", "text.fr.yaml: questions/a/lable unknown_key", "text.fr.yaml: questions/b/label unknown_key"}
	if got := rules(found); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestFilesThatAreNoDefinitionAreErrors(t *testing.T) {
	cases := map[string]func(fstest.MapFS){
		"no structure":   func(d fstest.MapFS) { delete(d, StructureFile) },
		"no German":      func(d fstest.MapFS) { delete(d, "text.de.yaml") },
		"not YAML":       func(d fstest.MapFS) { d[StructureFile].Data = []byte("key: [") },
		"key twice":      func(d fstest.MapFS) { d[StructureFile].Data = []byte("key: k\nkey: l\nversion: 1") },
		"alias":          func(d fstest.MapFS) { d[StructureFile].Data = []byte("key: &a k\nversion: *a") },
		"tag":            func(d fstest.MapFS) { d[StructureFile].Data = []byte("key: !!binary k") },
		"merge":          func(d fstest.MapFS) { d[StructureFile].Data = []byte("<<: {key: k}") },
		"deep":           func(d fstest.MapFS) { d[StructureFile].Data = []byte("key: " + strings.Repeat("[", 10000)) },
		"larger than we": func(d fstest.MapFS) { d["text.it.yaml"].Data = []byte("title: " + strings.Repeat("x", maxFileSize)) },
	}
	for name, spoil := range cases {
		dir := folder("key: k\nversion: 1")
		spoil(dir)
		if _, _, err := ReadDir(dir); err == nil {
			t.Errorf("%s: read without error", name)
		}
	}
}

func TestReadFilesNeedsEveryFile(t *testing.T) {
	all := map[string][]byte{}
	for name, file := range folder("key: k\nversion: 1") {
		all[name] = file.Data
	}
	q, found, err := ReadFiles(all)
	if err != nil || len(found) > 0 || q.Ref() != "k/1" {
		t.Fatalf("%v %v %v", q, found, err)
	}
	for _, name := range Files() {
		less := maps.Clone(all)
		delete(less, name)
		if _, _, err := ReadFiles(less); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestHashChangesWithEveryFileAndOnlyThen(t *testing.T) {
	hash := func(dir fs.FS) string {
		q, _, err := ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return q.Hash
	}
	first := hash(folder("key: k\nversion: 1"))
	if again := hash(folder("key: k\nversion: 1")); again != first || len(first) != 64 {
		t.Errorf("hash %s, then %s", first, again)
	}
	seen := map[string]bool{first: true}
	for _, name := range Files() {
		dir := folder("key: k\nversion: 1")
		dir[name].Data = append(dir[name].Data, "\n# a remark"...)
		if h := hash(dir); seen[h] {
			t.Errorf("a changed %s leaves the hash as it was", name)
		} else {
			seen[h] = true
		}
	}
}
