package questionnaires

import (
	"strconv"
	"strings"
)

// Fill gives words in one language with the placeholders {ref_from}, {ref_to}
// and {office} replaced by what the wave sets; what no wave has set stays as it is.
func (q *Questionnaire) Fill(t Text, lang string, s Setting) string {
	words := t.In(lang)
	if !strings.Contains(words, "{") {
		return words
	}
	pairs := []string{"{office}", s.Office.In(lang)}
	if s.RefFrom != 0 {
		pairs = append(pairs, "{ref_from}", strconv.Itoa(s.RefFrom), "{ref_to}", strconv.Itoa(s.RefTo))
	}
	return strings.NewReplacer(pairs...).Replace(words)
}

// NoAnswer stands where a question has none, on review pages.
const NoAnswer = "–"

// Quote gives the answer to a question in words, one line for each row or
// ticked option; NoAnswer where there is none.
func (q *Questionnaire) Quote(qu *Question, lang string, a Answers, s Setting) []string {
	var lines []string
	switch qu.Kind {
	case Matrix, Numbers, Texts:
		for i, r := range qu.Rows {
			lines = append(lines, strings.TrimSuffix(q.Fill(r.Label, lang, s), ".")+": "+q.say(qu, lang, a[qu.Variables()[i]], s)[0])
		}
	case Ranking:
		lines = q.quoteRanks(qu, lang, a, s)
	default:
		lines = q.say(qu, lang, a[qu.Code], s)
	}
	if typed := a[qu.Code+"_other"].Text; typed != "" && qu.choseOther(a) {
		for i, line := range lines {
			if line == q.Fill(qu.Option(qu.otherCode()).Label, lang, s) {
				lines[i] += ": " + typed
			}
		}
	}
	return lines
}

func (q *Questionnaire) quoteRanks(qu *Question, lang string, a Answers, s Setting) []string {
	var lines []string
	for rank := 1; rank <= qu.Top; rank++ {
		for i, o := range qu.Options {
			if n := a[qu.Variables()[i]].Number; n != nil && int(*n) == rank {
				lines = append(lines, strconv.Itoa(rank)+". "+q.Fill(o.Label, lang, s))
			}
		}
	}
	if lines == nil {
		return []string{NoAnswer}
	}
	return lines
}

// say gives one value in words, never an empty list.
func (q *Questionnaire) say(qu *Question, lang string, x Value, s Setting) []string {
	var lines []string
	for _, o := range qu.Options {
		for _, c := range x.Codes {
			if c == o.Code {
				lines = append(lines, q.Fill(o.Label, lang, s))
			}
		}
		if x.Missing != 0 && x.Missing == o.Missing {
			lines = append(lines, q.Fill(o.Label, lang, s))
		}
	}
	switch {
	case x.Number != nil:
		lines = append(lines, strings.TrimSpace(FormatNumber(*x.Number)+" "+qu.Unit[lang]))
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
