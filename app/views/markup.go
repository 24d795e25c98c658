package views

import (
	"html/template"
	"strings"

	"rondo/app/i18n"
)

// literal is HTML of ours: a constant of this package, or words of the catalogue once escaped. A
// plain string is none, so that the compiler refuses to write anything else as it stands.
type literal string

// markup writes HTML by hand, for the parts of a page of which there are too many for a template.
type markup struct{ strings.Builder }

func (m *markup) raw(s literal) { m.WriteString(string(s)) }

// text writes s as text, or between the quotes of an attribute. It escapes what
// template.HTMLEscapeString does, in one pass and without a copy.
func (m *markup) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		var escaped literal
		switch s[i] {
		case '"':
			escaped = "&#34;"
		case '\'':
			escaped = "&#39;"
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case 0:
			escaped = "\uFFFD"
		default:
			continue
		}
		m.WriteString(s[from:i])
		m.raw(escaped)
		from = i + 1
	}
	m.WriteString(s[from:])
}

// attribute writes an attribute after a blank.
func (m *markup) attribute(name literal, value string) {
	m.raw(" " + name + `="`)
	m.text(value)
	m.raw(`"`)
}

// element writes text as an element of its own: <open>text</closed>.
func (m *markup) element(open literal, text string, closed literal) {
	m.raw(open)
	m.text(text)
	m.raw(closed)
}

// html gives what was written.
func (m *markup) html() template.HTML { return template.HTML(m.String()) } // see literal and text

// phrase is a text of the catalogue, cut where its only placeholder stands.
type phrase []literal

// phrased looks up the text key of lang, whose placeholder is called name. Without placeholder the
// name is "".
func phrased(lang, key, name string) (phrase, error) {
	const gap = "\x00"
	var args map[string]any
	if name != "" {
		args = map[string]any{name: gap}
	}
	text, err := i18n.Lookup(lang, key, args)
	if err != nil {
		return nil, err
	}
	var p phrase
	for _, part := range strings.Split(text, gap) {
		p = append(p, literal(template.HTMLEscapeString(part)))
	}
	return p, nil
}

// say writes p with value in its place.
func (m *markup) say(p phrase, value string) {
	for i, part := range p {
		if i > 0 {
			m.text(value)
		}
		m.raw(part)
	}
}
