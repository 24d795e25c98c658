package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// languages gives what the choice of languages of the page leads to: addresses, or the form of its buttons.
func (h *house) languages(t *testing.T) string {
	t.Helper()
	if len(h.Texts(".langs li")) != 4 || h.Text(".langs [aria-current]") == "" {
		t.Errorf("%s: the languages offered are %v", h.URL.Path, h.Texts(".langs li"))
	}
	if h.Has(".langs button") {
		return "form " + h.Attr(".langs button", "form")
	}
	return h.Attr(".langs a", "href")
}

func TestARefusedPostOffersTheLanguages(t *testing.T) {
	h := build(t, nil)
	typed := url.Values{"e_comment": {"gut"}}
	cases := []struct {
		path   string
		form   url.Values
		status int
		want   string
	}{
		{"/answer/late", typed, 410, "form kept"},
		{"/answer/broken", typed, 500, "form kept"},
		{"/answer/p", url.Values{"a": {strings.Repeat("x", 65<<10)}}, 413, "form kept"},
		{"/answer/late", nil, 410, "?lang=fr"},
		{"/r/abc", nil, 405, "?lang=fr"},                   // not with the token
		{"/cookie/then/away", nil, 404, "/cookie?lang=fr"}, // the nearest above
		{"/assets/rondo.css", nil, 405, "/?lang=fr"},
		{"//evil.example/x", nil, 404, "/?lang=fr"},
	}
	for _, c := range cases {
		h.Fetch("POST", h.url+c.path, c.form)
		if got := h.languages(t); h.Status != c.status || got != c.want {
			t.Errorf("POST %s = %d, languages by %q, want %d by %q", c.path, h.Status, got, c.status, c.want)
		}
	}
}

func TestTheLanguageOfARefusalIsAButtonThatKeepsWhatWasTyped(t *testing.T) {
	h := build(t, nil)
	h.Fetch("POST", h.url+"/answer/late", url.Values{"e_comment": {"gut"}})
	for _, lang := range []string{"fr", "it", "en", "de"} {
		h.Form("form#kept").Send("_lang", lang)
		if h.Status != 410 || h.Attr("html", "lang") != lang || h.Form("form#kept").Values.Get("e_comment") != "gut" {
			t.Errorf("%s: %d in %s, kept %v", lang, h.Status, h.Attr("html", "lang"), h.Form("form#kept").Values)
		}
		if h.Open(h.url + "/answer/p"); h.Body != "fine "+lang {
			t.Errorf("the next page: %q, want %s", h.Body, lang)
		}
		h.Fetch("POST", h.url+"/answer/late", url.Values{"e_comment": {"gut"}})
	}
}
