package questionnaires

import (
	"errors"
	"fmt"
	"slices"
)

// ruleOf tells a rule that looks forward from one that cannot be read.
func ruleOf(err error, otherwise string) string {
	if errors.Is(err, errLater) {
		return RuleLooksForward
	}
	return otherwise
}

// unused gives the scales, and the answers outside them, that no question has.
func (r *reader) unused() []string {
	var out []string
	for name := range r.scales {
		out = append(out, "scales."+name)
	}
	for name := range r.also {
		out = append(out, "also."+name)
	}
	slices.Sort(out)
	return slices.DeleteFunc(out, func(name string) bool { return r.used[name] })
}

// codes reports what is named twice: pages, questions, options, rows, checks,
// and variables of questions with different codes.
func (r *reader) codes(q *Questionnaire) {
	pages, questions, checks := map[string]bool{}, map[string]bool{}, map[string]bool{}
	owners := map[string]*Question{}
	for _, p := range q.Pages {
		path := fmt.Sprintf("%s: pages[%s]", StructureFile, p.Code)
		r.once(pages, path, p.Code)
		for _, qu := range p.Questions {
			at := fmt.Sprintf("%s.questions[%s]", path, qu.Code)
			r.once(questions, at, qu.Code)
			r.codesOf(at, qu)
			for _, v := range qu.Variables() {
				if owner := owners[v]; owner != nil && owner.Code != qu.Code {
					r.found.add(StructureFile+": "+qu.Code, RuleDuplicateVariable, "the variable %s exists twice", v)
				}
				owners[v] = qu
			}
		}
	}
	for i := range q.Checks {
		r.once(checks, fmt.Sprintf("%s: checks[%s]", StructureFile, q.Checks[i].Code), q.Checks[i].Code)
	}
}

func (r *reader) codesOf(path string, qu *Question) {
	options, rows, missing := map[string]bool{}, map[string]bool{}, map[Missing]bool{}
	for _, o := range qu.Options {
		at := fmt.Sprintf("%s.options[%s]", path, o.Code)
		if !r.once(options, at, o.Code) && o.Missing != 0 && missing[o.Missing] {
			r.found.add(at, RuleDuplicateCode, "two answers would be stored as the same missing value %d", o.Missing)
		}
		missing[o.Missing] = true
	}
	for i := range qu.Rows {
		r.once(rows, fmt.Sprintf("%s.rows[%s]", path, qu.Rows[i].Code), qu.Rows[i].Code)
	}
}

// once notes a code and says whether it was there already. A code that is
// missing altogether is another finding.
func (r *reader) once(seen map[string]bool, path, code string) bool {
	if seen[code] && code != "" {
		r.found.add(path, RuleDuplicateCode, "the code %q is used twice", code)
	}
	again := seen[code]
	seen[code] = true
	return again
}
