package respondent

import (
	"bytes"
	"net/url"
	"strings"
)

// Form is one form of a page.
type Form struct {
	Action string
	Fields []Field
}

// Field is one name of a form with what may be sent under it.
type Field struct {
	Name   string
	Type   string   // hidden, radio, checkbox, select, textarea, submit, or a text type
	Values []string // radio, checkbox, select: what can be chosen
	Value  string   // the value it has now
}

// Values gives what the form sends if nobody touches it, without its buttons.
func (f Form) Values() url.Values {
	v := url.Values{}
	for _, field := range f.Fields {
		if field.Type != "submit" && (field.Value != "" || field.Type == "hidden") {
			v.Add(field.Name, field.Value)
		}
	}
	return v
}

// Has says whether the form has a field of this name.
func (f Form) Has(name string) bool {
	for _, field := range f.Fields {
		if field.Name == name {
			return true
		}
	}
	return false
}

// forms reads the forms of a page that are sent by POST.
func forms(page []byte) []Form {
	var list []Form
	var form *Form
	var choice *Field // the select being read
	for t := (tags{rest: string(between(page))}); t.next(); {
		switch {
		case t.name == "form" && strings.EqualFold(t.get("method"), "post"):
			form = &Form{Action: t.get("action")}
		case form == nil:
		case t.name == "/form":
			list = append(list, *form)
			form = nil
		case t.name == "select":
			choice = &Field{Name: t.get("name"), Type: "select"}
		case t.name == "/select" && choice != nil:
			form.Fields = append(form.Fields, *choice)
			choice = nil
		case t.name == "option" && choice != nil:
			choice.add(&t, "selected")
		case t.name == "textarea":
			form.Fields = append(form.Fields, Field{Name: t.get("name"), Type: "textarea", Value: t.text()})
		case t.name == "button" && t.get("name") != "":
			form.Fields = append(form.Fields, Field{Name: t.get("name"), Type: "submit", Value: t.get("value")})
		case t.name == "input" && t.get("name") != "":
			form.input(&t)
		}
	}
	return list
}

// input adds an input element; radios and checkboxes of one name become one field.
func (f *Form) input(t *tags) {
	name, kind := t.get("name"), t.get("type")
	if kind != "radio" && kind != "checkbox" {
		f.Fields = append(f.Fields, Field{Name: name, Type: kind, Value: t.get("value")})
		return
	}
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].add(t, "checked")
			return
		}
	}
	field := Field{Name: name, Type: kind}
	field.add(t, "checked")
	f.Fields = append(f.Fields, field)
}

// add adds one more thing to choose, which is chosen now if the tag has the attribute chosen.
func (f *Field) add(t *tags, chosen string) {
	value := t.get("value")
	f.Values = append(f.Values, value)
	if t.has(chosen) {
		f.Value = value
	}
}

// between is the page from its first form to the end of its last: reading the rest takes time.
func between(page []byte) []byte {
	first, last := bytes.Index(page, []byte("<form")), bytes.LastIndex(page, []byte("</form>"))
	if first < 0 || last < first {
		return nil
	}
	return page[first : last+len("</form>")]
}
