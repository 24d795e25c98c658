package questionnaires

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Rows makes the dataset rows of many responses, one after the other, from the answers as they are
// written: the cells that AppendRow gives, several times faster than reading them first. It is for
// one goroutine.
type Rows struct {
	questionnaire *Questionnaire
	variables     []written // as encoding/json sorts them
	codes         []string  // room
	view          *view
}

// written is how a variable begins in an object, and its place among the variables.
type written struct {
	name, begin string
	place       int
}

// Rows gives a maker of rows.
func (q *Questionnaire) Rows() *Rows {
	r := &Rows{questionnaire: q, view: q.look(nil)}
	for _, qu := range q.questions {
		for i, name := range qu.variables {
			r.variables = append(r.variables, written{name, `"` + name + `":`, qu.from + i})
		}
	}
	r.view.entries = make([]entry, len(r.variables))
	slices.SortFunc(r.variables, func(a, b written) int { return cmp.Compare(a.name, b.name) })
	return r
}

// Append appends the cells of Row of answers as encoding/json writes them. What is written in any
// other way is left to encoding/json, with its errors.
func (r *Rows) Append(row []string, answers []byte) ([]string, error) {
	if r.read(answers) {
		r.questionnaire.walk(r.view, nil)
		return r.questionnaire.cells(row, r.view), nil
	}
	a, err := ReadAnswers(answers)
	if err != nil {
		return row, err
	}
	return r.questionnaire.AppendRow(row, a), nil
}

// read puts answers in the place of those before; false where they are written in another way.
func (r *Rows) read(answers []byte) bool {
	clear(r.view.entries)
	clear(r.view.hidden)
	clear(r.view.computed)
	p := recordReader{text: string(answers), codes: r.codes[:0]}
	ok := p.entries(r) && p.at == len(p.text) && utf8.ValidString(p.text)
	r.codes = p.codes
	return ok
}

// entries reads answers, in the order that encoding/json writes them or any other. Those the
// questionnaire does not know are left out.
func (p *recordReader) entries(r *Rows) bool {
	if !p.is("{") {
		return false
	}
	next := 0 // the variable that may come
	for first := true; !p.is("}"); first = false {
		if !first && !p.is(",") {
			return false
		}
		var known bool
		if next, known = p.variable(r.variables, next); next < 0 {
			return false
		}
		x := &entry{}
		if known {
			x = &r.view.entries[r.variables[next].place]
			*x = entry{given: true} // the last of its name counts
			next++
		}
		if !p.value(&x.Value) {
			return false
		}
	}
	return true
}

// variable steps over a name and finds it, most likely at one of the places from next on: where it
// is, or where it would stand; -1 where there is none.
func (p *recordReader) variable(all []written, next int) (at int, known bool) {
	if next < len(all) && p.is(all[next].begin) {
		return next, true
	}
	var name string
	if !p.word(&name) || !p.is(":") {
		return -1, false
	}
	for next < len(all) && all[next].name < name {
		next++
	}
	if next < len(all) && all[next].name == name {
		return next, true
	}
	return slices.BinarySearchFunc(all, name, func(w written, name string) int { return cmp.Compare(w.name, name) })
}
