package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Form is a form of the page shown, with the values it would send.
type Form struct {
	Values url.Values

	b      *Browser
	node   *html.Node
	action string
	method string
	files  []upload
}

type upload struct {
	field, name string
	body        []byte
}

// Form finds the first form that selector fits, filled as the page says.
func (b *Browser) Form(selector string) *Form {
	b.t.Helper()
	found := find(b.page, selector)
	if len(found) == 0 || found[0].Data != "form" {
		b.t.Fatalf("no form %q on %s (%d): %s", selector, b.URL.Path, b.Status, b.Text("main"))
	}
	f := &Form{Values: url.Values{}, b: b, node: found[0]}
	f.action, _ = attr(f.node, "action")
	method, _ := attr(f.node, "method")
	f.method = strings.ToUpper(method)
	if f.method == "" {
		f.method = http.MethodGet
	}
	walk(f.node, f.read)
	return f
}

// read takes over the value of one control.
func (f *Form) read(n *html.Node) {
	name, named := attr(n, "name")
	if _, off := attr(n, "disabled"); off || !named || n.Type != html.ElementNode {
		return
	}
	value, has := attr(n, "value")
	switch n.Data {
	case "input":
		kind, _ := attr(n, "type")
		_, checked := attr(n, "checked")
		switch kind {
		case "submit", "button", "file", "image", "reset":
		case "radio", "checkbox":
			if checked {
				if !has {
					value = "on"
				}
				f.Values.Add(name, value)
			}
		default:
			f.Values.Add(name, value)
		}
	case "textarea":
		f.Values.Add(name, strings.TrimPrefix(rawText(n), "\n"))
	case "select":
		f.Values.Add(name, selected(n))
	}
}

func rawText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func selected(n *html.Node) string {
	options := find(n, "option")
	for _, o := range options {
		if _, on := attr(o, "selected"); on {
			value, _ := attr(o, "value")
			return value
		}
	}
	if len(options) > 0 {
		value, _ := attr(options[0], "value")
		return value
	}
	return ""
}

// Fill sets a field that the form has to values; none clears it.
func (f *Form) Fill(name string, values ...string) *Form {
	f.b.t.Helper()
	if len(find(f.node, `[name="`+name+`"]`)) == 0 {
		f.b.t.Fatalf("no field %q on %s", name, f.b.URL.Path)
	}
	f.Values[name] = values
	if len(values) == 0 {
		delete(f.Values, name)
	}
	return f
}

// Attach puts a file into a file field; the form is then sent as multipart.
func (f *Form) Attach(field, name string, body []byte) *Form {
	f.files = append(f.files, upload{field, name, body})
	return f
}

// Options gives the values a field of the form offers (radios, boxes, select).
func (f *Form) Options(name string) []string {
	var all []string
	for _, n := range find(f.node, `[name="`+name+`"]`) {
		if n.Data == "select" {
			for _, o := range find(n, "option") {
				v, _ := attr(o, "value")
				all = append(all, v)
			}
			continue
		}
		v, _ := attr(n, "value")
		all = append(all, v)
	}
	return all
}

// Names gives the names of all fields of the form, each once, in page order.
func (f *Form) Names() []string {
	var all []string
	seen := map[string]bool{}
	walk(f.node, func(n *html.Node) {
		name, named := attr(n, "name")
		if n.Type == html.ElementNode && named && n.Data != "button" && !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	})
	return all
}

// Send sends the form without following; with name and value it is as if the
// button of that name and value had been pressed.
func (f *Form) Send(button ...string) *Browser {
	f.b.t.Helper()
	values := url.Values{}
	for k, v := range f.Values {
		values[k] = append([]string(nil), v...)
	}
	action := f.action
	if len(button) == 2 {
		values.Add(button[0], button[1])
		for _, n := range find(f.node, `button[name="`+button[0]+`"][value="`+button[1]+`"]`) {
			if to, own := attr(n, "formaction"); own {
				action = to
			}
		}
	}
	if enctype, _ := attr(f.node, "enctype"); len(f.files) > 0 || enctype == "multipart/form-data" {
		kind, body := f.multipart(values)
		return f.b.send(f.method, action, kind, body)
	}
	if f.method == http.MethodGet {
		return f.b.Fetch(http.MethodGet, action+"?"+values.Encode(), nil)
	}
	return f.b.Fetch(f.method, action, values)
}

// Submit is Send, then follows to the page that comes.
func (f *Form) Submit(button ...string) *Browser {
	f.b.t.Helper()
	return f.Send(button...).Follow()
}

func (f *Form) multipart(values url.Values) (string, io.Reader) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range values {
		for _, v := range list {
			if err := w.WriteField(name, v); err != nil {
				f.b.t.Fatal(err)
			}
		}
	}
	for _, u := range f.files {
		head := textproto.MIMEHeader{}
		head.Set("Content-Disposition", multipart.FileContentDisposition(u.field, u.name))
		head.Set("Content-Type", "application/octet-stream")
		part, err := w.CreatePart(head)
		if err != nil {
			f.b.t.Fatal(err)
		}
		if _, err := part.Write(u.body); err != nil {
			f.b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.b.t.Fatal(err)
	}
	return w.FormDataContentType(), &body
}
