package respond

import "rondo/questionnaires"

// Progress says where in the questionnaire a page stands.
type Progress struct {
	Step   int
	Of     int  // pages on the path
	Stable bool // no answer still to come on this page or later changes the path
}

// Progress gives the place of page on the path of the answers so far. Of is a
// promise only where Stable: otherwise an answer still to come may lengthen or
// shorten the way.
func (s Sitting) Progress(page string) Progress {
	path := s.Questionnaire.Path(s.Draft.Answers)
	p := Progress{Of: len(path), Stable: true}
	for i, step := range path {
		if step.Page.Code == page {
			p.Step = i + 1
		}
	}
	here := s.place(page)
	open := map[string]bool{} // variables of this page and later ones
	for i, later := range s.Questionnaire.Pages {
		if i > here && s.waits(later, open) {
			p.Stable = false
		}
		if i >= here {
			for _, question := range later.Questions {
				for _, variable := range question.Variables() {
					open[variable] = true
				}
			}
		}
	}
	return p
}

// waits says whether it depends on one of the open variables if page is asked.
func (s Sitting) waits(page *questionnaires.Page, open map[string]bool) bool {
	if looksAt(page.If, open) {
		return true
	}
	waiting := false
	for _, question := range page.Questions {
		switch {
		case looksAt(question.If, open):
			waiting = true
		case question.If != nil && !question.If.Holds(s.Draft.Answers):
		case empties(question, open):
			waiting = true
		default:
			return false // one question is asked whatever comes
		}
	}
	return waiting
}

// empties says whether the open variables can take every row, or every option,
// of a question away, so that it is not asked.
func empties(question *questionnaires.Question, open map[string]bool) bool {
	rows, options := len(question.Rows) > 0, len(question.Options) > 0
	for _, row := range question.Rows {
		rows = rows && looksAt(row.If, open)
	}
	for _, option := range question.Options {
		options = options && looksAt(option.If, open)
	}
	return rows || options
}

func looksAt(c *questionnaires.Condition, open map[string]bool) bool {
	if c == nil {
		return false
	}
	for _, variable := range c.Variables() {
		if open[variable] {
			return true
		}
	}
	return false
}
