package respond

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
)

// Resume sends the browser to the page to go on with.
func (r *Room) Resume(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil && !v.delivered() {
		return err
	}
	return web.SeeOther(c, v.goOn())
}

// delivered says whether nothing is left to answer: the response is there, and no
// correction of it was begun.
func (v visit) delivered() bool {
	return v.kept.Spent && (v.kept.Draft == nil || !v.confidential())
}

// goOn is the address of the page to go on with.
func (v visit) goOn() string {
	if v.delivered() {
		return "/answer/done"
	}
	if v.forward() {
		return "/answer/forward"
	}
	return "/answer/" + v.Resume()
}

// Page shows one page of questions.
func (r *Room) Page(c *fiber.Ctx) error {
	page := c.Params("page")
	if page == placePrint {
		return r.Print(c)
	}
	v, err := r.visit(c)
	if err != nil {
		return err
	}

	switch {
	case v.kept.Spent && !v.confidential():
		return web.SeeOther(c, "/answer/done")
	case v.open() != nil:
		return v.open()
	case v.Questionnaire.Page(page) == nil:
		return web.ErrUnknown
	case v.forward():
		return web.SeeOther(c, "/answer/forward")
	case !v.Asked(page):
		return web.SeeOther(c, "/answer")
	}
	return r.showPage(c, fiber.StatusOK, v, shown{page: page})
}

// Later says that everything is kept and how to come back.
func (r *Room) Later(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil {
		return err
	}

	p := &laterPage{Closes: v.kept.Window.Closes, Office: v.holder.Population.Name == "office", MayPass: r.mayPass(v)}
	p.Page = r.page(v, i18n.T(v.lang, "respond.later.title", nil), "open")
	return r.kit.Show(c, fiber.StatusOK, "respond/later", p)
}
