package respond_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/app/i18n"
	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/storagetest"
)

func TestCheckingALinkTellsNothingAboutIt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		h := build(t, s)
		before := storagetest.Dump(t, s)
		check := func(token string) string {
			b := webtest.NewBrowser(t).Fetch(http.MethodPost, h.url+"/check", url.Values{"link": {h.url + "/r/" + token}})
			if b.Status != http.StatusOK || len(b.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("checking = %d, cookies %v", b.Status, b.Header.Values("Set-Cookie"))
			}
			return strings.ReplaceAll(b.Body, token, "TOKEN")
		}
		somebody := check(h.tokens["employer"])
		if diff := cmp.Diff(somebody, check("0123456789abcdefghjkmnpqrstvwxyz")); diff != "" {
			t.Errorf("the page tells a link of somebody from a guess:\n%s", diff)
		}
		if !strings.Contains(somebody, "Ja, dieser Link führt zu uns") {
			t.Errorf("the page does not say that the link is ours:\n%s", somebody)
		}
		for range 100 { // nothing is looked up, so there is nothing to guess and nobody to lock out
			check("0000000000000000000000000000000z")
		}
		if diff := cmp.Diff(before, storagetest.Dump(t, s)); diff != "" {
			t.Errorf("checking wrote:\n%s", diff)
		}
		if strings.Contains(h.log.String(), h.tokens["employer"]) {
			t.Error("the log holds a link that was checked")
		}
	})
}

func TestThePageThatChecksLinksIsWholeInFourLanguages(t *testing.T) {
	s := storagetest.Open(t, "sqlite")
	h := build(t, s)
	for _, lang := range i18n.Languages {
		for pasted, verdict := range map[string]string{
			"": "unreadable", h.url + "/": "ours", h.url + "/r/x": "cut", "https://evil.example/": "foreign",
			"https://eur01.safelinks.protection.outlook.com/?url=" + url.QueryEscape(h.url): "filtered",
		} {
			b := webtest.NewBrowser(t).Fetch(http.MethodPost, h.url+"/check?lang="+lang, url.Values{"link": {pasted}})
			want := i18n.T(lang, "respond.check."+verdict+".title", nil)
			if verdict == "unreadable" {
				want = i18n.T(lang, "respond.check.unreadable", nil)
			}
			if (b.Status == http.StatusOK) != (verdict != "unreadable") || !strings.Contains(html.UnescapeString(b.Body), want) || strings.Contains(b.Body, "respond.check.") || strings.Contains(b.Body, "{{") {
				t.Errorf("%s %s: %d\n%s", lang, verdict, b.Status, b.Body)
			}
		}
		b := webtest.NewBrowser(t).Fetch(http.MethodGet, h.url+"/check?lang="+lang, nil)
		if b.Status != http.StatusOK || !strings.Contains(b.Body, `<html lang="`+lang+`"`) || !strings.Contains(b.Body, "tel:") {
			t.Errorf("%s: %d\n%s", lang, b.Status, b.Body)
		}
	}
}

func TestEveryPageOfAParticipantLeadsToTheCheckOfLinks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		person := h.start("employer")
		for _, path := range []string{"/", "/privacy", "/r/" + h.tokens["office"], "/r/unknown", person.URL.Path, "/answer/review"} {
			if person.Open(path); !person.Has(`footer a[href="/check"]`) {
				t.Errorf("%s has no link to the page that checks links", path)
			}
		}
		if person.Open("/check"); person.Status != 200 || !person.Has("form") {
			t.Errorf("/check: %d", person.Status)
		}
	})
}
