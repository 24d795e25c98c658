package exports

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"rondo/exports/anonymise"
	"rondo/exports/verify"
	"rondo/questionnaires"
)

// release protects a made-up wave without writing files.
func release(t testing.TB, m memory, profile string) (Plan, *sheet, error) {
	t.Helper()
	plan, err := PlanFor(m.snapshot.Questionnaire, profile)
	if err != nil {
		t.Fatal(err)
	}
	sh, err := gather(context.Background(), m, m.snapshot, plan, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := protect(sh, plan, steps(context.Background(), nil))
	return plan, out, err
}

// ancestors lists everything a raw key answer may have become.
func ancestors(t testing.TB, c Choice, raw string) map[string]bool {
	t.Helper()
	if missing(raw) {
		raw = otherMissing
	}
	hs, err := ways(c.Column.Question)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, h := range hs {
		for _, v := range h.Up[raw] {
			out[v] = true
		}
	}
	return out
}

// TestRelease_leaves_the_nominating_office_k_candidates is the attack of the
// strongest opponent: it knows size, branch and canton of everybody who took
// part, and looks for the rows each could be.
func TestRelease_leaves_the_nominating_office_k_candidates(t *testing.T) {
	for _, profile := range []string{Scientific, Public} {
		k, reached := profiles[profile].K, 0
		rapid.Check(t, func(rt *rapid.T) {
			n := rapid.IntRange(1, 300).Draw(rt, "n")
			m := wave(t, "employer/2", n, rapid.Uint64().Draw(rt, "seed"))
			_, sh, err := release(t, m, profile)
			if n < k && !errors.Is(err, ErrTooFew) {
				rt.Fatalf("n=%d: %v", n, err)
			}
			if err != nil {
				if !errors.Is(err, ErrTooFew) && !errors.Is(err, ErrUnreachable) {
					rt.Fatal(err)
				}
				return
			}
			reached++
			for _, r := range m.records {
				row := m.snapshot.Questionnaire.Row(r.Answers)
				if n := candidatesOf(t, m, sh, row); n != 0 && n < k {
					rt.Fatalf("%d candidates for one participant, k=%d", n, k)
				}
			}
			checkAnswers(rt, sh, profiles[profile])
		})
		t.Logf("%s: %d of the drawn waves could be released", profile, reached)
		if reached == 0 {
			t.Errorf("%s: never reached", profile)
		}
	}
}

func candidatesOf(t testing.TB, m memory, sh *sheet, raw []string) int {
	at := map[string]int{}
	for i, c := range m.snapshot.Questionnaire.Columns() {
		at[c.Name] = i
	}
	keys := sh.keys()
	could := make([]map[string]bool, len(keys))
	for i, j := range keys {
		could[i] = ancestors(t, sh.choices[j], raw[at[sh.choices[j].Column.Name]])
	}
	n := 0
	for _, row := range sh.rows {
		fits := true
		for i, j := range keys {
			fits = fits && could[i][row[j]]
		}
		if fits {
			n++
		}
	}
	return n
}

// checkAnswers looks at the answers beside the keys: none rare, no class agreed
// on a judgement that most do not share.
func checkAnswers(t *rapid.T, sh *sheet, p Profile) {
	classes := sh.classes()
	for j, c := range sh.choices {
		if c.Treatment != Open {
			continue
		}
		counts, total := map[string]int{}, 0
		for _, row := range sh.rows {
			if substantive(row[j]) {
				counts[row[j]]++
				total++
			}
		}
		for v, n := range counts {
			if n < p.RareMin {
				t.Fatalf("%s: %d rows answered %s", c.Column.Name, n, v)
			}
		}
		if c.Column.Question.Role != "sensitive_high" {
			continue
		}
		for _, rows := range classes {
			seen := map[string]bool{}
			for _, r := range rows {
				if substantive(sh.rows[r][j]) {
					seen[sh.rows[r][j]] = true
				}
			}
			for v := range seen {
				if len(seen) == 1 && float64(counts[v]) < p.Agree*float64(total) {
					t.Fatalf("%s: a class agrees on %s, which %d of %d gave", c.Column.Name, v, counts[v], total)
				}
			}
		}
	}
}

// routed is a small questionnaire in which a question hangs on the size, and
// another on that one.
func routed(t *testing.T) *questionnaires.Questionnaire {
	t.Helper()
	var text, structure strings.Builder
	structure.WriteString("key: employer\nversion: 9\nminutes: 1\npages:\n  - code: p\n    questions:\n")
	text.WriteString("title: \"T\"\nintro: \"I\"\npages:\n  p: \"P\"\nquestions:\n")
	add := func(code, role, cond string, options ...string) {
		structure.WriteString("      - code: " + code + "\n        kind: single\n        required: true\n        role: " + role + "\n")
		if cond != "" {
			structure.WriteString("        if: " + cond + "\n")
		}
		structure.WriteString("        options: [\"" + strings.Join(options, `", "`) + "\"]\n")
		text.WriteString("  " + code + ":\n    label: \"" + code + "\"\n    options:\n")
		for _, o := range options {
			text.WriteString("      \"" + o + "\": \"" + o + "\"\n")
		}
	}
	add("e_size", "qi(size)", "", "1-9", "10-49", "50-249", "250+")
	add("e_branch", "qi(branch)", "", "a", "be", "f", "gi", "j", "k", "l", "mn", "oq", "ru")
	add("e_big", "plain", `e_size == "250+"`, "yes", "no")
	add("e_why", "plain", `e_big == "yes"`, "money", "time")
	add("e_free", "plain", "", "yes", "no")
	files := fstest.MapFS{"questionnaire.yaml": {Data: []byte(structure.String())}}
	for _, lang := range questionnaires.Languages {
		files["text."+lang+".yaml"] = &fstest.MapFile{Data: []byte(text.String())}
	}
	q, findings, err := questionnaires.ReadDir(files)
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v %v", err, findings)
	}
	return q
}

func TestRelease_routing_does_not_give_a_coarsened_size_away(t *testing.T) {
	q := routed(t)
	m := wave(t, "employer/2", 0, 1)
	m.snapshot.Questionnaire = q
	// Sizes so spread that 250+ cannot stand alone.
	for i := range 60 {
		size := []string{"1-9", "10-49", "50-249", "250+"}[min(i/19, 3)]
		a := questionnaires.Answers{"e_size": code1(size), "e_branch": code1([]string{"be", "gi"}[i%2]), "e_free": code1([]string{"yes", "no"}[i/2%2])}
		if size == "250+" {
			a["e_big"] = code1([]string{"yes", "no"}[i%2])
			if i%2 == 0 {
				a["e_why"] = code1("money")
			}
		}
		m.records = append(m.records, Record{Answers: a, Language: "de"})
	}
	m.snapshot.N = len(m.records)
	_, sh, err := release(t, m, Scientific)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, row := range sh.rows {
		for j, c := range sh.choices {
			if c.Column.Name == "e_size" {
				shown[row[j]] = true
			}
			if name := c.Column.Name; (name == "e_big" || name == "e_why") && row[j] != cellRoute {
				t.Fatalf("%s shows %s although the size is coarsened", name, row[j])
			}
			if c.Column.Name == "e_free" && missing(row[j]) {
				t.Fatalf("e_free lost an answer: %s", row[j])
			}
		}
	}
	if shown["250+"] {
		t.Fatalf("the sizes were not coarsened: %v", shown)
	}
}

func code1(code string) questionnaires.Value {
	return questionnaires.Value{Codes: []string{code}}
}

func TestRelease_order_of_rows_tells_nothing(t *testing.T) {
	const n, snapshots = 109, 200
	mean := 0.0
	m := wave(t, "employer/2", n, 5)
	for i := range m.records {
		m.records[i].Shuffle = i // the raw order, carried along
	}
	for s := range snapshots {
		m.snapshot.Hash = strconv.Itoa(s)
		plan, err := PlanFor(m.snapshot.Questionnaire, Internal)
		if err != nil {
			t.Fatal(err)
		}
		sh, err := gather(context.Background(), m, m.snapshot, plan, []byte("key"))
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for place, row := range sh.before {
			raw, err := strconv.Atoi(row[len(row)-1])
			if err != nil {
				t.Fatal(err)
			}
			sum += float64((place - raw) * (place - raw))
		}
		rho := 1 - 6*sum/float64(n*(n*n-1))
		if math.Abs(rho) > .45 {
			t.Errorf("snapshot %d: order correlates %.2f with the raw one", s, rho)
		}
		mean += rho / snapshots
	}
	t.Logf("expected a mean rank correlation below .03 over %d snapshots and none above .45; reached %.4f", snapshots, mean)
	if math.Abs(mean) > .03 {
		t.Errorf("mean correlation %.3f", mean)
	}
}

func TestBuild_and_verify_agree_on_waves_of_any_size(t *testing.T) {
	for n := 0; n <= 300; n += 60 {
		for _, profile := range []string{Scientific, Internal} {
			m := wave(t, "employer/2", n, uint64(n))
			var out bytes.Buffer
			man, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("k"), &out)
			if err != nil {
				if profile == Internal || !errors.Is(err, ErrTooFew) && !errors.Is(err, ErrUnreachable) {
					t.Errorf("n=%d %s: %v", n, profile, err)
				}
				continue
			}
			report, err := verify.Bundle(bytes.NewReader(out.Bytes()), int64(out.Len()))
			if err != nil || report.Records != man.Records || profile == Scientific && report.K < 5 {
				t.Errorf("n=%d %s: %v %+v", n, profile, err, report)
			}
		}
	}
}

func TestWays_name_every_option_of_the_instruments_once(t *testing.T) {
	for _, ref := range []string{"employer/1", "employer/2"} {
		q := builtin(t, ref)
		found := 0
		for _, c := range q.Columns() {
			if _, ok := kindOf(c.Role()); !ok {
				continue
			}
			found++
			hs, err := ways(c.Question)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hs {
				if h.Up[h.Leaves[0]][h.Height()] != anonymise.Suppressed {
					t.Errorf("%s: %s does not end in *", c.Name, h.Name)
				}
				for level := 1; level < h.Height(); level++ {
					for _, leaf := range h.Leaves {
						kind, _ := kindOf(c.Question.Role)
						if v := h.Up[leaf][level]; v != otherMissing && coarseLabels[kind][v].In("it") == "" {
							t.Errorf("%s: no words for %s", c.Name, v)
						}
					}
				}
			}
		}
		if found != 3 {
			t.Errorf("%s: %d keys", ref, found)
		}
	}
}
