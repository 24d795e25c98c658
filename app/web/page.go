package web

import (
	"html/template"
	"net/mail"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/views"
)

// Page is what every page knows. A page struct embeds it and sets Title; the
// kit fills what is left empty.
type (
	Page     = views.Page
	LangLink = views.LangLink
	NavLink  = views.NavLink
	Bar      = views.Bar
	Finding  = views.Finding
)

// Paged is a pointer to a struct that embeds Page.
type Paged interface{ Frame() *Page }

// Names are what the languages call themselves.
var Names = map[string]string{"de": "Deutsch", "fr": "Français", "it": "Italiano", "en": "English"}

// Contact is who helps, shown at the same place of every page.
type Contact struct {
	Lines []string
	Phone string
	Email string
}

// Line is the whole contact in one line, as messages have it.
func (c Contact) Line() string {
	parts := slices.Concat(c.Lines, []string{c.Phone, c.Email})
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// ParseContact reads a contact written on one line or several: parts are
// separated by line ends or "|"; an address with @ and a telephone number are
// found by their look.
func ParseContact(raw string) Contact {
	var c Contact
	for _, part := range strings.FieldsFunc(raw, func(r rune) bool { return r == '\n' || r == '|' || r == ';' }) {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case strings.Contains(part, "@") && validEmail(part):
			c.Email = part
		case strings.HasPrefix(part, "+") || (strings.HasPrefix(part, "0") && len(digits(part)) >= 9):
			c.Phone = part
		default:
			c.Lines = append(c.Lines, part)
		}
	}
	return c
}

func validEmail(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}

// PhoneDigits gives the number as a tel: address wants it.
func (c Contact) PhoneDigits() string { return digits(c.Phone) }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if (r >= '0' && r <= '9') || r == '+' {
			return r
		}
		return -1
	}, s)
}

// contact words the contact in lang, once for all pages. It waits for the first page: a service that
// nobody uses need not hold the templates of every language.
func (k *Kit) contact(lang string) (template.HTML, error) {
	if words, found := k.contacts.Load(lang); found {
		return words.(template.HTML), nil
	}
	var words strings.Builder
	if err := views.Render(&words, lang, "base/contact", k.config.Contact); err != nil {
		return "", err
	}
	said := template.HTML(words.String()) // the template has escaped it
	if i18n.Known(lang) {
		k.contacts.Store(lang, said) // there are four, whatever is asked for
	}
	return said, nil
}

// fill sets what a page called name left empty.
func (k *Kit) fill(c *fiber.Ctx, p *Page, name string) error {
	if p.Lang == "" {
		p.Lang = Language(c)
	}
	if p.Product == "" {
		p.Product = k.config.Product
	}
	if p.Product == "" {
		p.Product = i18n.T(p.Lang, "base.study", nil)
	}
	if p.Area == "" {
		p.Area = path.Dir(name)
	}
	if len(p.Langs) == 0 {
		p.Langs = langLinks(c, p.Lang)
	}
	if k.config.Bar != nil {
		p.Bar = k.config.Bar(c)
	}
	p.Synthetic = p.Synthetic || k.config.Synthetic
	p.AccentPath, p.LogoPath = k.accent, k.logo
	var err error
	p.Contact, err = k.contact(p.Lang)
	return err
}

// langLinks leads to this same address in each language; the answer to a POST, to the page it
// came from. The links hold no path where they need none, so that the token of a landing page is
// not repeated in it.
func langLinks(c *fiber.Ctx, current string) []LangLink {
	if c.Method() == fiber.MethodPost {
		return LangLinks(shownAt(c), nil, current)
	}
	query, err := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	if err != nil {
		query = nil
	}
	return LangLinks("", query, current)
}

// LangLinks are the languages as links to path ("": the address of the page itself).
func LangLinks(path string, query url.Values, current string) []LangLink {
	if query == nil {
		query = url.Values{}
	}
	var links []LangLink
	for _, lang := range i18n.Languages {
		query.Set("lang", lang)
		links = append(links, LangLink{Lang: lang, Name: Names[lang], URL: path + "?" + query.Encode(), Current: lang == current})
	}
	return links
}

// LangButtons are the languages as buttons of the form called id: pressing one
// posts the form with _lang set.
func LangButtons(id, current string) []LangLink {
	var links []LangLink
	for _, lang := range i18n.Languages {
		links = append(links, LangLink{Lang: lang, Name: Names[lang], Form: id, Current: lang == current})
	}
	return links
}

func itoa(n int) string { return strconv.Itoa(n) }
