package questionnaires

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Correction puts another value in the place of one, wherever a variable has it. It names a value
// and never a response.
type Correction struct {
	Variable string `json:"variable"`         // a column: of a code, a number or a day, or the text beside "other"
	Office   string `json:"office,omitempty"` // in the answers of this office only; confidential populations
	From     string `json:"from"`             // the cell as it was answered
	To       string `json:"to"`               // the cell it becomes; of the text beside "other", the option it belongs to
	Reason   string `json:"reason"`
}

// Correctable lists the columns whose values can be corrected: codes, numbers and days by another
// value, texts beside "other" by one of the options. What several ticks or ranks say together,
// free texts and calculated variables cannot.
func (q *Questionnaire) Correctable() []Column {
	return slices.DeleteFunc(q.Columns(), func(c Column) bool {
		return !c.Other && c.Type != CodeColumn && c.Type != NumberColumn && c.Type != DateColumn || c.Calculated != nil
	})
}

// CorrectableColumn finds one of them by its name.
func (q *Questionnaire) CorrectableColumn(name string) (Column, bool) {
	all := q.Correctable()
	if i := slices.IndexFunc(all, func(c Column) bool { return c.Name == name }); i >= 0 {
		return all[i], true
	}
	return Column{}, false
}

// CorrectTo lists the options that a value of the column may become: those of the question, beside
// "other" only those that the question accepts together with what else may be ticked. Nil where
// the column holds no codes.
func (c Column) CorrectTo() []Option {
	if c.Type != CodeColumn && !c.Other {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Question.Options), func(o Option) bool {
		alone := o.Missing != 0 || o.Exclusive
		return c.Other && (o.Other || alone && c.Question.Kind == Multi)
	})
}

// CorrectedCell reads what a value of the column is to become, by the question's own rules, and
// gives it as the column holds it: -92 takes the answer away, the code of a reason that the question
// offers (98 or -93) is stored as that reason. Else the rule that is broken: not_offered
// not_a_number not_whole decimals below_min above_max not_a_date.
func (c Column) CorrectedCell(typed string) (cell, rule string, args map[string]any) {
	typed = strings.ReplaceAll(strings.TrimSpace(typed), "−", "-")
	if typed == CellNoAnswer && !c.Other {
		return typed, "", nil
	}
	for _, o := range c.Question.Options {
		if o.Missing != 0 && (typed == o.Code || typed == o.Missing.Cell()) && (!c.Other || c.Question.Kind != Multi) {
			return o.Missing.Cell(), "", nil
		}
	}
	switch {
	case c.Other || c.Type == CodeColumn:
		if !slices.ContainsFunc(c.CorrectTo(), func(o Option) bool { return o.Code == typed }) {
			return "", "not_offered", nil
		}
	case c.Type == NumberColumn:
		n, ok := ParseNumber(typed)
		if !ok {
			return "", "not_a_number", nil
		}
		rule, args = c.Question.outside(n)
		return FormatNumber(n), rule, args
	case !validDay(typed):
		return "", "not_a_date", nil
	}
	return typed, "", nil
}

// Corrector applies corrections to responses to one questionnaire; for any number of goroutines at once.
type Corrector struct {
	q       *Questionnaire
	columns []Column
	places  []int // of the columns, among all
	at      map[correctedCell]int
	list    []Correction
}

type correctedCell struct{ variable, office, from string }

// Corrector makes ready to apply all corrections at once: each meets what was answered, not what
// another made of it. Where one names an office and another none, the former holds for it.
func (q *Questionnaire) Corrector(list []Correction) *Corrector {
	k := &Corrector{q: q, at: map[correctedCell]int{}, list: list}
	named := map[string]bool{}
	for i, c := range list {
		k.at[correctedCell{c.Variable, c.Office, c.From}] = i
		named[c.Variable] = true
	}
	for i, c := range q.Columns() {
		if _, can := q.CorrectableColumn(c.Name); can && named[c.Name] {
			k.columns, k.places = append(k.columns, c), append(k.places, i)
		}
	}
	return k
}

// Correct gives a response as corrected, and the places in the list of the corrections that met it.
// The response itself stays as it is.
func (k *Corrector) Correct(r Record) (Record, []int) {
	if len(k.columns) == 0 {
		return r, nil
	}
	row := k.q.Row(r.Answers)
	var met []int
	for _, other := range []bool{false, true} { // what a text means holds against what becomes of "other" itself
		for j, c := range k.columns {
			if c.Other != other {
				continue
			}
			i, hit := k.at[correctedCell{c.Name, r.Office, row[k.places[j]]}]
			if !hit {
				i, hit = k.at[correctedCell{c.Name, "", row[k.places[j]]}]
			}
			if !hit {
				continue
			}
			if len(met) == 0 {
				r.Answers = maps.Clone(r.Answers)
			}
			met = append(met, i)
			c.correct(r.Answers, k.list[i].To)
		}
	}
	return r, met
}

// correct writes the new value of one column.
func (c Column) correct(a Answers, to string) {
	qu, v := c.Question, c.valueOf(to)
	switch {
	case !c.Other && to == CellNoAnswer:
		delete(a, c.Name)
	case !c.Other:
		a[c.Name] = v
	case qu.Kind == Multi:
		var codes []string
		for _, o := range qu.Options {
			if o.Code == to || slices.Contains(a[qu.Code].Codes, o.Code) && !o.Other {
				codes = append(codes, o.Code)
			}
		}
		a[qu.Code] = Value{Codes: codes}
		delete(a, c.Name)
	default:
		a[qu.Code] = v
		delete(a, c.Name)
	}
}

// valueOf reads a cell as CorrectedCell gave it.
func (c Column) valueOf(cell string) Value {
	for _, o := range c.Question.Options {
		if o.Missing != 0 && o.Missing.Cell() == cell {
			return Value{Missing: o.Missing}
		}
	}
	if c.Type == NumberColumn {
		n, _ := strconv.ParseFloat(cell, 64)
		return Value{Number: &n}
	}
	if c.Type == DateColumn {
		return Value{Text: cell}
	}
	return Value{Codes: []string{cell}}
}
