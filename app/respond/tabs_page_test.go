package respond_test

import (
	"bytes"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/net/html"

	"rondo/questionnaires"
)

// caller asks the handlers of the service in this process, as one participant.
type caller struct {
	handler fasthttp.RequestHandler
	token   string
}

// reply is what came back, copied out of the server.
type reply struct {
	status int
	body   string
}

func (c caller) do(method, path, accept string, form url.Values) reply {
	var ctx fasthttp.RequestCtx
	var request fasthttp.Request
	request.Header.SetMethod(method)
	request.SetRequestURI(path)
	request.Header.SetHost("127.0.0.1")
	request.Header.Set(fiber.HeaderCookie, "rondo="+c.token)
	request.Header.Set(fiber.HeaderAccept, accept)
	if form != nil {
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		request.Header.SetContentType(fiber.MIMEApplicationForm)
		request.SetBodyString(form.Encode())
	}
	ctx.Init(&request, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, nil)
	c.handler(&ctx)
	return reply{ctx.Response.StatusCode(), string(ctx.Response.Body())}
}

// shownPage is what a person sees of a page: its form, and the words of what collides.
type shownPage struct {
	form    url.Values
	offers  map[string][]string // of radios and boxes
	clashes string
}

// read reads the form with the answers and what the page says about collisions.
func (r reply) read() shownPage {
	p := shownPage{form: url.Values{}, offers: map[string][]string{}}
	area, depth := "", 0 // the name of the open textarea; how deep in the box of collisions
	var clashes strings.Builder
	for z := html.NewTokenizer(strings.NewReader(r.body)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			p.clashes = clashes.String()
			return p
		}
		token := z.Token()
		switch {
		case kind == html.TextToken && area != "":
			p.form.Set(area, strings.TrimPrefix(token.Data, "\n"))
		case kind == html.TextToken && depth > 0:
			clashes.WriteString(token.Data)
		case kind == html.EndTagToken && token.Data == "textarea":
			area = ""
		case kind == html.EndTagToken && token.Data == "div" && depth > 0:
			depth--
		case kind == html.StartTagToken && token.Data == "div" && (depth > 0 || attribute(token, "id") == "clashes"):
			depth++
		case kind == html.StartTagToken && token.Data == "textarea":
			area = attribute(token, "name")
			p.form.Set(area, "")
		case kind == html.StartTagToken && token.Data == "input":
			p.input(token)
		}
	}
}

func (p *shownPage) input(token html.Token) {
	name, value, kind := attribute(token, "name"), attribute(token, "value"), attribute(token, "type")
	if kind != "radio" && kind != "checkbox" {
		p.form.Add(name, value)
		return
	}
	p.offers[name] = append(p.offers[name], value)
	if slices.ContainsFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
		p.form.Add(name, value)
	}
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// said is what a field of a form says: its values, in one fixed order.
func said(form url.Values, field string) string {
	values := slices.DeleteFunc(slices.Clone(form[field]), func(v string) bool { return v == "" })
	slices.Sort(values)
	return strings.Join(values, "|")
}

// same says whether two forms say the same in all fields that are not the service's.
func same(a, b url.Values) bool {
	var left, right bytes.Buffer
	for form, to := range map[*url.Values]*bytes.Buffer{&a: &left, &b: &right} {
		for _, field := range fieldsOf(*form) {
			to.WriteString(field + "=" + said(*form, field) + "\n")
		}
	}
	return left.String() == right.String()
}

// fieldsOf gives the fields of a form that say something.
func fieldsOf(form url.Values) []string {
	var names []string
	for name := range form {
		if !strings.HasPrefix(name, "_") && said(form, name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// inWords gives what a page calls the values of a field.
func inWords(page, field, value string) []string {
	q := questionnaires.Newest(map[byte]string{'e': "employer", 'o': "office"}[page[0]])
	if value == "" {
		return []string{questionnaires.NoAnswer}
	}
	var all []string
	for _, v := range strings.Split(value, "|") {
		words := v
		for _, o := range q.Question(field).Options {
			if o.Code == v {
				words = q.Fill(o.Label, "en", questionnaires.Setting{RefFrom: 2020, RefTo: 2025})
			}
		}
		all = append(all, words)
	}
	return all
}
