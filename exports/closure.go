package exports

import (
	"regexp"
	"slices"

	"rondo/questionnaires"
)

// route is one condition of the questionnaire over columns that the release
// does not show as answered, and the columns it decides.
type route struct {
	shown  []int // places whose hidden cells leave the condition undecided
	always bool  // undecided in every row: it rests on a column that is left out or coarsened
	decide []int

	source    string
	variables []string // that it looks at
}

// routesOf lists the conditions that decide about kept columns. Coarsened says
// for a kept key whether the node shows it coarser than answered.
func (sh *sheet) routesOf(plan Plan, coarsened map[int]bool) []route {
	decided := map[*questionnaires.Condition][]int{}
	var conditions []*questionnaires.Condition
	for j, c := range sh.choices {
		for _, cond := range decides(c.Column) {
			if decided[cond] == nil {
				conditions = append(conditions, cond)
			}
			decided[cond] = append(decided[cond], j)
		}
	}
	var out []route
	for _, cond := range conditions {
		r := route{decide: decided[cond], source: cond.Source(), variables: cond.Variables()}
		for _, variable := range cond.Variables() {
			shown, gone := sh.places(plan, variable, cond.Source())
			r.always = r.always || gone
			for _, j := range shown {
				r.always = r.always || coarsened[j]
			}
			r.shown = append(r.shown, shown...)
		}
		out = append(out, r)
	}
	return out
}

// decides gives the conditions that an answer in a column says something
// about: those under which it is asked, and those under which each option of its
// question is offered. Of a multiple choice or a ranking that holds for every
// column: where none of those shown was chosen, one that is hidden was, and so
// was offered.
func decides(c questionnaires.Column) []*questionnaires.Condition {
	if c.Calculated != nil {
		return nil
	}
	all := routing(c)
	if c.Other || c.Row != nil && c.Type != questionnaires.CodeColumn {
		return all
	}
	for _, o := range c.Question.Options {
		if o.If != nil && !slices.Contains(all, o.If) {
			all = append(all, o.If)
		}
	}
	return all
}

// places finds the kept columns that carry a variable of a condition, and says
// whether a fact about who answers among them was left out. Of a multiple
// choice only the options that the condition looks at count.
func (sh *sheet) places(plan Plan, variable, source string) (shown []int, gone bool) {
	carries := func(c questionnaires.Column) bool {
		if c.Calculated != nil {
			return false // a condition names what it is computed from
		}
		if c.Question.Kind == questionnaires.Multi && c.Question.Code == variable && c.Option != nil {
			return mentions(source, variable, c.Option.Code)
		}
		return c.Name == variable
	}
	for _, c := range plan.Choices {
		if c.Treatment == Dropped && c.Why != "freetext" && carries(c.Column) {
			gone = true
		}
	}
	for j, c := range sh.choices {
		if carries(c.Column) {
			shown = append(shown, j)
		}
	}
	return shown, gone
}

// mentions says whether a condition looks at an option of a multiple choice: it
// names it, as in "code" in variable, or looks at the variable in another way,
// as answered(variable) or a calculated variable does.
func mentions(source, variable, option string) bool {
	name := regexp.QuoteMeta(variable)
	in := regexp.MustCompile(`"([^"]*)"\s+(?:not\s+)?in\s+`+name+`\b`).FindAllStringSubmatch(source, -1)
	all := regexp.MustCompile(`\b`+name+`\b`).FindAllString(literals.ReplaceAllString(source, " "), -1)
	return len(all) == 0 || len(all) > len(in) || slices.ContainsFunc(in, func(found []string) bool { return found[1] == option })
}

var literals = regexp.MustCompile(`"[^"]*"`)

// close hides, in every row, the columns whose condition the released cells do
// not decide, answers and "not asked" alike, until nothing changes. It says how
// many cells it hid.
func (sh *sheet) close(routes []route) int {
	total := 0
	for {
		n := 0
		for _, row := range sh.rows {
			for _, r := range routes {
				if r.undecided(row) {
					for _, j := range r.decide {
						if row[j] != cellRoute {
							row[j] = cellRoute
							n++
						}
					}
				}
			}
		}
		if n == 0 {
			return total
		}
		total += n
	}
}

func (r route) undecided(row []string) bool {
	if r.always {
		return true
	}
	for _, j := range r.shown {
		if hidden(row[j]) {
			return true
		}
	}
	return false
}
