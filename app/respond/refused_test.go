package respond_test

import (
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
)

// comment is long, has several lines and characters that HTML would swallow.
var comment = "Erste Zeile <b>fett</b> & \"Zitat\"\r\nZweite Zeile: " + strings.Repeat("Wir haben gut zusammengearbeitet. ", 20) + "markertyped"

// commented opens the page with the comment and types, in a browser that has started.
func (h *house) commented(name string) (*webtest.Browser, *webtest.Form) {
	h.t.Helper()
	b := h.start(name).Open("/answer/e10?lang=de")
	return b, b.Form("form#answers").Fill("e_comment", comment)
}

// refusal is one way in which a save is refused.
type refusal struct {
	name   string
	status int
	final  bool // the same would be refused again
	refuse func(h *house, b *webtest.Browser, f *webtest.Form)
	mend   func(h *house, b *webtest.Browser)
}

var refusals = []refusal{
	{"the cookie has expired", 403, false, func(h *house, b *webtest.Browser, f *webtest.Form) {
		b.Form("form.sign-out").Submit()
		b.URL.Path = "/answer/e10"
	}, func(h *house, b *webtest.Browser) {
		b.Open(h.url + "/r/" + h.tokens["employer"]).Form("form#start").Submit()
	}},
	{"another link was opened", 409, false, func(h *house, b *webtest.Browser, f *webtest.Form) {
		b.Open(h.url + "/r/" + h.tokens["other"]).Form("form#start").Submit()
	}, func(h *house, b *webtest.Browser) {
		b.Open(h.url + "/r/" + h.tokens["employer"]).Form("form#start").Submit()
	}},
	{"the survey has ended", 410, true, func(h *house, b *webtest.Browser, f *webtest.Form) {
		h.store.DB.SetOffset(400 * time.Hour)
		h.t.Cleanup(func() { h.store.DB.SetOffset(0) })
	}, nil},
	{"too fast", 429, false, func(h *house, b *webtest.Browser, f *webtest.Form) {
		empty := b.Form("form#answers")
		for b.Status != 429 {
			empty.Send("_go", "save")
		}
	}, func(h *house, b *webtest.Browser) { h.store.DB.SetOffset(2 * time.Minute) }},
	{"a field of another page", 400, true, func(h *house, b *webtest.Browser, f *webtest.Form) {
		f.Values.Set("e_since", "lt1")
	}, nil},
	{"too large", 413, false, func(h *house, b *webtest.Browser, f *webtest.Form) {
		f.Values.Set("e_comment", comment+strings.Repeat("x", 65<<10))
	}, nil},
	{"the database is away", 500, false, func(h *house, b *webtest.Browser, f *webtest.Form) { _ = h.store.Close() }, nil},
}

// TestEveryRefusalOfASaveGivesTheTypedAnswersBack: as text that can be copied, with the words of
// the question, and where sending again may help, with a button that does.
func TestEveryRefusalOfASaveGivesTheTypedAnswersBack(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) { each(t, r.givesBack) })
	}
}

func (r refusal) givesBack(t *testing.T, h *house) {
	b, f := h.commented("employer")
	question := b.Text("label[for=e_comment]")
	r.refuse(h, b, f)
	if f.Send("_go", "continue"); b.Status != r.status {
		t.Fatalf("%d, want %d: %s", b.Status, r.status, b.Text("main"))
	}
	kept := b.Form("form#kept")
	if got := kept.Values.Get("e_comment"); got != strings.ReplaceAll(f.Values.Get("e_comment"), "\r\n", "\n") {
		t.Errorf("the comment comes back as %q", got)
	}
	if !b.Has("#kept textarea[name=e_comment]") {
		t.Error("it cannot be read and copied")
	}
	if r.name == "another link was opened" { // whose language the browser speaks from now on
		question = "Souhaitez-vous ajouter une remarque sur la collaboration avec l'office AI?"
	}
	if label := b.Text("#kept dt"); r.status != 413 && !strings.HasPrefix(question, label) && label != "e_since" {
		t.Errorf("above it stands %q, want the question %q", label, question)
	}
	if got := b.Attr("html", "lang"); got != "de" && r.status != 409 {
		t.Errorf("the refusal is in %q", got)
	}
	if b.Has("#kept button") == r.final {
		t.Errorf("a button to send again: %v", b.Has("#kept button"))
	}
	if strings.Contains(h.log.String(), "markertyped") {
		t.Error("the log holds what was typed")
	}
	if r.mend == nil {
		return
	}
	r.mend(h, b)
	b.URL.Path = "/answer/e10"
	if kept.Submit("_go", "continue"); b.Status != 200 || !strings.Contains(h.start("employer").Open("/answer/e10").Body, "markertyped") {
		t.Errorf("sent again: %d at %s", b.Status, b.URL.Path)
	}
}

// TestARefusalSaysTheAnswersInWords: options by their labels, rows and ranks by their names.
func TestARefusalSaysTheAnswersInWords(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer").Open("/answer/e1?lang=en")
		fill(b).Submit("_go", "save")
		for _, page := range []string{"e1", "e8", "e9"} {
			f := fill(b.Open("/answer/" + page))
			questions := b.Count(".question")
			b.Form("form.sign-out").Submit()
			b.URL.Path = "/answer/" + page
			f.Send("_go", "continue")
			words := strings.Join(append(b.Texts("#kept dt"), b.Texts("#kept dd")...), "\n")
			if b.Status != 403 || b.Count("#kept dt") < questions {
				t.Errorf("%s: %d, %d of %d questions", page, b.Status, b.Count("#kept dt"), questions)
			}
			for name, values := range f.Values {
				for _, line := range append(b.Texts("#kept dt"), b.Texts("#kept dd")...) {
					if !strings.HasPrefix(name, "_") && (line == name || line == values[0] && len(line) < 4 && !strings.Contains("1 2 3 7", line)) {
						t.Errorf("%s: %q stands as a code, not in words:\n%s", page, line, words)
					}
				}
			}
			b.Open(h.url + "/r/" + h.tokens["employer"]).Form("form#start").Submit()
		}
	})
}
