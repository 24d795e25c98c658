package office

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/web"
)

// tellPage is templates/office/tell.html.
type tellPage struct {
	web.Page
	Texts   []tellText
	Untold  int    // proposed or approved employers without a day
	Day     string // as typed
	Problem string
}

// tellText is the ready text in one language.
type tellText struct{ Lang, Name, Subject, Text string }

// Tell shows the text with which an office tells an employer that it proposes it, in four languages.
func (r *Room) Tell(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	return r.showTell(c, fiber.StatusOK, v, &tellPage{})
}

// Told notes on which day the office told the employers that have no such day yet.
func (r *Room) Told(c *fiber.Ctx) error {
	ctx, lang := web.Context(c), web.Language(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	now, err := r.inSeason(ctx, v)
	if err != nil {
		return err
	}
	p := &tellPage{Day: strings.TrimSpace(form.First("told"))}
	if web.Switches(form) {
		return r.showTell(c, fiber.StatusOK, v, p)
	}
	day, ok := nominate.Day(p.Day)
	switch {
	case day == "":
		p.Problem = i18n.T(lang, "office.rule.missing", map[string]any{"field": i18n.T(lang, "office.field.told", nil)})
	case !ok:
		p.Problem = i18n.T(lang, "office.rule.bad_date", nil)
	case day > i18n.Day(now):
		p.Problem = i18n.T(lang, "office.rule.future", nil)
	}
	if p.Problem != "" {
		return r.showTell(c, fiber.StatusUnprocessableEntity, v, p)
	}
	if _, err := r.identity.TellAll(ctx, v.ID, day); err != nil {
		return err
	}
	return web.SeeOther(c, "/office?done=told")
}

func (r *Room) showTell(c *fiber.Ctx, status int, v visit, p *tellPage) error {
	ctx, lang := web.Context(c), web.Language(c)
	employer, err := r.identity.Population(ctx, v.Wave.ID, "employer")
	if err != nil {
		return err
	}
	mine, err := r.identity.Nominations(ctx, v.Wave.ID, v.ID)
	if err != nil {
		return err
	}
	for _, n := range mine {
		if nominate.Counts(n) && n.ToldOn == "" {
			p.Untold++
		}
	}
	for _, l := range i18n.Languages {
		args := map[string]any{
			"office": v.name(l), "date": i18n.Date(l, employer.Opens), "end": i18n.Until(l, employer.Closes),
			"contact": strings.Join(strings.FieldsFunc(r.outbox.Contact, func(r rune) bool { return r == '|' || r == '\n' }), ", "),
		}
		p.Texts = append(p.Texts, tellText{l, web.Names[l], i18n.T(l, "office.tell.subject", nil), strings.TrimSpace(i18n.T(l, "office.tell.text", args))})
	}
	p.Title, p.Tag, p.Synthetic, p.State = i18n.T(lang, "office.tell.title", nil), v.tag, v.Wave.Synthetic, "open"
	p.SignOutPath = signOut
	p.HomePath, p.Invalid = "/office", p.Problem != ""
	if c.Method() == fiber.MethodPost {
		p.Langs, p.DefaultForm = web.LangButtons("note-told", lang), "note-told"
	}
	return r.kit.Show(c, status, "office/tell", p)
}
