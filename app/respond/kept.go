package respond

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/questionnaires"
)

// explain lets the page of a refusal say in words what a post holds. Nothing is looked up before
// something is refused; until the participant is known, the built-in questionnaires are asked
// whether they have a page like this.
func (r *Room) explain(c *fiber.Ctx, post Post, v *visit) {
	var known *wording
	web.SetReading(c, func(name, value string) (label, shown string, place int, ok bool) {
		if known == nil {
			known = &wording{}
			known.find(web.Language(c), post, v)
		}
		return known.field(name, value)
	})
}

// wording words the fields of one page.
type wording struct {
	visit
	page *questionnaires.Page // nil: nobody knows it
}

func (w *wording) find(lang string, post Post, v *visit) {
	if v != nil && v.Questionnaire != nil {
		w.visit, w.page = *v, v.Questionnaire.Page(post.Page)
		if fits(v.Questionnaire, post) {
			return
		}
	}
	for _, key := range wave.Populations {
		q := questionnaires.Newest(key)
		if q != nil && fits(q, post) {
			w.visit = visit{Sitting: Sitting{Questionnaire: q, Draft: Draft{}.clone()}, lang: lang}
			w.page = q.Page(post.Page)
			return
		}
	}
}

// fits says whether a post is one of a page of q.
func fits(q *questionnaires.Questionnaire, post Post) bool {
	_, err := q.ReadPage(post.Page, post.Form, nil, questionnaires.Setting{})
	return err == nil
}

// field is a web.Reading.
func (w *wording) field(name, value string) (label, shown string, place int, ok bool) {
	if w.page == nil {
		return "", "", 0, false
	}
	code, part, _ := strings.Cut(name, ".")
	code, other := strings.CutSuffix(code, "_other")
	at := slices.IndexFunc(w.page.Questions, func(q *questionnaires.Question) bool { return q.Code == code })
	if at < 0 {
		return "", "", 0, false
	}
	q := w.page.Questions[at]
	label, shown, place = w.fill(q.Label), value, 1000*(at+1)
	for i, row := range q.Rows {
		if row.Code == part {
			label, place = label+" – "+w.fill(row.Label), place+i
		}
	}
	for i, option := range q.Options {
		switch {
		case other && option.Other:
			return label + " – " + w.fill(option.Label), value, place + len(q.Options), true
		case q.Kind == questionnaires.Ranking && option.Code == part:
			label, place = label+" – "+w.fill(option.Label), place+i
			shown = i18n.T(w.lang, "respond.rank", map[string]any{"rank": value})
		case option.Code == value:
			shown = w.fill(option.Label)
		}
	}
	if q.Kind == questionnaires.Date {
		label, place = label+" – "+i18n.T(w.lang, "respond."+part, nil), place+slices.Index([]string{"day", "month", "year"}, part)
	}
	return label, shown, place, true
}
