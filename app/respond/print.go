package respond

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/views"
	"rondo/app/web"
	"rondo/questionnaires"
)

// printPage is templates/respond/print.html: the whole questionnaire on paper,
// whatever the routing, with the answers so far.
type printPage struct {
	web.Page
	Heading string
	Header  string
	Intro   string   // of a blank questionnaire
	Notes   []string // of a blank questionnaire: definitions and promises
	Blank   bool     // nobody's
	Back    string   // of a blank questionnaire: path to go back to; "": none
	Version string
	Pages   []printedPage
}

type printedPage struct {
	Title     string
	If        string
	Notes     []string
	Questions []views.Question
}

// Print shows all questions at once, to be read or printed before answering.
func (r *Room) Print(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if err := v.answering(); err != nil {
		return err
	}

	p := v.printed()
	p.Page = r.page(v, i18n.T(v.lang, "respond.print.title", nil), "open")
	p.Heading = p.Title
	return r.kit.Show(c, fiber.StatusOK, "respond/print", p)
}

// Blank shows a questionnaire that nobody answers, in the language of the request. What s does not
// say of a wave stays as it stands in the words; back is the page it is looked at from, or "".
func (r *Room) Blank(c *fiber.Ctx, q *questionnaires.Questionnaire, s questionnaires.Setting, back string) error {
	v := visit{lang: web.Language(c)}
	v.Questionnaire, v.Draft, v.Setting = q, Draft{}.clone(), s
	if v.Setting.Office == nil {
		v.Setting.Office = questionnaires.Text{questionnaires.Languages[0]: "{office}"}
	}

	p := v.printed()
	p.Title, p.Heading, p.Blank, p.Version, p.State = v.fill(q.Title), v.fill(q.Title), true, q.Ref(), "closed"
	p.Back, p.HomePath = back, back
	p.Intro, p.Notes = v.fill(q.Intro), fillNotes(q.Notes, v)
	return r.kit.Show(c, fiber.StatusOK, "respond/print", p)
}

// printed is every page with every question, whatever the routing.
func (v visit) printed() *printPage {
	p := &printPage{Header: v.fill(v.Questionnaire.Header)}
	for _, page := range v.Questionnaire.Pages {
		printed := printedPage{
			Title: v.fill(page.Title), Notes: fillNotes(page.Notes, v),
			If: v.when(page.If),
		}
		for _, question := range page.Questions {
			one := v.question(question.Whole(), v.fields(page), nil)
			printed.Questions = append(printed.Questions, one)
		}
		p.Pages = append(p.Pages, printed)
	}
	return p
}
