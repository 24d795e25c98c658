package questionnaires

import "strings"

// joints are the words that hold an explained condition together.
var joints = map[string]struct{ and, or, not, answered, open, close string }{
	"de": {" und ", " oder ", "nicht: ", "beantwortet", "«", "»"},
	"fr": {" et ", " ou ", "pas: ", "réponse donnée", "«", "»"},
	"it": {" e ", " o ", "non: ", "risposta data", "«", "»"},
	"en": {" and ", " or ", "not: ", "answered", "“", "”"},
}

// Explain says a condition in words, to stand after "only if": the question in
// quotation marks and the answers that are waited for.
func (q *Questionnaire) Explain(c *Condition, lang string, s Setting) string {
	return q.ExplainTo(nil, c, lang, s)
}

// ExplainTo is Explain for somebody who has answered a, for questions whose
// words hold earlier answers.
func (q *Questionnaire) ExplainTo(a Answers, c *Condition, lang string, s Setting) string {
	if c == nil {
		return ""
	}
	if _, ok := joints[lang]; !ok {
		lang = Languages[0]
	}
	e := &explainer{q: q, lang: lang, a: a, s: s}
	return e.say(c.root)
}

type explainer struct {
	q    *Questionnaire
	lang string
	a    Answers
	s    Setting
}

func (e *explainer) words(t Text) string { return e.q.Pipe(t, e.lang, e.a, e.s) }

func (e *explainer) say(t term) string {
	words := joints[e.lang]
	switch t := t.(type) {
	case negation:
		return words.not + e.say(t.inner)
	case both:
		return e.bracket(t.left) + words.and + e.bracket(t.right)
	case either:
		return e.alternatives(t)
	case given:
		return e.name(t.ref) + ": " + words.answered
	case compareFormulas:
		return e.amount(t.left) + " " + sign(t.op) + " " + e.amount(t.right)
	case comparePair:
		return e.name(t.left) + " " + sign(t.op) + " " + e.name(t.right)
	case compare:
		if t.ref.numeric {
			return e.name(t.ref) + " " + sign(t.op) + " " + SayNumber(t.literal.number, e.lang)
		}
	}
	r, labels := e.choices(t)
	return e.name(r) + ": " + strings.Join(labels, words.or)
}

// bracket keeps "a and (b or c)" apart from "a and b or c".
func (e *explainer) bracket(t term) string {
	if _, ok := t.(either); ok {
		return "(" + e.say(t) + ")"
	}
	return e.say(t)
}

// alternatives says "or", naming a question once however many of its answers
// are waited for.
func (e *explainer) alternatives(t either) string {
	words := joints[e.lang]
	var parts []string
	last := ""
	for _, part := range flatten(t) {
		if r, labels := e.choices(part); labels != nil {
			said := strings.Join(labels, words.or)
			if r.name == last {
				parts[len(parts)-1] += words.or + said
				continue
			}
			parts, last = append(parts, e.name(r)+": "+said), r.name
			continue
		}
		parts, last = append(parts, e.say(part)), ""
	}
	return strings.Join(parts, words.or)
}

func flatten(t term) []term {
	if e, ok := t.(either); ok {
		return append(flatten(e.left), flatten(e.right)...)
	}
	return []term{t}
}

// choices gives the options under which a term about one closed question holds;
// none for other terms.
func (e *explainer) choices(t term) (ref, []string) {
	var r ref
	switch t := t.(type) {
	case ticked:
		return t.ref, []string{e.words(t.question.Option(t.code).Label)}
	case member:
		r = t.ref
	case compare:
		r = t.ref
	default:
		return r, nil
	}
	if r.numeric {
		return r, e.numbers(t)
	}
	var labels []string
	for _, o := range r.question.Options {
		if o.Missing == 0 && t.holds(&view{answers: Answers{r.name: {Codes: []string{o.Code}}}}) {
			labels = append(labels, e.words(o.Label))
		}
	}
	return r, labels
}

// numbers gives the members of a list of numbers.
func (e *explainer) numbers(t term) []string {
	var out []string
	if m, ok := t.(member); ok {
		for _, l := range m.literals {
			out = append(out, SayNumber(l.number, e.lang))
		}
	}
	return out
}

// name quotes a question, with the row where the variable is one.
func (e *explainer) name(r ref) string {
	words := joints[e.lang]
	if r.calculated != nil {
		return words.open + e.words(r.calculated.Label) + words.close
	}
	label := e.words(r.question.Label)
	for i, row := range r.question.Rows {
		if r.question.Variables()[i] == r.name {
			label += " – " + e.words(row.Label)
		}
	}
	return words.open + label + words.close
}

func sign(op string) string {
	return strings.NewReplacer("==", "=", "!=", "≠", "<=", "≤", ">=", "≥").Replace(op)
}
