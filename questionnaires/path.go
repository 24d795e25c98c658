package questionnaires

// Step is a page with the questions of it that are asked.
type Step struct {
	Page      *Page
	Questions []*Question
}

// Path gives the pages with at least one asked question, in order, and only
// the asked questions. Answers to questions that are themselves not asked count
// as not given.
func (q *Questionnaire) Path(a Answers) []Step {
	hidden := q.routing(a)
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

// routing says of each question whether it is hidden by its own condition or
// its page's.
func (q *Questionnaire) routing(a Answers) []bool {
	v := view{a, make([]bool, len(q.questions))}
	for _, p := range q.Pages {
		open := p.If.under(v)
		for _, qu := range p.Questions {
			v.hidden[qu.at] = !open || !qu.If.under(v)
		}
	}
	return v.hidden
}

// ShownQuestion is a question as a page without JavaScript shows it.
type ShownQuestion struct {
	Question *Question
	Depends  bool       // whether it is asked depends on an answer on this same page
	If       *Condition // that condition, to be said in words (see Explain); nil unless Depends
}

// Shown gives what a page shows without JavaScript: the asked questions and
// those that an answer on this same page may still bring up. It is empty where
// the page itself is not asked.
func (q *Questionnaire) Shown(page string, a Answers) []ShownQuestion {
	p := q.Page(page)
	if p == nil {
		return nil
	}
	hidden := q.routing(a)
	if !p.If.under(view{a, hidden}) {
		return nil
	}
	visible := map[int]bool{}
	var shown []ShownQuestion
	for _, qu := range p.Questions {
		depends := qu.If != nil && qu.If.looksAt(visible)
		if !depends && hidden[qu.at] {
			continue
		}
		visible[qu.at] = true
		s := ShownQuestion{Question: qu, Depends: depends}
		if depends {
			s.If = qu.If
		}
		shown = append(shown, s)
	}
	return shown
}

func (c *Condition) looksAt(questions map[int]bool) bool {
	for _, at := range c.questions {
		if questions[at] {
			return true
		}
	}
	return false
}
