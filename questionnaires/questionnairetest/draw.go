package questionnairetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"rondo/questionnaires"
)

// Draw makes up a questionnaire.
func Draw(t *rapid.T) *questionnaires.Questionnaire {
	files := DrawFiles(t)
	q, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatalf("what was drawn cannot be read: %v %v\n%s", err, found, files[questionnaires.StructureFile])
	}
	return q
}

// DrawFiles is Draw before it is read.
func DrawFiles(t *rapid.T) map[string][]byte {
	d := &drawing{T: t, words: map[string]map[string]any{}, codes: map[string]bool{}}
	for _, lang := range questionnaires.Languages {
		d.words[lang] = map[string]any{}
	}
	files := map[string][]byte{questionnaires.StructureFile: d.json(d.questionnaire())}
	for _, lang := range questionnaires.Languages {
		files[questionnaires.TextFile(lang)] = d.json(d.words[lang])
	}
	return files
}

// drawing is a questionnaire half made up.
type drawing struct {
	*rapid.T
	words     map[string]map[string]any // by language
	codes     map[string]bool           // taken
	variables []variable                // of the questions so far
	notes     []string
}

// variable is what a condition may name.
type variable struct {
	name, kind string
	codes      []string // that can be compared with
}

type object = map[string]any

func (d *drawing) json(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		d.Fatal(err)
	}
	return buf.Bytes()
}

func (d *drawing) chance(percent int) bool {
	return rapid.IntRange(0, 99).Draw(d.T, "chance") < percent
}

func (d *drawing) pick(list ...string) string { return rapid.SampledFrom(list).Draw(d.T, "pick") }

func (d *drawing) number(low, high int) int { return rapid.IntRange(low, high).Draw(d.T, "number") }

var stems = []string{"a", "e_since", "o_type", "x1", "yes", "no", "null", "y", "n", "group", "note", "select", "q98"}

// code draws a code nobody has taken, nor any variable made from it.
func (d *drawing) code() string {
	code := d.pick(stems...)
	for d.codes[code] {
		code += "_" + fmt.Sprint(len(d.codes))
	}
	d.codes[code] = true
	return code
}

var phrases = []string{
	"How often?", "Été à Zürich – 100%", "\"quoted\" and 'single'", "a: b # c", "- dash", "=1+1", "98", "yes", "null", "~",
	"two\nlines\n\nand more", "tab\there", `back\slash`, "{ref_from} to {ref_to} in {office}", "$5 and ${x}", "<b>&amp;</b>",
	"[x]", "a, b, c", "@at", "%", "long " + strings.Repeat("words and more ", 30), "e\u0301", "_x000a_", "'", "\u2028x", "🎈",
}

// say draws words for a place, in some languages or none.
func (d *drawing) say(place ...string) {
	if d.chance(10) {
		return
	}
	for _, lang := range questionnaires.Languages {
		if d.chance(15) {
			continue
		}
		at := d.words[lang]
		for _, name := range place[:len(place)-1] {
			next, ok := at[name].(object)
			if !ok {
				next = object{}
				at[name] = next
			}
			at = next
		}
		at[place[len(place)-1]] = d.pick(phrases...)
	}
}

func (d *drawing) questionnaire() object {
	q := object{"key": d.pick("office", "k", "my_key"), "version": d.number(1, 12)}
	if d.chance(50) {
		q["minutes"] = d.number(1, 90)
	}
	for _, part := range []string{"title", "intro", "header"} {
		d.say(part)
	}
	d.putNotes(q)
	var pages []any
	for range d.number(1, 3) {
		pages = append(pages, d.page())
	}
	q["pages"] = pages
	d.calculated(q)
	d.checks(q, pages)
	return q
}

// putNotes gives a place some notes; a code has the same words in every place.
func (d *drawing) putNotes(at object) {
	if !d.chance(30) {
		return
	}
	var list []any
	for range d.number(1, 3) {
		code := d.pick("NOTICE_TEXT", "DEF_A", "98", "note", "no")
		if len(list) > 0 && list[len(list)-1] == code {
			continue
		}
		known := false
		for _, n := range d.notes {
			known = known || n == code
		}
		if !known {
			d.notes = append(d.notes, code)
			d.say("notes", code)
		}
		list = append(list, code)
	}
	at["notes"] = list
}

func (d *drawing) page() object {
	code := d.pick("p", "e1", "a", "yes")
	for d.codes["page "+code] {
		code += fmt.Sprint(len(d.codes))
	}
	d.codes["page "+code] = true
	p := object{"code": code}
	d.say("pages", code)
	d.putNotes(p)
	d.putCondition(p, "if", 30)
	var questions []any
	for range d.number(1, 4) {
		questions = append(questions, d.question())
	}
	p["questions"] = questions
	return p
}

// calculated draws variables that are computed from the others.
func (d *drawing) calculated(q object) {
	var numbers []string
	for _, v := range d.variables {
		switch v.kind {
		case "integer", "decimal", "numbers", "ranking":
			numbers = append(numbers, v.name)
		case "matrix":
			if !slices.ContainsFunc(v.codes, func(c string) bool { _, err := strconv.Atoi(c); return err != nil }) && len(v.codes) > 0 {
				numbers = append(numbers, v.name)
			}
		}
	}
	var list []any
	for range d.number(0, 2) {
		if len(numbers) == 0 {
			break
		}
		a, b := d.pick(numbers...), d.pick(numbers...)
		value := d.pick(a+" + "+b, "mean("+a+", "+b+") - 2.5", "round("+a+" / 3, 1) * ("+b+")", a+" > 2 ? 1 : "+b,
			"min("+a+","+b+") - max("+a+", "+b+")", "sum("+a+", "+b+", 1)", "count("+a+", "+b+")", "-"+a, a+" - ("+b+" - 1)")
		c := object{"code": d.code(), "value": value, "decimals": d.number(0, 6)}
		if d.chance(40) && strings.Contains(value, "(") && !strings.Contains(value, "round") {
			c["valid"] = d.number(1, 2)
		}
		if d.chance(80) {
			c["role"] = "sensitive"
		}
		d.say("calculated", c["code"].(string))
		numbers = append(numbers, c["code"].(string))
		list = append(list, c)
	}
	if list != nil {
		q["calculated"] = list
	}
}

func (d *drawing) checks(q object, pages []any) {
	var list []any
	for range d.number(0, 3) {
		if len(d.variables) == 0 {
			break
		}
		p := pages[len(pages)-1].(object)["questions"].([]any)
		question := p[len(p)-1].(object)["code"].(string)
		code := d.code()
		c := object{"code": code, "question": question, "fails": d.condition(2)}
		if d.chance(40) {
			c["soft"] = true
		} else if d.chance(30) {
			c["at"] = "release"
		}
		d.say("checks", code)
		list = append(list, c)
	}
	if list != nil {
		q["checks"] = list
	}
}
