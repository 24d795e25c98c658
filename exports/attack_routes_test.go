package exports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires"
)

// drawRouted makes up a questionnaire for employers of single and multiple choices whose questions
// and options hang on keys, on facts that no release shows, and on one another.
func drawRouted(t *rapid.T) *questionnaires.Questionnaire {
	quote := func(codes []string) string { return `"` + strings.Join(codes, `", "`) + `"` }
	var lines, known []string // known: variables, a multiple choice marked by *
	options := map[string][]string{}
	atom := func() string {
		v := rapid.SampledFrom(known).Draw(t, "variable")
		name, multi := strings.CutPrefix(v, "*")
		code := rapid.SampledFrom(options[name]).Draw(t, "code")
		if multi {
			return rapid.SampledFrom([]string{fmt.Sprintf("%q in %s", code, name), "answered(" + name + ")"}).Draw(t, "atom")
		}
		return rapid.SampledFrom([]string{fmt.Sprintf("%s == %q", name, code), fmt.Sprintf("%s != %q", name, code),
			fmt.Sprintf("%s in [%s]", name, quote(options[name][:2])), "answered(" + name + ")"}).Draw(t, "atom")
	}
	condition := func(percent int) string {
		if len(known) == 0 || rapid.IntRange(0, 99).Draw(t, "chance") >= percent {
			return ""
		}
		said := atom()
		switch rapid.IntRange(0, 3).Draw(t, "joined") {
		case 0:
			said = "not (" + said + ")"
		case 1:
			said += " and " + atom()
		case 2:
			said = "(" + said + ") or " + atom()
		}
		return said
	}
	add := func(code, kind, role string, codes []string, percent int) {
		line := fmt.Sprintf("      - {code: %s, kind: %s, role: %s", code, kind, role)
		if c := condition(percent); c != "" {
			line += ", if: '" + c + "'"
		}
		var list []string
		for i, o := range codes {
			if c := condition(percent / 4); c != "" && i > 0 {
				list = append(list, fmt.Sprintf("{code: %q, if: '%s'}", o, c))
				continue
			}
			list = append(list, fmt.Sprintf("%q", o))
		}
		lines = append(lines, line+", options: ["+strings.Join(list, ", ")+"]}")
		options[code] = codes
		if kind == "multi" {
			code = "*" + code
		}
		known = append(known, code)
	}
	add("e_size", "single", "qi(size)", []string{"1-9", "10-49", "50-249", "250+"}, 0)
	add("e_branch", "single", "qi(branch)", []string{"a", "be", "gi", "mn"}, 0)
	add("e_canton", "single", "qi(canton)", []string{"ZH", "BE", "GE", "TI"}, 0)
	add("fact", "single", "stable_fact", []string{"x", "y", "z"}, 30)
	for i := range rapid.IntRange(2, 5).Draw(t, "questions") {
		kind := rapid.SampledFrom([]string{"single", "single", "multi"}).Draw(t, "kind")
		role := rapid.SampledFrom([]string{"plain", "sensitive", "sensitive_high"}).Draw(t, "role")
		add(fmt.Sprint("q", i), kind, role, []string{"a", "b", "c"}[:rapid.IntRange(2, 3).Draw(t, "options")], 60)
	}
	return readDrawn(t, "key: employer\nversion: 9\npages:\n  - code: p1\n    questions:\n"+strings.Join(lines, "\n")+"\n")
}

// readDrawn reads a questionnaire that has no words.
func readDrawn(t *rapid.T, structure string) *questionnaires.Questionnaire {
	files := map[string][]byte{questionnaires.StructureFile: []byte(structure)}
	for _, lang := range questionnaires.Languages {
		files[questionnaires.TextFile(lang)] = []byte("title: T")
	}
	q, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatalf("%v %v\n%s", err, found, structure)
	}
	return q
}

// answersTo draws what somebody answers who sees only what routing shows.
func answersTo(t *rapid.T, q *questionnaires.Questionnaire) questionnaires.Answers {
	a := questionnaires.Answers{}
	for _, qu := range q.Questions() {
		if qu.If != nil && !qu.If.Holds(a) || rapid.IntRange(0, 19).Draw(t, "skip") == 0 {
			continue
		}
		if codes := offered(qu, a); qu.Kind == questionnaires.Multi {
			var chosen []string
			for _, code := range codes {
				if rapid.Bool().Draw(t, "tick") {
					chosen = append(chosen, code)
				}
			}
			if len(chosen) > 0 {
				a[qu.Code] = questionnaires.Value{Codes: chosen}
			}
		} else if len(codes) > 0 { // the first are the more frequent
			i := min(rapid.IntRange(0, len(codes)-1).Draw(t, "code"), rapid.IntRange(0, len(codes)-1).Draw(t, "code"))
			a[qu.Code] = code1(codes[i])
		}
	}
	return a
}

func offered(qu *questionnaires.Question, a questionnaires.Answers) []string {
	var out []string
	for _, o := range qu.Options {
		if o.If == nil || o.If.Holds(a) {
			out = append(out, o.Code)
		}
	}
	return out
}

// drawWave makes up a questionnaire and up to 300 responses to it.
func drawWave(t *rapid.T) memory {
	q := drawRouted(t)
	n := rapid.IntRange(1, 300).Draw(t, "n")
	m := memory{snapshot: Snapshot{Wave: "2026", Population: "employer", Hash: "drawn", Questionnaire: q, N: n, Synthetic: true}}
	// A pool of respondents: a drawn response each would take more entropy than a draw has.
	var pool []questionnaires.Answers
	for range rapid.IntRange(1, 60).Draw(t, "pool") {
		pool = append(pool, answersTo(t, q))
	}
	state := rapid.Uint64().Draw(t, "seed")
	for range n {
		state = state*6364136223846793005 + 1442695040888963407
		m.records = append(m.records, Record{Answers: pool[int(state>>33)%len(pool)], Language: "de"})
	}
	return m
}

// routeAttacker looks at one released row and works out, by trying every way in which somebody
// could have answered, what its keys can have been.
type routeAttacker struct {
	q     *questionnaires.Questionnaire
	cells map[string]string            // of the row, by column
	fits  map[string]func(string) bool // key → whether a leaf may stand behind its cell
}

// can says whether somebody who gave such codes (none: no answer) to a question could have produced
// the row.
func (x routeAttacker) can(question string, such func(codes []string) bool) bool {
	return x.from(0, questionnaires.Answers{}, question, such)
}

func (x routeAttacker) from(i int, a questionnaires.Answers, question string, such func([]string) bool) bool {
	if i == len(x.q.Questions()) {
		return true
	}
	qu := x.q.Questions()[i]
	try := func(codes []string) bool {
		if qu.Code == question && !such(codes) {
			return false
		}
		if len(codes) == 0 {
			delete(a, qu.Code)
		} else {
			a[qu.Code] = questionnaires.Value{Codes: codes}
		}
		return x.from(i+1, a, question, such)
	}
	defer delete(a, qu.Code)
	if qu.If != nil && !qu.If.Holds(a) {
		return x.shows(qu, nil, true) && try(nil)
	}
	codes := offered(qu, a)
	ways := [][]string{nil}
	for _, code := range codes {
		if qu.Kind == questionnaires.Multi {
			for _, way := range slices.Clone(ways) {
				ways = append(ways, append(slices.Clone(way), code))
			}
		} else {
			ways = append(ways, []string{code})
		}
	}
	for _, way := range ways {
		if x.showsFrom(qu, way, a) && try(way) {
			return true
		}
	}
	return false
}

// showsFrom is shows for a question that was asked; options not offered read as not asked.
func (x routeAttacker) showsFrom(qu *questionnaires.Question, way []string, a questionnaires.Answers) bool {
	if qu.Kind != questionnaires.Multi {
		return x.shows(qu, way, false)
	}
	for _, o := range qu.Options {
		cell, there := x.cells[qu.Code+"__"+o.Code]
		if !there || cell == cellRoute {
			continue
		}
		want := "0"
		switch {
		case o.If != nil && !o.If.Holds(a):
			want = questionnaires.CellNotAsked
		case len(way) == 0:
			want = questionnaires.CellNoAnswer
		case slices.Contains(way, o.Code):
			want = "1"
		}
		if cell != want && !(hidden(cell) && !missing(want)) { // what is hidden was an answer
			return false
		}
	}
	return true
}

// shows says whether the cells of a question are what they would be after this answer.
func (x routeAttacker) shows(qu *questionnaires.Question, way []string, unasked bool) bool {
	want := questionnaires.CellNoAnswer
	switch {
	case unasked:
		want = questionnaires.CellNotAsked
	case len(way) > 0:
		want = way[0]
	}
	if fits := x.fits[qu.Code]; fits != nil {
		leaf := want
		if missing(want) {
			leaf = otherMissing
		}
		return fits(leaf)
	}
	for name, cell := range x.cells {
		if name != qu.Code && !strings.HasPrefix(name, qu.Code+"__") || cell == cellRoute {
			continue
		}
		if cell != want && !(hidden(cell) && !missing(want)) {
			return false
		}
	}
	return true
}

// TestAttack_no_route_excludes_what_coarsening_left_possible is the brute-force attacker on routing:
// whatever value a key or a fact that is left out may still have by the cells that show it, there
// is a way through the questionnaire that produces the row with it.
func TestAttack_no_route_excludes_what_coarsening_left_possible(t *testing.T) {
	released, rows, routed := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := drawWave(t)
		profile := rapid.SampledFrom([]string{Scientific, Public}).Draw(t, "profile")
		plan, sh, out, err := protectDrawn(t, m, profile)
		if err != nil {
			return
		}
		released++
		tried := map[string]bool{}
		for _, row := range sh.rows {
			name := strings.Join(row, "|")
			if tried[name] || len(tried) > 40 {
				continue
			}
			tried[name] = true
			rows++
			if slices.Contains(row, cellRoute) {
				routed++
			}
			x := routeAttacker{q: m.snapshot.Questionnaire, cells: map[string]string{}, fits: map[string]func(string) bool{}}
			for j, c := range sh.choices {
				if c.Treatment != Coarse {
					x.cells[c.Column.Name] = row[j]
					continue
				}
				x.fits[c.Column.Name] = shownAs(t, c, out, row[j])
			}
			for _, c := range plan.Choices {
				code := c.Column.Question.Code
				fits := x.fits[code]
				if fits == nil && (c.Treatment != Dropped || c.Why != "stable" && c.Why != "key") {
					continue
				}
				for _, o := range c.Column.Question.Options {
					if (fits == nil || fits(o.Code)) && c.Column.Question.If == nil && o.If == nil && !x.can(code, func(codes []string) bool { return slices.Contains(codes, o.Code) }) {
						t.Fatalf("%s cannot have been %s in the row %v\nof %v\n%s", code, o.Code, row, names(sh), conditions(m.snapshot.Questionnaire))
					}
				}
			}
			x.judge(t, sh, row)
		}
	})
	t.Logf("expected: no row excludes a value; reached: none of %d rows of %d releases, %d of them with routed cells", rows, released, routed)
	if released < 5 || routed < 20 {
		t.Error("too few releases with routed cells: the test proves too little")
	}
}

// judge looks at the answers that protection took: each could be one of two at least, and a tick
// there or not.
func (x routeAttacker) judge(t *rapid.T, sh *sheet, row []string) {
	for j, c := range sh.choices {
		if c.Treatment != Open || row[j] != cellLocal && row[j] != cellRare {
			continue
		}
		// Where only one option was offered, that there was an answer tells which.
		if slices.ContainsFunc(c.Column.Question.Options, func(o questionnaires.Option) bool { return o.If != nil }) {
			continue
		}
		could := 0
		for _, o := range c.Column.Question.Options {
			has := func(codes []string) bool { return slices.Contains(codes, o.Code) }
			if c.Column.Option == nil && x.can(c.Column.Question.Code, has) {
				could++
			}
			if c.Column.Option != nil && c.Column.Option.Code == o.Code {
				if x.can(c.Column.Question.Code, has) {
					could++
				}
				if x.can(c.Column.Question.Code, func(codes []string) bool { return !has(codes) }) {
					could++
				}
			}
		}
		if could < 2 {
			t.Fatalf("%s can only have been one thing in the row %v\nof %v\n%s", c.Column.Name, row, names(sh), conditions(x.q))
		}
	}
}

// conditions prints the routing of a questionnaire.
func conditions(q *questionnaires.Questionnaire) string {
	var b strings.Builder
	for _, qu := range q.Questions() {
		fmt.Fprintf(&b, "%s %s %s", qu.Code, qu.Kind, qu.Role)
		if qu.If != nil {
			fmt.Fprintf(&b, " if %s", qu.If.Source())
		}
		for _, o := range qu.Options {
			if o.If != nil {
				fmt.Fprintf(&b, "; %s if %s", o.Code, o.If.Source())
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func names(sh *sheet) []string {
	var out []string
	for _, c := range sh.choices {
		out = append(out, c.Column.Name)
	}
	return out
}

// shownAs says which leaves may stand behind the cell of a key.
func shownAs(t *rapid.T, c Choice, out outcome, cell string) func(string) bool {
	hs, err := ways(c.Column.Question)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hs {
		if h.Name == out.ways[c.Column.Name] {
			return func(leaf string) bool { return cell == cellLocal || h.Up[leaf][out.levels[c.Column.Name]] == cell }
		}
	}
	t.Fatalf("no hierarchy %s", out.ways[c.Column.Name])
	return nil
}

// protectDrawn protects a drawn wave; an error that is no refusal fails the test.
func protectDrawn(t *rapid.T, m memory, profile string) (Plan, *sheet, outcome, error) {
	plan, err := PlanFor(m.snapshot.Questionnaire, profile)
	if err != nil {
		t.Fatal(err)
	}
	sh, err := gather(t.Context(), m, m.snapshot, plan, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	out, done, err := protect(sh, plan)
	if err != nil && !errors.Is(err, ErrTooFew) && !errors.Is(err, ErrUnreachable) {
		t.Fatal(err)
	}
	return plan, out, done, err
}
