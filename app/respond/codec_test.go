package respond

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rondo/questionnaires"
	"rondo/questionnaires/boundtest"
)

// anyDraft draws a draft with values of every kind.
func anyDraft(t *rapid.T) Draft {
	text := rapid.StringN(0, 40, -1)
	name := rapid.StringMatching(`[a-z][a-z0-9_]{0,20}`)
	value := rapid.Custom(func(t *rapid.T) questionnaires.Value {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return questionnaires.Value{Codes: rapid.SliceOfN(name, 1, 5).Draw(t, "codes")}
		case 1:
			n := rapid.Float64().Draw(t, "number")
			return questionnaires.Value{Number: &n}
		case 2:
			return questionnaires.Value{Text: "x" + text.Draw(t, "text")}
		}
		return questionnaires.Value{Missing: rapid.SampledFrom([]questionnaires.Missing{90, 94, 98}).Draw(t, "missing")}
	})
	d := Draft{
		Answers:  rapid.MapOfN(name, value, 0, 12).Draw(t, "answers"),
		Set:      rapid.MapOfN(name, rapid.IntRange(1, 1<<30), 0, 12).Draw(t, "set"),
		Language: text.Draw(t, "language"), At: text.Draw(t, "at"), Order: rapid.IntRange(0, 7).Draw(t, "order"),
		Unread: rapid.MapOfN(name, rapid.Custom(func(t *rapid.T) Unread {
			return Unread{Question: name.Draw(t, "question"), Value: text.Draw(t, "typed")}
		}), 0, 3).Draw(t, "unread"),
	}
	if rapid.Bool().Draw(t, "warned") {
		d.Warned = rapid.SliceOfN(text, 1, 3).Draw(t, "warnings")
	}
	for variable := range d.Answers {
		if rapid.Bool().Draw(t, "both") {
			d.Set[variable] = 3
		}
	}
	return d
}

func TestADraftIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraft(t)
		got, err := ReadDraft(WriteDraft(d))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, got); diff != "" {
			t.Fatalf("the draft changed at rest (-written +read):\n%s", diff)
		}
	})
}

func TestADraftCutShortOrLongerIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := WriteDraft(anyDraft(t))
		if _, err := ReadDraft(body[:rapid.IntRange(0, len(body)-1).Draw(t, "kept")]); err == nil {
			t.Fatal("a draft cut short was read")
		}
		if _, err := ReadDraft(append(bytes.Clone(body), 0)); err == nil {
			t.Fatal("a draft with more behind it was read")
		}
	})
}

func FuzzReadDraft(f *testing.F) {
	one := 1.5
	f.Add(WriteDraft(Draft{}))
	f.Add(WriteDraft(Draft{
		Answers: questionnaires.Answers{"e_contact": {Codes: []string{"1"}}, "e_fte": {Number: &one}, "e_comment": {Text: "ü"}, "e_x": {Missing: 98}},
		Set:     map[string]int{"e_contact": 1, "e_gone": 2}, Unread: map[string]Unread{"e_fte": {"e_fte", "1'0"}}, Warned: []string{"w"}, Language: "de", At: "e1",
	}))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d Draft
		var err error
		boundtest.Quick(t, func() { d, err = ReadDraft(body) })
		if err != nil {
			return
		}
		again, err := ReadDraft(WriteDraft(d))
		if err != nil {
			t.Fatalf("read, but not after writing it again: %v", err)
		}
		if len(again.Answers) != len(d.Answers) || len(again.Set) > len(d.Set) {
			t.Fatalf("%d answers became %d", len(d.Answers), len(again.Answers))
		}
	})
}
