package questionnaires

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawnQuestionnaire gives a questionnaire with every feature of the engine,
// made up from a seed: conditions on pages, questions, rows and options,
// formulas, calculated variables, checks, answers in texts.
func drawnQuestionnaire(t testing.TB, seed uint64) *Questionnaire {
	d := &drawn{Rand: rand.New(rand.NewPCG(seed, 7))}
	return define(t, d.structure())
}

// drawOne draws a built-in questionnaire or a made-up one.
func drawOne(t *rapid.T) *Questionnaire {
	if rapid.IntRange(0, 3).Draw(t, "built in") == 0 {
		return drawQuestionnaire(t)
	}
	d := &drawn{Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "structure"), 7))}
	structure := d.structure()
	q, found, err := ReadDir(folder(structure))
	if err != nil || len(found) > 0 {
		t.Fatalf("%v %v in\n%s", found, err, structure)
	}
	return q
}

// drawn writes the structure of a questionnaire line by line.
type drawn struct {
	*rand.Rand
	out        strings.Builder
	known      []drawnVariable // that a condition written now may name
	calculated strings.Builder
	questions  int
	formulas   int
}

type drawnVariable struct {
	name   string
	what   string   // number, code, codes, other
	codes  []string // of a choice, those that can be compared
	counts bool     // a code that is a number
}

func (d *drawn) pick(list ...string) string { return list[d.IntN(len(list))] }

func (d *drawn) often(percent int) bool { return d.IntN(100) < percent }

func (d *drawn) line(format string, args ...any) { fmt.Fprintf(&d.out, format+"\n", args...) }

func (d *drawn) structure() string {
	d.line("key: drawn\nversion: 1\nscales: {S: ['1', '2', '3', '-1', both, '98']}\nalso: {NA: '90', PNS: '94'}\npages:")
	for p := range 1 + d.IntN(3) {
		d.line("  - code: p%d", p+1)
		d.condition("    if: ", 30)
		d.line("    questions:")
		for range 1 + d.IntN(6) {
			d.question()
			if d.often(25) {
				d.calculate()
			}
		}
	}
	if d.calculated.Len() > 0 {
		d.line("calculated:")
		d.out.WriteString(d.calculated.String())
	}
	return d.out.String()
}

// condition writes one under a key in a share of the cases.
func (d *drawn) condition(key string, percent int) {
	if len(d.known) > 0 && d.often(percent) {
		d.line("%s%s", key, yamlQuoted(d.term(2)))
	}
}

func yamlQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (d *drawn) question() {
	d.questions++
	code := fmt.Sprintf("q%d", d.questions)
	kinds := []Kind{Single, Multi, Matrix, Integer, Decimal, LongText, Ranking, YesNo, Date, Numbers, Texts}
	kind := kinds[d.IntN(len(kinds))]
	role := "plain"
	if kind == LongText || kind == Texts {
		role = "freetext"
	}
	d.line("      - {code: %s, kind: %s, role: %s, required: %v, shuffle: %v%s}", code, kind, role, d.often(60), d.often(30), d.rest(code, kind))
}

// rest gives what a question of a kind has besides, and notes its variables.
func (d *drawn) rest(code string, kind Kind) string {
	out := ""
	if len(d.known) > 0 && d.often(35) {
		out += ", if: " + yamlQuoted(d.term(2))
	}
	var mine []drawnVariable
	one := func(what string) { mine = append(mine, drawnVariable{name: code, what: what}) }
	switch kind {
	case Single, Multi, Ranking:
		out += d.choice(code, kind, &mine)
	case YesNo:
		out += ", options: ['1', '0', '98']"
		mine = append(mine, drawnVariable{code, "code", []string{"1", "0"}, true})
	case Matrix:
		options, codes, counts := ", scale: S", []string{"1", "2", "3", "-1", "both"}, true
		if d.often(30) {
			options, codes, counts = ", options: ["+d.part("x", ", exclusive: false")+", y, '98']", []string{"x", "y"}, false
		}
		out += options + d.pick("", ", also: [NA, PNS]")
		out += d.rows(code, drawnVariable{what: "code", codes: codes, counts: counts}, &mine)
	case Integer:
		out += ", min: -3, max: 20" + d.pick("", ", initial: 5")
		one("number")
	case Decimal:
		out += ", min: -10, max: 10, decimals: 2"
		one("number")
	case LongText:
		out += ", max_length: 12"
		one("other")
	case Date:
		out += d.pick("", ", not_future: true", ", initial: 2025-03-01")
		one("other")
	case Numbers:
		out += ", min: 0, max: 100" + d.rows(code, drawnVariable{what: "number"}, &mine)
	case Texts:
		out += ", max_length: 12" + d.rows(code, drawnVariable{what: "other"}, &mine)
	}
	d.known = append(d.known, mine...)
	return out
}

// part writes a row or an option, with a condition of its own in some cases.
func (d *drawn) part(code, flags string) string {
	if len(d.known) > 0 && d.often(40) {
		return "{code: " + code + flags + ", if: " + yamlQuoted(d.term(1)) + "}"
	}
	if flags == "" {
		return code
	}
	return "{code: " + code + flags + "}"
}

func (d *drawn) rows(code string, like drawnVariable, mine *[]drawnVariable) string {
	var rows []string
	for i := range 1 + d.IntN(3) {
		row := fmt.Sprintf("r%d", i+1)
		rows = append(rows, d.part(row, ""))
		like.name = code + "__" + row
		*mine = append(*mine, like)
	}
	return ", rows: [" + strings.Join(rows, ", ") + "]"
}

func (d *drawn) choice(code string, kind Kind, mine *[]drawnVariable) string {
	codes := []string{"a", "b", "'3'"}
	var options []string
	for _, c := range codes {
		options = append(options, d.part(c, ""))
	}
	plain := []string{"a", "b", "3"}
	switch kind {
	case Ranking:
		for _, c := range plain {
			*mine = append(*mine, drawnVariable{name: code + "__" + c, what: "number"})
		}
		return ", options: [" + strings.Join(options, ", ") + "], top: " + d.pick("1", "2", "all")
	case Multi:
		options = append(options, d.part("other", ", other: true"), d.part("none", ", exclusive: true"), "'98'")
		*mine = append(*mine, drawnVariable{code, "codes", append(plain, "other", "none"), false})
		return ", options: [" + strings.Join(options, ", ") + "]" + d.pick("", ", least: 2", ", most: 2", ", least: 1, most: 3, initial: [a, b]")
	}
	options = append(options, d.part("other", ", other: true"), "'98'")
	*mine = append(*mine, drawnVariable{code, "code", append(plain, "other"), true})
	return ", options: [" + strings.Join(options, ", ") + "]" + d.pick("", ", initial: a")
}

// calculate adds a calculated variable over what is known so far.
func (d *drawn) calculate() {
	formula, ok := d.formula(2)
	if !ok || !slices.ContainsFunc(d.known, func(v drawnVariable) bool { return strings.Contains(formula, v.name) }) {
		return
	}
	d.formulas++
	code := fmt.Sprintf("c%d", d.formulas)
	fmt.Fprintf(&d.calculated, "  - {code: %s, value: %s, valid: %s, decimals: %d, role: plain}\n", code, yamlQuoted(formula), d.pick("0", "1"), d.IntN(4))
	d.known = append(d.known, drawnVariable{name: code, what: "number"})
}
