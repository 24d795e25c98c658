package views

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"rondo/app/i18n"
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
		if found := forbidden.FindString(string(raw)); found != "" {
			t.Errorf("%s: %q", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
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
