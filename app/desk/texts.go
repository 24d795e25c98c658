package desk

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/web"
	"rondo/storage/identity"
)

type textsPage struct {
	frame
	Groups []textGroup
}

type textGroup struct {
	Title string
	Lines []textLine
}

type textLine struct {
	Title string
	Links []textLink
}

type textLink struct {
	web.NavLink
	Lang string
	Own  bool
}

// showTexts lists the texts of a wave.
func (r *Room) showTexts(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	own, err := r.Schedules.OwnTexts(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	p := &textsPage{frame: r.waveFrame(c, w, say(c, "texts.title", "label", w.Label))}
	for _, population := range []string{"office", "employer"} {
		group := textGroup{Title: say(c, "population."+population)}
		for _, kind := range outbox.TextKinds(population) {
			if !w.HeadReleases && (kind == identity.MessageRelease || kind == identity.MessageGivenBack) {
				continue // nobody gets one in this wave
			}
			line := textLine{Title: textTitle(c, kind)}
			for _, lang := range i18n.Languages {
				line.Links = append(line.Links, textLink{Own: own[population+" "+kind+" "+lang], Lang: lang,
					NavLink: web.NavLink{URL: textPath(w, population, kind, lang), Name: web.Names[lang]}})
			}
			group.Lines = append(group.Lines, line)
		}
		p.Groups = append(p.Groups, group)
	}
	return r.show(c, fiber.StatusOK, "desk/texts", p)
}

func textPath(w Wave, population, kind, lang string) string {
	return wavePath(w.Label) + "/texts/" + population + "/" + kind + "/" + lang
}

func textTitle(c *fiber.Ctx, kind string) string {
	if kind == "last_call" {
		return say(c, "schedule.last_call")
	}
	return say(c, "kind."+kind)
}

type textPage struct {
	frame
	TextLang      string
	Subject, Body string
	Seen          string // mark of the text that is kept
	Own           bool
	Names         []textName
	Fields        []field // the subject
	Problem       string  // of the body
	Test          string  // why the test message was not taken
	Preview       Letter
	Shown         bool // there is a preview
	To, Back      string
}

// textName is a placeholder and what stands in its place.
type textName struct {
	Name, Meaning string
	Must          bool
}

// place finds the wave and the text a request names.
func (r *Room) place(c *fiber.Ctx) (w Wave, population, kind, lang string, err error) {
	if w, population, err = r.scheduled(c); err != nil {
		return w, "", "", "", err
	}
	kind, lang = c.Params("kind"), c.Params("lang")
	if !slices.Contains(outbox.TextKinds(population), kind) || !i18n.Known(lang) {
		err = web.ErrUnknown
	}
	return w, population, kind, lang, err
}

// showText shows a text and how it looks.
func (r *Room) showText(c *fiber.Ctx) error {
	w, population, kind, lang, err := r.place(c)
	if err != nil {
		return err
	}
	t, err := r.Schedules.Text(web.Context(c), w.Label, population, kind, lang)
	if err != nil {
		return err
	}
	seen := shownMark(t.Subject, t.Body)
	if form := typedIn(c); form != nil {
		t.Subject, t.Body = form.First("subject"), form.First("body")
		seen = cmp.Or(form.First("seen"), seen) // what was typed is about the text as it was then
	}
	return r.textPage(c, w, t, seen, nil)
}

// setText keeps a text, shows how it would look, sends it as a test, or goes back to the usual one.
func (r *Room) setText(c *fiber.Ctx) error {
	ctx, form := web.Context(c), web.ReadForm(c)
	w, population, kind, lang, err := r.place(c)
	if err != nil {
		return err
	}
	t, err := r.Schedules.Text(ctx, w.Label, population, kind, lang)
	if err != nil {
		return err
	}
	now := shownMark(t.Subject, t.Body)
	seen := cmp.Or(form.First("seen"), now)
	t.Subject, t.Body = form.First("subject"), form.First("body")
	object := w.Label + "/" + population + "/" + kind + "/" + lang
	do := cmp.Or(form.First("do"), "keep") // what Enter means
	switch {
	case do == "preview":
		return r.textPage(c, w, t, seen, nil)
	case do != "test" && meanwhile(form, now):
		return r.textPage(c, w, t, now, []Problem{{Field: "body", Key: "changed_meanwhile"}})
	}

	var problems []Problem
	var action, done string
	switch do {
	case "keep":
		action, done = "mail.text", "text_kept"
		problems, err = r.Schedules.SetText(ctx, w.Label, population, kind, lang, t)
	case "usual":
		action, done = "mail.text-usual", "text_usual"
		err = r.Schedules.DropText(ctx, w.Label, population, kind, lang)
	case "test":
		action, done = "mail.test", "tested"
		long, cancel := longContext(c)
		defer cancel()
		problems, err = r.Schedules.TestText(long, w.Label, population, kind, lang, auth.Me(c).Email, t)
	default:
		return web.ErrForm
	}
	if err == nil && len(problems) > 0 {
		return r.textPage(c, w, t, seen, problems)
	}
	if err := r.did(c, action, object, "", err); err != nil {
		return err
	}
	return back(c, w.Label, "/texts/"+population+"/"+kind+"/"+lang, done)
}

func (r *Room) textPage(c *fiber.Ctx, w Wave, t Text, seen string, problems []Problem) error {
	population, kind, lang := c.Params("population"), c.Params("kind"), c.Params("lang")
	found, preview, err := r.Schedules.CheckText(web.Context(c), w.Label, population, kind, lang, t)
	if err != nil {
		return err
	}
	posted := sent(c)
	if posted && problems == nil {
		problems = found // a preview says what is wrong, too
	}
	letter := say(c, "step.step_of", "step", textTitle(c, kind), "population", say(c, "population."+population))
	p := &textPage{
		frame: r.waveFrame(c, w, letter+" · "+web.Names[lang]), TextLang: lang, Subject: t.Subject, Body: t.Body, Seen: seen, Own: t.Own, Preview: preview,
		Shown: len(found) == 0 || posted, To: auth.Me(c).Email, Back: wavePath(w.Label) + "/texts",
	}
	for _, name := range t.Allowed {
		p.Names = append(p.Names, textName{"{{" + name + "}}", say(c, "texts.name."+name), slices.Contains(t.Must, name)})
	}
	p.Fields = fill(c, []field{{Name: "subject", Kind: "text", Auto: "off", Label: say(c, "texts.subject"), Value: t.Subject}}, nil, problems)
	for _, problem := range problems {
		switch sentence := words(c, problem); problem.Field {
		case "body":
			p.Problem = joined(p.Problem, sentence)
			wrong(c, "body", say(c, "texts.body")+": "+sentence)
		case "test":
			p.Test = sentence
		}
	}
	p.Invalid = len(problems) > 0
	status := fiber.StatusOK
	if p.Invalid {
		status = fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/text", p)
}

// joined puts sentences one after the other.
func joined(before, sentence string) string {
	if before == "" {
		return sentence
	}
	return before + " " + sentence
}
