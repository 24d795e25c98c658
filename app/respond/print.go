package respond

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
)

// printPage is templates/respond/print.html: the whole questionnaire on paper,
// whatever the routing, with the answers so far.
type printPage struct {
	web.Page
	Header string
	Pages  []printedPage
}

type printedPage struct {
	Title     string
	If        string
	Notes     []string
	Questions []questionView
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

	p := &printPage{Header: v.fill(v.Questionnaire.Header)}
	p.Page = r.page(v, i18n.T(v.lang, "respond.print.title", nil), "open")
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
	return r.kit.Show(c, fiber.StatusOK, "respond/print", p)
}
