package questionnaires_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rondo/questionnaires"
	"rondo/questionnaires/questionnairetest"
)

// same compares questionnaires in everything an author can write.
var same = cmp.Options{
	cmpopts.IgnoreUnexported(questionnaires.Questionnaire{}, questionnaires.Page{}, questionnaires.Question{},
		questionnaires.Option{}, questionnaires.Row{}, questionnaires.Calculated{}),
	cmpopts.IgnoreFields(questionnaires.Questionnaire{}, "Hash"),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b *questionnaires.Condition) bool {
		return a == b || a != nil && b != nil && a.Source() == b.Source()
	}),
	cmp.Comparer(func(a, b *questionnaires.Formula) bool {
		return a == b || a != nil && b != nil && a.Source() == b.Source()
	}),
}

func writtenAndRead(t interface{ Fatalf(string, ...any) }, q *questionnaires.Questionnaire) *questionnaires.Questionnaire {
	files, err := questionnaires.Write(q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	back, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatalf("what was written cannot be read: %v %v\n%s", err, found, files[questionnaires.StructureFile])
	}
	return back
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := questionnairetest.Draw(t)
		if diff := cmp.Diff(q, writtenAndRead(t, q), same); diff != "" {
			t.Fatalf("(-was +is):\n%s", diff)
		}
	})
}

func TestBuiltinsReadBackTheSame(t *testing.T) {
	for _, q := range questionnaires.Builtins() {
		if diff := cmp.Diff(q, writtenAndRead(t, q), same); diff != "" {
			t.Errorf("%s (-was +is):\n%s", q.Ref(), diff)
		}
	}
}

func TestWritingTwiceGivesTheSameBytes(t *testing.T) {
	for _, q := range questionnaires.Builtins() {
		once, err := questionnaires.Write(q)
		if err != nil {
			t.Fatal(err)
		}
		back, _, err := questionnaires.ReadFiles(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := questionnaires.Write(back); err != nil || !reflect.DeepEqual(once, twice) {
			t.Errorf("%s: %v (-once +twice):\n%s", q.Ref(), err, cmp.Diff(once, twice))
		}
	}
}

func TestAnswersThatQuestionsShareBecomeAScale(t *testing.T) {
	files, err := questionnaires.Write(questionnaires.Newest("employer"))
	if err != nil {
		t.Fatal(err)
	}
	structure := string(files[questionnaires.StructureFile])
	for _, line := range []string{
		"key: employer\nversion: 2\nminutes: 15\nnotes: [DEF_COMPANY, PRIVACY_EMPLOYER]\nscales:\n  E_CONTACT: [\"1\", \"0\", \"98\"]\n",
		"        rows: [phone, visit, meeting_office, email, letter, video]\n",
		"        options: [lt1, y1_2, y3_5, gt5, \"98\"]\n",
		"        scale: E_CHANNELS\n",
		"        if: e_contact == 1\n",
		"        role: qi(size)\n",
		"          - {code: none, exclusive: true}\n",
	} {
		if !strings.Contains(structure, line) {
			t.Errorf("not found: %q", line)
		}
	}
	for n, line := range strings.Split(structure, "\n") {
		if strings.Contains(line, "[") && len(line) > 110 {
			t.Errorf("line %d is not folded: %s", n+1, line)
		}
	}
}

func TestWordsMissingInALanguageAreLeftOut(t *testing.T) {
	q := questionnaires.Questionnaire{Key: "k", Version: 1, Title: questionnaires.Text{"de": "Titel", "en": "Title"}}
	files, err := questionnaires.Write(&q)
	if err != nil {
		t.Fatal(err)
	}
	if fr := string(files["text.fr.yaml"]); strings.Contains(fr, "title") {
		t.Errorf("text.fr.yaml has words:\n%s", fr)
	}
	if en := string(files["text.en.yaml"]); !strings.Contains(en, "title: \"Title\"\n") {
		t.Errorf("text.en.yaml:\n%s", en)
	}
}

func TestTwoWordingsForOneCodeCannotBeWritten(t *testing.T) {
	note := func(s string) questionnaires.Note {
		return questionnaires.Note{Code: "N", Text: questionnaires.Text{"de": s}}
	}
	for name, q := range map[string]*questionnaires.Questionnaire{
		"two wordings of a note": {Key: "k", Version: 1, Notes: []questionnaires.Note{note("a"), note("b")}},
		"a language no file has": {Key: "k", Version: 1, Title: questionnaires.Text{"rm": "Titel"}},
		"no UTF-8":               {Key: "k", Version: 1, Title: questionnaires.Text{"de": "\xff"}},
		"more than a file holds": {Key: "k", Version: 1, Title: questionnaires.Text{"de": strings.Repeat("x", 600<<10)}},
	} {
		if files, err := questionnaires.Write(q); err == nil {
			t.Errorf("%s: written as\n%s", name, files["text.de.yaml"])
		}
	}
}
