package questionnaires

// Step is a page with the questions of it that are asked.
type Step struct {
	Page      *Page
	Questions []*Question
}

// Path gives the pages with at least one asked question, in order, and only
// the asked questions. Answers to questions, rows and options that are
// themselves not asked count as not given.
func (q *Questionnaire) Path(a Answers) []Step {
	hidden := q.routing(a).hidden
	asked := make([]*Question, 0, len(q.questions))
	steps := make([]Step, 0, len(q.Pages))
	for _, p := range q.Pages {
		first := len(asked)
		for _, qu := range p.Questions {
			if !hidden[qu.at] {
				asked = append(asked, qu)
			}
		}
		if len(asked) > first {
			steps = append(steps, Step{p, asked[first:len(asked):len(asked)]})
		}
	}
	return steps
}

// routing says of each question, and of the rows and options with a condition,
// whether it is hidden: by its own condition, its page's, or because no row or
// no option of it is left. The answers it gives are those of a without what
// hidden rows and options held; a itself is left as it is.
func (q *Questionnaire) routing(a Answers) *view {
	v := q.look(a)
	q.walk(v, nil)
	return v
}
