package respond_test

import (
	"net/url"
	"strings"
	"testing"

	"rondo/app/web/webtest"
)

func TestNextPersonInTheSameBrowserIsAddressedInTheirOwnLanguage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := webtest.NewBrowser(t)
		sees := func(name, query, want string) {
			t.Helper()
			if b.Open(h.url + "/r/" + h.tokens[name] + query); b.Attr("html", "lang") != want {
				t.Errorf("landing of %s%s in %s, want %s", name, query, b.Attr("html", "lang"), want)
			}
		}
		sees("employer", "?lang=it", "it")
		b.Form("form#start").Submit()
		if got := b.Attr("html", "lang"); got != "it" {
			t.Errorf("after Start in %s, want the language picked on this link", got)
		}
		sees("employer", "", "it") // the link that is open in this browser
		sees("other", "", "fr")
		if b.Form("form#refused").Send("_go", "refused"); b.Attr("html", "lang") != "fr" {
			t.Errorf("the other's decline is asked in %s", b.Attr("html", "lang"))
		}
		sees("other", "?lang=en", "en")
		sees("office", "", "de")
		b.Form("form#start").Submit()
		if b.Open("/answer"); b.Attr("html", "lang") != "de" {
			t.Errorf("the office answers in %s", b.Attr("html", "lang"))
		}
		sees("employer", "", "fr") // nothing was kept under it: its own again
	})
}

func TestAnswersToAPostChangeTheirLanguageAndDoNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		form := b.Form("form#submit")
		form.Values.Set("_lang", "it")
		if form.Send(); b.Status != 303 || b.Header.Get("Location") != "/answer/review" || b.Follow().Attr("html", "lang") != "it" {
			t.Errorf("the language of a review: %d", b.Status)
		}
		form = b.Form("form#submit")
		if form.Submit(); b.Attr("main", "data-state") != "done" {
			t.Fatalf("submitting: %d at %s", b.Status, b.URL.Path)
		}
		receipt := b.Text("#receipt")
		b.Open("/answer/withdraw?lang=it")
		b.Form("form#withdraw").Fill("receipt", "WRONG").Send()
		for _, lang := range []string{"fr", "de", "en"} {
			sound(t, b)
			b.Form("form#withdraw").Fill("receipt", receipt).Send("_lang", lang)
			if b.Status != 200 || b.Attr("html", "lang") != lang || b.Form("form#withdraw").Values.Get("receipt") != receipt {
				t.Errorf("withdrawing in %s: %d in %s, %v", lang, b.Status, b.Attr("html", "lang"), b.Form("form#withdraw").Values)
			}
		}
		b.Open("/answer/done")
		if b.Attr("main", "data-state") != "done" {
			t.Errorf("changing the language has withdrawn: %s", b.Attr("main", "data-state"))
		}
	})
}

func TestEveryRefusedPostOfTheRoomOffersTheLanguages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		typed := url.Values{"e_contact": {"0"}}
		for path, status := range map[string]int{
			"/answer/e1": 409, "/answer/submit": 409, "/answer/panel": 409, "/answer/nowhere": 404,
			"/r/" + strings.Repeat("0", 32): 404, "/answer/withdraw": 422,
		} {
			if b.Fetch("POST", h.url+path, typed); b.Status != status {
				t.Errorf("POST %s = %d, want %d", path, b.Status, status)
			}
			sound(t, b)
		}
	})
}
