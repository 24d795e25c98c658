package respond_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
)

// states are where somebody's way through the survey may end or rest, with what main says of it.
var states = []struct {
	name   string
	status int
	state  string
	reach  func(h *house, b *webtest.Browser)
}{
	{"invited", 200, "open", func(h *house, b *webtest.Browser) { b.Open(h.url + "/r/" + h.tokens["employer"]) }},
	{"before it begins", 200, "closed", func(h *house, b *webtest.Browser) {
		h.store.DB.SetOffset(-48 * time.Hour)
		b.Open(h.url + "/r/" + h.tokens["employer"])
	}},
	{"saved for later", 200, "open", func(h *house, b *webtest.Browser) {
		h.at(b).Form("form#answers").Submit("_go", "save")
	}},
	{"ended", 410, "closed", func(h *house, b *webtest.Browser) {
		h.store.DB.SetOffset(400 * time.Hour)
		b.Open(h.url + "/r/" + h.tokens["employer"])
	}},
	{"just submitted", 200, "done", func(h *house, b *webtest.Browser) {
		h.toReview(h.at(b))
		b.Form("form#submit").Submit()
	}},
	{"already sent", 200, "done", func(h *house, b *webtest.Browser) {
		h.toReview(h.start("employer"))
		h.at(b).Open("/answer/review").Form("form#submit").Submit()
		again := webtest.NewBrowser(h.t).Open(h.url + "/r/" + h.tokens["employer"])
		*b = *again
	}},
	{"asked whether to decline", 200, "open", func(h *house, b *webtest.Browser) {
		b.Open(h.url+"/r/"+h.tokens["employer"]).Form("form#refused").Submit("_go", "refused")
	}},
	{"no wish to take part", 200, "open", func(h *house, b *webtest.Browser) {
		b.Open(h.url+"/r/"+h.tokens["employer"]).Form("form#refused").Submit("_go", "refused")
		b.Form("form#decline").Fill("sure", "yes").Submit()
	}},
	{"wrong person", 200, "open", func(h *house, b *webtest.Browser) {
		b.Open(h.url+"/r/"+h.tokens["employer"]).Form("form#wrong-person").Submit("_go", "wrong_person")
		b.Form("form#decline").Fill("sure", "yes").Submit()
	}},
	{"about to withdraw", 200, "done", func(h *house, b *webtest.Browser) { b.Open(h.url + "/answer/withdraw") }},
	{"withdrawn", 200, "withdrawn", func(h *house, b *webtest.Browser) {
		h.toReview(h.at(b))
		b.Form("form#submit").Submit()
		receipt := b.Text("#receipt")
		b.Open("/answer/withdraw").Form("form#withdraw").Fill("receipt", receipt).Submit()
	}},
	{"handed over", 200, "closed", func(h *house, b *webtest.Browser) { pass(h.t, h.at(b), "anna@firma.example.ch") }},
	{"handed over, looked at again", 410, "closed", func(h *house, b *webtest.Browser) {
		pass(h.t, h.at(b), "anna@firma.example.ch")
		b.Open("/answer")
	}},
	{"signed out", 200, "unknown", func(h *house, b *webtest.Browser) {
		h.at(b).Form("form.sign-out").Submit()
	}},
	{"without a link", 403, "unknown", func(h *house, b *webtest.Browser) { b.Open(h.url + "/answer") }},
	{"with a wrong link", 404, "unknown", func(h *house, b *webtest.Browser) { b.Open(h.url + "/r/" + strings.Repeat("a", 32)) }},
}

// at lets this browser in.
func (h *house) at(b *webtest.Browser) *webtest.Browser {
	h.t.Helper()
	b.Open(h.url + "/r/" + h.tokens["employer"]).Form("form#start").Submit()
	return b
}

func TestEveryEndOfTheWaySaysOneThingAndHowToGoOn(t *testing.T) {
	for _, c := range states {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				b := webtest.NewBrowser(t)
				c.reach(h, b)
				sound(t, b)
				if b.Status != c.status || b.Attr("main", "data-state") != c.state {
					t.Fatalf("%d %q, want %d %q: %s", b.Status, b.Attr("main", "data-state"), c.status, c.state, b.Text("main"))
				}
				if b.Count("main h1") != 1 || b.Text("main h1") == "" || b.Count("main p.lead") != 1 || len(b.Text("main p.lead")) < 20 {
					t.Errorf("it does not say one thing first: %d %q", b.Count("main p.lead"), b.Text("main"))
				}
				if !b.Has(`footer a[href="tel:+41580000000"]`) || !b.Has(`footer a[href="mailto:studie@example.ch"]`) {
					t.Error("there is nobody to ask")
				}
			})
		})
	}
}

func TestWithdrawnAnswersAreNotCalledSaved(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		b.Form("form#submit").Submit()
		saved, receipt := b.Text("p.lead"), b.Text("#receipt")
		b.Open("/answer/withdraw").Form("form#withdraw").Fill("receipt", receipt).Submit()
		for _, again := range []*webtest.Browser{b.Open("/answer/done"), webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["employer"])} {
			if again.Status != 200 || again.Attr("main", "data-state") != "done" || again.Text("p.lead") == saved || !again.Has(`main a[href="/answer/withdraw"]`) {
				t.Errorf("%d: %s", again.Status, again.Text("main"))
			}
		}
		responses, spent, err := h.store.Answers.Count(context.Background(), h.wave.ID, "employer")
		if err != nil || responses != 0 || spent != 1 {
			t.Errorf("%d responses, %d markers, %v", responses, spent, err)
		}
	})
}

func TestNoNameStandsOnTheLandingPage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, name := range []string{"employer", "office"} {
			for _, lang := range []string{"de", "fr", "it", "en"} {
				b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens[name] + "?lang=" + lang)
				p := h.participants[name]
				if strings.Contains(b.Body, p.Email) || name == "employer" && strings.Contains(b.Body, p.Name) {
					t.Errorf("%s in %s: whoever finds the link learns whose it is", name, lang)
				}
				b.Form("form#start")
				for what, where := range map[string]string{"who asks": ".owner", "why": "p.lead", "how long": "dl.facts", "what is promised": ".promise", "a phone number": `footer a[href="tel:+41580000000"]`} {
					if b.Text(where) == "" {
						t.Errorf("%s in %s: the page does not say %s", name, lang, what)
					}
				}
			}
		}
	})
}
