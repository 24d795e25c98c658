package respond_test

import (
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
