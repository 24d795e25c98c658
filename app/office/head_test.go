package office

import (
	"context"
	"strings"
	"testing"
)

func TestAnOfficeGivesTheAddressOfItsHead(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if h.enter("ZH"); h.Has("form#head-form") {
			t.Error("a head is asked for where none releases")
		}
		tag := h.Open("/office/nominations/new").Form("main form").Values.Get("_tag")
		if h.Fetch("POST", "/office/head", map[string][]string{"_tag": {tag}, "head": {"chefin@iv.example.ch"}}); h.Status != 404 {
			t.Errorf("an address where no head releases: %d", h.Status)
		}
		if err := h.Identity.SetWaveSetting(ctx, h.wave.ID, "head_releases", "yes"); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"ZH", "BE", "ZH"} { // who was here before it was set sees it at once
			lang := map[string]string{"BE": "fr", "ZH": "de"}[code]
			if h.enter(code); h.Status != 200 || h.Attr("html", "lang") != lang || !h.Has("form#head-form") {
				t.Fatalf("%s: %d in %s: %s", code, h.Status, h.Attr("html", "lang"), h.Text("main"))
			}
		}
		for _, bad := range []string{"", "chefin", "zh@iv.example.ch", "a@b.ch, c@d.ch"} {
			h.Open("/office").Form("form#head-form").Fill("head", bad).Send()
			if h.Status != 422 || h.Attr("input#head", "value") != bad || h.Text("#error-head") != h.Text(".error-summary li") || h.Attr("input#head", "aria-describedby") != "error-head" {
				t.Errorf("%q: %d %s", bad, h.Status, h.Text("main"))
			}
		}
		for _, lang := range []string{"fr", "it", "en", "de"} {
			if h.Form("form#head-form").Send("_lang", lang); h.Status != 200 || h.Attr("html", "lang") != lang || h.Attr("input#head", "value") != "a@b.ch, c@d.ch" {
				t.Errorf("the page in %s: %d in %s", lang, h.Status, h.Attr("html", "lang"))
			}
		}
		h.Open("/office").Form("form#head-form").Fill("head", "chefin@iv.example.ch").Submit()
		if h.Status != 200 || !h.Has(".notice.done") || !strings.Contains(h.Text("main"), "c…@iv.example.ch") || strings.Contains(h.Body, "chefin@") {
			t.Errorf("afterwards: %d %s", h.Status, h.Text("main"))
		}
		if p, err := h.Identity.ParticipantByID(ctx, h.zh.ID); err != nil || p.Head != "chefin@iv.example.ch" {
			t.Errorf("the head is %q, %v", p.Head, err)
		}
		f := h.Open("/office").Form("form#head-form").Fill("head", "eve@iv.example.ch")
		f.Values.Set("_tag", "x")
		if f.Send(); h.Status != 409 {
			t.Errorf("a form of nobody: %d", h.Status)
		}
		for _, state := range []string{"to_release", "given_back"} {
			h.standing = state
			for _, lang := range []string{"de", "fr", "it", "en"} {
				if h.Open("/office?lang=" + lang); h.Status != 200 || strings.Contains(h.Body, "office.home.") || strings.Contains(h.Body, "office.head.") {
					t.Errorf("%s in %s: %d", state, lang, h.Status)
				}
			}
		}
	})
}
