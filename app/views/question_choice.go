package views

// Choice is one radio button or box with its label.
type Choice struct {
	ID, Value, Label string
	Chosen           bool
	Apart            bool   // an answer outside the scale
	If               string // when it is offered, in words, where that depends on the page
}

// choice writes a question whose options are all in sight.
func (m *questionWriter) choice(q *Question, kind literal) {
	m.fieldset(q)
	m.raw("<div class=\"choices\">\n")
	m.choices(kind, q.Code, q.Options, len(q.Errors) > 0)
	m.raw("</div>\n")
	m.other(q.Other)
	m.raw("</fieldset>\n")
}

// choices writes the radio buttons or boxes of a field.
func (m *questionWriter) choices(kind literal, name string, list []Choice, bad bool) {
	for i := range list {
		c := &list[i]
		m.raw(`<div class="choice`)
		if c.Apart {
			m.raw(" apart")
		}
		m.raw(`"><input type="` + kind + `"`)
		m.named(c.ID, name)
		m.attribute("value", c.Value)
		if c.Chosen {
			m.raw(" checked")
		}
		if bad {
			m.raw(` aria-invalid="true"`)
		}
		m.raw("><label")
		m.attribute("for", c.ID)
		m.element("><span>", c.Label, "</span>")
		m.when(c.If)
		m.raw("</label></div>\n")
	}
}

// when says beside a part on which condition it counts.
func (m *questionWriter) when(condition string) {
	if condition != "" {
		m.element(` <span class="if">`, condition, "</span>")
	}
}

// list writes a question with many options as a list to choose from.
func (m *questionWriter) list(q *Question) {
	m.labelled(q)
	m.raw("<select")
	m.named(q.Code, q.Code)
	m.raw(` data-none="`)
	m.say(m.none, "")
	m.raw(`"`)
	m.marked(q)
	m.raw(">\n<option value=\"\">")
	m.say(m.choose, "")
	m.raw("</option>\n")
	for i := range q.Options {
		c := &q.Options[i]
		m.option(c)
		if c.If != "" {
			m.attribute("data-label", c.Label)
		}
		m.element(">", c.Label, "")
		if c.If != "" {
			m.element(" (", c.If, ")")
		}
		m.raw("</option>\n")
	}
	m.raw("</select>\n")
	m.other(q.Other)
}

// option opens the tag of an option; the caller closes it.
func (m *questionWriter) option(c *Choice) {
	m.raw("<option")
	m.attribute("value", c.Value)
	if c.Chosen {
		m.raw(" selected")
	}
}

// other writes the field for words beside an option.
func (m *questionWriter) other(o *Other) {
	if o == nil {
		return
	}
	m.raw(`<div class="other"`)
	m.attribute("data-option", o.Code)
	m.raw("><label")
	m.attribute("for", o.Name)
	m.raw(">")
	m.say(m.namely, o.Label)
	m.raw("</label>\n<input type=\"text\"")
	m.named(o.Name, o.Name)
	m.attribute("value", o.Value)
	m.raw("></div>\n")
}
