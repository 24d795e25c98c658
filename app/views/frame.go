package views

import (
	"errors"
	"html/template"
)

// frameWords are the words of the house around every page, in one language, and the
// addresses of what it loads.
type frameWords struct {
	sheet, icon                         literal
	skip, invalid, synthetic, again     phrase
	languages, signOut, contact, footer phrase
	check, privacy, accessibility       phrase
	bar                                 func(*Bar) (template.HTML, error)
}

func frameWordsIn(lang string) (*frameWords, error) {
	var w frameWords
	var failed error
	for _, word := range []struct {
		to  *phrase
		key string
	}{
		{&w.skip, "base.skip"}, {&w.invalid, "base.error_prefix"}, {&w.synthetic, "base.synthetic"}, {&w.again, "base.again"},
		{&w.languages, "base.languages"}, {&w.signOut, "base.sign_out"}, {&w.contact, "base.contact"}, {&w.footer, "base.footer"},
		{&w.check, "base.check"}, {&w.privacy, "base.privacy"}, {&w.accessibility, "base.accessibility"},
	} {
		var err error
		*word.to, err = phrased(lang, word.key, "")
		failed = errors.Join(failed, err)
	}
	for name, to := range map[string]*literal{"rondo.css": &w.sheet, "rondo.svg": &w.icon} {
		path, err := Asset(name)
		*to = literal(template.HTMLEscapeString(path))
		failed = errors.Join(failed, err)
	}
	return &w, failed
}

// frameWriter writes by hand what stands around every page: as a template it took longer than all
// the page around it says.
type frameWriter struct {
	markup
	*frameWords
}

// top writes a page down to the beginning of its main part.
func (w *frameWords) top(p Page) (template.HTML, error) {
	m := frameWriter{frameWords: w}
	m.Grow(2560)
	m.head(&p)
	m.raw("<body")
	if p.Area != "" {
		m.attribute("class", "area-"+p.Area)
	}
	m.raw(">\n" + `<a class="skip" href="#main">`)
	m.say(m.skip, "")
	m.raw("</a>\n")
	if p.Bar != nil {
		bar, err := m.bar(p.Bar)
		if err != nil {
			return "", err
		}
		m.raw(literal(bar))
		m.raw("\n")
	}
	m.raw(`<header class="top">` + "\n")
	if p.Synthetic {
		m.raw(`<p class="synthetic">`)
		m.say(m.synthetic, "")
		m.raw("</p>\n")
	}
	m.raw(`<div class="top-inner">` + "\n")
	m.product(&p)
	m.langs(&p)
	m.rooms(&p)
	m.leave(&p)
	m.raw("</div>\n</header>\n" + `<main id="main" tabindex="-1"`)
	if p.State != "" {
		m.attribute("data-state", p.State)
	}
	m.raw(">")
	return m.html(), nil
}

func (m *frameWriter) head(p *Page) {
	m.raw("<!doctype html>\n<html")
	m.attribute("lang", p.Lang)
	m.raw(`>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>`)
	if p.Invalid {
		m.say(m.invalid, "")
	}
	m.text(p.Title)
	m.raw(" – ")
	m.text(p.Product)
	m.raw("</title>\n" + `<link rel="icon" href="` + m.icon + `" type="image/svg+xml">` + "\n" + `<link rel="stylesheet" href="` + m.sheet + `">` + "\n")
	if p.AccentPath != "" {
		m.element(`<link rel="stylesheet" href="`, p.AccentPath, `">`+"\n")
	}
	m.raw("</head>\n")
}

// product names whose page this is. The hidden button before everything else of the form is the
// one that Enter presses, where the languages are buttons of the same form.
func (m *frameWriter) product(p *Page) {
	if p.LogoPath != "" {
		m.element(`<img class="logo" src="`, p.LogoPath, `" alt="">`+"\n")
	}
	m.raw(`<p class="product">`)
	if p.HomePath != "" {
		m.raw("<a")
		m.attribute("href", p.HomePath)
		m.element(">", p.Product, "</a>")
	} else {
		m.text(p.Product)
	}
	m.raw("</p>\n")
	if p.DefaultForm != "" {
		m.raw(`<button class="hidden"`)
		m.attribute("form", p.DefaultForm)
		m.raw(` tabindex="-1" aria-hidden="true" name="_go" value="continue">`)
		m.say(m.again, "")
		m.raw("</button>\n")
	}
}

func (m *frameWriter) langs(p *Page) {
	if len(p.Langs) == 0 {
		return
	}
	m.raw(`<nav class="langs" aria-label="`)
	m.say(m.languages, "")
	m.raw(`"><ul>` + "\n")
	for _, l := range p.Langs {
		m.raw("<li>")
		closed := literal("</a>")
		switch {
		case l.Current:
			m.raw(`<span aria-current="true"`)
			closed = "</span>"
		case l.Form != "":
			m.raw(`<button class="link"`)
			m.attribute("form", l.Form)
			m.raw(` name="_lang"`)
			m.attribute("value", l.Lang)
			closed = "</button>"
		default:
			m.raw("<a")
			m.attribute("href", l.URL)
			m.attribute("hreflang", l.Lang)
		}
		m.attribute("lang", l.Lang)
		m.element(">", l.Name, closed)
		m.raw("</li>\n")
	}
	m.raw("</ul></nav>\n")
}

func (m *frameWriter) rooms(p *Page) {
	if len(p.Nav) == 0 {
		return
	}
	m.raw(`<nav class="rooms"`)
	m.attribute("aria-label", p.NavLabel)
	m.raw("><ul>\n")
	for _, room := range p.Nav {
		m.raw("<li><a")
		m.attribute("href", room.URL)
		if room.Current {
			m.raw(` aria-current="page"`)
		}
		m.element(">", room.Name, "</a></li>\n")
	}
	m.raw("</ul></nav>\n")
}

func (m *frameWriter) leave(p *Page) {
	if p.SignOutPath == "" {
		return
	}
	m.raw(`<form class="sign-out" method="post"`)
	m.attribute("action", p.SignOutPath)
	m.raw(">")
	if p.Tag != "" {
		m.element(`<input type="hidden" name="_tag" value="`, p.Tag, `">`)
	}
	m.raw(`<button class="link">`)
	m.say(m.signOut, "")
	m.raw("</button></form>\n")
}

// bottom writes a page from the end of its main part.
func (w *frameWords) bottom(p Page) template.HTML {
	m := frameWriter{frameWords: w}
	m.Grow(768 + len(p.Contact))
	m.raw("</main>\n" + `<footer class="foot">` + "\n" + `<div class="foot-inner">` + "\n" +
		`<section aria-labelledby="contact-title">` + "\n" + `<h2 id="contact-title">`)
	m.say(m.contact, "")
	m.raw("</h2>\n<p>" + literal(p.Contact) + "</p>\n</section>\n" + `<p class="owner">`)
	m.say(m.footer, "")
	m.raw("</p>\n" + `<ul class="foot-links">` + "\n")
	if p.Area != "desk" { // staff get no link they could doubt
		m.raw(`<li><a href="/check">`)
		m.say(m.check, "")
		m.raw("</a></li>\n")
	}
	m.raw(`<li><a href="/privacy">`)
	m.say(m.privacy, "")
	m.raw("</a></li>\n" + `<li><a href="/accessibility">`)
	m.say(m.accessibility, "")
	m.raw("</a></li>\n</ul>\n</div>\n</footer>\n</body>\n</html>")
	return m.html()
}
