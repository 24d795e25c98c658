package questionnaires

import "slices"

// ShownQuestion is a question as a page without JavaScript shows it.
type ShownQuestion struct {
	Question *Question
	Depends  bool       // whether it is asked depends on an answer on this same page
	If       *Condition // that condition, to be said in words (see Explain); nil unless Depends

	rows, options []shownPart // nil: all, whatever is answered on this page
}

// shownPart says of a row or option whether the page shows it, and under which
// condition over this same page it counts.
type shownPart struct {
	shown   bool
	depends *Condition
}

// Row says whether the page shows the i-th row, and the condition over answers
// on this same page under which it is asked (nil: no such condition).
func (s ShownQuestion) Row(i int) (shown bool, when *Condition) { return part(s.rows, i) }

// Option says whether the page shows the i-th option, and the condition over
// answers on this same page under which it is offered (nil: no such condition).
func (s ShownQuestion) Option(i int) (shown bool, when *Condition) { return part(s.options, i) }

// Whole gives a question with all its rows and options and every condition of
// them, as a blank questionnaire on paper shows it.
func (qu *Question) Whole() ShownQuestion {
	s := ShownQuestion{Question: qu, Depends: qu.If != nil, If: qu.If}
	if !qu.parted {
		return s
	}
	for _, r := range qu.Rows {
		s.rows = append(s.rows, shownPart{true, r.If})
	}
	for _, o := range qu.Options {
		s.options = append(s.options, shownPart{true, o.If})
	}
	return s
}

func part(parts []shownPart, i int) (bool, *Condition) {
	if parts == nil {
		return true, nil
	}
	return parts[i].shown, parts[i].depends
}

// Shown gives what a page shows without JavaScript: the asked questions, rows
// and options, and those that an answer on this same page may still bring up.
// It is empty where the page itself is not asked.
func (q *Questionnaire) Shown(page string, a Answers) []ShownQuestion {
	p := q.Page(page)
	if p == nil {
		return nil
	}
	v := q.routing(a)
	if !p.If.under(v) {
		return nil
	}
	seen := &onPage{questions: map[int]bool{}}
	var shown []ShownQuestion
	for _, qu := range p.Questions {
		s := ShownQuestion{Question: qu}
		if seen.decides(qu.If) {
			s.Depends, s.If = true, qu.If
		} else if !qu.If.under(v) {
			continue
		}
		if qu.parted && !s.parts(v, seen) {
			continue
		}
		seen.add(s)
		shown = append(shown, s)
	}
	return shown
}

// parts finds the rows and options to show; false where there are none of them.
func (s *ShownQuestion) parts(v *view, seen *onPage) bool {
	some := func(n int, condition func(i int) *Condition) ([]shownPart, bool) {
		parts, any := make([]shownPart, n), n == 0
		for i := range parts {
			c := condition(i)
			switch {
			case seen.decides(c):
				parts[i] = shownPart{true, c}
			default:
				parts[i].shown = c.under(v)
			}
			any = any || parts[i].shown
		}
		return parts, any
	}
	qu := s.Question
	var rows, options bool
	s.rows, rows = some(len(qu.Rows), func(i int) *Condition { return qu.Rows[i].If })
	s.options, options = some(len(qu.Options), func(i int) *Condition { return qu.Options[i].If })
	return rows && options
}

// onPage is what a page shows so far.
type onPage struct {
	questions map[int]bool // places of the questions shown
	gone      []string     // variables of their rows and options that are not
}

func (p *onPage) add(s ShownQuestion) {
	qu := s.Question
	p.questions[qu.at] = true
	if !qu.parted {
		return
	}
	for i, name := range qu.variables {
		if i < len(qu.Rows) && !s.rows[i].shown || qu.Kind == Ranking && i < len(qu.Options) && !s.options[i].shown {
			p.gone = append(p.gone, name)
		}
	}
}

// has says whether the page shows what a variable of a question is read from.
func (p *onPage) has(at int, variable string) bool {
	return p.questions[at] && !slices.Contains(p.gone, variable)
}

// decides says whether an answer on the page can decide a condition.
func (p *onPage) decides(c *Condition) bool {
	if c == nil {
		return false
	}
	for i, at := range c.named.questions {
		if p.has(at, c.named.variables[i]) {
			return true
		}
	}
	return false
}
