package views

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"rondo/app/i18n"
	"rondo/questionnaires"
)

func TestEveryTemplateParsesInEveryLanguage(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
}

var used = regexp.MustCompile(`\((?:t|n) "([^"]+)"|\{\{-?\s*(?:t|n) "([^"]+)"`)

func TestEveryKeyOfATemplateStandsInTheCatalogue(t *testing.T) {
	err := fs.WalkDir(files, "templates", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			if key := m[1] + m[2]; !strings.HasSuffix(key, ".") && !i18n.Has(key) {
				t.Errorf("%s: no words for %q", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var forbidden = regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:|https?://`)

func TestTemplatesHaveNoInlineScriptStyleOrForeignAddress(t *testing.T) {
	err := fs.WalkDir(files, "templates", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		text := string(raw)
		if path == "templates/compare/page.html" || path == "templates/letter/start.html" {
			text = strings.Replace(text, "<style>{{.Style}}</style>", "", 1) // a file that stands on its own, and never goes over the wire
		}
		if found := forbidden.FindString(text); found != "" {
			t.Errorf("%s: %q", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheComparisonStandsOnItsOwn: the page names no other file, holds no script, and marks the words.
func TestTheComparisonStandsOnItsOwn(t *testing.T) {
	for _, key := range []string{"office", "employer", "discussion"} {
		old, err := questionnaires.Builtin(key + "/1")
		if err != nil {
			t.Fatal(err)
		}
		new := questionnaires.Newest(key)
		for _, lang := range i18n.Languages {
			var page strings.Builder
			if err := Comparison(&page, lang, new, old, questionnaires.Classification{}); err != nil {
				t.Fatal(err)
			}
			html := page.String()
			for _, never := range []string{"<script", " src=", "<link", "http:", "https:", "url("} {
				if strings.Contains(html, never) {
					t.Errorf("%s in %s holds %q", key, lang, never)
				}
			}
			if !strings.Contains(html, "<del>") || strings.Count(html, "<table") != strings.Count(html, "<caption") || strings.Count(html, "<h1") != 1 {
				t.Errorf("%s in %s marks nothing, or has tables without captions", key, lang)
			}
		}
	}
	var page strings.Builder
	same := questionnaires.Newest("employer")
	if err := Comparison(&page, "en", same, same, questionnaires.Classification{}); err != nil || !strings.Contains(page.String(), "Nothing has changed.") {
		t.Errorf("a version against itself: %v\n%s", err, page.String())
	}
}

// TestTheComparisonSaysOnceThatAVariableIsNew: neither the class of a change nor the reason of its
// effect repeats what stands beside it.
func TestTheComparisonSaysOnceThatAVariableIsNew(t *testing.T) {
	old, err := questionnaires.Builtin("employer/1")
	if err != nil {
		t.Fatal(err)
	}
	new := questionnaires.Newest("employer")
	classes := questionnaires.Classification{Classes: map[string]string{}}
	for _, x := range questionnaires.Compare(old, new) {
		if x.Kind == "added" {
			classes.Classes[x.Variable] = questionnaires.ClassNew
		}
	}
	for lang, word := range map[string]string{"de": "neu", "fr": "nouveau", "it": "nuovo", "en": "new"} {
		var page strings.Builder
		if err := Comparison(&page, lang, old, new, classes); err != nil {
			t.Fatal(err)
		}
		html := page.String()
		if !strings.Contains(html, "<br>"+word) || !strings.Contains(html, "<td>"+word+"</td><td></td>") {
			t.Errorf("%s: nothing is new: the test proves nothing", lang)
		}
		for _, twice := range []string{`<span class="class">` + word + "</span>", "<td>" + word + "</td><td>" + word + "</td>"} {
			if strings.Contains(html, twice) {
				t.Errorf("%s: the page says %q twice", lang, word)
			}
		}
	}
}

func TestUnknownKeyIsAnErrorNotAnEmptyPlace(t *testing.T) {
	if _, err := words("de", "base.no_such_key", nil); err == nil {
		t.Error("no error")
	}
	if err := Render(&strings.Builder{}, "de", "base/nowhere", nil); err == nil {
		t.Error("an unknown template is no error")
	}
}
