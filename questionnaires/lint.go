package questionnaires

import (
	"fmt"
	"slices"
	"strings"
)

// Roles are the disclosure roles a question may declare.
var Roles = []Role{"direct", "qi(size)", "qi(branch)", "qi(canton)", "stable_fact", "public_fact",
	"sensitive_high", "sensitive", "plain", "freetext"}

// maxFields is how many fields one page may post (the service refuses more).
const maxFields = 400

// Lint gives what an author should mend in a questionnaire that could be read:
// words missing in a language, roles missing, long sentences, conditions that
// can never hold, questions nobody can reach, checks that leave no answer. Rules
// says what each finding means. Findings that are only warnings do not keep a
// version from being published.
func Lint(q *Questionnaire) []Finding {
	l := &linter{q: q, gone: map[*Question]bool{}, solver: newSolver(q)}
	l.text("title", q.Title, true)
	l.text("intro", q.Intro, false)
	l.text("header", q.Header, false)
	l.notes("", q.Notes)
	for _, name := range q.unused {
		rule := RuleUnusedScale
		if strings.HasPrefix(name, "also.") {
			rule = RuleUnusedAnswer
		}
		l.say(name, rule, "no question has this: take it out")
	}
	if len(q.Pages) == 0 {
		l.say("pages", RuleEmpty, "a questionnaire needs a page")
	}
	for _, p := range q.Pages {
		l.page(p)
		l.before += len(p.Questions)
	}
	for _, c := range q.Checks {
		if qu := q.Question(c.Question); qu != nil {
			l.before = qu.at + 1
		}
		l.text("checks["+c.Code+"].text", c.Text, true)
	}
	l.before = 0
	for _, c := range q.Calculated {
		path := "calculated[" + c.Code + "]"
		l.text(path+".label", c.Label, true)
		l.role(path, c.Role, false)
	}
	if l.solver.sound() {
		l.consistency()
		l.routing()
		l.idleChecks()
	}
	return l.found
}

type linter struct {
	q      *Questionnaire
	found  findings
	solver *solver
	gone   map[*Question]bool // nobody is asked these
	idle   []*Check           // these can never fail
	before int                // texts may hold the answers to questions before this place
}

func (l *linter) say(path, rule, format string, args ...any) {
	l.found.add(path, rule, format, args...)
}

func (l *linter) page(p *Page) {
	path := "pages[" + p.Code + "]"
	l.text(path+".title", p.Title, true)
	l.notes(path, p.Notes)
	if len(p.Questions) == 0 {
		l.say(path, RuleEmpty, "a page needs a question")
	}
	if len(p.fields) > maxFields {
		l.say(path, RuleTooManyFields, "the page has %d form fields; at most %d are accepted", len(p.fields), maxFields)
	}
	first := l.before
	for _, qu := range p.Questions {
		l.before = qu.at
		l.question(path, qu)
	}
	l.before = first
}

func (l *linter) question(page string, qu *Question) {
	path := page + ".questions[" + qu.Code + "]"
	l.text(path+".label", qu.Label, true)
	l.sentences(path+".label", qu.Label)
	l.text(path+".unit", qu.Unit, false)
	l.notes(path, qu.Notes)
	l.role(path, qu.Role, qu.Kind == LongText || qu.Kind == Texts)
	others := 0
	for _, o := range qu.Options {
		l.text(path+".options["+o.Code+"]", o.Label, true)
		if o.Other {
			others++
		}
	}
	if others > 1 {
		l.say(path, RuleTwoOthers, "only one option can open the text field")
	}
	for i := range qu.Rows {
		l.text(path+".rows["+qu.Rows[i].Code+"]", qu.Rows[i].Label, true)
	}
	if why := qu.impossible(); why != "" {
		l.say(path, RuleNoValidAnswer, "%s", why)
	}
}

func (l *linter) role(path string, role Role, typed bool) {
	switch {
	case role == "":
		l.say(path+".role", RuleNoRole, "what has no disclosure role cannot be exported")
	case !slices.Contains(Roles, role):
		l.say(path+".role", RuleUnknownRole, "%q is none of %v", role, Roles)
	case typed != (role == "freetext"):
		l.say(path+".role", RuleRoleAndKind, "typed text, and only it, has the role freetext")
	}
}

// impossible says why no answer can fit a question, or "".
func (qu *Question) impossible() string {
	if qu.Min != nil && qu.Max != nil && *qu.Min <= *qu.Max {
		y := &slot{question: qu}
		if low, top := y.bounds(); len(spans(low, top, qu.Decimals, nil)) == 0 {
			return fmt.Sprintf("no number with %d decimals lies between %s and %s", qu.Decimals, FormatNumber(low), FormatNumber(top))
		}
		most, least := *qu.Max*float64(len(qu.Rows)), *qu.Min*float64(len(qu.Rows))
		switch {
		case qu.SumEquals != nil && (*qu.SumEquals > most || qu.Required && !qu.parts() && *qu.SumEquals < least):
			return fmt.Sprintf("the rows sum to %s at least and %s at most, never to %s", FormatNumber(least), FormatNumber(most), FormatNumber(*qu.SumEquals))
		case qu.SumMin != nil && *qu.SumMin > most:
			return fmt.Sprintf("the rows sum to %s at most, never to %s", FormatNumber(most), FormatNumber(*qu.SumMin))
		}
	}
	return ""
}
