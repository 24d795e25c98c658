package desk

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rondo/app/auth"
	"rondo/app/i18n"
)

// pages are the pages to look at, as addresses.
func pages(t *testing.T) []string {
	t.Helper()
	list := []string{"/desk/waves/2015", "/desk/waves/2015/releases", "/desk/waves/2015/archive", "/desk/staff/a3/disable", "/desk/staff/a3/factor",
		"/desk/waves/2026/step/open/discussion", "/desk/waves/2015/step/freeze/office", "/desk/waves/2026/mail/office/reminder",
		"/desk/waves/2015/releases/r3/approve", "/desk/waves/2015/releases/r3/reject", "/desk/waves/2015/corrections", "/desk/waves/2015/corrections/office/o_role_other", "/desk/waves/2015/corrections/office/o_days", "/desk/waves/2015/releases/preview/office/scientific", "/desk/waves/2015/releases/preview/employer/public", "/desk/lists/2026/office", "/desk?done=created",
		"/desk/waves/2015/releases/texts", "/desk/waves/2015/releases/texts/e_comment?state=rejected", "/desk/waves/2015/releases/texts/e_role_other", "/desk/waves/2015/releases/texts/e_branch_other",
		"/desk/waves/2015/releases/texts/e_comment/t2", "/desk/waves/2015/releases/texts/e_comment/t3", "/desk/waves/2015/releases/texts/e_comment/t4"}
	for _, u := range urls(t) {
		if u.Method == "GET" && !strings.Contains(u.Path, "welcome") && !strings.HasPrefix(u.Path, "/desk/staff/") {
			list = append(list, concrete.Replace(u.Path))
		}
	}
	return list
}

// leftKey finds a key without its words and what a template left; {{name}} is what staff write into texts.
var leftKey = regexp.MustCompile(`desk\.[a-z_]+(\.[a-z_]+)+|\{\{[a-z]*[^a-z}]|<no value>`)

func TestEveryPage_is_whole_in_four_languages(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Admin)
	for _, lang := range i18n.Languages {
		for _, path := range pages(t) {
			joint := "?"
			if strings.Contains(path, "?") {
				joint = "&"
			}
			a := b.get(path + joint + "lang=" + lang)
			if a.status == 303 && !strings.HasPrefix(a.location, "/desk/sign-in") {
				continue // the step is not possible in this wave
			}
			if a.status != 200 {
				t.Errorf("%s in %s = %d\n%s", path, lang, a.status, a.body)
				continue
			}
			if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				continue // a file to take away
			}
			if left := leftKey.FindString(a.body); left != "" {
				t.Errorf("%s in %s shows %q", path, lang, left)
			}
			checkMarkup(t, lang+" "+path, a.body)
		}
	}
}

// checkMarkup holds the rules a machine can check: one h1, a caption and scopes for each table, a label for each field, unique ids.
func checkMarkup(t *testing.T, name, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	labelled, ids := map[string]bool{}, map[string]int{}
	var fields []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "label":
			labelled[attribute(n, "for")] = true
		case "th":
			if attribute(n, "scope") == "" {
				t.Errorf("%s: th without scope", name)
			}
		case "input", "select", "textarea":
			if attribute(n, "type") != "hidden" {
				fields = append(fields, n)
			}
		}
	}
	for _, f := range fields {
		if !labelled[attribute(f, "id")] && attribute(f, "aria-label") == "" && f.Parent.Data != "label" {
			t.Errorf("%s: field %s has no label", name, attribute(f, "name"))
		}
		for _, described := range strings.Fields(attribute(f, "aria-describedby")) {
			if ids[described] != 1 {
				t.Errorf("%s: aria-describedby names %q, which is not there", name, described)
			}
		}
	}
	if count["h1"] != 1 || count["main"] != 1 || count["table"] != count["caption"] {
		t.Errorf("%s: %d h1, %d main, %d tables with %d captions", name, count["h1"], count["main"], count["table"], count["caption"])
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q stands %d times", name, id, n)
		}
	}
	if count["script"]+count["style"] > 0 || strings.Contains(body, " style=") {
		t.Errorf("%s: inline script or style", name)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
