package web

import (
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
