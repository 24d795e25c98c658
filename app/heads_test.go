package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
	"rondo/storage/storagetest"
)

// letterTo is the last message an address got.
func (s *site) letterTo(address string) posting {
	s.t.Helper()
	s.do("mail", "send", "--wave=2026", "--kind=invitation", "--wait") // everybody is invited: this waits for what pages have queued
	all := s.letters(0)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].to == address {
			return all[i]
		}
	}
	s.t.Fatalf("%s got no message", address)
	return posting{}
}

// releaseLink is the link of the head in a message.
func (s *site) releaseLink(l posting) string {
	s.t.Helper()
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/release/\S+`).FindString(l.text)
	if link == "" || l.link != "" {
		s.t.Fatalf("the message to the head has the links %q and %q:\n%s", link, l.link, l.text)
	}
	return link
}

// enterAsHead opens the link of a head in a fresh browser and goes on to the answers.
func (s *site) enterAsHead(link string) *webtest.Browser {
	s.t.Helper()
	b := webtest.NewBrowser(s.t).Open(link)
	b.Form("form#start").Submit()
	return b
}

// TestHeadsOfOfficesRelease runs the offices' part of a wave in which their heads release, through
// commands, pages and real messages only.
func TestHeadsOfOfficesRelease(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.do("wave", "create", "2026", "--ref-from=2021", "--ref-to=2026", "--opens="+soon(-time.Hour), "--closes="+soon(20*24*time.Hour), "--head-releases")
			list := "code,name,email,language,head\n" +
				"VD,Office AI Vaud,clerk@vd.example.ch,fr,claire@vd.example.ch\nZH,IV-Stelle Zürich,clerk@zh.example.ch,de,\nTI,Ufficio AI Ticino,clerk@ti.example.ch,it,capo@ti.example.ch\n"
			s.do("participants", "import", s.file("offices.csv", list), "--wave=2026", "--population=office")
			s.do("wave", "open", "2026", "--population=office", "--yes")
			s.do("mail", "send", "--wave=2026", "--kind=invitation")
			s.serve()
			lead := s.account(s.welcome(s.said.String()), "Lea Leitung", "lea@bsv.example.ch")

			s.headGivesBackAndReleases()
			s.headIsGivenByTheClerk()
			s.headNeverReleases(lead)
			s.headsAreCounted(lead)
		})
	}
}

// putForward answers an office's questionnaire and puts it forward.
func (s *site) putForward(link, code string, seed uint64) *webtest.Browser {
	s.t.Helper()
	b := s.open(link).Open("/answer")
	s.walk(b, madeUp("office", seed, code, nil), "/answer/review")
	if b.Has("form#forward button") {
		b.Form("form#forward").Submit()
	}
	return b
}

// headGivesBackAndReleases: Vaud's head, named in the list, first finds something to change.
func (s *site) headGivesBackAndReleases() {
	clerk := s.putForward(s.letterTo("clerk@vd.example.ch").link, "VD", 1)
	shows(s.t, clerk, http.StatusOK, "claire@vd.example.ch", "Les réponses sont soumises pour validation")
	first := s.letterTo("claire@vd.example.ch")
	if !strings.HasPrefix(first.text, "Bonjour") || strings.Contains(first.text, "999") {
		s.t.Errorf("the head of Vaud reads %q", first.text)
	}
	head := s.enterAsHead(s.releaseLink(first))
	shows(s.t, head, http.StatusOK, "Office AI", "Rien ne peut être modifié sur cette page")
	head.Form("form#return").Fill("remark", "Merci de corriger la question 2: remarquesecrete").Submit()
	shows(s.t, head, http.StatusOK, "Les réponses sont renvoyées")

	told := s.letterTo("clerk@vd.example.ch")
	if !strings.Contains(told.text, "avec une remarque") || strings.Contains(told.text, "remarquesecrete") {
		s.t.Errorf("the office is told %q", told.text)
	}
	clerk = s.open(told.link)
	shows(s.t, clerk, http.StatusOK, "a renvoyé les réponses avec une remarque")
	clerk.Open("/answer/review")
	shows(s.t, clerk, http.StatusOK, "remarquesecrete")
	clerk.Open("/answer/o1").Form("form#answers").Fill("o_fte_total", "77").Submit("_go", "review")
	clerk.Form("form#forward").Submit()
	shows(s.t, clerk.Open("/office"), http.StatusOK, "soumis à la direction")

	again := s.releaseLink(s.letterTo("claire@vd.example.ch"))
	if again != s.releaseLink(first) {
		s.t.Error("the head of Vaud got two different links")
	}
	head = s.enterAsHead(again)
	shows(s.t, head, http.StatusOK, "77")
	head.Form("form#release").Fill("sure", "yes").Submit()
	shows(s.t, head, http.StatusOK, "Merci")
	shows(s.t, clerk.Open("/answer/own"), http.StatusOK, "77")
}

// headIsGivenByTheClerk: no list named Zürich's head, and the first address was mistyped.
func (s *site) headIsGivenByTheClerk() {
	clerk := s.putForward(s.letterTo("clerk@zh.example.ch").link, "ZH", 2)
	clerk.Open("/answer/forward").Form("form#address").Fill("email", "chefi@zh.example.ch").Submit()
	clerk.Form("form#forward").Submit()
	mistyped := s.releaseLink(s.letterTo("chefi@zh.example.ch"))
	clerk.Open("/answer/forward").Form("form#address").Fill("email", "chefin@zh.example.ch").Submit()
	shows(s.t, clerk, http.StatusOK, "chefin@zh.example.ch", "Die Leitung erhält eine Nachricht")
	if stranger := webtest.NewBrowser(s.t).Open(mistyped); stranger.Status != http.StatusNotFound {
		s.t.Errorf("the link at the mistyped address answers %d", stranger.Status)
	}
	head := s.enterAsHead(s.releaseLink(s.letterTo("chefin@zh.example.ch")))
	head.Form("form#release").Fill("sure", "yes").Submit()
	shows(s.t, head, http.StatusOK, "Die Antworten Ihrer IV-Stelle sind gespeichert")
	stop := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/u/\S+`).FindString(s.letterTo("chefin@zh.example.ch").text)
	b := webtest.NewBrowser(s.t).Open(stop)
	shows(s.t, b, http.StatusOK, "c…@zh.example.ch")
}

// headNeverReleases: the desk corrects Ticino's head, who does nothing until the end.
func (s *site) headNeverReleases(lead *webtest.Browser) {
	clerk := s.putForward(s.letterTo("clerk@ti.example.ch").link, "TI", 3)
	old := s.releaseLink(s.letterTo("capo@ti.example.ch"))
	lead.Open("/desk/waves/2026/offices/TI/head").Form("main form").Fill("email", "clerk@ti.example.ch").Submit()
	shows(s.t, lead, http.StatusUnprocessableEntity, "Diese Adresse ist nicht möglich")
	lead.Form("main form").Fill("email", "capa@ti.example.ch").Submit()
	shows(s.t, lead, http.StatusOK, "c…@ti.example.ch")
	if webtest.NewBrowser(s.t).Open(old).Status != http.StatusNotFound {
		s.t.Error("the link of the head before still opens something")
	}
	clerk.Open("/answer/forward").Form("form#again").Submit("_go", "again")
	head := s.enterAsHead(s.releaseLink(s.letterTo("capa@ti.example.ch")))
	shows(s.t, head, http.StatusOK)
}

// headsAreCounted: the desk says who waits, the close warns, and what was not released is gone.
func (s *site) headsAreCounted(lead *webtest.Browser) {
	lead.Open("/desk/waves/2026/offices")
	for _, want := range []string{"zur Freigabe bei der Leitung", "abgeschickt"} {
		shows(s.t, lead, http.StatusOK, want)
	}
	shows(s.t, lead.Open("/desk/waves/2026"), http.StatusOK, "Die Leitung jeder IV-Stelle gibt deren Antworten frei")
	shows(s.t, lead.Open("/desk/waves/2026/step/close/office"), http.StatusOK, "Vorgelegt, aber nicht freigegeben")
	if out := s.do("wave", "status", "2026"); !strings.Contains(out, "3 invited, 2 submitted, 0 started, 0 refused, 1 to release") {
		s.t.Errorf("status: %s", out)
	}
	head := s.enterAsHead(s.releaseLink(s.letterTo("capa@ti.example.ch")))
	release := head.Form("form#release").Fill("sure", "yes")
	if out := s.do("wave", "close", "2026", "--population=office", "--yes"); !strings.Contains(out, "no head has released, which are no responses: 1") {
		s.t.Errorf("closing says %s", out)
	}
	if release.Send(); head.Status != http.StatusGone {
		s.t.Errorf("releasing after the close: %d", head.Status)
	}
	if out := s.do("wave", "status", "2026"); !strings.Contains(out, "3 invited, 2 submitted") {
		s.t.Errorf("status after the close: %s", out)
	}
	if out := s.do("wave", "repeat", "2026", "--as=2032"); !strings.Contains(out, "2032") {
		s.t.Errorf("repeat: %s", out)
	}
	shows(s.t, lead.Open("/desk/waves/2032/offices"), http.StatusOK, "c…@vd.example.ch", "c…@zh.example.ch", "c…@ti.example.ch")
}
