package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/questionnaires"
)

// TestLintComparesWithTheVersionBefore copies employer/2 to /3 and to a folder
// that cannot be read, and changes a few words.
func TestLintComparesWithTheVersionBefore(t *testing.T) {
	root := t.TempDir()
	for _, version := range []string{"3", "4", "5"} {
		dir := filepath.Join(root, version)
		if err := os.CopyFS(dir, os.DirFS("../questionnaires/definitions/employer/2")); err != nil {
			t.Fatal(err)
		}
		editFile(t, filepath.Join(dir, questionnaires.StructureFile), "version: 2", "version: "+version)
		if err := os.Remove(filepath.Join(dir, questionnaires.ChangesFile)); err != nil {
			t.Fatal(err)
		}
	}
	editFile(t, filepath.Join(root, "3/text.de.yaml"), "Weniger als 1 Jahr", "Noch kein Jahr")
	editFile(t, filepath.Join(root, "4/text.de.yaml"), "Weniger als 1 Jahr", "Noch kein Jahr")
	editFile(t, filepath.Join(root, "4/text.en.yaml"), "Since when have you worked", "Since when have you"+strings.Repeat(" very", 20)+" worked")
	editFile(t, filepath.Join(root, "4/text.fr.yaml"), "Depuis quand", "Depuis quand donc")
	editFile(t, filepath.Join(root, "4/text.it.yaml"), "Da quanto tempo", "Da quanto tempo dunque")
	editFile(t, filepath.Join(root, "4/text.de.yaml"), "Seit wann", "Seit wann denn")
	editFile(t, filepath.Join(root, "5/text.de.yaml"), "title:", "title: &x")
	var out bytes.Buffer
	err := QuestionnaireLint{Dirs: []string{root}}.Run(t.Context(), nil, Streams{Out: &out})
	if err == nil || err.Error() != "4 findings to mend" {
		t.Errorf("error %v", err)
	}
	place := "questions/e_since/options/lt1: stale_translation: the words in de changed since employer/2 and these did not"
	for _, want := range []string{
		filepath.Join(root, "3/text.fr.yaml") + ": " + place, filepath.Join(root, "3/text.en.yaml") + ": " + place,
		filepath.Join(root, "4/pages[e1].questions[e_since].label.en") + ": long_sentence:",
		filepath.Join(root, "5/questionnaire.yaml") + ": unreadable: read text.de.yaml: line 2: anchors, aliases",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("not said: %s", want)
		}
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "long_sentence") != strings.Contains(line, "(a warning)") {
			t.Errorf("wrongly marked: %s", line)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

func editFile(t *testing.T, file, old, new string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}
