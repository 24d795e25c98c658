package questionnaires

import (
	"strconv"
	"strings"
)

// NoAnswer stands where a question has none, on review pages.
const NoAnswer = "–"

// Quote gives the answer to a question in words, one line for each row that is
// asked or ticked option; NoAnswer where there is none.
func (q *Questionnaire) Quote(qu *Question, lang string, a Answers, s Setting) []string {
	p := &speaker{q: q, lang: lang, a: a, s: s, left: maxPipes}
	return p.lines(q.known(qu))
}

// QuoteRow gives the line of Quote for the i-th row, or ranked option, alone.
func (q *Questionnaire) QuoteRow(qu *Question, i int, lang string, a Answers, s Setting) string {
	p := &speaker{q: q, lang: lang, a: a, s: s, left: maxPipes}
	return p.row(q.known(qu), i)
}

// known gives the question of this questionnaire for a copy of it.
func (q *Questionnaire) known(qu *Question) *Question {
	if own := q.Question(qu.Code); own != nil {
		return own
	}
	return qu
}

func (p *speaker) lines(qu *Question) []string {
	var lines []string
	switch qu.Kind {
	case Matrix, Numbers, Texts:
		for i := range qu.Rows {
			if qu.Rows[i].place == 0 || !p.view().off(qu.Rows[i].place) {
				lines = append(lines, p.row(qu, i))
			}
		}
	case Ranking:
		lines = p.ranks(qu)
	default:
		lines = p.value(qu, p.a[qu.Code])
	}
	if typed := p.a[qu.Code+"_other"].Text; typed != "" && qu.choseOther(&view{answers: p.a}) {
		for i, line := range lines {
			if line == p.words(qu.Option(qu.otherCode()).Label) {
				lines[i] += ": " + typed
			}
		}
	}
	return lines
}

func (p *speaker) row(qu *Question, i int) string {
	x := p.a[qu.Variables()[i]]
	if qu.Kind == Ranking {
		label := p.words(qu.Options[i].Label)
		if x.Number == nil {
			return label + ": " + NoAnswer
		}
		return FormatNumber(*x.Number) + ". " + label
	}
	return strings.TrimSuffix(p.words(qu.Rows[i].Label), ".") + ": " + p.value(qu, x)[0]
}

func (p *speaker) ranks(qu *Question) []string {
	var lines []string
	for rank := 1; rank <= qu.Top; rank++ {
		for i, o := range qu.Options {
			if n := p.a[qu.Variables()[i]].Number; n != nil && int(*n) == rank {
				lines = append(lines, strconv.Itoa(rank)+". "+p.words(o.Label))
			}
		}
	}
	if lines == nil {
		return []string{NoAnswer}
	}
	return lines
}

// value gives one value in words, never an empty list.
func (p *speaker) value(qu *Question, x Value) []string {
	var lines []string
	for _, o := range qu.Options {
		for _, c := range x.Codes {
			if c == o.Code {
				lines = append(lines, p.words(o.Label))
			}
		}
		if x.Missing != 0 && x.Missing == o.Missing {
			lines = append(lines, p.words(o.Label))
		}
	}
	switch {
	case x.Number != nil:
		lines = append(lines, strings.TrimSpace(SayNumber(*x.Number, p.lang)+" "+qu.Unit[p.lang]))
	case qu.Kind == Date && x.Text != "":
		lines = append(lines, spellDay(x.Text))
	case x.Text != "":
		lines = append(lines, x.Text)
	}
	if lines == nil {
		return []string{NoAnswer}
	}
	return lines
}

// spellDay turns 2026-11-22 into 22.11.2026, which all four languages read.
func spellDay(iso string) string {
	parts := strings.Split(iso, "-")
	if len(parts) != 3 {
		return iso
	}
	return parts[2] + "." + parts[1] + "." + parts[0]
}
