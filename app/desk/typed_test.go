package desk

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rondo/app/auth"
)

// typing is what somebody has typed into the form of a page, what has to stand there afterwards, and where it is sent.
func typing(doc *html.Node) (form url.Values, want map[string]string, to string) {
	form, want = url.Values{}, map[string]string{}
	var in *html.Node
	for n := range doc.Descendants() {
		if n.Data == "form" && attribute(n, "id") == typedForm {
			in = n
		}
	}
	if in == nil {
		return nil, nil, ""
	}
	for n := range in.Descendants() {
		name, value := attribute(n, "name"), ""
		switch {
		case n.Data == "textarea":
			value = "Ligne <1>\nLigne 2"
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data == "option" {
					value = attribute(o, "value") // the last one
				}
			}
		case n.Data != "input":
			continue
		case attribute(n, "type") == "file":
			continue // a browser chooses no file a second time
		case attribute(n, "type") == "hidden", attribute(n, "type") == "checkbox":
			value = attribute(n, "value")
		default:
			value = "getippt <\"" + name + "\">"
		}
		form.Add(name, value)
		if kind := attribute(n, "type"); kind != "hidden" && kind != "password" && name != "code" {
			want[name] = value
		}
	}
	return form, want, attribute(in, "action")
}

// typable are the forms with something to type or choose that change of the language would lose, by their address.
func typable(doc *html.Node) map[string]bool {
	found := map[string]bool{}
	for f := range doc.Descendants() {
		if f.Data != "form" || attribute(f, "id") == typedForm {
			continue
		}
		for n := range f.Descendants() {
			kind := attribute(n, "type")
			if n.Data == "textarea" || n.Data == "select" || n.Data == "input" && kind != "hidden" && kind != "file" {
				found[attribute(f, "action")] = true
			}
		}
	}
	return found
}

// standing says whether a value stands in a field of a page.
func standing(doc *html.Node, name, value string) bool {
	for n := range doc.Descendants() {
		if attribute(n, "name") != name {
			continue
		}
		switch n.Data {
		case "textarea":
			return n.FirstChild != nil && n.FirstChild.Data == value
		case "select":
			for o := range n.Descendants() {
				if o.Data == "option" && attribute(o, "value") == value {
					return slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" })
				}
			}
		case "input":
			if attribute(n, "type") == "checkbox" {
				if attribute(n, "value") == value && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
					return true
				}
				continue
			}
			return attribute(n, "value") == value
		}
	}
	return false
}

func parsed(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestATypedForm_survives_a_change_of_the_language_and_does_nothing(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Admin)
	entries, changes, seen := len(p.entries), len(p.changes), 0
	for _, path := range pages(t) {
		joint := "?"
		if strings.Contains(path, "?") {
			joint = "&"
		}
		page := b.get(path + joint + "lang=de")
		if page.status != 200 {
			continue
		}
		form, want, to := typing(parsed(t, page.body))
		for action := range typable(parsed(t, page.body)) {
			if action != "/desk/waves/2026/nominations/selection" { // one choice, beside the long list
				t.Errorf("%s: what is typed for %q is lost when the language changes", path, action)
			}
		}
		if form == nil {
			if strings.Contains(page.body, `form="typed"`) {
				t.Errorf("%s: the languages are buttons of a form that is not there", path)
			}
			continue
		}
		if seen++; len(want) > 0 && !strings.Contains(page.body, `form="typed" name="_lang" value="fr"`) {
			t.Errorf("%s: the languages are no buttons of its form", path)
		}
		form.Set("_lang", "fr")
		a := b.do("POST", cmp.Or(to, path), "application/x-www-form-urlencoded", form.Encode())
		if a.status != 200 || !strings.Contains(a.body, `<html lang="fr">`) || strings.Contains(a.body, `id="errors"`) {
			t.Errorf("%s in French: %d %.200s", path, a.status, a.body)
			continue
		}
		doc := parsed(t, a.body)
		for name, value := range want {
			if !standing(doc, name, value) {
				t.Errorf("%s: %q typed into %s is gone", path, value, name)
			}
		}
		if strings.Contains(a.body, `value="getippt &lt;&#34;password`) {
			t.Errorf("%s shows a password", path)
		}
		checkMarkup(t, "fr "+path, a.body)
	}
	if seen < 24 || len(p.changes) > changes || len(p.entries) > entries {
		t.Errorf("%d forms; changed %v, journalled %v", seen, p.changes, p.entries[entries:])
	}
}

func TestEveryProblem_stands_at_the_top_and_leads_to_its_field(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	found := 0
	for path, form := range map[string]url.Values{
		"/desk/new": {"label": {"!"}}, "/desk/waves/2015/repeat": {}, "/desk/staff": {"email": {"x"}}, "/desk/waves/2026/links": {"who": {"a"}},
		"/desk/waves/2026/step/end/office": {"closes": {"bald"}}, "/desk/waves/2026/offices/AG/head": {"email": {"x"}}, "/desk/lists/2026/office": {},
		"/desk/waves/2026/texts/employer/invitation/de": {"do": {"keep"}, "subject": {"{{nam}}"}, "body": {"Guten Tag"}},
		"/desk/waves/2026/schedule/employer":            {"invitation.days": {"bald"}, "invitation.hour": {"8"}, "thanks.days": {"1"}, "thanks.hour": {"8"}},
		"/desk/waves/2026/nominations":                  {"do": {"reject"}, "id": {"n1"}},
		"/desk/waves/2026/mail/employer/reminder":       {"count": {"1"}},
		oneText + "t1": {"do": {"redact"}, "seen": {"1"}, "text": {" "}, "language": {"de"}},
	} {
		form.Set("_tag", tag)
		a := b.do("POST", path, "application/x-www-form-urlencoded", form.Encode())
		doc := parsed(t, a.body)
		ids, links := map[string]bool{}, []string{}
		for n := range doc.Descendants() {
			ids[attribute(n, "id")] = true
			if attribute(n, "id") == "errors" {
				for l := range n.Descendants() {
					if l.Data == "a" {
						links = append(links, strings.TrimPrefix(attribute(l, "href"), "#"))
					}
				}
			}
		}
		if strings.Contains(a.body, ".: ") {
			t.Errorf("%s: a label ends in two signs", path)
		}
		if a.status != 422 || len(links) == 0 {
			t.Errorf("%s: %d with %d problems at the top", path, a.status, len(links))
		}
		for _, id := range links {
			if found++; !ids[id] {
				t.Errorf("%s: a problem leads to #%s, which is not there", path, id)
			}
		}
		checkMarkup(t, path, a.body)
	}
	if found < 12 {
		t.Errorf("%d problems", found)
	}
}

func TestEnter_does_what_the_first_button_of_the_field_does(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	for path, c := range map[string]struct{ form, want string }{
		"/desk/waves/2026/texts/employer/invitation/de": {"subject=Neu&body=Guten+Tag%0A%0A%7B%7Blink%7D%7D", "text"},
		"/desk/waves/2026/nominations":                  {"id=n1&reason=doppelt", "reject"},
	} {
		before := len(p.changes)
		if page := b.get(path).body; !strings.Contains(page, `<button class="hidden" form="typed" tabindex="-1" aria-hidden="true" name="_go" value="continue">`) {
			t.Errorf("%s: Enter presses a language", path)
		}
		a := b.do("POST", path, "application/x-www-form-urlencoded", "_tag="+url.QueryEscape(tag)+"&_go=continue&"+c.form)
		if a.status != 303 || len(p.changes) != before+1 || !strings.Contains(p.changes[before], c.want) {
			t.Errorf("%s: %d, %v", path, a.status, p.changes[before:])
		}
	}
}

// TestAList_is_judged_once_more_in_another_language has an upload in the page of its verdicts: nobody chooses the file again.
func TestAList_is_judged_once_more_in_another_language(t *testing.T) {
	for list, status := range map[string]int{"office,name\nAG,Bäckerei": 200, "bad": 422} {
		p, b := start(t)
		tag := b.as(p, auth.Admin)
		changes, entries := len(p.changes), len(p.entries)
		form, _, to := typing(parsed(t, b.upload("/desk/lists/2026/employer", tag, "liste.csv", list).body))
		form.Set("_lang", "fr")
		a := b.do("POST", to, "application/x-www-form-urlencoded", form.Encode())
		again, _, _ := typing(parsed(t, a.body))
		if a.status != status || !strings.Contains(a.body, `<html lang="fr">`) || again.Get("content") == "" || again.Get("content") != form.Get("content") || again.Get("name") != "liste.csv" {
			t.Errorf("%q in French: %d, posts again %v", list, a.status, again)
		}
		if len(p.changes) > changes || len(p.entries) > entries {
			t.Errorf("%q: changed %v", list, p.changes[changes:])
		}
		checkMarkup(t, list, a.body)
		form.Set("content", "%")
		if a := b.do("POST", to, "application/x-www-form-urlencoded", form.Encode()); a.status != 400 {
			t.Errorf("a list that cannot be read = %d", a.status)
		}
	}
}

func TestAnArchive_stands_in_the_fields_when_the_language_changes(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	zip := []byte(b.get("/desk/questionnaires/employer/2/files").body)
	for path, to := range map[string]string{"/desk/drafts/new": "/desk/drafts/new", "/desk/drafts/employer/3": "/desk/drafts/employer/3/files"} {
		changes := len(p.changes)
		a := b.folder(to, "archive", zip, "_tag", tag, "_lang", "it", "seen", "as it was", "file-questionnaire-yaml", "key: old")
		form, _, _ := typing(parsed(t, a.body))
		if a.status != 200 || !strings.Contains(a.body, `<html lang="it">`) || !strings.Contains(a.body, "key: employer\nversion: 2") || strings.Contains(a.body, "key: old") || len(p.changes) > changes {
			t.Errorf("%s in Italian: %d, changed %v", path, a.status, p.changes[changes:])
		}
		if path != to && (form.Get("seen") != "as it was" || !strings.Contains(a.body, "<details open>")) {
			t.Errorf("%s: what was typed is about %q, and is hidden", path, form.Get("seen"))
		}
	}
}

// TestEnter_releases_nothing has a free text with a reason typed: only the button that says so lets it go.
func TestEnter_releases_nothing(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Reviewer)
	form, _, to := typing(parsed(t, b.get(oneText+"t2").body))
	if to != oneText+"t2/read" || form.Get("seen") != "2" {
		t.Fatalf("who may read alone posts %v to %s", form, to)
	}
	if a := b.post(to, "_tag", tag, "seen", "2", "_go", "continue", "reason", ""); a.status != 422 || !strings.Contains(a.body, `id="reason-problem"`) {
		t.Errorf("Enter without a reason = %d", a.status)
	}
	if a := b.post(to, "_tag", tag, "seen", "2", "_go", "continue", "reason", "too long"); a.status != 303 || !strings.HasPrefix(p.changes[len(p.changes)-1], "return ") {
		t.Errorf("Enter = %d, %v", a.status, p.changes)
	}
}

func TestEnter_corrects_the_one_address_that_was_typed(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	path, before := "/desk/waves/2026/returned", len(p.changes)
	for _, typed := range [][]string{{"email-p1", " ", "email-p2", ""}, {"email-p1", "a@b.example", "email-p2", "c@d.example"}} {
		a := b.post(path, append(typed, "_tag", tag, "_go", "continue", "language-p2", "it")...)
		doc := parsed(t, a.body)
		if a.status != 422 || len(p.changes) > before || !standing(doc, typed[0], typed[1]) || !standing(doc, typed[2], typed[3]) || !standing(doc, "language-p2", "it") {
			t.Errorf("%v: %d, %v", typed, a.status, p.changes[before:])
		}
		checkMarkup(t, path, a.body)
	}
	if a := b.post(path, "_tag", tag, "_go", "continue", "email-p1", "", "email-p2", "c@d.example", "language-p2", "it"); a.status != 303 || p.changes[before] != "correct 2026 p2 c@d.example it" {
		t.Errorf("one address: %d, %v", a.status, p.changes[before:])
	}
}
