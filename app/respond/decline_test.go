package respond_test

import (
	"context"
	"net/url"
	"testing"

	"rondo/app/web/webtest"
)

// state is what the identity side has of the employer.
func (h *house) state() string {
	h.t.Helper()
	p, err := h.store.Identity.ParticipantByID(context.Background(), h.participants["employer"].ID)
	h.must(err)
	return p.State
}

// declines are the landing page's forms with the button of each.
var declines = map[string]string{"form#refused": "refused", "form#wrong-person": "wrong_person"}

func TestProgramThatSubmitsEveryFormDeclinesForNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before, link := h.tables(), h.url+"/r/"+h.tokens["employer"]
		unchanged := func(after string) {
			t.Helper()
			for table, rows := range h.tables() {
				if rows != before[table] {
					t.Errorf("%s: table %s changed", after, table)
				}
			}
		}
		foreign := webtest.NewBrowser(t).Open(h.url+"/r/"+h.tokens["other"]).Form("form#refused").Send("_go", "refused").Form("form#decline").Values.Get("_tag")
		for selector, button := range declines {
			b := webtest.NewBrowser(t).Open(link)
			b.Form(selector).Send("_go", button)
			asked := b.Form("form#decline")
			if b.Status != 200 || asked.Values.Has("sure") || asked.Values.Get("_go") != button || b.Header.Get("Set-Cookie") != "" {
				t.Fatalf("%s: %d, the page asks with %v", button, b.Status, asked.Values)
			}
			unchanged(button + " pressed")
			if asked.Send(); b.Status != 422 || !b.Has(".error-summary") || b.Form("form#decline").Values.Has("sure") {
				t.Errorf("%s without the tick: %d", button, b.Status)
			}
			unchanged(button + " without the tick")
			for _, tag := range []string{"", "x", foreign} {
				if b.Fetch("POST", link, url.Values{"_go": {button}, "sure": {"yes"}, "_tag": {tag}}); b.Status != 409 {
					t.Errorf("%s with the tag %q: %d", button, tag, b.Status)
				}
				unchanged(button + " with the tag " + tag)
			}
		}
		for range 3 {
			if b := webtest.NewBrowser(t).Fetch("POST", link, nil); b.Status != 303 {
				t.Errorf("Start: %d", b.Status)
			}
		}
		unchanged("Start")
	})
}

func TestDeclineIsNotedOnceItIsTicked(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, lang := range []string{"de", "fr", "it", "en"} {
			for selector, button := range declines {
				b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["employer"] + "?lang=" + lang)
				b.Form(selector).Submit("_go", button)
				sound(t, b)
				b.Form("form#decline").Submit()
				sound(t, b)
				if got := b.Attr("html", "lang"); got != lang {
					t.Errorf("asked in %s, want %s", got, lang)
				}
				b.Form("form#decline").Fill("sure", "yes").Submit()
				if b.Status != 200 || h.state() != button || !b.Has(".notice") || b.Attr("html", "lang") != lang {
					t.Errorf("%s in %s: %d, state %s", button, lang, b.Status, h.state())
				}
			}
		}
	})
}
