package i18n

import (
	"io/fs"
	"regexp"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// message is one entry of a catalogue: its plural forms, "other" alone where
// the text does not depend on a count.
type message map[string]string

var placeholder = regexp.MustCompile(`\{\{\s*\.?(\w+)[^}]*\}\}`)

var forms = map[string]bool{"zero": true, "one": true, "two": true, "few": true, "many": true, "other": true}

func catalogue(t *testing.T, path string) map[string]message {
	t.Helper()
	raw, err := fs.ReadFile(files, path)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(raw, &tree); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	flat := map[string]message{}
	flatten("", tree, flat)
	return flat
}

func flatten(prefix string, tree map[string]any, into map[string]message) {
	for key, value := range tree {
		name := strings.TrimPrefix(prefix+"."+key, ".")
		switch v := value.(type) {
		case string:
			if forms[key] {
				if into[prefix] == nil {
					into[prefix] = message{}
				}
				into[prefix][key] = v
				continue
			}
			into[name] = message{"other": v}
		case map[string]any:
			flatten(name, v, into)
		}
	}
}

func areas(t *testing.T) []string {
	t.Helper()
	paths, err := fs.Glob(files, "catalogue/*."+Default+".yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("catalogues: %v, %v", paths, err)
	}
	var names []string
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(p, "catalogue/"), "."+Default+".yaml"))
	}
	return names
}

func keys(m map[string]message) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

func TestEveryKeyStandsInEveryLanguage(t *testing.T) {
	for _, area := range areas(t) {
		want := keys(catalogue(t, "catalogue/"+area+"."+Default+".yaml"))
		for _, key := range want {
			if !strings.HasPrefix(key, area+".") {
				t.Errorf("%s: key %q does not begin with its area", area, key)
			}
		}
		for _, lang := range Languages[1:] {
			got := keys(catalogue(t, "catalogue/"+area+"."+lang+".yaml"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s.%s: keys differ from %s (-%s +%s):\n%s", area, lang, Default, Default, lang, diff)
			}
		}
	}
}

func TestPlaceholdersAreTheSameInEveryLanguage(t *testing.T) {
	for _, area := range areas(t) {
		want := catalogue(t, "catalogue/"+area+"."+Default+".yaml")
		for _, lang := range Languages[1:] {
			got := catalogue(t, "catalogue/"+area+"."+lang+".yaml")
			for key := range want {
				if diff := cmp.Diff(placeholders(want[key]["other"]), placeholders(got[key]["other"])); diff != "" {
					t.Errorf("%s.%s: %s: placeholders differ:\n%s", area, lang, key, diff)
				}
			}
		}
	}
}

func placeholders(text string) []string {
	names := []string{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	sort.Strings(names)
	return names
}

func TestCountedTextsHaveTheFormsTheirLanguageNeeds(t *testing.T) {
	need := map[string][]string{"de": {"one", "other"}, "fr": {"one", "many", "other"}, "it": {"one", "many", "other"}, "en": {"one", "other"}}
	for _, area := range areas(t) {
		counted := catalogue(t, "catalogue/"+area+"."+Default+".yaml")
		for _, lang := range Languages {
			texts := catalogue(t, "catalogue/"+area+"."+lang+".yaml")
			for key, forms := range counted {
				if len(forms) == 1 && len(texts[key]) <= 1 {
					continue
				}
				for _, form := range need[lang] {
					if texts[key][form] == "" {
						t.Errorf("%s.%s: %s: form %q is missing", area, lang, key, form)
					}
				}
			}
		}
	}
}

// The Federal Chancellery writes French without a point inside words, which screen readers spell out.
var middlePoint = regexp.MustCompile(`\p{L}[·•]\p{L}`)

func TestFrenchHasNoPointInsideWords(t *testing.T) {
	for _, area := range areas(t) {
		for key, forms := range catalogue(t, "catalogue/"+area+".fr.yaml") {
			for _, text := range forms {
				if found := middlePoint.FindString(text); found != "" {
					t.Errorf("%s.fr: %s has %q", area, key, found)
				}
			}
		}
	}
}

func TestGermanIsSwissAndNothingIsEmpty(t *testing.T) {
	for _, area := range areas(t) {
		for _, lang := range Languages {
			for key, forms := range catalogue(t, "catalogue/"+area+"."+lang+".yaml") {
				for form, text := range forms {
					if strings.TrimSpace(text) == "" {
						t.Errorf("%s.%s: %s %s is empty", area, lang, key, form)
					}
					if lang == "de" && strings.Contains(text, "ß") {
						t.Errorf("%s.de: %s has ß", area, key)
					}
				}
			}
		}
	}
}

func TestCountsChooseTheirForm(t *testing.T) {
	all, err := read(fstest.MapFS{
		"catalogue/x.fr.yaml": {Data: []byte("x:\n  open:\n    one: \"{{.n}} question\"\n    many: \"{{.n}} de questions\"\n    other: \"{{.n}} questions\"\n")},
	})
	if err != nil || all["fr"] == nil {
		t.Fatal(err)
	}
	if got := N("de", "base.errors", 1, nil); !strings.Contains(got, "1") {
		t.Errorf("N(de, base.errors, 1) = %q", got)
	}
	if got := N("fr", "base.errors", 1000000, nil); !strings.Contains(got, "1\u202f000\u202f000") {
		t.Errorf("N(fr, base.errors, 1000000) = %q", got)
	}
	if _, err := Lookup("de", "base.no_such_key", nil); err == nil {
		t.Error("an unknown key is no error")
	}
}

func TestNumbersAndDatesAreSwiss(t *testing.T) {
	numbers := []struct {
		lang string
		x    float64
		want string
	}{
		{"de", 1234567.891, "1’234’567.891"}, {"it", 1000, "1’000"}, {"en", 1234.5, "1’234.5"},
		{"fr", 1234.5, "1\u202f234,5"}, {"de", 0, "0"}, {"de", -5, "−5"}, {"de", 999, "999"},
	}
	for _, c := range numbers {
		if got := Number(c.lang, c.x); got != c.want {
			t.Errorf("Number(%s, %v) = %q, want %q", c.lang, c.x, got, c.want)
		}
	}
	at := time.Date(2026, 4, 30, 22, 30, 0, 0, time.UTC) // 1 May, 00:30 in Bern
	for lang, want := range map[string]string{"de": "1. Mai 2026, 00:30", "fr": "1er mai 2026, 00:30", "it": "1° maggio 2026, 00:30", "en": "1 May 2026, 00:30"} {
		if got := DateTime(lang, at); got != want {
			t.Errorf("DateTime(%s) = %q, want %q", lang, got, want)
		}
	}
	for clock, want := range map[string]string{"00:00": "30 April 2026", "23:59": "1 May 2026", "18:00": "1 May 2026, 18:00", "08:00": "1 May 2026, 08:00"} {
		end, err := time.ParseInLocation("2006-01-02 15:04", "2026-05-01 "+clock, zurich)
		if err != nil {
			t.Fatal(err)
		}
		if got := Until("en", end); got != want {
			t.Errorf("Until %s = %q, want %q", clock, got, want)
		}
	}
	if got := Day(at); got != "2026-05-01" {
		t.Errorf("Day = %q", got)
	}
}

func TestAcceptLanguage(t *testing.T) {
	cases := []struct {
		header, want string
		ok           bool
	}{
		{"fr-CH,fr;q=0.9,de;q=0.8", "fr", true}, {"gsw", "de", true}, {"it", "it", true}, {"en-GB", "en", true},
		{"", "de", false}, {"*", "de", false}, {"es", "de", false}, {"%%%", "de", false},
	}
	for _, c := range cases {
		if got, ok := Match(c.header); got != c.want || ok != c.ok {
			t.Errorf("Match(%q) = %q, %v, want %q, %v", c.header, got, ok, c.want, c.ok)
		}
	}
}
