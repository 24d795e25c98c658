package respond

import (
	"maps"
	"slices"
	"strings"

	"rondo/questionnaires"
)

// keptRules are the problems of entries that are answers all the same.
var keptRules = []string{"required", "row_required", "sum_equals", "sum_min", "check", "other_missing",
	"rank_missing", "too_few_ticks", "too_many_ticks"}

// unreadable gives the entries of a post that are no answers, as they were typed.
func (s Sitting) unreadable(p Post, problems []questionnaires.Problem) map[string]Unread {
	typed := map[string]Unread{}
	for _, problem := range problems {
		question := s.Questionnaire.Question(problem.Question)
		for _, field := range typedFields(question, problem.Field) {
			value := strings.ReplaceAll(first(p.Form, field), "\r\n", "\n")
			if value != "" && !slices.Contains(keptRules, problem.Rule) {
				typed[field] = Unread{Question: question.Code, Value: value}
			}
		}
	}
	return typed
}

// unread gives what is wrong with the entries of a question that are kept as they were typed, in the
// words that were said when they were sent: whoever comes back must not be told less.
func (s Sitting) unread(page *questionnaires.Page, question *questionnaires.Question) []questionnaires.Problem {
	form := map[string][]string{}
	for field, entry := range s.Draft.Unread {
		if entry.Question == question.Code {
			form[field] = []string{entry.Value}
		}
	}
	if len(form) == 0 {
		return nil
	}
	said := map[string]questionnaires.Problem{}
	if turn, err := s.Questionnaire.ReadPage(page.Code, form, s.Draft.Answers, s.Setting); err == nil {
		for _, p := range turn.Problems {
			if _, had := said[p.Field]; !had && !slices.Contains(keptRules, p.Rule) {
				said[p.Field] = p
			}
		}
	}
	fields := slices.Sorted(maps.Keys(form))
	if question.Kind == questionnaires.Date || question.Kind == questionnaires.Ranking {
		fields = fields[:1] // its fields are one answer
	}
	var found []questionnaires.Problem
	for _, field := range fields {
		problem, known := said[field]
		if !known {
			problem = questionnaires.Problem{Question: question.Code, Field: field, Rule: "unread"}
		}
		found = append(found, problem)
	}
	return found
}

const quoted = 60 // characters of an entry that a sentence repeats

// short cuts an entry to what fits into a sentence.
func short(typed string) string {
	runes := []rune(typed)
	if len(runes) <= quoted {
		return typed
	}
	return strings.TrimSpace(string(runes[:quoted])) + "…"
}

// typedFields gives the fields that were entered together with field.
func typedFields(q *questionnaires.Question, field string) []string {
	var fields []string
	switch q.Kind {
	case questionnaires.Date:
		return []string{q.Code + ".day", q.Code + ".month", q.Code + ".year"}
	case questionnaires.Ranking:
		for _, option := range q.Options {
			fields = append(fields, q.Code+"."+option.Code)
		}
		return fields
	}
	return []string{field}
}

// keepUnread keeps entries that are no answers as they were typed, so that
// going back or leaving loses nothing.
func (s Sitting) keepUnread(after *Draft, p Post, typed map[string]Unread) {
	for _, shown := range s.Questionnaire.Shown(p.Page, s.Draft.Answers) {
		for field, entry := range after.Unread {
			if entry.Question == shown.Question.Code {
				delete(after.Unread, field)
			}
		}
	}
	maps.Copy(after.Unread, typed)
	for _, both := range []map[string]Unread{s.Draft.Unread, after.Unread} {
		for field, entry := range both {
			if s.Draft.Unread[field] != after.Unread[field] {
				after.Set[s.variable(field, entry)] = s.Revision + 1
			}
		}
	}
}

// variable gives the variable that an entry was meant for.
func (s Sitting) variable(field string, entry Unread) string {
	if s.Questionnaire.Question(entry.Question).Kind == questionnaires.Date {
		return entry.Question
	}
	return strings.Replace(field, ".", "__", 1)
}

// collisions gives what a post would change although it was set after revision seen: answers, and
// entries that are kept as they were typed.
func (s Sitting) collisions(p Post, turn questionnaires.Turn, typed map[string]Unread, seen int) []Collision {
	found := s.Draft.collisions(s.Questionnaire, turn, seen)
	for _, entries := range []map[string]Unread{s.Draft.Unread, typed} {
		for _, field := range fieldsIn(entries) {
			entry := entries[field]
			variable := s.variable(field, entry)
			same := s.Draft.Unread[field].Value == strings.ReplaceAll(first(p.Form, field), "\r\n", "\n")
			known := slices.ContainsFunc(found, func(c Collision) bool { return c.Variable == variable })
			if same || known || s.Draft.Set[variable] <= seen || !contains(s.Questionnaire.Page(p.Page), entry.Question) {
				continue
			}
			found = append(found, Collision{
				Question: s.Questionnaire.Question(entry.Question), Variable: variable,
				Ours: only(turn.Set, variable), Theirs: only(s.Draft.Answers, variable),
			})
		}
	}
	for i := range found {
		found[i].OursTyped = s.entered(typed, found[i].Variable)
		found[i].TheirsTyped = s.entered(s.Draft.Unread, found[i].Variable)
	}
	return found
}

// entered gives what was typed for a variable, the parts of a day together.
func (s Sitting) entered(all map[string]Unread, variable string) string {
	var parts []string
	for _, field := range fieldsIn(all) {
		if s.variable(field, all[field]) == variable {
			parts = append(parts, all[field].Value)
		}
	}
	return strings.Join(parts, ".")
}

func fieldsIn(all map[string]Unread) []string {
	fields := make([]string, 0, len(all))
	for field := range all {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return fields
}

// markReturned marks the answers on other pages that are asked again by this move as set by it: a
// form that was made before does not hold them, and its silence must not strike them out.
func (s Sitting) markReturned(after *Draft, page string) {
	before := map[string]bool{}
	for _, step := range s.Questionnaire.Path(s.Draft.Answers) {
		for _, question := range step.Questions {
			before[question.Code] = true
		}
	}
	for _, step := range s.Questionnaire.Path(after.Answers) {
		for _, question := range step.Questions {
			if step.Page.Code == page || before[question.Code] {
				continue
			}
			for _, variable := range question.Variables() {
				if _, has := after.Answers[variable]; has {
					after.Set[variable] = s.Revision + 1
				}
			}
			for field, entry := range after.Unread {
				if entry.Question == question.Code {
					after.Set[s.variable(field, entry)] = s.Revision + 1
				}
			}
		}
	}
}
