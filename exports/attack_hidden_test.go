package exports

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires"
)

// viewed are n employers who were asked about one thing: all of the last size, and so many others,
// said yes, the others no.
func viewed(t *testing.T, role string, n, last, others int) memory {
	q := made(t, `minutes: 1
pages:
  - code: p
    questions:
      - {code: e_size, kind: single, role: qi(size), options: ["1-9", "10-49", "50-249", "250+"]}
      - {code: e_view, kind: single, role: `+role+`, options: ["yes", "no"]}
`)
	m := memory{snapshot: Snapshot{Wave: "2026", Population: "employer", Hash: "viewed", Questionnaire: q, N: n}}
	for i := range n {
		size, view := []string{"1-9", "10-49", "50-249"}[i%3], "no"
		if i < last {
			size, view = "250+", "yes"
		} else if i < last+others {
			view = "yes"
		}
		m.records = append(m.records, Record{Answers: questionnaires.Answers{"e_size": code1(size), "e_view": code1(view)}})
	}
	return m
}

// deduced are the classes whose hidden answers a reader of the rules knows: the question has two
// answers, one of them is common enough that a class may agree on it, and some class is seen to.
// A class that is hidden then gave the other.
func (sh *sheet) deduced(j int) (classes [][]int) {
	values, agreeing, hiding := map[string]bool{}, false, [][]int(nil)
	for _, rows := range sh.classes() {
		seen, gone := map[string]bool{}, 0
		for _, r := range rows {
			switch cell := sh.rows[r][j]; {
			case substantive(cell):
				seen[cell], values[cell] = true, true
			case cell == cellLocal:
				gone++
			}
		}
		agreeing = agreeing || len(seen) == 1
		if len(seen) == 0 && gone > 0 {
			hiding = append(hiding, rows)
		}
	}
	if len(values) > 2 || !agreeing {
		return nil
	}
	return hiding
}

// TestAttack_a_hidden_class_is_not_told_by_those_that_still_agree: hiding what a class agrees on tells
// what it was where only one of two answers is ever hidden (Wong et al. 2007, minimality attack).
func TestAttack_a_hidden_class_is_not_told_by_those_that_still_agree(t *testing.T) {
	hidden := 0
	rapid.Check(t, func(rt *rapid.T) {
		m := viewed(t, "sensitive_high", rapid.IntRange(60, 200).Draw(rt, "n"), rapid.IntRange(5, 12).Draw(rt, "last"), rapid.IntRange(0, 6).Draw(rt, "others"))
		for _, profile := range []string{Scientific, Public} {
			plan, err := PlanFor(m.snapshot.Questionnaire, profile)
			if err != nil {
				rt.Fatal(err)
			}
			plan.Profile.AnswerMax = 1 // a file of one question has none beside it that stay
			sh, err := gather(context.Background(), m, m.snapshot, plan, []byte("key"))
			if err != nil {
				rt.Fatal(err)
			}
			if sh, _, err = protect(sh, plan, steps(context.Background(), nil)); err != nil {
				continue
			}
			for _, row := range sh.rows {
				if row[1] == cellLocal {
					hidden++
				}
			}
			if told := sh.deduced(1); len(told) > 0 {
				rt.Fatalf("%s: what %d classes of a file of %d hide is told by another that agrees", profile, len(told), len(sh.rows))
			}
		}
	})
	if hidden == 0 {
		t.Error("nothing was ever hidden: the attack proves nothing")
	}
}
