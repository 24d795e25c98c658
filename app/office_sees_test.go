package main

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// officePages are all pages of an office's room that it can look at.
func (g *ground) officePages(b *webtest.Browser) string {
	g.t.Helper()
	var all strings.Builder
	for _, u := range g.table() {
		if u.Method == http.MethodGet && u.Who == "office" {
			b.Fetch(http.MethodGet, g.url+u.Path, nil)
			if b.Status != http.StatusOK && b.Header.Get("Location") != "/office" { // nothing is named that could be corrected
				g.t.Fatalf("GET %s: %d", u.Path, b.Status)
			}
			all.WriteString(b.Body)
		}
	}
	return all.String()
}

// proposes says what an office is told that proposes a company with this address.
func (g *ground) proposes(b *webtest.Browser, email string) (told string) {
	g.t.Helper()
	b.Open("/office/nominations/list")
	b.Form("main form").Fill("list", "Firma;E-Mail;Sprache;Grösse;Branche\nNeu AG;"+email+";de;1-9;a\n").Submit()
	return b.Text("main")
}

func TestAnOfficeSeesNothingOfWhatItsEmployersDo(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := fieldOn(t, s, 1, 4)
		office := webtest.NewBrowser(t).Fetch(http.MethodPost, g.url+"/r/"+g.token(g.offices()[0]), url.Values{})
		picks(office)
		before := g.officePages(office)
		known, unknown := g.proposes(office, g.people[0].Email), g.proposes(office, "canary.colleague@firm.example")
		if known == unknown {
			t.Fatalf("an address on the list and one that is not are told the same: %s", known)
		}

		enter := func(one identity.Participant) *webtest.Browser {
			return webtest.NewBrowser(t).Fetch(http.MethodPost, g.url+"/r/"+g.token(one), url.Values{})
		}
		handing := enter(g.people[0])
		handing.Open("/answer/hand-over").Form("form#hand-over").Fill("email", "canary.colleague@firm.example").Submit()
		handing.Form("form#confirm").Submit("sure", "yes")
		if handing.URL.Path != "/answer/handed-over" {
			t.Fatalf("handing over: %d at %s", handing.Status, handing.URL.Path)
		}
		_, err := g.person(g.answers(rand.New(rand.NewPCG(1, 1)), "me")).Answer(t.Context(), g.url+"/r/"+g.token(g.people[1]))
		g.must(err)
		declining := webtest.NewBrowser(t).Open(g.url + "/r/" + g.token(g.people[2]))
		declining.Form("form#refused").Submit("_go", "refused")
		declining.Form("form#decline").Fill("sure", "yes").Submit()
		enter(g.people[3]).Open("/answer/e1").Form("form#answers").Submit("_go", "save")
		g.must((&demo{House: g.House}).transmit(t.Context(), g.wave()))

		if after := g.officePages(office); after != before {
			t.Errorf("the office's pages have changed:\n%s\n%s", before, after)
		}
		if told := g.proposes(office, g.people[0].Email); told != known {
			t.Errorf("about the address of who handed over it is told %q, before %q", told, known)
		}
		if told := g.proposes(office, "canary.colleague@firm.example"); told != unknown {
			t.Errorf("about the colleague's address it is told %q, before %q", told, unknown)
		}
	})
}

func TestAnOfficeReadsTheEmployersQuestionnaireBeforeItNominates(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := fieldOn(t, s, 1, 4)
		b := webtest.NewBrowser(t).Fetch(http.MethodPost, g.url+"/r/"+g.token(g.offices()[0]), url.Values{})
		if b.Open("/office"); !b.Has(`a[href="/office/employer-questionnaire"]`) {
			t.Errorf("the office's page does not lead to it: %s", b.Text("main"))
		}
		questions := 0
		for _, page := range g.book.Pages {
			questions += len(page.Questions)
		}
		for _, lang := range []string{"de", "fr", "it", "en"} {
			b.Open("/office/employer-questionnaire?lang=" + lang)
			if b.Status != http.StatusOK || b.Attr("html", "lang") != lang || b.Count("main .question") != questions || !b.Has(`main a[href="/office"]`) {
				t.Errorf("in %s: %d, %d of %d questions", lang, b.Status, b.Count("main .question"), questions)
			}
			if strings.Contains(b.Body, "{office}") || b.Has("main input") {
				t.Errorf("in %s: words are missing, or something can be filled in", lang)
			}
		}
	})
}
