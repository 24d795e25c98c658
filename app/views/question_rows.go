package views

// matrix writes rows that are answered on the same scale.
func (m *questionWriter) matrix(q *Question) {
	m.raw(`<div role="group" aria-labelledby="label-`)
	m.text(q.Code)
	m.raw(`"`)
	m.described(q)
	m.element(">\n<h2 class=\"label\" id=\"label-", q.Code, `">`)
	m.label(q)
	m.raw("</h2>\n")
	m.about(q)
	m.raw("<div class=\"matrix\">\n")
	m.heads(q.Heads)
	m.raw("\n")
	for i := range q.Rows {
		r := &q.Rows[i]
		if r.Heads {
			m.heads(q.Heads)
		}
		m.raw(`<fieldset class="row`)
		m.invalid(r)
		m.raw(`"`)
		if r.Error != "" {
			m.raw(" ")
			m.blamed(r)
		}
		m.element(">\n<legend>", r.Label, "</legend>\n")
		m.aside(r)
		m.raw("<div class=\"scale\">\n")
		m.choices("radio", r.Name, r.Options, r.Error != "" || len(q.Errors) > 0)
		m.raw("</div>\n</fieldset>\n")
	}
	m.raw("</div>\n</div>\n")
}

// heads writes the words of the scale above the rows, for the eye: each control has them again.
func (m *questionWriter) heads(scale []Choice) {
	m.raw(`<div class="heads" aria-hidden="true"><div class="scale">`)
	for i := range scale {
		c := &scale[i]
		m.raw("<div")
		if c.Apart {
			m.raw(` class="apart"`)
		}
		if c.If != "" {
			m.attribute("data-option", c.Value)
		}
		m.element(">", c.Label, "</div>")
	}
	m.raw("</div></div>")
}

// lines writes rows of numbers or of texts.
func (m *questionWriter) lines(q *Question) {
	m.fieldset(q)
	for i := range q.Rows {
		r := &q.Rows[i]
		m.raw(`<div class="line`)
		m.invalid(r)
		m.raw("\">\n")
		m.caption(r)
		m.raw("</label>\n")
		m.aside(r)
		if q.Kind == "numbers" {
			m.raw(`<span class="with-unit"><input type="text" inputmode="numeric" class="short"`)
			m.named(r.ID, r.Name)
			m.attribute("value", r.Value)
			m.faulty(q, r)
			m.raw(">")
			m.unit(q.Unit)
			m.raw("</span>\n")
		} else {
			m.raw(`<textarea rows="4"`)
			m.named(r.ID, r.Name)
			m.most(q)
			m.faulty(q, r)
			m.element(">", r.Value, "</textarea>\n")
		}
		m.raw("</div>\n")
	}
	m.raw("</fieldset>\n")
}

// ranking writes options with a rank to choose for each.
func (m *questionWriter) ranking(q *Question) {
	m.fieldset(q)
	for i := range q.Rows {
		r := &q.Rows[i]
		m.raw(`<div class="line rank`)
		m.invalid(r)
		m.raw("\">\n")
		m.caption(r)
		m.when(r.If)
		m.raw("</label>\n<select")
		m.named(r.ID, r.Name)
		m.faulty(q, r)
		m.raw(">\n<option value=\"\">–</option>\n")
		for j := range r.Options {
			m.option(&r.Options[j])
			m.element(">", r.Options[j].Label, "</option>\n")
		}
		m.raw("</select>\n")
		if r.Error != "" {
			m.failure(r)
			m.raw("\n")
		}
		m.raw("</div>\n")
	}
	m.other(q.Other)
	m.raw("</fieldset>\n")
}

// date writes the three fields of a day.
func (m *questionWriter) date(q *Question) {
	m.fieldset(q)
	m.raw("<div class=\"day\">\n")
	for i := range q.Day {
		r := &q.Day[i]
		m.raw("<div>")
		m.caption(r)
		m.raw("</label>\n<input type=\"text\" inputmode=\"numeric\" class=\"short\"")
		m.named(r.ID, r.Name)
		m.attribute("value", r.Value)
		if len(q.Errors) > 0 {
			m.raw(` aria-invalid="true"`)
		}
		m.raw("></div>\n")
	}
	m.raw("</div>\n</fieldset>\n")
}

// caption opens the label of a row; the caller closes it.
func (m *questionWriter) caption(r *Row) {
	m.raw("<label")
	m.attribute("for", r.ID)
	m.element(">", r.Label, "")
}

// aside writes what stands between a row's label and its controls.
func (m *questionWriter) aside(r *Row) {
	if r.If != "" {
		m.element(`<p class="if">`, r.If, "</p>")
	}
	if r.Error != "" {
		m.failure(r)
	}
	if r.If != "" || r.Error != "" {
		m.raw("\n")
	}
}

func (m *questionWriter) failure(r *Row) {
	m.element(`<p class="error" id="error-`, r.Name, `">`)
	m.text(r.Error)
	m.raw("</p>")
}

// invalid adds the class of a row with an error.
func (m *questionWriter) invalid(r *Row) {
	if r.Error != "" {
		m.raw(" invalid")
	}
}

// faulty writes the attributes of a control whose row, or whose whole question, has an error.
func (m *questionWriter) faulty(q *Question, r *Row) {
	if r.Error != "" || len(q.Errors) > 0 {
		m.raw(` aria-invalid="true"`)
	}
	if r.Error != "" {
		m.raw(" ")
		m.blamed(r)
	}
}

// blamed leads from a control to the error of its row.
func (m *questionWriter) blamed(r *Row) {
	m.element(`aria-describedby="error-`, r.Name, `"`)
}
