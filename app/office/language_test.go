package office

import (
	"strings"
	"testing"
)

func TestALanguageIsChangedWithoutLosingOrKeepingWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		if propose(h, "Muster AG", "nobody"); h.Status != 422 {
			t.Fatalf("a wrong address: %d", h.Status)
		}
		for _, lang := range []string{"fr", "it", "en", "de"} {
			form := h.Form("form#"+h.Attr(".langs button", "form")).Fill("email", "marta@muster.ch")
			form.Send("_lang", lang)
			now := h.Form("main form").Values
			if h.Status != 200 || h.Attr("html", "lang") != lang || now.Get("name") != "Muster AG" || now.Get("email") != "marta@muster.ch" || now.Get("branch") != "be" {
				t.Errorf("%s: %d in %s, the form holds %v", lang, h.Status, h.Attr("html", "lang"), now)
			}
		}
		const list = "name,email,language,size,branch\nEins AG,eins@eins.ch,de,10-49,C\n"
		h.Open("/office/nominations/list")
		h.Form("form#lines").Fill("list", list).Submit()
		if h.Form("form#"+h.Attr(".langs button", "form")).Send("_lang", "fr"); h.Status != 200 || h.Attr("html", "lang") != "fr" || !h.Has("form#keep") {
			t.Errorf("a good list in French: %d in %s", h.Status, h.Attr("html", "lang"))
		}
		h.Open("/office/nominations/list")
		h.Form("form#lines").Fill("list", "Eins AG; nobody").Submit()
		if h.Form("form#"+h.Attr(".langs button", "form")).Send("_lang", "it"); h.Attr("html", "lang") != "it" || !strings.Contains(h.Form("form#lines").Values.Get("list"), "nobody") {
			t.Errorf("a wrong list in Italian: %d in %s", h.Status, h.Attr("html", "lang"))
		}
		h.Open("/office/nominations/list")
		if h.Form("form#lines").Send("_lang", "en"); h.Status != 200 || h.Has(".error-summary") {
			t.Errorf("the empty form in English: %d", h.Status)
		}
		if n := len(h.nominations(t)); n != 0 {
			t.Errorf("changing the language has kept %d nominations", n)
		}
	})
}
