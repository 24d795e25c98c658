package desk

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// typedForm is the id of the form of a page in which people type. The languages are buttons of it,
// so that what was typed stays when somebody changes the language.
const typedForm = "typed"

// typedPages are the templates with such a form.
var typedPages = map[string]bool{
	"desk/form": true, "desk/confirm": true, "desk/correcting": true, "desk/corrections": true, "desk/draft": true, "desk/draft_new": true, "desk/freetext": true,
	"desk/links": true, "desk/me": true, "desk/nominations": true, "desk/panel": true, "desk/preview": true, "desk/releases": true, "desk/returned": true,
	"desk/schedule": true, "desk/signin": true, "desk/staff": true, "desk/text": true, "desk/verdicts": true, "desk/welcome": true,
}

// What a request keeps for the page it is answered with.
const (
	localTyped  = "desk.typed"
	localErrors = "desk.errors"
)

// switched shows the page of a form in the language whose button sent it, and does nothing else.
func switched(page, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		form := web.ReadForm(c)
		if !web.Switches(form) {
			return next(c)
		}
		c.Locals(localTyped, form)
		return page(c)
	}
}

// shownBy are the pages of forms that go to an address of their own.
func (r *Room) shownBy() map[string]fiber.Handler {
	return map[string]fiber.Handler{
		draft + "/files": r.showDraft, draft + "/classes": r.showDraft, UploadPath + "/:label/:population/keep": r.showVerdicts,
		wave + textsPath + "/:question/:text/read": r.showFreeText,
	}
}

// typedIn is what stood in the form of a page that is shown in another language; nil otherwise.
func typedIn(c *fiber.Ctx) web.Form {
	form, _ := c.Locals(localTyped).(web.Form)
	return form
}

// sent says whether the request wants something done, and not only another language.
func sent(c *fiber.Ctx) bool { return c.Method() == fiber.MethodPost && typedIn(c) == nil }

// wrong lists a problem at the top of the page that is about to be shown, leading to its field.
func wrong(c *fiber.Ctx, field, sentence string) {
	list, _ := c.Locals(localErrors).([]web.NavLink)
	c.Locals(localErrors, append(list, web.NavLink{URL: "#" + field, Name: sentence}))
}

// framed is a page of the desk.
type framed interface {
	web.Paged
	desk() *frame
}

func (f *frame) desk() *frame { return f }

// show writes a page of the desk: with its problems at the top, and its languages as buttons where
// there is a form to type in.
func (r *Room) show(c *fiber.Ctx, status int, template string, page framed) error {
	f := page.desk()
	f.Errors, _ = c.Locals(localErrors).([]web.NavLink)
	if f.Undone = refusal(c); f.Undone != nil {
		f.Invalid = true
	}
	if typedPages[template] && !f.fixed {
		f.DefaultForm, f.Langs = typedForm, web.LangButtons(typedForm, web.Language(c))
	}
	return r.Kit.Show(c, status, template, page)
}
