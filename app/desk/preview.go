package desk

import (
	"cmp"
	"context"
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
)

type previewPage struct {
	frame
	ReleasePreview
	Population, Profile string
	Keys                []KeyView // of the ways, as column heads
	Why                 string    // in words
	MayBuild            bool
	Step                string  // page on which the population is frozen
	Fields              []field // the reason of a further release
	Apart               bool    // the form is there already, and the fields are outside of it
	Methods             []methodLine
}

// methodLine is one row of the comparison of methods.
type methodLine struct {
	Name string
	Measured
}

// showPreview says what a dataset would show and lose, and builds nothing.
func (r *Room) showPreview(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	from, err := population(c, w)
	if err != nil {
		return err
	}
	if !slices.Contains(profiles, c.Params("profile")) {
		return web.ErrUnknown
	}
	return r.preview(c, w, from, c.Params("profile"), nil, nil)
}

// preview looks for the best ways, within the request or while somebody watches.
func (r *Room) preview(c *fiber.Ctx, w Wave, from Population, profile string, form web.Form, problems []Problem) error {
	lang := web.Language(c)
	p := &previewPage{
		frame:      r.waveFrame(c, w, say(c, "preview.title", "population", say(c, "population."+from.Name), "label", w.Label)),
		Population: from.Name, Profile: profile, MayBuild: may(c, auth.BuildRelease) && (profile != "internal" || may(c, auth.DownloadInside)),
		Step: wavePath(w.Label) + "/step/freeze/" + from.Name,
	}
	p.Invalid, p.fixed = len(problems) > 0, true
	if from.State != "closed" || w.State == "archived" {
		p.show(lang, ReleasePreview{Refused: "not_closed"})
		return r.show(c, fiber.StatusOK, "desk/preview", p)
	}
	ahead, err := r.Releases.ReleaseAhead(web.Context(c), w.Label, from.Name, profile)
	if err != nil {
		return err
	}
	if len(ahead.Earlier) > 0 && p.MayBuild {
		p.Fields = fill(c, []field{reasonField(c, false)}, form, problems)
		if _, there := typedIn(c)["reason"]; !there { // the language was changed before the field was there
			p.Fields[0].Value = cmp.Or(p.Fields[0].Value, typedIn(c).First("held"))
		}
	}
	p.fixed = len(p.Fields) == 0
	look := func(ctx context.Context, tell Tell) error {
		found, err := r.Releases.PreviewRelease(ctx, lang, w.Label, from.Name, profile, tell)
		p.show(lang, found)
		return err
	}
	formAlone := p.Invalid || refusal(c) != nil // nobody waits once more for what was just read
	if ahead.Long && !formAlone {
		return r.previewLong(c, w, p, lang, look)
	}
	ctx, cancel := longContext(c)
	defer cancel()
	if !ahead.Long {
		err = look(ctx, nil)
	}
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if p.Invalid {
		status = fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/preview", p)
}

// previewLong does the same while somebody watches; when they leave, the search ends.
func (r *Room) previewLong(c *fiber.Ctx, w Wave, p *previewPage, lang string, look func(context.Context, Tell) error) error {
	var held []web.KeptField
	for i := range p.Fields {
		held = append(held, web.KeptField{Name: "held", Value: p.Fields[i].Value})
		p.Fields[i].Form = typedForm
	}
	page := r.searching(c, w, p.Title, "preview.searching", held)
	page.Action, p.Apart = p.Here(), len(held) > 0
	return r.Kit.Stream(c, "desk/searching", page, func(ctx context.Context, tell func(template.HTML)) (template.HTML, error) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := look(ctx, telling(lang, tell)); err != nil {
			return "", err
		}
		return piece(lang, "desk/previewed", p), nil
	})
}

// Here is the address of the preview.
func (p *previewPage) Here() string {
	return p.Base + "/releases/preview/" + p.Population + "/" + p.Profile
}

// show fills in what a search has found.
func (p *previewPage) show(lang string, found ReleasePreview) {
	p.ReleasePreview = found
	p.MayBuild = p.MayBuild && found.Refused == ""
	if found.Refused != "" {
		p.Why = i18n.T(lang, "desk.preview.refused."+found.Refused, map[string]any{"n": found.Records, "k": found.K, "classes": found.Capacity})
	}
	for _, c := range found.Compared {
		where := "as_released"
		if c.Finest {
			where = "as_finest"
		}
		for _, m := range []struct {
			method string
			Measured
		}{{"strict", c.Strict}, {"wildcard", c.Wildcard}} {
			p.Methods = append(p.Methods, methodLine{i18n.T(lang, "desk.preview."+where, nil) + ", " + i18n.T(lang, "desk.preview."+m.method, nil), m.Measured})
		}
	}
	if len(found.Ways) > 0 {
		p.Keys = found.Ways[0].Keys
	}
}

// Kept is the way that would be released, to be told in words.
func (p *previewPage) Kept() *Way {
	for i := range p.Ways {
		if p.Ways[i].Released {
			return &p.Ways[i]
		}
	}
	return nil
}
