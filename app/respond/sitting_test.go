package respond

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires"
)

func sitting(t interface{ Fatal(...any) }) Sitting {
	q, err := questionnaires.Builtin("employer/2")
	if err != nil {
		t.Fatal(err)
	}
	return Sitting{Questionnaire: q, Draft: Draft{}.clone()}
}

func TestDirection(t *testing.T) {
	good := map[string][]string{"e_contact": {"1"}, "e_reasons": {"hire"}}
	none := map[string][]string{}
	cases := []struct {
		name     string
		post     Post
		next     string
		problems bool
	}{
		{"continue leads on", Post{Page: "e1", Form: good}, "e2", false},
		{"without button it is continue", Post{Page: "e1", Form: good, Go: ""}, "e2", false},
		{"no contact skips what depends on it", Post{Page: "e1", Form: map[string][]string{"e_contact": {"0"}}}, "e7", false},
		{"required answers hold the page", Post{Page: "e1", Form: none}, "", true},
		{"save asks for nothing", Post{Page: "e1", Form: none, Go: goLater}, placeLater, false},
		{"back from the first page stays", Post{Page: "e1", Form: none, Go: goBack}, "e1", false},
		{"a language stays on the page", Post{Page: "e1", Form: none, Lang: "fr"}, "e1", false},
		{"review when asked for", Post{Page: "e1", Form: good, Go: goReview}, placeReview, false},
	}
	for _, c := range cases {
		move, err := sitting(t).Answer(c.post)
		if err != nil || move.Next != c.next || (len(move.Problems) > 0) != c.problems {
			t.Errorf("%s: next %q, %d problems, %v; want %q, %v", c.name, move.Next, len(move.Problems), err, c.next, c.problems)
		}
	}
}

func TestEntryThatIsNoAnswerIsKeptAsTyped(t *testing.T) {
	q, err := questionnaires.Builtin("office/2")
	if err != nil {
		t.Fatal(err)
	}
	s := Sitting{Questionnaire: q, Draft: Draft{}.clone()}
	move, err := s.Answer(Post{Page: "o1", Form: map[string][]string{"o_fte_total": {"about ten"}}, Go: goLater})
	if err != nil || move.Next != placeLater {
		t.Fatalf("%+v, %v", move, err)
	}
	if got := move.Draft.Unread["o_fte_total"]; got.Value != "about ten" || got.Question != "o_fte_total" {
		t.Errorf("kept %+v", got)
	}
	s.Draft, s.Revision = move.Draft, 1
	_, problems := s.Settled()
	found := false
	for _, p := range problems {
		found = found || p.Question == "o_fte_total"
	}
	if !found {
		t.Error("it may be submitted although an entry could not be read")
	}
	move, err = s.Answer(Post{Page: "o1", Revision: 1, Form: map[string][]string{"o_fte_total": {"10"}}, Go: goLater})
	if err != nil || len(move.Draft.Unread) != 0 {
		t.Errorf("still unread: %v, %v", move.Draft.Unread, err)
	}
}

func TestStepsAreCountedOnlyWhereTheyAreSettled(t *testing.T) {
	s := sitting(t)
	if p := s.Progress("e1"); p.Stable {
		t.Errorf("before e_contact the way is not known: %+v", p)
	}
	move, err := s.Answer(Post{Page: "e1", Form: map[string][]string{"e_contact": {"1"}, "e_reasons": {"hire"}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Draft, s.Revision = move.Draft, 1
	if p := s.Progress("e2"); !p.Stable || p.Step != 2 || p.Of != len(s.Questionnaire.Pages) {
		t.Errorf("after e_contact: %+v", p)
	}
}

// tab is a window with a form made from some revision.
type tab struct {
	revision int
	form     map[string][]string
}

// TestTwoWindowsNeverLoseAValueSilently lets two windows load and post the first
// page in any order: whatever a post changes was either seen by its form or is
// reported as a collision, and then nothing is kept.
func TestTwoWindowsNeverLoseAValueSilently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sitting(t)
		tabs := []tab{{form: map[string][]string{}}, {form: map[string][]string{}}}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			at := &tabs[rapid.IntRange(0, 1).Draw(t, "window")]
			if rapid.Bool().Draw(t, "load") {
				at.revision, at.form = s.Revision, formOf(s)
				continue
			}
			change(t, at.form)
			move, err := s.Answer(Post{Page: "e1", Form: at.form, Revision: at.revision, Go: goLater})
			if err != nil {
				t.Fatal(err)
			}
			lost := overwritten(s.Draft, move.Draft, at.revision)
			if len(move.Collisions) > 0 {
				if !reflect.DeepEqual(move.Draft, s.Draft) {
					t.Fatalf("a collision changed the draft")
				}
				at.revision = s.Revision // the page with both values is made from the newest
				continue
			}
			if len(lost) > 0 {
				t.Fatalf("%v were set after revision %d and are overwritten silently", lost, at.revision)
			}
			s.Draft, s.Revision = move.Draft, s.Revision+1
		}
	})
}

// overwritten gives the variables that differ although they were set after seen.
func overwritten(before, after Draft, seen int) []string {
	var lost []string
	for variable, revision := range before.Set {
		old, had := before.Answers[variable]
		now, has := after.Answers[variable]
		if revision > seen && (had != has || !reflect.DeepEqual(old, now)) {
			lost = append(lost, variable)
		}
	}
	return lost
}

func change(t *rapid.T, form map[string][]string) {
	values := map[string][]string{"e_contact": {"1", "0", "98"}, "e_since": {"lt1", "gt5"}, "e_reasons": {"hire", "trial", "project"}}
	field := rapid.SampledFrom([]string{"e_contact", "e_since", "e_reasons"}).Draw(t, "field")
	if rapid.Bool().Draw(t, "clear") {
		delete(form, field)
		return
	}
	form[field] = []string{rapid.SampledFrom(values[field]).Draw(t, "value")}
}

func formOf(s Sitting) map[string][]string {
	v := visit{Sitting: s}
	return v.fields(s.Questionnaire.Page("e1"))
}
