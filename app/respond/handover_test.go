package respond_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// row is somebody's row of the identity side.
func (h *house) row(name string) identity.Participant {
	h.t.Helper()
	p, err := h.store.Identity.ParticipantByID(context.Background(), h.participants[name].ID)
	h.must(err)
	return p
}

// link is the present token of somebody.
func (h *house) link(name string) string {
	h.t.Helper()
	p := h.row(name)
	population, err := h.store.Identity.Population(context.Background(), h.wave.ID, p.Population)
	h.must(err)
	return h.waves.Token(population, p)
}

// pass hands the questionnaire of this browser over.
func pass(t *testing.T, b *webtest.Browser, email string) {
	t.Helper()
	b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", email).Submit()
	if b.Status != 200 || b.Text("#address") != email {
		t.Fatalf("the address is not shown once more: %d %s", b.Status, b.Text("main"))
	}
	b.Form("form#confirm").Submit("sure", "yes")
}

func TestAQuestionnaireIsHandedOverWithItsDraft(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, name := range []string{"employer", "office"} {
			b := h.start(name)
			at := b.URL.Path
			field := map[string]string{"employer": "e_since", "office": "o_strategy"}[name]
			if name == "office" {
				h.toReview(b)
			} else {
				b.Form("form#answers").Fill(field, "gt5").Submit("_go", "save")
			}
			old := h.tokens[name]
			pass(t, b, "anna@firma.example.ch")
			if b.Status != 200 || b.URL.Path != "/answer/handed-over" || b.Attr("main", "data-state") != "closed" || b.Cookie("rondo") != "" {
				t.Fatalf("%s: after handing over: %d at %s, cookie %q", name, b.Status, b.URL.Path, b.Cookie("rondo"))
			}
			for _, path := range []string{"/answer", at, "/answer/review", "/answer/hand-over"} {
				if b.Open(path); b.Status != 410 || b.Attr("main", "data-state") != "closed" || strings.Contains(b.Body, "respond.") {
					t.Errorf("%s: the old browser at %s: %d %s", name, path, b.Status, b.Text("h1"))
				}
			}
			if stranger := webtest.NewBrowser(t).Fetch("GET", h.url+"/r/"+old, nil); stranger.Status != 404 {
				t.Errorf("%s: the old link answers %d", name, stranger.Status)
			}
			h.tokens[name] = h.link(name)
			again := h.start(name)
			if name == "employer" && again.Form("form#answers").Values.Get(field) != "gt5" {
				t.Errorf("the draft is not behind the new link: %s", again.Text("main"))
			}
			if name == "office" && !again.Open("/answer/review").Has("form#submit") {
				t.Errorf("the office's draft is not behind the new link: %d", again.Status)
			}
			if h.row(name).Email != h.participants[name].Email || h.row(name).Address() != "anna@firma.example.ch" {
				t.Errorf("%s: addresses %q and %q", name, h.row(name).Email, h.row(name).Address())
			}
		}
		all, err := h.store.Identity.Participants(context.Background(), h.wave.ID, "")
		h.must(err)
		messages, err := h.store.Identity.Messages(context.Background(), h.wave.ID)
		h.must(err)
		if len(all) != 4 || len(messages) != 2 || strings.Contains(h.log.String(), "anna@") || strings.Contains(h.log.String(), h.tokens["employer"]) {
			t.Errorf("%d participants, %d messages, log %s", len(all), len(messages), h.log)
		}
	})
}

func TestOneResponseAtMostAfterAHandOver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.start("employer")
		h.toReview(first)
		submit := first.Form("form#submit")
		passer := h.start("employer")
		pass(t, passer, "anna@firma.example.ch")
		if submit.Send(); first.Status != 403 {
			t.Errorf("submitting by the old link: %d", first.Status)
		}
		h.tokens["employer"] = h.link("employer")
		b := h.start("employer")
		b.Open("/answer/review").Form("form#submit").Submit()
		responses, spent, err := h.store.Answers.Count(context.Background(), h.wave.ID, "employer")
		if err != nil || responses != 1 || spent != 1 || b.Text("#receipt") == "" {
			t.Errorf("%d responses, %d markers, %v", responses, spent, err)
		}
		if b.Fetch("GET", "/answer/hand-over", nil); b.Status != 303 || b.Header.Get("Location") != "/answer/done" {
			t.Errorf("handing over what is submitted: %d", b.Status)
		}
	})
}

func TestNothingHappensBeforeTheAddressIsConfirmed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		before := h.tables()
		unchanged := func(after string) {
			t.Helper()
			for table, rows := range h.tables() {
				if rows != before[table] {
					t.Errorf("%s: table %s changed", after, table)
				}
			}
		}
		for _, lang := range []string{"de", "fr", "it", "en"} {
			b.Open("/answer/hand-over?lang=" + lang)
			sound(t, b)
			if b.Attr("html", "lang") != lang || strings.Contains(b.Body, "respond.") {
				t.Errorf("asked in %s, want %s", b.Attr("html", "lang"), lang)
			}
			for _, bad := range []string{"", "anna", "a@b.ch, c@d.ch"} {
				b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", bad).Send()
				sound(t, b)
				if b.Status != 422 || b.Attr("#email", "value") != bad || !b.Has(`.error-summary a[href="#email"]`) || b.Text("#error-email") != b.Text(".error-summary li") {
					t.Errorf("%q: %d %s", bad, b.Status, b.Text("main"))
				}
			}
			b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", "anna@firma.example.ch").Fill("language", lang).Submit()
			sound(t, b)
			b.Form("form#confirm").Submit("_go", "again")
			if b.Attr("#email", "value") != "anna@firma.example.ch" || !b.Has("#language-"+lang+"[checked]") {
				t.Errorf("changing the address begins anew: %s", b.Text("main"))
			}
		}
		typed := b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", "anna@firma.example.ch").Fill("language", "it")
		if typed.Send("_lang", "fr"); b.Status != 200 || b.Attr("html", "lang") != "fr" || b.Attr("#email", "value") != "anna@firma.example.ch" || !b.Has("#language-it[checked]") {
			t.Errorf("another language loses what was typed: %d in %s", b.Status, b.Attr("html", "lang"))
		}
		b.Form("form#hand-over").Submit()
		if b.Form("form#confirm").Send("_lang", "de"); b.Attr("html", "lang") != "de" || b.Text("#address") != "anna@firma.example.ch" {
			t.Errorf("another language leaves the address: %s", b.Text("main"))
		}
		unchanged("looking")
		foreign := h.start("other").Open("/answer/hand-over").Form("form#hand-over").Values.Get("_tag")
		f := b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", "anna@firma.example.ch")
		f.Values.Set("sure", "yes")
		f.Values.Set("_tag", foreign)
		if f.Send(); b.Status != 409 || !strings.Contains(b.Body, "anna@firma.example.ch") {
			t.Errorf("a form of another link: %d", b.Status)
		}
		unchanged("a form of another link")
	})
}

func TestAnswersCanBeDeletedBeforeTheyAreHandedOver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		if b.Open("/answer/hand-over"); b.Has("form#clear") {
			t.Error("there is nothing to delete yet")
		}
		b.Open("/answer/e1").Form("form#answers").Fill("e_since", "gt5").Submit("_go", "save")
		b.Open("/answer/hand-over").Form("form#clear").Send()
		sound(t, b)
		if b.Status != 422 || !b.Has(`.error-summary a[href="#sure"]`) {
			t.Errorf("without the tick: %d", b.Status)
		}
		if got := b.Open("/answer/e1").Form("form#answers").Values.Get("e_since"); got != "gt5" {
			t.Errorf("without the tick e_since is %q", got)
		}
		b.Open("/answer/hand-over").Form("form#clear").Fill("sure", "yes").Submit()
		if b.Status != 200 || !b.Has(".notice") || b.Has("form#clear") {
			t.Errorf("after deleting: %d %s", b.Status, b.Text("main"))
		}
		pass(t, b, "anna@firma.example.ch")
		h.tokens["employer"] = h.link("employer")
		if got := h.start("employer").Form("form#answers").Values.Get("e_since"); got != "" {
			t.Errorf("the colleague sees %q", got)
		}
	})
}

func TestWhoeverIsTheWrongPersonIsOfferedToHandOver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["employer"])
		b.Form("form#wrong-person").Submit("_go", "wrong_person")
		b.Form("form#hand-over").Submit("_go", "hand_over")
		if b.Status != 200 || b.URL.Path != "/answer/hand-over" || h.state() != "open" {
			t.Fatalf("%d at %s, state %s", b.Status, b.URL.Path, h.state())
		}
		pass(t, b, "anna@firma.example.ch")
		if h.row("employer").Handovers != 1 {
			t.Error("it was not handed over")
		}
		if b.Open(h.url+"/r/"+h.tokens["other"]).Form("form#refused").Submit("_go", "refused"); b.Has("form#hand-over") {
			t.Error("who does not wish to take part is asked for a colleague")
		}
		later := h.start("other")
		later.Form("form#answers").Submit("_go", "save")
		if !later.Has(`a[href="/answer/hand-over"]`) {
			t.Error("the page after saving does not offer to hand over")
		}
	})
}

func TestHandingOverIsLimited(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 3 {
			pass(t, h.start("employer"), fmt.Sprintf("anna%d@firma.example.ch", i))
			h.tokens["employer"] = h.link("employer")
		}
		b := h.start("employer")
		if b.Open("/answer/hand-over"); b.Status != 200 || b.Has("form#hand-over") || b.Has("form#confirm") {
			t.Errorf("a fourth time: %d %s", b.Status, b.Text("main"))
		}
		tag := b.Open("/answer/e1").Form("form#answers").Values.Get("_tag")
		b.Fetch("POST", "/answer/hand-over", map[string][]string{"_tag": {tag}, "email": {"x@y.example.ch"}, "sure": {"yes"}})
		if h.link("employer") != h.tokens["employer"] || b.Has("form#confirm") {
			t.Error("it was handed over a fourth time")
		}
		h.staff = true
		if d := h.start("discussion").Open("/answer/hand-over"); d.Status != 404 {
			t.Errorf("a discussion: %d", d.Status)
		}
	})
}

func TestHandingOverTakesFewStatements(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_since", "gt5").Submit("_go", "save")
		count := func(what string, do func()) {
			t.Helper()
			before := h.store.DB.Statements()
			do()
			if n := h.store.DB.Statements() - before; n > 4 {
				t.Errorf("%s: %d statements, at most 4", what, n)
			}
		}
		count("asking", func() { b.Open("/answer/hand-over") })
		f := b.Form("form#clear").Fill("sure", "yes")
		count("deleting", func() { f.Send() })
		g := b.Open("/answer/hand-over").Form("form#hand-over").Fill("email", "anna@firma.example.ch")
		count("showing the address", func() { g.Send() })
		k := b.Form("form#confirm")
		count("handing over", func() { k.Send("sure", "yes") })
		if _, err := h.store.Identity.HolderByToken(context.Background(), keys.HashToken(h.tokens["employer"])); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("it was not handed over: %v", err)
		}
	})
}
