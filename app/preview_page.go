package main

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/questionnaires"
)

// previewHome is templates/preview/home.html.
type previewHome struct {
	web.Page
	Heading string
	Broken  []questionnaires.Finding
	Pages   []previewOption
	Answers string
	Problem string
	Prints  []web.LangLink
}

type previewOption struct {
	Value, Label string
	Chosen       bool
}

// state answers with the revision of the folder: the pages ask for it.
func (p *preview) state(c *fiber.Ctx) error { return c.SendString(p.folder.look().Revision + "\n") }

// bar is the strip above every page.
func (p *preview) bar(c *fiber.Ctx) *web.Bar {
	now := p.folder.look()
	lang := web.Language(c)
	b := &web.Bar{Title: i18n.T(lang, "preview.broken_home", nil), Revision: now.Revision, StatePath: "/preview/state", HomePath: "/preview"}
	for _, f := range now.Findings {
		b.Findings = append(b.Findings, web.Finding(f))
		if !f.Warning {
			b.Refusals++
		}
	}
	if now.Questionnaire == nil {
		return b
	}
	b.Title = now.Questionnaire.Ref()
	b.Links = []web.NavLink{
		{URL: "/preview", Name: i18n.T(lang, "preview.jump", nil)}, {URL: "/print", Name: i18n.T(lang, "preview.print", nil)},
	}
	return b
}

// readable shows what is wrong with a folder in place of every page, until it can be shown again.
func (p *preview) readable(c *fiber.Ctx) error {
	broken := p.folder.look().broken()
	if broken == nil {
		return c.Next()
	}
	h := &previewHome{Broken: broken, Heading: i18n.T(web.Language(c), "preview.broken", nil)}
	h.Title = h.Heading
	return p.kit.Show(c, fiber.StatusOK, "preview/home", h)
}

// home offers the ways into the questionnaire.
func (p *preview) home(c *fiber.Ctx) error {
	return p.showHome(c, fiber.StatusOK, c.Query("page"), "", "")
}

func (p *preview) showHome(c *fiber.Ctx, status int, page, answers, problem string) error {
	q, lang := p.folder.shown(), web.Language(c)
	h := &previewHome{Heading: i18n.T(lang, "preview.home", map[string]any{"ref": q.Ref()}), Answers: answers, Problem: problem}
	h.Title, h.Invalid = h.Heading, problem != ""
	for _, x := range q.Pages {
		h.Pages = append(h.Pages, previewOption{Value: x.Code, Label: x.Title.In(lang), Chosen: x.Code == page})
	}
	for _, l := range i18n.Languages {
		h.Prints = append(h.Prints, web.LangLink{Lang: l, Name: web.Names[l], URL: "/print?lang=" + l})
	}
	return p.kit.Show(c, status, "preview/home", h)
}

// start makes somebody who has not begun, and opens their link.
func (p *preview) start(c *fiber.Ctx) error {
	link, err := p.scene(web.Context(c), p.folder.shown())
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/r/"+link)
}

// jump leads to any page with any answers, in a fresh draft.
func (p *preview) jump(c *fiber.Ctx) error {
	form, q := web.ReadForm(c), p.folder.shown()
	lang, code := web.Language(c), form.First("page")
	page := q.Page(code)
	if page == nil {
		return web.ErrUnknown
	}
	again := func(key string, args map[string]any) error {
		return p.showHome(c, fiber.StatusUnprocessableEntity, code, form.First("answers"), i18n.T(lang, "preview."+key, args))
	}
	answers, err := q.ParseAnswers(form.First("answers"))
	if err != nil {
		return again("bad_answers", map[string]any{"why": err.Error()})
	}
	asked := func(s questionnaires.Step) bool { return s.Page == page }
	if !slices.ContainsFunc(q.Path(answers), asked) {
		if page.If != nil {
			return again("not_asked_if", map[string]any{"page": code, "condition": q.Explain(page.If, lang, questionnaires.Setting{})})
		}
		return again("not_asked", map[string]any{"page": code})
	}

	link, err := p.scene(web.Context(c), q)
	if err != nil {
		return err
	}
	return p.room.Begin(c, link, code, answers)
}

// print shows the blank questionnaire, in the language of the request.
func (p *preview) print(c *fiber.Ctx) error {
	now, err := p.store.DB.Now(web.Context(c))
	if err != nil {
		return err
	}
	office, _ := wave.OfficeByCode(previewOffice)
	from, to := previewYears(now)
	return p.room.Blank(c, p.folder.shown(), questionnaires.Setting{RefFrom: from, RefTo: to, Office: office.Names}, "")
}
