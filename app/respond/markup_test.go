package respond_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rondo/app/web/webtest"
)

// TestEveryControlHasItsLabel walks all pages of all questionnaires, as they
// come and with their errors.
func TestEveryControlHasItsLabel(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff = true
		for _, name := range []string{"employer", "office", "discussion"} {
			b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens[name])
			sound(t, b)
			b = h.start(name)
			b.Open("/answer/print")
			sound(t, b)
			if questions := b.Count(".printed .question"); b.Status != 200 || questions < 20 {
				t.Errorf("the whole questionnaire of %s: %d, %d questions", name, b.Status, questions)
			}
			b.Open("/answer")
			for range 40 {
				sound(t, b)
				if b.URL.Path == "/answer/review" {
					break
				}
				at := b.URL.Path
				b.Form("form#answers").Submit("_go", "continue")
				sound(t, b)
				b.Open(at)
				fill(b).Submit("_go", "continue")
			}
			b.Form("form#submit").Submit()
			sound(t, b)
		}
	})
}

// sound checks what holds for every page: one h1, unique ids, a label for each
// control, references that lead somewhere.
func sound(t *testing.T, b *webtest.Browser) {
	t.Helper()
	where := b.URL.Path
	if b.Count("h1") != 1 || b.Attr("html", "lang") == "" || b.Count("main") != 1 || b.Attr("main", "data-state") == "" {
		t.Errorf("%s: %d h1, language %q, %d main, state %q", where, b.Count("h1"), b.Attr("html", "lang"), b.Count("main"), b.Attr("main", "data-state"))
	}
	if b.Count(".langs li") != 4 {
		t.Errorf("%s (%d): the languages offered are %v", where, b.Status, b.Texts(".langs li"))
	}
	if id := b.Attr(".error-summary", "aria-labelledby"); b.Has(".error-summary") && (b.Attr(".error-summary", "role") != "group" || id == "" || b.Text("#"+id) == "") {
		t.Errorf("%s: the summary of errors, which takes the focus, is no group with a name", where)
	}
	page, err := html.Parse(strings.NewReader(b.Body))
	if err != nil {
		t.Fatal(err)
	}
	ids, labelled := map[string]bool{}, map[string]bool{}
	elements(page, func(n *html.Node, a map[string]string) {
		if id := a["id"]; id != "" && ids[id] {
			t.Errorf("%s: id %q twice", where, id)
		}
		ids[a["id"]] = true
		if n.Data == "label" {
			labelled[a["for"]] = true
		}
	})
	elements(page, func(n *html.Node, a map[string]string) {
		visible := n.Data == "textarea" || n.Data == "select" || n.Data == "input" && a["type"] != "hidden"
		if visible && (!labelled[a["id"]] || a["id"] == "") && a["aria-label"] == "" {
			t.Errorf("%s: control %q has no label", where, a["name"])
		}
		for _, id := range strings.Fields(a["aria-describedby"] + " " + a["aria-labelledby"]) {
			if !ids[id] {
				t.Errorf("%s: %s refers to %q, which is not there", where, n.Data, id)
			}
		}
		if target, here := strings.CutPrefix(a["href"], "#"); here && !ids[target] {
			t.Errorf("%s: link to #%s leads nowhere", where, target)
		}
		if n.Data == "fieldset" && (firstElement(n) == nil || firstElement(n).Data != "legend") {
			t.Errorf("%s: fieldset without legend", where)
		}
	})
}

func firstElement(n *html.Node) *html.Node {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type == html.ElementNode {
			return child
		}
	}
	return nil
}

func elements(n *html.Node, visit func(*html.Node, map[string]string)) {
	if n.Type == html.ElementNode {
		attrs := map[string]string{}
		for _, a := range n.Attr {
			attrs[a.Key] = a.Val
		}
		visit(n, attrs)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		elements(child, visit)
	}
}
