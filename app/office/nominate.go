package office

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/web"
	"rondo/questionnaires"
)

// field is one field of the nomination form.
type field struct {
	Name, Label, Hint, Value, Problem string
	Kind                              string // text, email, date, radio, select
	Auto                              string
	Optional                          bool
	Options                           []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

type formPage struct {
	web.Page
	Fields   []field
	Problems []field // those with a problem, for the summary
	General  []string

	Kept     string // id of the nomination that is corrected; "" for a new one
	Masked   string // its address
	Approved bool   // it waits for approval again once corrected
	drawn    *nominate.Drawn
}

// NewNomination shows the empty form.
func (r *Room) NewNomination(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	now, ok, err := r.ready(c, v)
	if err != nil || !ok {
		return err
	}
	f, _, err := r.frame(ctx, r.identity, v, now)
	if err != nil {
		return err
	}
	typed := nominate.Employer{Language: v.Language, Row: nominate.Row(c.Query("row"))}
	return r.showForm(c, fiber.StatusOK, v, &formPage{drawn: f.Drawn}, typed, nil)
}

// Nominate keeps one nomination, or shows the form again with what is wrong.
func (r *Room) Nominate(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	now, ok, err := r.ready(c, v)
	if err != nil || !ok {
		return err
	}
	typed := readEmployer(form)

	p := &formPage{}
	if web.Switches(form) {
		f, _, err := r.frame(ctx, r.identity, v, now)
		if err != nil {
			return err
		}
		p.drawn = f.Drawn
		return r.showForm(c, fiber.StatusOK, v, p, typed, nil)
	}

	var problems []nominate.Problem
	_, err = r.keep(ctx, v, now, func(f nominate.Frame) []nominate.Employer {
		var e nominate.Employer
		p.drawn = f.Drawn
		if e, problems = nominate.DecideOne(typed, v.Code, f); !(nominate.Verdict{Problems: problems}).Good() {
			return nil
		}
		return []nominate.Employer{e}
	})
	if err != nil {
		return err
	}

	if !(nominate.Verdict{Problems: problems}).Good() {
		return r.showForm(c, fiber.StatusUnprocessableEntity, v, p, typed, problems)
	}
	return web.SeeOther(c, "/office?done=nominated")
}

func (r *Room) showForm(c *fiber.Ctx, status int, v visit, p *formPage, e nominate.Employer, problems []nominate.Problem) error {
	lang := web.Language(c)
	title, email := "office.form.title", field{Name: "email", Kind: "email", Value: e.Email, Auto: "off", Hint: i18n.T(lang, "office.form.hint.email", nil)}
	if p.Kept != "" {
		title, email.Optional, email.Hint = "office.form.correct", true, i18n.T(lang, "office.form.hint.email_kept", map[string]any{"address": p.Masked})
	}
	p.Title, p.Tag, p.Synthetic, p.State = i18n.T(lang, title, nil), v.tag, v.Wave.Synthetic, "open"
	p.SignOutPath = signOut
	p.HomePath, p.Langs, p.DefaultForm = "/office", web.LangButtons("nomination", lang), "nomination"
	p.Fields = []field{
		{Name: "name", Kind: "text", Value: e.Name, Auto: "off", Hint: i18n.T(lang, "office.form.hint.name", nil)},
		{Name: "town", Kind: "text", Value: e.Town, Auto: "off", Optional: true},
		email,
		{Name: "language", Kind: "radio", Options: languages(e.Language)},
		{Name: "size", Kind: "radio", Options: codes(lang, "e_size", nominate.Sizes, e.Size), Hint: i18n.T(lang, "office.form.hint.size", nil)},
		{Name: "branch", Kind: "select", Options: codes(lang, "e_branch", nominate.Branches, e.Branch)},
		{Name: "told", Kind: "date", Value: e.Told, Auto: "off", Optional: true, Hint: i18n.T(lang, "office.form.hint.told", nil)},
	}
	if p.drawn != nil {
		row := field{Name: "row", Kind: "select", Options: rows(p.drawn, e.Row), Hint: i18n.T(lang, "office.form.hint.row", nil)}
		p.Fields = append([]field{row}, p.Fields...)
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		f.Label = i18n.T(lang, "office.field."+f.Name, nil)
		for _, problem := range problems {
			if problem.Field == f.Name && !problem.Soft && f.Problem == "" {
				f.Problem = problem.Sentence(lang)
				p.Problems = append(p.Problems, *f)
			}
		}
	}
	for _, problem := range problems {
		if problem.Field == "office" {
			p.General = append(p.General, problem.Sentence(lang))
		}
	}
	p.Invalid = len(p.Problems)+len(p.General) > 0
	return r.kit.Show(c, status, "office/form", p)
}

func languages(chosen string) []option {
	var all []option
	for _, lang := range i18n.Languages {
		all = append(all, option{Value: lang, Label: web.Names[lang], Chosen: lang == chosen})
	}
	return all
}

// codes are the options of a question of the employers' questionnaire, in its
// words, so that both ask for the same thing.
func codes(lang, question string, wanted []string, chosen string) []option {
	labels := map[string]string{}
	if q := questionnaires.Newest("employer"); q != nil {
		if asked := q.Question(question); asked != nil {
			for _, o := range asked.Options {
				labels[o.Code] = o.Label.In(lang)
			}
		}
	}
	var all []option
	for _, code := range wanted {
		label := labels[code]
		if label == "" {
			label = code
		}
		all = append(all, option{Value: code, Label: label, Chosen: code == chosen})
	}
	return all
}
