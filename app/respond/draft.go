package respond

import (
	"maps"
	"reflect"
	"slices"

	"rondo/questionnaires"
)

// Draft is answers in progress, as they rest sealed on the answer side. Nothing
// in it says who is answering.
type Draft struct {
	Answers  questionnaires.Answers
	Set      map[string]int    // variable → revision that last set or cleared it
	Unread   map[string]Unread // form field → an entry that could not be read
	Language string
	At       string   // page to go on with
	Warned   []string // warnings the page At has shown
	Order    int      // which of the permutations
}

// Unread is an entry kept as it was typed because it is no answer.
type Unread struct {
	Question string
	Value    string
}

// Collision is a variable that was set elsewhere after the form was made.
type Collision struct {
	Question *questionnaires.Question
	Variable string
	Ours     questionnaires.Answers // this variable as just posted; empty: no answer
	Theirs   questionnaires.Answers // as it is kept

	OursTyped, TheirsTyped string // the entry itself where it is no answer
}

// clone gives a draft that can be changed without touching d.
func (d Draft) clone() Draft {
	d.Answers, d.Set, d.Unread = maps.Clone(d.Answers), maps.Clone(d.Set), maps.Clone(d.Unread)
	d.Warned = slices.Clone(d.Warned)
	if d.Answers == nil {
		d.Answers = questionnaires.Answers{}
	}
	if d.Set == nil {
		d.Set = map[string]int{}
	}
	if d.Unread == nil {
		d.Unread = map[string]Unread{}
	}
	return d
}

// changes gives the variables that turn would make different, in fixed order.
func (d Draft) changes(turn questionnaires.Turn) []string {
	var changed []string
	for variable, value := range turn.Set {
		if kept, has := d.Answers[variable]; !has || !reflect.DeepEqual(kept, value) {
			changed = append(changed, variable)
		}
	}
	for _, variable := range turn.Clear {
		if _, has := d.Answers[variable]; has {
			changed = append(changed, variable)
		}
	}
	slices.Sort(changed)
	return slices.Compact(changed)
}

// collisions gives the changes to variables that were set after revision seen.
func (d Draft) collisions(q *questionnaires.Questionnaire, turn questionnaires.Turn, seen int) []Collision {
	after := turn.Apply(d.Answers)
	owners := owners(q)
	var found []Collision
	for _, variable := range d.changes(turn) {
		if d.Set[variable] <= seen {
			continue
		}
		found = append(found, Collision{
			Question: owners[variable], Variable: variable,
			Ours: only(after, variable), Theirs: only(d.Answers, variable),
		})
	}
	return found
}

func only(a questionnaires.Answers, variable string) questionnaires.Answers {
	if value, has := a[variable]; has {
		return questionnaires.Answers{variable: value}
	}
	return questionnaires.Answers{}
}

// owners gives the question of each variable.
func owners(q *questionnaires.Questionnaire) map[string]*questionnaires.Question {
	all := map[string]*questionnaires.Question{}
	for _, page := range q.Pages {
		for _, question := range page.Questions {
			for _, variable := range question.Variables() {
				all[variable] = question
			}
		}
	}
	return all
}
