package questionnaires

import "slices"

// Check gives what is wrong with the stored answers of a page: problems keep
// the person from going on, warnings do not.
func (q *Questionnaire) Check(page string, a Answers, s Setting) (problems, warnings []Problem) {
	p := q.Page(page)
	if p == nil {
		return nil, nil
	}
	for _, x := range q.problems(p, q.routing(a)) {
		if x.Soft {
			warnings = append(warnings, x)
		} else {
			problems = append(problems, x)
		}
	}
	return problems, warnings
}

// Releasable gives the checks that stand between settled answers and their
// release by staff.
func (q *Questionnaire) Releasable(a Answers) []Problem {
	v := q.routing(a)
	var found []Problem
	for i := range q.Checks {
		if c := &q.Checks[i]; c.Release && c.Fails.holds(v) {
			found = append(found, c.problem(q, v))
		}
	}
	return found
}

func (c *Condition) holds(v *view) bool { return c != nil && c.root.holds(v) }

// problems finds what the asked questions of a page lack, and the checks they
// fail.
func (q *Questionnaire) problems(p *Page, v *view) []Problem {
	var found []Problem
	for _, qu := range p.Questions {
		if v.hidden[qu.at] {
			continue
		}
		found = qu.lacking(found, v)
		found = qu.ticks(found, v)
		found = qu.sums(found, v)
		if qu.HasOther() && qu.choseOther(v) && v.answers[qu.Code+"_other"].Text == "" {
			found = append(found, Problem{Question: qu.Code, Field: qu.Code + "_other", Rule: "other_missing", Soft: true})
		}
		for i := range q.Checks {
			if c := &q.Checks[i]; c.Question == qu.Code && !c.Release && c.Fails.holds(v) {
				found = append(found, c.problem(q, v))
			}
		}
	}
	return found
}

func (c *Check) problem(q *Questionnaire, v *view) Problem {
	return Problem{Question: c.Question, Field: q.Question(c.Question).first(v), Rule: "check", Text: c.Text, Soft: c.Soft}
}

// field names the input of the i-th variable of a question.
func (qu *Question) field(i int) string {
	switch qu.Kind {
	case Matrix, Numbers, Texts:
		return qu.Code + "." + qu.Rows[i].Code
	case Ranking:
		return qu.Code + "." + qu.Options[i].Code
	case Date:
		return qu.Code + ".day"
	}
	return qu.Code
}

// lacking adds what a required question, or a required row, still lacks. A
// question without any answer is one problem, not one for each row.
func (qu *Question) lacking(found []Problem, v *view) []Problem {
	if qu.Prefill {
		return found // nobody can correct it here
	}
	if qu.Required && !qu.begun(v) {
		return append(found, Problem{Question: qu.Code, Field: qu.first(v), Rule: "required"})
	}
	for i := range qu.Rows {
		r := &qu.Rows[i]
		needed := !v.off(r.place) && (qu.Required || r.RequiredIf.holds(v))
		if _, ok := v.answers[qu.variables[i]]; needed && !ok {
			found = append(found, Problem{Question: qu.Code, Field: qu.field(i), Rule: "row_required"})
		}
	}
	if qu.Kind == Ranking && qu.Required && qu.Top == len(qu.Options) {
		for i, o := range qu.Options {
			if _, ok := v.answers[qu.variables[i]]; !ok && !v.off(o.place) {
				return append(found, Problem{Question: qu.Code, Field: qu.field(i), Rule: "rank_missing"})
			}
		}
	}
	return found
}

// first names the first input of a question that is shown.
func (qu *Question) first(v *view) string {
	at := 0
	switch {
	case !qu.parted:
	case len(qu.Rows) > 0:
		at = slices.IndexFunc(qu.Rows, func(r Row) bool { return !v.off(r.place) })
	case qu.Kind == Ranking:
		at = slices.IndexFunc(qu.Options, func(o Option) bool { return !v.off(o.place) })
	}
	return qu.field(max(at, 0))
}

// ticks adds what is wrong with how many options of a multi are ticked. It
// never asks for more than are offered.
func (qu *Question) ticks(found []Problem, v *view) []Problem {
	if qu.Least == 0 && qu.Most == 0 {
		return found
	}
	x := v.answers[qu.Code]
	if len(x.Codes) == 0 || qu.Option(x.Codes[0]).Exclusive {
		return found
	}
	say := func(rule string, limit int) []Problem {
		return append(found, Problem{Question: qu.Code, Field: qu.Code, Rule: rule,
			Args: map[string]any{"limit": limit, "got": len(x.Codes)}})
	}
	if least := min(qu.Least, qu.offered(v)); len(x.Codes) < least {
		return say("too_few_ticks", least)
	}
	if qu.Most > 0 && len(x.Codes) > qu.Most {
		return say("too_many_ticks", qu.Most)
	}
	return found
}

// begun says whether any variable of the question has an answer.
func (qu *Question) begun(v *view) bool {
	for i := range qu.variables {
		if _, ok := v.answer(qu, i); ok {
			return true
		}
	}
	return false
}

func (qu *Question) shownRows(v *view) int {
	n := 0
	for i := range qu.Rows {
		if !v.off(qu.Rows[i].place) {
			n++
		}
	}
	return n
}

// sums adds what is wrong with the sum of the shown rows. It waits until every
// one of a required question is there.
func (qu *Question) sums(found []Problem, v *view) []Problem {
	if qu.SumEquals == nil && qu.SumMin == nil {
		return found
	}
	sum, count := 0.0, 0
	for _, name := range qu.variables {
		if x := v.answers[name]; x.Number != nil {
			sum, count = sum+*x.Number, count+1
		}
	}
	if count == 0 || qu.Required && count < qu.shownRows(v) {
		return found
	}
	say := func(rule string, limit float64) {
		found = append(found, Problem{Question: qu.Code, Field: qu.first(v), Rule: rule,
			Args: map[string]any{"sum": limit, "got": sum}})
	}
	if qu.SumEquals != nil && sum != *qu.SumEquals {
		say("sum_equals", *qu.SumEquals)
	}
	if qu.SumMin != nil && sum < *qu.SumMin {
		say("sum_min", *qu.SumMin)
	}
	return found
}
