package web

import (
	"path"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
)

const langCookie = "rondo_lang"

// chooseLanguage settles the language of the request: ?lang=, then the cookie,
// then what the browser asks for.
func (k *Kit) chooseLanguage(c *fiber.Ctx) {
	if lang := c.Query("lang"); i18n.Known(lang) {
		c.Locals(localLang, lang)
		c.Locals(localWish, true)
		if !hasPrefix(c.Path(), []string{"/r", "/u"}) {
			k.RememberLanguage(c, lang)
		}
		return
	}
	if lang := k.Cookie(c, langCookie); i18n.Known(lang) {
		c.Locals(localLang, lang)
		c.Locals(localWish, true)
		return
	}
	lang, _ := i18n.Match(c.Get(fiber.HeaderAcceptLanguage))
	c.Locals(localLang, lang)
}

// hear takes the language of the button that posted a form, as chooseLanguage does that of a link.
func (k *Kit) hear(c *fiber.Ctx) {
	form := ReadForm(c)
	if !Switches(form) {
		return
	}
	c.Locals(localLang, form.First("_lang"))
	c.Locals(localWish, true)
	if !hasPrefix(c.Path(), []string{"/r", "/u"}) {
		k.RememberLanguage(c, form.First("_lang"))
	}
}

// Switches says whether a form was posted by the button of a language (see LangButtons): its page
// is wanted again in that language, and nothing else is to be done.
func Switches(form Form) bool { return i18n.Known(form.First("_lang")) }

// shownAt gives the path at which a GET shows the page that a POST came from, "" where that is the
// address of the POST itself: the nearest one above it that has a page.
func shownAt(c *fiber.Ctx) string {
	at, pages := c.Path(), map[string]bool{}
	own := ""
	for _, r := range c.App().GetRoutes(true) {
		switch {
		case r.Method == fiber.MethodGet:
			pages[r.Path] = true
		case r.Method == fiber.MethodPost && own == "" && fiber.RoutePatternMatch(at, r.Path):
			own = r.Path
		}
	}
	delete(pages, "/assets/*")
	if pages[own] {
		return ""
	}
	for ; at != "/" && at != "."; at = path.Dir(at) {
		for page := range pages {
			switch {
			case !fiber.RoutePatternMatch(at, page):
			case at != c.Path():
				return at
			case own == "": // nothing takes a POST here
				return ""
			}
		}
	}
	return "/"
}

// Language gives the language of the request.
func Language(c *fiber.Ctx) string {
	if lang, ok := c.Locals(localLang).(string); ok {
		return lang
	}
	return i18n.Default
}

// ChosenLanguage gives the language somebody has picked themselves, if any.
func ChosenLanguage(c *fiber.Ctx) (lang string, chosen bool) {
	chosen, _ = c.Locals(localWish).(bool)
	return Language(c), chosen
}

// SetLanguage makes lang the language of this request; an unknown one is ignored.
func SetLanguage(c *fiber.Ctx, lang string) {
	if i18n.Known(lang) {
		c.Locals(localLang, lang)
	}
}

// RememberLanguage keeps lang in the browser.
func (k *Kit) RememberLanguage(c *fiber.Ctx, lang string) {
	if i18n.Known(lang) {
		k.setCookie(c, langCookie, lang, 180*24*3600)
	}
}
