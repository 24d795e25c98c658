package exports

import (
	"fmt"

	"rondo/questionnaires"
)

// defined are the variables of a questionnaire; of one with options also their codes, nil where any
// value will do.
type defined map[string]map[string]bool

func definedIn(q *questionnaires.Questionnaire) defined {
	d := defined{}
	for _, c := range q.Columns() {
		if c.Question == nil {
			d[c.Name] = nil
			continue
		}
		var codes map[string]bool
		if len(c.Question.Options) > 0 && !c.Other {
			codes = map[string]bool{}
			for _, o := range c.Question.Options {
				codes[o.Code] = true
			}
		}
		d[c.Name] = codes
		if _, ok := d[c.Question.Code]; !ok {
			d[c.Question.Code] = codes
		}
	}
	return d
}

// fit refuses a record that holds an answer which its questionnaire cannot have given: no rule
// protects a value that nobody has declared. The sentence does not repeat the answer.
func (d defined) fit(s Snapshot, r Record) error {
	for name, value := range r.Answers {
		codes, ok := d[name]
		if !ok {
			return fmt.Errorf("%w: a record answers %q, which %s does not ask", ErrSnapshot, name, s.Questionnaire.Ref())
		}
		for _, code := range value.Codes {
			if codes != nil && !codes[code] {
				return fmt.Errorf("%w: a record answers %s with an option that %s does not have", ErrSnapshot, name, s.Questionnaire.Ref())
			}
		}
	}
	return nil
}
