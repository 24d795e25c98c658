package respondent

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
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
	area := ""        // the textarea being read
	for z := html.NewTokenizer(bytes.NewReader(between(page))); ; {
		switch z.Next() {
		case html.ErrorToken:
			return list
		case html.TextToken:
			if area != "" && form != nil {
				form.Fields[len(form.Fields)-1].Value += string(z.Text())
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "form":
				if form != nil {
					list = append(list, *form)
				}
				form = nil
			case "select":
				if form != nil && choice != nil {
					form.Fields = append(form.Fields, *choice)
				}
				choice = nil
			case "textarea":
				area = ""
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attributes := tag(z)
			switch {
			case name == "form" && strings.EqualFold(attributes["method"], "post"):
				form = &Form{Action: attributes["action"]}
			case form == nil:
			case name == "select":
				choice = &Field{Name: attributes["name"], Type: "select"}
			case name == "option" && choice != nil:
				choice.Values = append(choice.Values, attributes["value"])
				if _, ok := attributes["selected"]; ok {
					choice.Value = attributes["value"]
				}
			case name == "textarea":
				area = attributes["name"]
				form.Fields = append(form.Fields, Field{Name: area, Type: "textarea"})
			case name == "button" && attributes["name"] != "":
				form.Fields = append(form.Fields, Field{Name: attributes["name"], Type: "submit", Value: attributes["value"]})
			case name == "input" && attributes["name"] != "":
				form.input(attributes)
			}
		}
	}
}

// input adds an input element; radios and checkboxes of one name become one field.
func (f *Form) input(a map[string]string) {
	_, checked := a["checked"]
	if a["type"] != "radio" && a["type"] != "checkbox" {
		f.Fields = append(f.Fields, Field{Name: a["name"], Type: a["type"], Value: a["value"]})
		return
	}
	for i := range f.Fields {
		if f.Fields[i].Name == a["name"] {
			f.Fields[i].Values = append(f.Fields[i].Values, a["value"])
			if checked {
				f.Fields[i].Value = a["value"]
			}
			return
		}
	}
	field := Field{Name: a["name"], Type: a["type"], Values: []string{a["value"]}}
	if checked {
		field.Value = a["value"]
	}
	f.Fields = append(f.Fields, field)
}

// between is the page from its first form to the end of its last: reading the rest takes time.
func between(page []byte) []byte {
	first, last := bytes.Index(page, []byte("<form")), bytes.LastIndex(page, []byte("</form>"))
	if first < 0 || last < first {
		return nil
	}
	return page[first : last+len("</form>")]
}

// tag is the name of an element and, where it is part of a form, its attributes.
func tag(z *html.Tokenizer) (string, map[string]string) {
	name, more := z.TagName()
	n := string(name)
	switch n {
	case "form", "select", "option", "textarea", "button", "input":
	default:
		return n, nil
	}
	attributes := make(map[string]string, 8)
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		attributes[string(k)] = string(v)
	}
	return n, attributes
}
