package respond_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
	"rondo/storage/keys"
)

func TestHardProblemsKeepThePageAndWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "y3_5").Submit("_go", "continue")
		if b.Status != 422 || !strings.HasPrefix(b.Text("title"), "Erreur: ") || b.Attr("main", "data-state") != "open" {
			t.Fatalf("without e_reasons: %d %q", b.Status, b.Text("title"))
		}
		link := b.Attr(".error-summary li a", "href")
		if !b.Has(`[id="`+strings.TrimPrefix(link, "#")+`"]`) || b.Text(".error-summary li a") != strings.TrimSpace(b.Text("p.error")) {
			t.Errorf("the summary leads to %q and says %q; the question says %q", link, b.Text(".error-summary li a"), b.Text("p.error"))
		}
		if got := b.Form("form#answers").Values.Get("e_since"); got != "y3_5" {
			t.Errorf("e_since = %q after the problem", got)
		}
		again := webtest.NewBrowser(t)
		again.Open(h.url + "/r/" + h.tokens["employer"])
		again.Form("form").Submit()
		if got := again.Form("form#answers").Values.Get("e_since"); got != "y3_5" {
			t.Errorf("the good answer is not kept: %q", got)
		}
	})
}

func TestBackAndSaveAskForNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_since", "lt1").Submit("_go", "save")
		if b.Status != 200 || b.URL.Path != "/answer/later" {
			t.Errorf("save: %d at %s", b.Status, b.URL.Path)
		}
		b.Open("/answer")
		if got := b.Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("e_since = %q", got)
		}
		fill(b).Submit("_go", "continue")
		if b.URL.Path != "/answer/e2" {
			t.Fatalf("at %s", b.URL.Path)
		}
		b.Form("form#answers").Submit("_go", "back")
		if b.Status != 200 || b.URL.Path != "/answer/e1" || b.Has(`[value=back]`) {
			t.Errorf("back: %d at %s", b.Status, b.URL.Path)
		}
	})
}

func TestSoftWarningPassesOnTheSecondContinue(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		fill(b).Submit("_go", "continue")
		for range 12 { // until a page offers "other"
			if b.Has(".other input") {
				break
			}
			fill(b).Submit("_go", "continue")
		}
		at := b.URL.Path
		f := fill(b)
		field := strings.TrimSuffix(b.Attr(".other input", "name"), "_other")
		f.Fill(field, "other")
		if f.Send("_go", "continue"); b.Status != 303 {
			t.Fatalf("%s: %d %v", at, b.Status, b.Texts(".error-summary li"))
		}
		b.Follow()
		if b.URL.Path != at || b.Status != 200 || !b.Has(".warning") || b.Has(".error-summary") {
			t.Fatalf("after the first Continue: %d at %s", b.Status, b.URL.Path)
		}
		b.Form("form#answers").Submit("_go", "continue")
		if b.URL.Path == at {
			t.Errorf("the warning does not pass: %v", b.Texts(".warning li"))
		}
	})
}

func TestForeignFieldIsRefusedAndNothingStored(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		before := h.tables()["drafts"]
		for name, change := range map[string]func(url.Values){
			"unknown":   func(v url.Values) { v.Set("role", "admin") },
			"doubled":   func(v url.Values) { v["e_contact"] = []string{"1", "0"} },
			"bad code":  func(v url.Values) { v.Set("e_contact", "7") },
			"elsewhere": func(v url.Values) { v.Set("e_comment", "x") },
		} {
			f := b.Open("/answer/e1").Form("form#answers")
			change(f.Values)
			if f.Send(); b.Status != 400 {
				t.Errorf("%s: %d, want 400", name, b.Status)
			}
		}
		if after := h.tables()["drafts"]; after != before {
			t.Error("something was stored")
		}
	})
}

func TestTwoWindowsNeverOverwriteSilently(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		one, two := b.Form("form#answers"), b.Form("form#answers")
		one.Fill("e_contact", "1").Fill("e_since", "lt1").Fill("e_reasons", "hire").Submit("_go", "continue")
		two.Fill("e_contact", "1").Fill("e_since", "gt5").Fill("e_reasons", "hire").Submit("_go", "continue")
		if b.Status != 409 || b.Count(".clash") != 1 || b.Attr("main", "data-state") != "open" {
			t.Fatalf("the second window: %d, %d collisions", b.Status, b.Count(".clash"))
		}
		words := b.Text(".clash")
		if !strings.Contains(words, "Moins d'un an") || !strings.Contains(words, "Plus de 5 ans") {
			t.Errorf("the page does not show both: %s", words)
		}
		if got := b.Form("form#answers").Values.Get("e_since"); got != "gt5" {
			t.Errorf("what was typed is lost: %q", got)
		}
		b.Form("form#answers").Submit("_go", "continue")
		if b.URL.Path != "/answer/e2" {
			t.Errorf("the choice of a person does not count: %d at %s", b.Status, b.URL.Path)
		}
	})
}

func TestFormOfAnotherLinkIsRefusedAndKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		f := b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "lt1")
		b.Open(h.url + "/r/" + h.tokens["other"])
		b.Form("form").Submit()
		f.Send()
		if b.Status != 409 || b.Form("form#kept").Values.Get("e_since") != "lt1" {
			t.Fatalf("%d: %s", b.Status, b.Text("main"))
		}
		kept := b.Form("form#kept")
		b.Open(h.url + "/r/" + h.tokens["employer"])
		b.Form("form").Submit()
		b.URL.Path = "/answer/e1"
		kept.Submit()
		if b.Status != 422 || b.Form("form#answers").Values.Get("e_since") != "lt1" {
			t.Errorf("again, with the right link: %d at %s", b.Status, b.URL.Path)
		}
	})
}

func TestLanguageButtonKeepsPageAndAnswers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_since", "lt1").Submit("_lang", "it")
		if b.Status != 200 || b.URL.Path != "/answer/e1" || b.Attr("html", "lang") != "it" {
			t.Errorf("%d at %s in %s", b.Status, b.URL.Path, b.Attr("html", "lang"))
		}
		if got := b.Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("e_since = %q", got)
		}
		other := h.start("employer")
		if got := other.Attr("html", "lang"); got != "it" {
			t.Errorf("another device: %s, want the language last chosen", got)
		}
	})
}

func TestAfterTheEndNothingIsTakenAndNothingLost(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		f := fill(b)
		h.store.DB.SetOffset(400 * time.Hour)
		defer h.store.DB.SetOffset(0)
		f.Send("_go", "continue")
		if b.Status != 410 || b.Attr("main", "data-state") != "closed" || b.Form("form#kept").Values.Get("e_contact") != "1" {
			t.Errorf("saving: %d %q", b.Status, b.Attr("main", "data-state"))
		}
		for _, path := range []string{"/answer/e1", "/answer", "/answer/review", "/r/" + h.tokens["employer"]} {
			if b.Open(path); b.Status != 410 || b.Attr("main", "data-state") != "closed" {
				t.Errorf("GET %s: %d %q", path, b.Status, b.Attr("main", "data-state"))
			}
		}
		if b.Open("/r/" + h.tokens["office"]); b.Status != 200 {
			t.Errorf("the office's own page: %d", b.Status)
		}
	})
}

func TestUnknownLinksLookAllTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var first string
		wrong := strings.Repeat("a", 32)
		for i, token := range []string{wrong, "x", "%00", "%zz", h.tokens["employer"][:31], strings.Repeat("z", 400)} {
			b := webtest.NewBrowser(t).Fetch("GET", h.url+"/r/"+url.PathEscape(token), nil)
			if b.Status != 404 || b.Attr("main", "data-state") != "unknown" {
				t.Errorf("%q: %d %q", token, b.Status, b.Attr("main", "data-state"))
			}
			if shape := b.Text("h1") + b.Text("p.lead"); i == 0 {
				first = shape
			} else if shape != first {
				t.Errorf("%q looks different", token)
			}
		}
		good := strings.ToUpper(h.tokens["employer"]) + "."
		if b := webtest.NewBrowser(t).Open(h.url + "/r/" + good); b.Status != 200 {
			t.Errorf("a link as mail programs break it: %d", b.Status)
		}
		b := webtest.NewBrowser(t)
		for range 400 { // on a busy machine more than a minute's worth
			if b.Fetch("GET", h.url+"/r/"+wrong, nil); b.Status == 429 {
				break
			}
		}
		if b.Status != 429 || b.Header.Get("Retry-After") == "" {
			t.Errorf("after many wrong guesses: %d", b.Status)
		}
		if b.Open(h.url + "/r/" + h.tokens["employer"]); b.Status != 200 {
			t.Errorf("a valid link after somebody's wrong guesses: %d", b.Status)
		}
	})
}

func TestDecliningCanBeTakenBackByAnswering(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["employer"])
		for button, want := range declines {
			b.Form(button).Submit("_go", want)
			if b.Form("form#decline").Fill("sure", "yes").Submit(); b.Status != 200 || h.state() != want || !b.Has(".notice") {
				t.Errorf("%s: %d, state %s", button, b.Status, h.state())
			}
		}
		declined := h.state()
		b.Form("form#start").Submit()
		if h.state() != declined {
			t.Errorf("pressing Start changed the state to %s", h.state())
		}
		b.Form("form#answers").Fill("e_contact", "1").Submit("_go", "save")
		if h.state() != declined {
			t.Errorf("answering changed the row of an anonymous participant to %s", h.state())
		}
		if b.Open(h.url + "/r/" + h.tokens["employer"]); b.Has("main .notice") {
			t.Errorf("somebody who is answering is told that they declined: %s", b.Text("main .notice"))
		}
		h.toReview(b.Open("/answer/e1"))
		b.Form("form#submit").Submit()
		h.must(h.waves.Close(context.Background(), "2026", "employer"))
		if h.state() != "done" {
			t.Errorf("after close: %s", h.state())
		}
	})
}

func TestPageRequestMakesFewStatements(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		count := func(what string, do func()) {
			before := h.store.DB.Statements()
			do()
			if n := h.store.DB.Statements() - before; n > 4 {
				t.Errorf("%s: %d statements, at most 4", what, n)
			}
		}
		count("landing", func() { b.Fetch("GET", h.url+"/r/"+h.tokens["employer"], nil) })
		count("page", func() { b.Fetch("GET", h.url+"/answer/e1", nil) })
		f := fill(b)
		count("first save", func() { f.Send("_go", "continue") })
		b.Open("/answer/e1")
		g := fill(b)
		count("save", func() { g.Send("_go", "continue") })
		count("review", func() { b.Fetch("GET", h.url+"/answer/review", nil) })
		count("done", func() { b.Fetch("GET", h.url+"/answer/done", nil) })
	})
}

func TestPanelIsJoinedAtClose(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		b.Form("form#submit").Submit()
		b.Form("form#panel").Submit()
		if b.Status != 200 || b.Has("form#panel") || b.Text("#receipt") == "" {
			t.Errorf("after yes: %d %s", b.Status, b.Text("main"))
		}
		if panel, err := h.store.Identity.Panel(context.Background()); err != nil || len(panel) != 0 {
			t.Errorf("the panel hears before close who has just submitted: %v, %v", panel, err)
		}
		h.must(h.waves.Close(context.Background(), "2026", "employer"))
		panel, err := h.store.Identity.Panel(context.Background())
		if err != nil || len(panel) != 1 || panel[0].Email != h.participants["employer"].Email {
			t.Errorf("panel: %v, %v", panel, err)
		}
	})
}

func TestFixedPagesStandInEveryLanguage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := webtest.NewBrowser(t)
		for _, path := range []string{"/", "/privacy", "/accessibility", "/answer/withdraw", "/answer/signed-out"} {
			for _, lang := range []string{"de", "fr", "it", "en"} {
				b.Open(h.url + path + "?lang=" + lang)
				if b.Status != 200 || b.Attr("html", "lang") != lang || b.Text("h1") == "" || strings.Contains(b.Body, "respond.") {
					t.Errorf("%s in %s: %d %q", path, lang, b.Status, b.Text("h1"))
				}
			}
		}
	})
}

func TestLinkAfterTheClose(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		b.Form("form#submit").Submit()
		h.must(h.waves.Close(context.Background(), h.wave.Label, "employer"))
		for name, want := range map[string]struct {
			status int
			state  string
		}{"employer": {200, "done"}, "other": {410, "closed"}} {
			late := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens[name])
			if late.Status != want.status || late.Attr("main", "data-state") != want.state {
				t.Errorf("%s: %d %q, want %d %q", name, late.Status, late.Attr("main", "data-state"), want.status, want.state)
			}
		}
		if b.Open("/answer/e1"); b.Status != 200 || b.Attr("main", "data-state") != "done" {
			t.Errorf("a page of somebody who is done: %d %q", b.Status, b.Attr("main", "data-state"))
		}
	})
}

func TestNewLinkFindsTheDraftAndEndsTheOldOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_since", "gt5").Submit("_go", "save")
		p := h.participants["employer"]
		population, err := h.store.Identity.Population(context.Background(), h.wave.ID, "employer")
		h.must(err)
		p.Epoch++
		token := h.waves.Token(population, p)
		h.must(h.store.Identity.Reissue(context.Background(), p.ID, keys.HashToken(token), p.Epoch))

		if b.Open("/answer"); b.Status != 403 {
			t.Errorf("the old link still answers: %d", b.Status)
		}
		h.tokens["employer"] = token
		if got := h.start("employer").Form("form#answers").Values.Get("e_since"); got != "gt5" {
			t.Errorf("e_since = %q with the new link", got)
		}
	})
}
