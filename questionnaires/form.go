package questionnaires

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reserved are the form fields of the service itself; ReadPage leaves them be.
var Reserved = []string{"_tag", "_revision", "_go", "_lang", "_receipt"}

// FieldError is a post that no page of ours sends. Nothing of it may be stored.
type FieldError struct {
	Field  string
	Reason string // unknown_page, unknown, doubled, bad_code, bad_text
}

func (e *FieldError) Error() string { return fmt.Sprintf("form field %q: %s", e.Field, e.Reason) }

// ReadPage decides what a posted page comes to: the good values, what is now
// without answer, and what the person should correct. Answers to questions that
// turn out not to be asked are taken in all the same; Settle drops them. Before
// is what is stored so far. The error is always a *FieldError.
func (q *Questionnaire) ReadPage(page string, form map[string][]string, before Answers, s Setting) (Turn, error) {
	p := q.Page(page)
	if p == nil {
		return Turn{}, &FieldError{page, "unknown_page"}
	}
	posted, err := p.accept(form)
	if err != nil {
		return Turn{}, err
	}
	shown := map[int]bool{}
	for _, x := range q.Shown(page, before) {
		shown[x.Question.at] = true
	}
	in := &inputs{q: q, form: form, before: before, s: s, turn: Turn{Set: Answers{}}}
	for _, qu := range p.Questions {
		if qu.Prefill || !shown[qu.at] && !posted[qu] {
			continue
		}
		if err := in.question(qu); err != nil {
			return Turn{}, err
		}
	}
	in.judge(p)
	return in.turn, nil
}

// accept checks that a form holds nothing but fields of the page, once each, in
// valid text; it gives the questions that have a field in it.
func (p *Page) accept(form map[string][]string) (map[*Question]bool, error) {
	posted := map[*Question]bool{}
	for name, values := range form {
		if slices.Contains(Reserved, name) {
			continue
		}
		f, ok := p.fields[name]
		switch {
		case !ok:
			return nil, &FieldError{name, "unknown"}
		case len(values) > 1 && !f.repeats:
			return nil, &FieldError{name, "doubled"}
		}
		for i, v := range values {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, &FieldError{name, "bad_text"}
			}
			if slices.Contains(values[:i], v) {
				return nil, &FieldError{name, "doubled"}
			}
		}
		posted[f.question] = true
	}
	return posted, nil
}

// inputs reads the fields of one post, question by question.
type inputs struct {
	q      *Questionnaire
	form   map[string][]string
	before Answers
	s      Setting
	turn   Turn
}

// offers gives what says whether an option of the question is offered, by the
// answers of this post to the questions before it. A browser sends what was
// chosen before an option disappeared: that is no mistake of anybody's.
func (in *inputs) offers(qu *Question) func(o Option) bool {
	if !qu.parted {
		return func(Option) bool { return true }
	}
	v := in.q.routing(in.turn.Apply(in.before))
	return func(o Option) bool { return !v.off(o.place) }
}

func (in *inputs) first(name string) string {
	if v := in.form[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (in *inputs) keep(variable string, v Value) { in.turn.Set[variable] = v }

func (in *inputs) clear(variables ...string) {
	in.turn.Clear = append(in.turn.Clear, variables...)
}

func (in *inputs) problem(qu *Question, field, rule string, args map[string]any) {
	in.turn.Problems = append(in.turn.Problems, Problem{Question: qu.Code, Field: field, Rule: rule, Args: args})
}

func (in *inputs) question(qu *Question) error {
	switch qu.Kind {
	case Single, YesNo:
		return in.single(qu)
	case Multi:
		return in.multi(qu)
	case Matrix:
		return in.matrix(qu)
	case Ranking:
		return in.ranking(qu)
	case Date:
		in.date(qu)
	case Integer, Decimal:
		in.number(qu, qu.Code, qu.Code)
	case LongText:
		in.text(qu, qu.Code, qu.Code, qu.MaxLength)
	case Numbers:
		for i, r := range qu.Rows {
			in.number(qu, qu.Code+"."+r.Code, qu.variables[i])
		}
	case Texts:
		for i, r := range qu.Rows {
			in.text(qu, qu.Code+"."+r.Code, qu.variables[i], qu.MaxLength)
		}
	}
	return nil
}

// judge drops problems of questions that the new answers no longer ask and
// adds those that only the whole page shows: required ones, sums, checks.
func (in *inputs) judge(p *Page) {
	q := in.q
	v := q.routing(in.turn.Apply(in.before))
	wrong := map[string]bool{}
	in.turn.Problems = slices.DeleteFunc(in.turn.Problems, func(x Problem) bool {
		if v.hidden[q.Question(x.Question).at] || q.Question(x.Question).hides(x.Field, v) {
			return true
		}
		wrong[x.Question], wrong[x.Field] = true, true
		return false
	})
	found := q.problems(p, v)
	for _, x := range found {
		switch {
		case x.Soft:
			in.turn.Warnings = append(in.turn.Warnings, x)
		case !wrong[x.Field] && !(x.Rule != "row_required" && wrong[x.Question]):
			in.turn.Problems = append(in.turn.Problems, x)
		}
	}
	in.inOrder()
}

// hides says whether a form field belongs to a row or an option of a ranking
// that is hidden.
func (qu *Question) hides(name string, v *view) bool {
	if !qu.parted || qu.Kind != Ranking && len(qu.Rows) == 0 {
		return false
	}
	for i, variable := range qu.variables {
		if v.off(qu.placeOf(variable)) && qu.field(i) == name {
			return true
		}
	}
	return false
}

// inOrder puts the problems in the order of the questions on the page.
func (in *inputs) inOrder() {
	slices.SortStableFunc(in.turn.Problems, func(a, b Problem) int {
		return in.q.Question(a.Question).at - in.q.Question(b.Question).at
	})
}
