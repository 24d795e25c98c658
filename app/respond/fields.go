package respond

import (
	"strings"

	"rondo/questionnaires"
)

// fields gives what the form fields of a page hold: the answers as kept, with
// entries that could not be read as they were typed.
func (v visit) fields(page *questionnaires.Page) map[string][]string {
	fields := map[string][]string{}
	for _, question := range page.Questions {
		for i, variable := range question.Variables() {
			value, has := v.Draft.Answers[variable]
			if !has {
				continue
			}
			if question.Kind == questionnaires.Date {
				splitDay(fields, question.Code, value.Text)
				continue
			}
			name := variable
			if i < len(question.Rows) || question.Kind == questionnaires.Ranking {
				name = fieldOf(question, variable)
			}
			fields[name] = v.typed(question, value)
		}
		v.propose(fields, question)
		if proposal := v.Setting.Prefill[question.Code]; question.Default && v.Draft.Set[question.Code] == 0 && fields[question.Code] == nil && proposal != "" {
			fields[question.Code] = []string{proposal}
		}
	}
	for field, entry := range v.Draft.Unread {
		if page.Code != "" && contains(page, entry.Question) {
			fields[field] = []string{entry.Value}
		}
	}
	return fields
}

// propose fills in what the questionnaire proposes, unless the question was
// answered, or posted empty, before.
func (v visit) propose(fields map[string][]string, question *questionnaires.Question) {
	value, has := question.Proposed()
	if _, answered := v.Draft.Answers[question.Code]; !has || answered || v.Draft.Set[question.Code] != 0 {
		return
	}
	if question.Kind == questionnaires.Date {
		splitDay(fields, question.Code, value.Text)
		return
	}
	fields[question.Code] = v.typed(question, value)
}

func contains(page *questionnaires.Page, code string) bool {
	for _, question := range page.Questions {
		if question.Code == code {
			return true
		}
	}
	return false
}

// absent empties the fields of a page that a post did not hold.
func absent(page *questionnaires.Page, fields, form map[string][]string) {
	for name := range fields {
		code, _, _ := strings.Cut(strings.TrimSuffix(name, "_other"), ".")
		if _, posted := form[name]; !posted && contains(page, code) {
			delete(fields, name)
		}
	}
}

// fieldOf gives the form field of a variable.
func fieldOf(q *questionnaires.Question, variable string) string {
	part, ok := strings.CutPrefix(variable, q.Code+"__")
	if !ok {
		if q.Kind == questionnaires.Date {
			return q.Code + ".day"
		}
		return variable
	}
	return q.Code + "." + part
}

// typed gives a kept value as its field would send it, a number as it is written in this language.
func (v visit) typed(q *questionnaires.Question, value questionnaires.Value) []string {
	switch {
	case value.Missing != 0:
		for _, option := range q.Options {
			if option.Missing == value.Missing {
				return []string{option.Code}
			}
		}
		return nil
	case value.Number != nil:
		return []string{questionnaires.SayNumber(*value.Number, v.lang)}
	case value.Text != "":
		return []string{value.Text}
	}
	return value.Codes
}

func splitDay(fields map[string][]string, code, iso string) {
	parts := strings.Split(iso, "-")
	if len(parts) != 3 {
		return
	}
	fields[code+".year"] = []string{parts[0]}
	fields[code+".month"] = []string{strings.TrimPrefix(parts[1], "0")}
	fields[code+".day"] = []string{strings.TrimPrefix(parts[2], "0")}
}
