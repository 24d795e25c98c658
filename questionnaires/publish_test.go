package questionnaires

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// nextOf gives the files of the version after a built-in one, with places changed: file, from, to.
func nextOf(t testing.TB, ref string, edits ...[3]string) map[string][]byte {
	t.Helper()
	old, err := Builtin(ref)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := fs.Sub(Definitions(), ref)
	if err != nil {
		t.Fatal(err)
	}
	files, err := FolderFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	next, err := Next(files, old)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		if !strings.Contains(string(next[e[0]]), e[1]) {
			t.Fatalf("%s of %s does not hold %q", e[0], ref, e[1])
		}
		next[e[0]] = []byte(strings.Replace(string(next[e[0]]), e[1], e[2], 1))
	}
	return next
}

func TestOnePlaceDecidesWhatMayBePublished(t *testing.T) {
	wording := [3]string{"text.fr.yaml", "Depuis quand collaborez-vous", "Depuis quand travaillez-vous"}
	class := func(line string) [3]string { return [3]string{ChangesFile, "changes: []", "changes:\n  - " + line} }
	looked := [3]string{ChangesFile, "\nchanges:", "\ntranslations: {questions/e_since/label: [de, it, en]}\nchanges:"}
	cases := []struct {
		name  string
		edits [][3]string
		drop  string
		want  []string // rules of what keeps it from being published
	}{
		{"nothing changed", nil, "", nil},
		{"unclassified", [][3]string{wording, looked}, "", []string{"unclassified"}},
		{"classified", [][3]string{wording, class("{variable: e_since, class: keeps_meaning}"), looked}, "", nil},
		{"other languages left behind", [][3]string{wording, class("{variable: e_since, class: keeps_meaning}")}, "",
			[]string{RuleStaleTranslation, RuleStaleTranslation, RuleStaleTranslation}},
		{"classified as new", [][3]string{wording, class("{variable: e_since, class: new}"), looked}, "", []string{"unclassified"}},
		{"classified without a change", [][3]string{class("{variable: e_since, class: keeps_meaning}")}, "", []string{"nothing_changed"}},
		{"against another version", [][3]string{wording, class("{variable: e_since, class: keeps_meaning}"), {ChangesFile, "\nagainst: employer/2", "\nagainst: employer/1"}, looked}, "",
			[]string{"wrong_against", "unclassified"}},
		{"number taken", [][3]string{{StructureFile, "version: 3", "version: 2"}}, "", []string{"published_already"}},
		{"number passed", [][3]string{{StructureFile, "version: 3", "version: 1"}}, "", []string{"published_already", "number_passed"}},
		{"number left out", [][3]string{{StructureFile, "version: 3", "version: 7"}}, "", nil},
		{"no YAML", [][3]string{{"text.it.yaml", "title:", "title: ["}}, "", []string{"unreadable"}},
		{"no YAML in the classification", [][3]string{{ChangesFile, "changes:", "changes: {"}}, "", []string{"unreadable"}},
		{"a file is missing", nil, "text.en.yaml", []string{"missing_file"}},
		{"unknown key", [][3]string{{StructureFile, "version: 3", "version: 3\ncolour: red"}}, "", []string{"unknown_key"}},
	}
	for _, c := range cases {
		files := nextOf(t, "employer/2", c.edits...)
		delete(files, c.drop)
		v := Judge(files, Builtins())
		var got []string
		for _, f := range v.Refusals() {
			got = append(got, f.Rule)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, v.Refusals(), c.want)
		}
		if v.Publishable() != (len(c.want) == 0) {
			t.Errorf("%s: publishable is %v", c.name, v.Publishable())
		}
	}
}

func TestTheFirstVersionOfAKeyNeedsNoClasses(t *testing.T) {
	files := nextOf(t, "employer/2", [3]string{StructureFile, "key: employer", "key: insurer"})
	v := Judge(files, Builtins())
	if len(v.Refusals()) != 1 || v.Refusals()[0].Rule != "wrong_against" || v.Before != nil {
		t.Errorf("a first version that names one before: %v", v.Refusals())
	}
	delete(files, ChangesFile)
	if v := Judge(files, Builtins()); !v.Publishable() {
		t.Errorf("a first version: %v", v.Refusals())
	}
}

func TestAWrittenClassificationIsReadAgain(t *testing.T) {
	old := Newest("employer")
	v := Judge(nextOf(t, "employer/2", [3]string{"text.fr.yaml", "Depuis quand collaborez-vous", "Depuis quand travaillez-vous"},
		[3]string{StructureFile, "[phone, visit, meeting_office,", "[phone, fax, visit, meeting_office,"}), []*Questionnaire{old})
	v.Classes.Classes = map[string]string{"e_since": ClassKeepsMeaning, "e_channels__fax": ClassNew, "elsewhere": ClassNew}
	v.Classes.Checked = map[string][]string{"questions/e_since/label": {"fr", "it"}, "title": {"en"}}
	got, found, err := ParseChanges(v.Classes.Write(v.Changes))
	if err != nil || len(found) > 0 || got.Against != "employer/2" || len(got.Classes) != 2 || len(got.Unclassified(v.Changes)) != 0 {
		t.Errorf("%+v, %v, %v", got, found, err)
	}
	if empty, found, err := ParseChanges(Classification{Against: "k/1"}.Write(nil)); err != nil || len(found) > 0 || len(empty.Classes) != 0 {
		t.Errorf("nothing classified: %+v, %v, %v", empty, found, err)
	}
}

func TestBlocksSetTheWordsOfAllLanguagesSideBySide(t *testing.T) {
	old := Newest("employer")
	v := Judge(nextOf(t, "employer/2", [3]string{"text.fr.yaml", "Depuis quand collaborez-vous", "Depuis quand travaillez-vous"},
		[3]string{"text.de.yaml", "Weniger als 1 Jahr", "Unter 1 Jahr"}, [3]string{"text.fr.yaml", "Moins d'un an", "Moins de 12 mois"},
		[3]string{"text.en.yaml", "Survey of employers", "Employer survey"}), []*Questionnaire{old})
	blocks := Blocks(old, v.Questionnaire, v.Classes)
	if len(blocks) != 2 || blocks[0].Question != "" || blocks[1].Question != "e_since" || blocks[1].Anchor() != "e_since" {
		t.Fatalf("%+v", blocks)
	}
	for _, l := range blocks[1].Lines {
		if len(l.Cells) != len(Languages) || !l.Cells[2].Same || l.Cells[1].Same || l.Class != "" || l.Effect != Break {
			t.Errorf("%+v", l)
		}
	}
	if got := blocks[1].Lines[0].Cells[1]; len(got.Before) != 3 || got.Before[1] != (Piece{"collaborez-vous ", true}) || got.Is[1] != (Piece{"travaillez-vous ", true}) {
		t.Errorf("the words that differ are not marked: %+v", got)
	}
}
