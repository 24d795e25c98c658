package questionnaires

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheSecondVersionsShipClassified(t *testing.T) {
	for _, key := range []string{"office", "employer", "discussion"} {
		old, err := Builtin(key + "/1")
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for name, file := range builtinFolder(t, key+"/2") {
			files[name] = file.Data
		}
		if files[ChangesFile], err = fs.ReadFile(Definitions(), key+"/2/"+ChangesFile); err != nil {
			t.Fatal(err)
		}
		v := Judge(files, []*Questionnaire{old})
		if !v.Publishable() || len(v.Open) > 0 || len(v.Changes) == 0 {
			t.Errorf("%s/2 after %s/1: %v", key, key, v.Refusals())
		}
		for _, f := range Comparability(old, v.Questionnaire, v.Classes) {
			if f.Effect == Break || f.Effect == Dropped {
				t.Errorf("%s of %s/2 is %s (%s): /2 only adds to /1", f.Variable, key, f.Effect, f.Reason("en"))
			}
			known := slices.ContainsFunc(old.trendColumns(), func(c trendColumn) bool { return c.name == f.Variable })
			if (f.Effect == Fresh) == known {
				t.Errorf("%s of %s/2 is %s", f.Variable, key, f.Effect)
			}
		}
	}
}

// steps is a pair of structures that differ in every way that matters to a trend.
const (
	stepBefore = `
key: k
version: 1
scales: {S: ["1", "2", "3"]}
pages:
  - code: p
    questions:
      - {code: a, kind: single, role: plain, options: [x, y]}
      - {code: gone, kind: text, role: freetext}
      - {code: m, kind: matrix, role: plain, scale: S, rows: [r, s, dropped]}
      - {code: t, kind: multi, role: plain, options: [x, y]}
      - {code: same, kind: integer, role: plain, min: 0, max: 9}
`
	stepAfter = `
key: k
version: 2
scales: {S: ["1", "2", "3"]}
pages:
  - code: p
    questions:
      - {code: a, kind: single, role: plain, options: [x, y], required: true}
      - {code: m, kind: matrix, role: plain, scale: S, rows: [r, s, added]}
      - {code: t, kind: multi, role: plain, options: [x, z]}
      - {code: same, kind: integer, role: plain, min: 0, max: 9}
      - {code: fresh, kind: text, role: freetext}
`
)

func TestEachVariableIsFlaggedByItsClass(t *testing.T) {
	old, new := define(t, stepBefore), define(t, stepAfter)
	cases := []struct {
		name    string
		classes map[string]string
		want    string
	}{
		{"nothing said", nil,
			"a break, m__r comparable, m__s comparable, m__added new, t__x break, t__z new, same comparable, fresh new, gone dropped, m__dropped dropped, t__y dropped"},
		{"kept", map[string]string{"a": ClassKeepsMeaning, "m": ClassKeepsMeaning, "t": ClassKeepsMeaning, "fresh": ClassNew, "gone": ClassBreaksTrend},
			"a comparable_with_note, m__r comparable, m__s comparable, m__added new, t__x comparable_with_note, t__z new, same comparable, fresh new, gone dropped, m__dropped dropped, t__y dropped"},
		{"broken", map[string]string{"a": ClassBreaksTrend, "t": ClassBreaksTrend},
			"a break, m__r comparable, m__s comparable, m__added new, t__x break, t__z new, same comparable, fresh new, gone dropped, m__dropped dropped, t__y dropped"},
	}
	for _, c := range cases {
		var got []string
		for _, f := range Comparability(old, new, Classification{Classes: c.classes}) {
			got = append(got, f.Variable+" "+string(f.Effect))
			if (len(f.Why) > 0) != (f.Effect != Comparable) {
				t.Errorf("%s: %s is %s because of %v", c.name, f.Variable, f.Effect, f.Why)
			}
			for _, lang := range Languages {
				if f.Effect.Words(lang) == "" || f.Effect != Comparable && f.Reason(lang) == "" {
					t.Errorf("%s: %s has no words in %s", c.name, f.Variable, lang)
				}
			}
		}
		if joined := strings.Join(got, ", "); joined != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, joined, c.want)
		}
	}
}

func TestAnIndexSharesTheBreaksOfItsInputs(t *testing.T) {
	old := Newest("office")
	new := changed(t, "office/2", StructureFile, "version: 2", "version: 3")
	index := new.Calculated[0]
	row := index.Formula.Variables()[0]
	new.Question(row[:strings.Index(row, "__")]).Rows[0].Label = Text{"de": "x", "fr": "x", "it": "x", "en": "x"}
	for class, want := range map[string]Effect{ClassBreaksTrend: Break, ClassKeepsMeaning: ComparableWithNote, "": Break} {
		for _, f := range Comparability(old, new, Classification{Classes: map[string]string{row: class}}) {
			if f.Variable == index.Code && (f.Effect != want || len(f.Why) == 0) {
				t.Errorf("%s with an input that is %q: %s because of %v", index.Code, class, f.Effect, f.Why)
			}
		}
	}
}

func TestTheTrendOfAVariableBeginsAtItsLastBreak(t *testing.T) {
	first, second := define(t, stepBefore), define(t, stepAfter)
	third := define(t, strings.Replace(stepAfter, "version: 2", "version: 3", 1))
	got := Trend([]Version{{Questionnaire: first}, {second, Classification{Classes: map[string]string{"a": ClassKeepsMeaning}}}, {Questionnaire: third}})
	want := map[string][2]string{
		"a": {"k/1", "k/3"}, "same": {"k/1", "k/3"}, "m__r": {"k/1", "k/3"}, "m__added": {"k/2", "k/3"}, "fresh": {"k/2", "k/3"},
		"t__x": {"k/2", "k/3"}, "gone": {"k/1", "k/1"}, "m__dropped": {"k/1", "k/1"},
	}
	for _, s := range got {
		if w, ok := want[s.Variable]; ok && (s.From != w[0] || s.Until != w[1]) {
			t.Errorf("%s runs from %s until %s, want %v", s.Variable, s.From, s.Until, w)
		}
	}
	if got[0].Variable != "a" || len(got[0].Joints) != 1 || got[0].Joints[0].To != "k/2" || got[len(got)-1].Until != "k/1" {
		t.Errorf("the newest version's variables come first, the dropped ones last: %+v", got)
	}
}

// TestAVersionIsComparableWithItself holds for any questionnaire: where nothing changed nothing
// is flagged, and against any other every variable of both is flagged once.
func TestAVersionIsComparableWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := Builtins()
		a, b := rapid.SampledFrom(all).Draw(t, "a"), rapid.SampledFrom(all).Draw(t, "b")
		seen := map[string]int{}
		for _, f := range Comparability(a, b, Classification{}) {
			seen[f.Variable]++
			if a == b && f.Effect != Comparable {
				t.Fatalf("%s is %s", f.Variable, f.Effect)
			}
		}
		for _, c := range slices.Concat(a.trendColumns(), b.trendColumns()) {
			if seen[c.name] != 1 {
				t.Fatalf("%s stands %d times", c.name, seen[c.name])
			}
		}
	})
}

func TestEveryKindOfChangeHasWordsAndAFamily(t *testing.T) {
	families := []string{"new", "dropped", "wording", "option", "code", "scale", "routing", "order", "required", "kind", "limits", "initial", "role", "check", "formula", "words"}
	for kind := range kindWords {
		x := Change{Kind: kind, Part: "p"}
		if !slices.Contains(families, x.Family()) {
			t.Errorf("%s is of the family %q", kind, x.Family())
		}
		for _, lang := range Languages {
			if kindWords[kind][lang] == "" || strings.Contains(x.What(lang), "%") {
				t.Errorf("%s in %s: %q", kind, lang, x.What(lang))
			}
		}
	}
	for kind, words := range pointWords {
		for _, lang := range Languages {
			if words[lang] == "" {
				t.Errorf("%s of a scale has no words in %s", kind, lang)
			}
		}
	}
}

func TestMarksGiveTheTextsAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-c]{1,2}[ \n]{1,2}){0,8}[a-c]?`)
		old, new := text.Draw(t, "old"), text.Draw(t, "new")
		before, after := Marks(old, new)
		join := func(pieces []Piece, all bool) string {
			var b strings.Builder
			for _, p := range pieces {
				if all || !p.Changed {
					b.WriteString(p.Words)
				}
			}
			return b.String()
		}
		if join(before, true) != old || join(after, true) != new {
			t.Fatalf("%q %q: %v %v", old, new, before, after)
		}
		if join(before, false) != join(after, false) {
			t.Fatalf("what is unmarked differs: %v %v", before, after)
		}
	})
}
