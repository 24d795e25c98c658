package respondent

import (
	"strings"

	"golang.org/x/net/html"
)

// tags walks over the tags of a page that forms are made of. It is not html.Tokenizer, which
// copies every attribute of every tag: that alone took half of a virtual respondent's processor
// time. It asks for what templates write: names in small letters, no blanks around =, and no
// bare & before a letter.
type tags struct {
	rest       string // of the page, behind the tag
	name       string // with a slash in front where an element ends
	attributes []attribute
}

// attribute is one attribute as it is written in the page.
type attribute struct{ name, value string }

// next goes to the next tag; false: there is none.
func (t *tags) next() bool {
	for {
		i := strings.IndexByte(t.rest, '<')
		if i < 0 {
			return false
		}
		t.rest = t.rest[i+1:]
		if strings.HasPrefix(t.rest, "!--") {
			_, t.rest, _ = strings.Cut(t.rest, "-->")
			continue
		}
		t.name = t.until(" \t\r\n\f>")
		t.read()
		switch t.name {
		case "form", "/form", "select", "/select", "option", "textarea", "button", "input":
			return true
		case "script", "style": // what looks like a tag in there is none
			_, t.rest, _ = strings.Cut(t.rest, "</"+t.name)
		}
	}
}

// read reads the attributes of a tag, to its end.
func (t *tags) read() {
	t.attributes = t.attributes[:0]
	for {
		for t.rest != "" && (t.rest[0] <= ' ' || t.rest[0] == '/') { // all that is below a blank is blank
			t.rest = t.rest[1:]
		}
		if t.rest == "" {
			return
		}
		if t.rest[0] == '>' {
			t.rest = t.rest[1:]
			return
		}
		a := attribute{name: t.until(" \t\r\n\f/>=")}
		if strings.HasPrefix(t.rest, "=") {
			t.rest = t.rest[1:]
			a.value = t.value()
		}
		t.attributes = append(t.attributes, a)
	}
}

// value reads the value of an attribute, in quotes or bare.
func (t *tags) value() (v string) {
	if t.rest == "" || t.rest[0] != '"' && t.rest[0] != '\'' {
		return t.until(" \t\r\n\f>")
	}
	v, t.rest, _ = strings.Cut(t.rest[1:], t.rest[:1])
	return v
}

// until reads up to any of the characters.
func (t *tags) until(any string) (read string) {
	i := strings.IndexAny(t.rest, any)
	if i < 0 {
		i = len(t.rest)
	}
	read, t.rest = t.rest[:i], t.rest[i:]
	return read
}

// text reads the text of a textarea, up to where it ends.
func (t *tags) text() (s string) {
	s, t.rest, _ = strings.Cut(t.rest, "</textarea")
	return html.UnescapeString(strings.ReplaceAll(s, "\r\n", "\n"))
}

// has says whether the tag has an attribute.
func (t *tags) has(name string) bool {
	for _, a := range t.attributes {
		if a.name == name {
			return true
		}
	}
	return false
}

// get is what an attribute of the tag says; "" where there is none.
func (t *tags) get(name string) string {
	for _, a := range t.attributes {
		if a.name == name {
			return html.UnescapeString(a.value)
		}
	}
	return ""
}
