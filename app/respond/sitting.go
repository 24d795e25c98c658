package respond

import (
	"errors"
	"fmt"
	"slices"

	"rondo/app/i18n"
	"rondo/questionnaires"
)

// Sitting is all that a decision about answers needs. It is a value: the same
// sitting and the same form give the same move.
type Sitting struct {
	Questionnaire *questionnaires.Questionnaire
	Setting       questionnaires.Setting
	Draft         Draft
	Revision      int // of the draft as it is kept; 0: none yet
}

// Post is a posted page.
type Post struct {
	Page     string
	Form     map[string][]string
	Revision int    // of the draft that the form was made from; -1: it did not say
	Go       string // what the pressed button asks for; "": continue
	Lang     string // the language the pressed button asks for; "": none
}

// What a button of a page may ask for.
const (
	goOn     = "continue"
	goBack   = "back"
	goLater  = "save"
	goReview = "review"
	goAuto   = "autosave" // no button: the script saves while somebody types
)

// Places a move may lead to besides the pages.
const (
	placeReview = "review"
	placeLater  = "later"
	placePrint  = "print"
)

var errPost = errors.New("the post does not fit the page")

// Move is what a posted page comes to.
type Move struct {
	Draft      Draft // to be kept as the next revision, unless there are collisions
	Problems   []questionnaires.Problem
	Collisions []Collision
	Next       string // page or place to go to; "": show the page again, or stay on it
}

// Answer decides what a posted page comes to. The error wraps errPost.
func (s Sitting) Answer(p Post) (Move, error) {
	turn, err := s.Questionnaire.ReadPage(p.Page, p.Form, s.Draft.Answers, s.Setting)
	if err != nil {
		return Move{}, fmt.Errorf("%w: %w", errPost, err)
	}
	seen := p.Revision
	if seen > s.Revision {
		seen = -1 // a form of an earlier draft knows nothing of this one
	}
	typed := s.unreadable(p, turn.Problems)
	if c := s.collisions(p, turn, typed, seen); len(c) > 0 {
		return Move{Draft: s.Draft, Problems: turn.Problems, Collisions: c}, nil
	}

	after := s.Draft.clone()
	for _, variable := range s.Draft.changes(turn) {
		after.Set[variable] = s.Revision + 1
	}
	for _, variable := range turn.Clear {
		if q := s.Questionnaire.Question(variable); q != nil && (q.Default || q.Initial != nil) {
			after.Set[variable] = s.Revision + 1 // its proposal was struck out
		}
	}
	after.Answers = turn.Apply(s.Draft.Answers)
	s.keepUnread(&after, p, typed)
	s.markReturned(&after, p.Page)
	if i18n.Known(p.Lang) {
		after.Language = p.Lang
	}
	return s.direct(p, turn, after), nil
}

func first(form map[string][]string, field string) string {
	if values := form[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// direct decides where a readable post leads.
func (s Sitting) direct(p Post, turn questionnaires.Turn, after Draft) Move {
	to := func(place string) Move {
		after.Warned = nil
		if s.Questionnaire.Page(place) != nil {
			after.At = place
		} else if place == placeReview {
			after.At = placeReview
		} else {
			after.At = p.Page
		}
		return Move{Draft: after, Next: place}
	}
	switch {
	case p.Go == goAuto:
		if after.At != p.Page {
			after.At, after.Warned = p.Page, nil
		}
		return Move{Draft: after}
	case p.Lang != "":
		return to(p.Page)
	case p.Go == goBack:
		return to(s.before(p.Page, after.Answers))
	case p.Go == goLater:
		return to(placeLater)
	case len(turn.Problems) > 0:
		after.At, after.Warned = p.Page, nil
		return Move{Draft: after, Problems: turn.Problems}
	}
	if shown := warningKeys(p.Page, turn.Warnings); len(shown) > 0 && !covers(s.Draft.Warned, shown) {
		after.At, after.Warned = p.Page, shown
		return Move{Draft: after, Next: p.Page}
	}
	if p.Go == goReview {
		return to(placeReview)
	}
	return to(s.after(p.Page, after.Answers))
}

func warningKeys(page string, warnings []questionnaires.Problem) []string {
	var keys []string
	for _, w := range warnings {
		keys = append(keys, page+" "+w.Field+" "+w.Rule)
	}
	return keys
}

func covers(shown, now []string) bool {
	for _, key := range now {
		if !slices.Contains(shown, key) {
			return false
		}
	}
	return true
}

// place gives the position of a page among all pages.
func (s Sitting) place(page string) int {
	return slices.IndexFunc(s.Questionnaire.Pages, func(p *questionnaires.Page) bool { return p.Code == page })
}

// pageOf gives the page of a question.
func (s Sitting) pageOf(question string) string {
	for _, page := range s.Questionnaire.Pages {
		if contains(page, question) {
			return page.Code
		}
	}
	return ""
}

// before gives the page asked before page, or page itself where it is the first.
func (s Sitting) before(page string, a questionnaires.Answers) string {
	here, found := s.place(page), page
	for _, step := range s.Questionnaire.Path(a) {
		if s.place(step.Page.Code) < here {
			found = step.Page.Code
		}
	}
	return found
}

// after gives the page asked after page, or the review where it is the last.
func (s Sitting) after(page string, a questionnaires.Answers) string {
	here := s.place(page)
	for _, step := range s.Questionnaire.Path(a) {
		if s.place(step.Page.Code) > here {
			return step.Page.Code
		}
	}
	return placeReview
}

// Resume gives the page or place to go on with.
func (s Sitting) Resume() string {
	if s.Draft.At == placeReview {
		return placeReview
	}
	path := s.Questionnaire.Path(s.Draft.Answers)
	for _, step := range path {
		if step.Page.Code == s.Draft.At {
			return s.Draft.At
		}
	}
	if here := s.place(s.Draft.At); here >= 0 {
		return s.after(s.Draft.At, s.Draft.Answers)
	}
	if len(path) == 0 {
		return placeReview
	}
	return path[0].Page.Code
}

// Asked says whether page is on the path of the answers so far.
func (s Sitting) Asked(page string) bool {
	return slices.ContainsFunc(s.Questionnaire.Path(s.Draft.Answers), func(step questionnaires.Step) bool { return step.Page.Code == page })
}

// Complete says whether every asked page but the one named is without problem.
func (s Sitting) Complete(but string) bool {
	for _, step := range s.Questionnaire.Path(s.Draft.Answers) {
		if step.Page.Code == but {
			continue
		}
		if problems, _ := s.Questionnaire.Check(step.Page.Code, s.Draft.Answers, s.Setting); len(problems) > 0 {
			return false
		}
	}
	return true
}

// Settled takes the whole questionnaire together: what would be submitted and
// what stands against it.
func (s Sitting) Settled() (questionnaires.Answers, []questionnaires.Problem) {
	settled, problems := s.Questionnaire.Settle(s.Draft.Answers, s.Setting)
	for _, step := range s.Questionnaire.Path(s.Draft.Answers) {
		for _, question := range step.Questions {
			if found := s.unread(step.Page, question); len(found) > 0 {
				problems = blamed(problems, found[0])
			}
		}
	}
	return settled, problems
}

// blamed adds what is wrong with an entry, in place of saying that there is no answer. A short entry
// is quoted, since a review does not show it otherwise.
func blamed(problems []questionnaires.Problem, entry questionnaires.Problem) []questionnaires.Problem {
	if entry.Rule != "too_long" {
		entry = questionnaires.Problem{Question: entry.Question, Field: entry.Field, Rule: "unread"}
	}
	i := slices.IndexFunc(problems, func(p questionnaires.Problem) bool { return p.Question == entry.Question })
	switch {
	case i < 0:
		return append(problems, entry)
	case problems[i].Rule == "required":
		problems[i] = entry
	}
	return problems
}
