package views

import (
	"html/template"
	"strings"
)

// Choice is one radio button or box with its label.
type Choice struct {
	ID, Value, Label string
	Chosen           bool
	Apart            bool   // an answer outside the scale
	If               string // when it is offered, in words, where that depends on the page
}

// choices writes the radio buttons or boxes of a field. Pages have up to a hundred of them:
// written here they take a tenth of the time they take as a template.
func choices(kind, name string, list []Choice, bad bool) template.HTML {
	escaped := template.HTMLEscapeString
	var b strings.Builder
	for _, c := range list {
		b.WriteString(`<div class="choice`)
		if c.Apart {
			b.WriteString(` apart`)
		}
		b.WriteString(`"><input type="` + kind + `" id="` + escaped(c.ID) + `" name="` + escaped(name) + `" value="` + escaped(c.Value) + `"`)
		if c.Chosen {
			b.WriteString(` checked`)
		}
		if bad {
			b.WriteString(` aria-invalid="true"`)
		}
		b.WriteString(`><label for="` + escaped(c.ID) + `"><span>` + escaped(c.Label) + "</span>")
		if c.If != "" {
			b.WriteString(` <span class="if">` + escaped(c.If) + `</span>`)
		}
		b.WriteString("</label></div>\n")
	}
	return template.HTML(b.String()) // every part from outside is escaped above
}
