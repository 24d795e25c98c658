package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// copying is a house whose refused forms are given back to be copied: people write in body.
func copying(t *testing.T) *house {
	t.Helper()
	return build(t, func(c *web.Config) {
		c.Keeps = []string{"/nowhere"}
		c.Copies = func(c *fiber.Ctx) web.Reading {
			if strings.HasPrefix(c.Path(), "/answer/own") {
				return nil
			}
			return func(name, value string) (string, string, int, bool) { return "Der Text", value, 0, name == "body" }
		}
	})
}

func TestARefusedFormIsGivenBackToBeCopiedWithoutItsSecrets(t *testing.T) {
	h := copying(t)
	typed := url.Values{"body": {"Zeile 1 <b>\nZeile 2"}, "choice": {"x"}, "password": {"geheim"}, "code": {"geheim"}, "waiting": {"geheim"}, "_tag": {"tag"}, "do": {"keep"}}
	for path, status := range map[string]int{"/answer/late": 410, "/answer/broken": 500} {
		h.Fetch("POST", h.url+path, typed)
		got := h.Form("form#kept").Values
		if h.Status != status || got.Get("body") != typed.Get("body") || got.Get("choice") != "x" || got.Has("do") || strings.Contains(h.Body, "geheim") {
			t.Errorf("%s: %d, gives back %v", path, h.Status, got)
		}
		if !h.Has("form#kept textarea[readonly]") || h.Attr("form#kept textarea", "aria-label") != "Der Text" || h.languages(t) != "form kept" {
			t.Errorf("%s: no text to copy that says what it is", path)
		}
		// Only where another try may go better does a button lead back to the form.
		if h.Has(`form#kept button[name="_lang"]`) != (status == 500) || h.Has("form#kept a") != (status != 500) {
			t.Errorf("%s: %s", path, h.Text("form#kept"))
		}
	}
	if h.Fetch("POST", h.url+"/answer/own", typed); h.Has("form#kept") {
		t.Error("a path without a reading gives back a form")
	}
}

func TestAFormOfAnotherSiteIsNotGivenBack(t *testing.T) {
	h := copying(t)
	h.Headers = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}
	if h.Fetch("POST", h.url+"/answer/late", url.Values{"body": {"evil words"}}); h.Status != 403 || strings.Contains(h.Body, "evil words") {
		t.Errorf("%d, and our page says what another site wants", h.Status)
	}
}
