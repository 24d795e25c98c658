package questionnaires

import (
	"strconv"
	"strings"
)

// Unanswered stands in a text for an answer that there is not.
const Unanswered = "…"

const (
	maxPiped = 200 // characters of one answer inside a text
	maxPipes = 100 // answers put into one text, those inside their labels included
)

// Fill gives words in one language with the placeholders {ref_from}, {ref_to}
// and {office} replaced by what the wave sets; what no wave has set stays as it
// is. Placeholders of answers become "…".
func (q *Questionnaire) Fill(t Text, lang string, s Setting) string {
	return q.Pipe(t, lang, nil, s)
}

// Pipe is Fill with the answers given so far: a placeholder {question} or
// {variable} becomes that answer in words of the language, on one line; "…"
// where there is none or routing hides it. The words may come from whoever
// answered: a page must escape them like any typed text.
func (q *Questionnaire) Pipe(t Text, lang string, a Answers, s Setting) string {
	words := t.In(lang)
	if !strings.Contains(words, "{") {
		return words
	}
	p := &speaker{q: q, lang: lang, a: a, s: s, left: maxPipes}
	return p.fill(words)
}

// speaker says answers, and texts with answers in them, in one language.
type speaker struct {
	q    *Questionnaire
	lang string
	a    Answers
	s    Setting
	v    *view // of the answers; made when first needed
	left int   // answers that may still be put into the text
}

func (p *speaker) words(t Text) string { return p.fill(t.In(p.lang)) }

// fill replaces the placeholders of a text, once from left to right: what
// stands for one is not read again.
func (p *speaker) fill(words string) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(words, '{')
		end := strings.IndexByte(words[max(open, 0):], '}')
		if open < 0 || end < 0 {
			break
		}
		end += open
		out.WriteString(words[:open])
		if said, ok := p.placeholder(words[open+1 : end]); ok {
			out.WriteString(said)
			words = words[end+1:]
		} else {
			out.WriteByte('{')
			words = words[open+1:]
		}
	}
	if out.Len() == 0 {
		return words
	}
	out.WriteString(words)
	return out.String()
}

// placeholder gives what stands for a name in braces, and whether it is one.
func (p *speaker) placeholder(name string) (string, bool) {
	switch name {
	case "office":
		return p.s.Office.In(p.lang), true
	case "ref_from":
		return strconv.Itoa(p.s.RefFrom), p.s.RefFrom != 0
	case "ref_to":
		return strconv.Itoa(p.s.RefTo), p.s.RefFrom != 0
	}
	symbol, isVariable := p.q.symbols[name]
	qu := p.q.Question(name)
	if !isVariable && qu == nil {
		return "", false
	}
	if p.left--; p.a == nil || p.left < 0 {
		return Unanswered, true
	}
	said := ""
	switch {
	case symbol.calculated != nil:
		if n, ok := p.view().compute(symbol.calculated); ok {
			said = SayNumber(n, p.lang)
		}
	case isVariable:
		said = p.variable(symbol.question, name)
	case p.view().hidden[qu.at] || !qu.begun(p.view()):
	default:
		said = strings.Join(p.lines(qu), "; ")
	}
	return oneLine(said), true
}

// variable says the answer to one variable, "" where it has none. Of an option
// that opens a text field it says what was typed there.
func (p *speaker) variable(qu *Question, name string) string {
	if x, ok := qu.Prefilled(p.s); ok {
		return strings.Join(p.value(qu, x), ", ")
	}
	v := p.view()
	x, ok := v.value(ref{name: name, question: qu})
	if !ok {
		return ""
	}
	if typed := v.answers[qu.Code+"_other"].Text; name == qu.Code && typed != "" && qu.choseOther(v) {
		if len(x.Codes) == 1 {
			return typed
		}
		return strings.Join(p.lines(qu), ", ")
	}
	if qu.Kind == Ranking {
		return FormatNumber(*x.Number)
	}
	if said := strings.Join(p.value(qu, x), ", "); said != NoAnswer {
		return said
	}
	return ""
}

func (p *speaker) view() *view {
	if p.v == nil {
		p.v = p.q.routing(p.a)
	}
	return p.v
}

// oneLine makes an answer fit into a sentence.
func oneLine(said string) string {
	said = strings.Join(strings.Fields(said), " ")
	if said == "" {
		return Unanswered
	}
	if length(said) > maxPiped {
		return strings.TrimSpace(string([]rune(said)[:maxPiped-1])) + "…"
	}
	return said
}
