package questionnaires

// Check gives what is wrong with the stored answers of a page: problems keep
// the person from going on, warnings do not.
func (q *Questionnaire) Check(page string, a Answers, s Setting) (problems, warnings []Problem) {
	p := q.Page(page)
	if p == nil {
		return nil, nil
	}
	for _, x := range q.problems(p, view{a, q.routing(a)}) {
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
	v := view{a, q.routing(a)}
	var found []Problem
	for i := range q.Checks {
		if c := &q.Checks[i]; c.Release && c.Fails.holds(v) {
			found = append(found, c.problem(q))
		}
	}
	return found
}

func (c *Condition) holds(v view) bool { return c != nil && c.root.holds(v) }

// problems finds what the asked questions of a page lack, and the checks they
// fail.
func (q *Questionnaire) problems(p *Page, v view) []Problem {
	var found []Problem
	for _, qu := range p.Questions {
		if v.hidden[qu.at] {
			continue
		}
		found = qu.lacking(found, v)
		found = qu.sums(found, v)
		if qu.HasOther() && qu.choseOther(v.answers) && v.answers[qu.Code+"_other"].Text == "" {
			found = append(found, Problem{Question: qu.Code, Field: qu.Code + "_other", Rule: "other_missing", Soft: true})
		}
		for i := range q.Checks {
			if c := &q.Checks[i]; c.Question == qu.Code && !c.Release && c.Fails.holds(v) {
				found = append(found, c.problem(q))
			}
		}
	}
	return found
}

func (c *Check) problem(q *Questionnaire) Problem {
	return Problem{Question: c.Question, Field: q.Question(c.Question).field(0), Rule: "check", Text: c.Text, Soft: c.Soft}
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
func (qu *Question) lacking(found []Problem, v view) []Problem {
	if qu.Prefill {
		return found // nobody can correct it here
	}
	if qu.Required && !qu.begun(v.answers) {
		return append(found, Problem{Question: qu.Code, Field: qu.field(0), Rule: "required"})
	}
	for i, r := range qu.Rows {
		needed := qu.Required || r.RequiredIf.holds(v)
		if _, ok := v.answers[qu.variables[i]]; needed && !ok {
			found = append(found, Problem{Question: qu.Code, Field: qu.field(i), Rule: "row_required"})
		}
	}
	return found
}

// begun says whether any variable of the question has an answer.
func (qu *Question) begun(a Answers) bool {
	for _, name := range qu.variables {
		if _, ok := a[name]; ok {
			return true
		}
	}
	return false
}

// sums adds what is wrong with the sum of the rows. It waits until every row
// of a required question is there.
func (qu *Question) sums(found []Problem, v view) []Problem {
	if qu.SumEquals == nil && qu.SumMin == nil {
		return found
	}
	sum, count := 0.0, 0
	for _, name := range qu.variables {
		if x := v.answers[name]; x.Number != nil {
			sum, count = sum+*x.Number, count+1
		}
	}
	if count == 0 || qu.Required && count < len(qu.Rows) {
		return found
	}
	say := func(rule string, limit float64) {
		found = append(found, Problem{Question: qu.Code, Field: qu.field(0), Rule: rule,
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
