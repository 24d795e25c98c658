package questionnaires

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const browserModule = "../app/views/assets/rondo/*.js" // the parts of one module, in order

// browser runs the module that pages load, in Node, over cases: it gives the
// answer to each.
func browser(t *testing.T, cases []any) []json.RawMessage {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is missing: .ci/install brings it")
		}
		t.Skip("node is not installed: what the browser decides is not compared with the server")
	}
	dir := t.TempDir()
	parts, err := filepath.Glob(browserModule)
	if err != nil || len(parts) == 0 {
		t.Fatalf("%s: %d parts, %v", browserModule, len(parts), err)
	}
	var module []byte
	for _, part := range parts {
		more, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		module = append(module, more...)
	}
	var lines strings.Builder
	enc := json.NewEncoder(&lines)
	for _, c := range cases {
		if err := enc.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	script := `import {readFileSync} from "node:fs"
import {holds, route} from "./rondo.mjs"
for (const line of readFileSync("cases", "utf8").trim().split("\n")) {
  const c = JSON.parse(line)
  const answer = "form" in c ? [...route(c.client, (name) => c.form[name] ?? [])].sort()
    : holds(c.condition, c.answers, c.calculated ?? {}, new Set(c.gone ?? []))
  console.log(JSON.stringify(answer))
}`
	for name, content := range map[string]string{"rondo.mjs": string(module), "run.mjs": script, "cases": lines.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.CommandContext(t.Context(), node, "run.mjs")
	run.Dir, run.Stderr = dir, os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answers []json.RawMessage
	scan := bufio.NewScanner(strings.NewReader(string(out)))
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		answers = append(answers, json.RawMessage(scan.Text()))
	}
	if len(answers) != len(cases) {
		t.Fatalf("%d cases, %d answers", len(cases), len(answers))
	}
	return answers
}

// allConditions gives every condition of a questionnaire.
func allConditions(q *Questionnaire) []*Condition {
	var all []*Condition
	for _, p := range q.Pages {
		all = append(all, p.If)
		for _, qu := range p.Questions {
			all = append(all, qu.If)
			for _, r := range qu.Rows {
				all = append(all, r.If, r.RequiredIf)
			}
			for _, o := range qu.Options {
				all = append(all, o.If)
			}
		}
	}
	for _, c := range q.Checks {
		all = append(all, c.Fails)
	}
	return slices.DeleteFunc(all, func(c *Condition) bool { return c == nil })
}

type conditionCase struct {
	Condition  any                      `json:"condition"`
	Answers    Answers                  `json:"answers"`
	Calculated map[string]ClientFormula `json:"calculated"`
	Gone       []string                 `json:"gone"`
}

// caseOf gives a condition, some questions being on the page and others behind
// it, as the browser has it to decide.
func caseOf(r *rand.Rand, q *Questionnaire, c *Condition, v *view) conditionCase {
	e := &encoder{q: q, v: v, seen: &onPage{questions: map[int]bool{}}, named: map[string]bool{}}
	first := 0
	if r.IntN(4) == 0 {
		first = r.IntN(len(q.questions))
	}
	x := conditionCase{Answers: Answers{}}
	for _, qu := range q.questions[first:] {
		e.seen.questions[qu.at] = true
		for _, name := range qu.variables {
			if v.hidden[qu.at] || v.off(qu.placeOf(name)) {
				x.Gone = append(x.Gone, name)
			} else if value, ok := v.answers[name]; ok {
				x.Answers[name] = value
			}
		}
	}
	x.Condition = e.condition(c.root)
	x.Calculated = e.formulas
	return x
}

// TestServerAndBrowserJudgeConditionsAlike is the promise that a page never
// hides a question that the server asks, nor the other way round.
func TestServerAndBrowserJudgeConditionsAlike(t *testing.T) {
	const want = 100_000
	var cases []any
	var server []bool
	var sources []string
	r := rand.New(rand.NewPCG(1, 2))
	for seed := uint64(1); len(cases) < want; seed++ {
		q := drawnQuestionnaire(t, seed)
		if seed%20 == 0 {
			q = Builtins()[int(seed/20)%len(Builtins())]
		}
		conditions := allConditions(q)
		for range 25 {
			if len(conditions) == 0 {
				break
			}
			v := q.routing(drawnAnswers(r, q))
			for range 20 {
				c := conditions[r.IntN(len(conditions))]
				cases, server = append(cases, caseOf(r, q, c, v)), append(server, c.root.holds(v))
				sources = append(sources, c.source)
			}
		}
	}
	yes := 0
	for i, answer := range browser(t, cases) {
		if string(answer) != strconv.FormatBool(server[i]) {
			said, _ := json.Marshal(cases[i])
			t.Fatalf("%s: the server says %v, the browser %s of %s", sources[i], server[i], answer, said)
		}
		if server[i] {
			yes++
		}
	}
	if yes < want/10 || yes > want*9/10 {
		t.Errorf("of %d cases %d hold: they say little", len(cases), yes)
	}
}

// TestServerAndBrowserRouteAPageAlike posts forms, good and bad ones, and
// compares what the server then asks with what the browser shows.
func TestServerAndBrowserRouteAPageAlike(t *testing.T) {
	var cases []any
	var server []string
	r := rand.New(rand.NewPCG(3, 4))
	for seed := uint64(1); len(cases) < 10_000; seed++ {
		q := drawnQuestionnaire(t, seed)
		if seed%20 == 0 {
			q = Builtins()[int(seed/20)%len(Builtins())]
		}
		for range 20 {
			before := drawnAnswers(r, q)
			for _, p := range q.Pages {
				client, depends := q.Client(p.Code, before, someSetting)
				if !depends {
					continue
				}
				form := drawnForm(r, q, p, before)
				turn, err := q.ReadPage(p.Code, form, before, someSetting)
				if err != nil {
					t.Fatalf("%v in %v", err, form)
				}
				cases = append(cases, map[string]any{"client": client, "form": form})
				said, _ := json.Marshal(hiddenOf(q, client, q.routing(turn.Apply(before))))
				server = append(server, string(said))
			}
		}
	}
	some := 0
	for i, answer := range browser(t, cases) {
		var hidden, shown []string
		if err := json.Unmarshal(answer, &hidden); err != nil {
			t.Fatal(err)
		}
		for _, name := range hidden { // parts of hidden questions count for nothing
			question := name[:strings.IndexAny(name+":", ".:")]
			if name == question || !slices.Contains(hidden, question) {
				shown = append(shown, name)
			}
		}
		said, _ := json.Marshal(shown)
		if string(said) != server[i] {
			about, _ := json.Marshal(cases[i])
			t.Fatalf("the server hides %s, the browser %s in %s", server[i], said, about)
		}
		if len(shown) > 0 {
			some++
		}
	}
	if some < len(cases)/4 {
		t.Errorf("only %d of %d pages hide something", some, len(cases))
	}
}

// hiddenOf gives what the server hides of the questions that a browser knows.
func hiddenOf(q *Questionnaire, c Client, v *view) []string {
	var all []string
	for _, x := range c.Questions {
		qu := q.Question(x.Code)
		if v.hidden[qu.at] {
			all = append(all, x.Code)
			continue
		}
		for _, r := range x.Rows {
			if i := slices.IndexFunc(qu.Rows, func(y Row) bool { return y.Code == r.Code }); v.off(qu.Rows[i].place) {
				all = append(all, x.Code+"."+r.Code)
			}
		}
		for _, o := range x.Options {
			if v.off(qu.Option(o.Code).place) {
				all = append(all, x.Code+":"+o.Code)
			}
		}
	}
	slices.Sort(all)
	return all
}

// onThePage says whether the row or ranked option of the i-th input is shown.
func onThePage(x ShownQuestion, i int) bool {
	there := true
	switch {
	case i < len(x.Question.Rows):
		there, _ = x.Row(i)
	case x.Question.Kind == Ranking && i < len(x.Question.Options):
		there, _ = x.Option(i)
	}
	return there
}

// drawnForm fills in what a page shows: well, badly, or not at all.
func drawnForm(r *rand.Rand, q *Questionnaire, p *Page, before Answers) map[string][]string {
	form := map[string][]string{}
	typed := []string{"", " 1'000 ", "3", "-2", "2.5", "1,25", "12", "x", "1.234", "+7", "1e3", "−1", "0,001", "\u00a05", "٣", "  "}
	days := []string{"", "1", "29", "31", "02", "2", "12", "13", "2024", "2027", "1899", "x"}
	texts := []string{"", " ", "Été", "\t\n", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "a\r\nb", "1234567890123", "\u0085", "\ufeff", "😀😀😀😀😀😀😀"}
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	for _, x := range q.Shown(p.Code, before) {
		qu := x.Question
		var codes []string // on the page
		for i, o := range qu.Options {
			if there, _ := x.Option(i); there {
				codes = append(codes, o.Code)
			}
		}
		for i, f := range qu.inputs() {
			if r.IntN(10) == 0 || !onThePage(x, i) {
				continue
			}
			switch {
			case strings.HasSuffix(f.name, "_other") || qu.Kind == LongText || qu.Kind == Texts:
				form[f.name] = []string{pick(texts)}
			case qu.Kind == Date:
				form[f.name] = []string{pick(days)}
			case qu.Kind == Ranking:
				form[f.name] = []string{pick([]string{"", "1", "2", "3"})}
			case qu.Kind == Multi:
				for _, code := range codes {
					if r.IntN(3) == 0 {
						form[f.name] = append(form[f.name], code)
					}
				}
			case len(qu.Options) > 0:
				form[f.name] = []string{pick(append(codes, ""))}
			default:
				form[f.name] = []string{pick(typed)}
			}
		}
	}
	return form
}
