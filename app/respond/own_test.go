package respond_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
)

func TestAnOfficeReadsWhatItHasSubmitted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("office")
		if b.Fetch("GET", "/answer/own", nil); b.Status != 303 || b.Header.Get("Location") != "/answer" {
			t.Errorf("before submitting: %d to %s", b.Status, b.Header.Get("Location"))
		}
		h.toReview(b.Open("/answer"))
		shown := b.Texts(".reviewed dd p")
		b.Form("form#submit").Submit()
		if !b.Has(`a[href="/answer/own"]`) {
			t.Error("the page after submitting does not lead to the answers")
		}
		before := h.store.DB.Statements()
		b.Open("/answer/own")
		if n := h.store.DB.Statements() - before; n > 4 {
			t.Errorf("%d statements, at most 4", n)
		}
		sound(t, b)
		own := b.Texts(".reviewed dd p")
		if b.Status != 200 || b.Attr("main", "data-state") != "done" || len(own) < 20 || b.Has(".edit") || b.Has("form.answers") {
			t.Fatalf("%d, %d answers: %s", b.Status, len(own), b.Text("main"))
		}
		for _, answer := range own {
			if !strings.Contains(strings.Join(shown, "\n"), answer) {
				t.Errorf("the answer %q was not on the review", answer)
			}
		}
		for _, lang := range []string{"de", "fr", "it", "en"} {
			if b.Open("/answer/own?lang=" + lang); b.Attr("html", "lang") != lang || strings.Contains(b.Text("main"), "respond.") {
				t.Errorf("in %s: %s", lang, b.Text("h1"))
			}
		}

		b.Open("/answer/o1").Form("form#answers").Submit("_go", "save")
		if b.Open("/answer/own"); !b.Has(".notice") {
			t.Error("it does not say that a correction is begun")
		}
		h.store.DB.SetOffset(400 * time.Hour)
		h.must(h.waves.Close(context.Background(), "2026", "office"))
		if b.Open("/answer/own"); b.Status != 200 || len(b.Texts(".reviewed dd p")) != len(own) || b.Has(`a[href="/answer/done"]`) {
			t.Errorf("after close: %d, %d of %d answers", b.Status, len(b.Texts(".reviewed dd p")), len(own))
		}
	})
}

func TestNobodyReadsWhatAnEmployerHasSubmitted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		b.Form("form#submit").Submit()
		if b.Has(`a[href="/answer/own"]`) {
			t.Error("the page after submitting leads to the answers")
		}
		for name, someone := range map[string]*webtest.Browser{"the employer": b, "another employer": h.start("other")} {
			if someone.Open("/answer/own"); someone.Status != 404 {
				t.Errorf("%s: %d", name, someone.Status)
			}
		}
		office := h.start("office")
		if office.Fetch("GET", "/answer/own", nil); office.Status != 303 {
			t.Errorf("the office: %d", office.Status)
		}
	})
}
