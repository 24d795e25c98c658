package views

import "html/template"

// ReviewedPage is one page of a questionnaire with its answers in words, as {{reviewed .}} shows
// it. Everything in it is plain text.
type ReviewedPage struct {
	Code, Title string
	Questions   []ReviewedQuestion
}

// ReviewedQuestion is a question with its answer.
type ReviewedQuestion struct {
	Path, Label string   // Path leads to where it can be changed; "" where it cannot
	Quote       []string // the answer, a paragraph each
	Problem     string   // what still stands against submitting it
}

// reviewWriter writes a review by hand: it shows every question of a questionnaire at once.
type reviewWriter struct {
	markup
	change phrase
}

// reviewed writes pages whose answers may be changed by links that say change.
func reviewed(change phrase, pages []ReviewedPage) template.HTML {
	m := reviewWriter{change: change}
	const page, question = 160, 320 // bytes, guessed
	size := 0
	for _, p := range pages {
		size += page + question*len(p.Questions)
	}
	m.Grow(size)
	for _, p := range pages {
		m.raw(`<section class="reviewed" aria-labelledby="page-`)
		m.text(p.Code)
		m.raw("\">\n" + `<h2 id="page-`)
		m.text(p.Code)
		m.element(`">`, p.Title, "</h2>\n<dl>\n")
		for i := range p.Questions {
			m.pair(&p.Questions[i])
		}
		m.raw("</dl>\n</section>\n")
	}
	return m.html()
}

func (m *reviewWriter) pair(q *ReviewedQuestion) {
	m.raw(`<div class="pair`)
	if q.Problem != "" {
		m.raw(" invalid")
	}
	m.element("\">\n<dt>", q.Label, "</dt>\n<dd>")
	for _, line := range q.Quote {
		m.element("<p>", line, "</p>")
	}
	if q.Problem != "" {
		m.element("\n"+`<p class="error">`, q.Problem, "</p>")
	}
	if q.Path != "" {
		m.raw("\n" + `<p class="edit"><a`)
		m.attribute("href", q.Path)
		m.raw(">")
		m.say(m.change, "")
		m.element(`<span class="hidden">: `, q.Label, "</span></a></p>")
	}
	m.raw("</dd>\n</div>\n")
}
