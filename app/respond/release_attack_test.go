package respond_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rondo/app/web/webtest"
)

func TestTwoHeadsPressingAtOnceReleaseOnce(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		h.forwarded()
		var all sync.WaitGroup
		heads := make([]*webtest.Browser, 6)
		for i := range heads {
			heads[i] = h.asHead()
			heads[i].Form("form#release")
		}
		for _, b := range heads {
			all.Go(func() { b.Form("form#release").Fill("sure", "yes").Submit() })
		}
		all.Wait()
		for i, b := range heads {
			if b.Status != 200 || b.Attr("main", "data-state") != "done" {
				t.Errorf("head %d: %d %s", i, b.Status, b.Text("main"))
			}
		}
		if h.responses() != 1 {
			t.Errorf("%d responses", h.responses())
		}
	})
}

func TestReleasingAndTakingBackAtOnceDoOneOfTheTwo(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		clerk := h.forwarded()
		for i := range 8 {
			head := h.asHead()
			var all sync.WaitGroup
			all.Go(func() { head.Form("form#release").Fill("sure", "yes").Send() })
			all.Go(func() { clerk.Form("form#back").Send("_go", "back") })
			all.Wait()
			released := h.responses() == 1
			if h.standing() != map[bool]string{true: "submitted false", false: "started false"}[released] {
				t.Errorf("round %d: released %t, %s", i, released, h.standing())
			}
			if (head.Status == 303) != released {
				t.Errorf("round %d: the head is told %d, released %t", i, head.Status, released)
			}
			if released {
				return
			}
			clerk.Open("/answer/review").Form("form#forward").Submit()
		}
	})
}

func TestOnlyTheHeadReleasesAndOnlyTheClerkAnswers(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		clerk := h.forwarded()
		head := h.asHead()
		form := head.Form("form#release").Fill("sure", "yes").Values
		tag := clerk.Form("form#back").Values.Get("_tag")
		token := h.headLink()[strings.LastIndex(h.headLink(), "/")+1:]
		before := h.tables()
		forged := func(b *webtest.Browser, path string, values url.Values, want ...int) {
			t.Helper()
			if b.Fetch("POST", path, values); !slices.Contains(want, b.Status) {
				t.Errorf("POST %s %v: %d, want %v", path, values, b.Status, want)
			}
		}
		// The clerk's browser holds no link of the head, whatever it posts.
		forged(clerk, "/release", form, 403)
		forged(clerk, "/release", url.Values{"_tag": {tag}, "_revision": form["_revision"], "sure": {"yes"}}, 403)
		forged(clerk, "/answer/submit", url.Values{"_tag": {tag}, "_revision": form["_revision"], "_receipt": {"x"}}, 403)
		forged(clerk, "/answer/forward", url.Values{"_tag": {tag}, "_go": {"release"}, "_revision": form["_revision"]}, 303) // it waits already
		for _, guess := range []string{h.tokens["office"], h.participants["office"].ID + h.tokens["office"], h.participants["office"].ID + h.store.Secret.Stop(h.participants["office"].ID)} {
			stranger := webtest.NewBrowser(t)
			forged(stranger, h.url+"/release/"+guess, nil, 404)
			stranger.Headers.Set("Cookie", "rondo-head="+guess)
			forged(stranger, h.url+"/release", url.Values{"_revision": form["_revision"], "sure": {"yes"}}, 403)
		}
		// The head's browser opens nothing else.
		for _, path := range []string{"/answer", "/answer/o1", "/answer/review", "/answer/own", "/answer/forward", "/answer/print", "/answer/hand-over"} {
			if head.Fetch("GET", path, nil); head.Status != 403 {
				t.Errorf("the head at %s: %d", path, head.Status)
			}
		}
		forged(head, "/answer/submit", form, 403)
		forged(head, "/answer/o1", form, 403)
		for _, path := range []string{"/r/" + token, "/r/" + token[26:], "/u/" + token} {
			if webtest.NewBrowser(t).Fetch("GET", h.url+path, nil).Status != 404 {
				t.Errorf("the link of the head opens %s", path[:3])
			}
		}
		form.Set("_tag", tag)
		forged(head, "/release", form, 409) // a form of another link
		for table, rows := range h.tables() {
			if rows != before[table] {
				t.Errorf("table %s changed", table)
			}
		}
	})
}

func TestLookingAtWhatIsPutForwardChangesNothing(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		clerk := h.forwarded()
		head := h.asHead()
		before := h.tables()
		for _, lang := range []string{"de", "fr", "it", "en"} {
			for b, paths := range map[*webtest.Browser][]string{clerk: {"/answer/forward", "/answer/review", "/answer"}, head: {"/release", h.headLink()}} {
				for _, path := range paths {
					b.Fetch("HEAD", path+"?lang="+lang, nil)
					b.Open(path + "?lang=" + lang)
					if b.Status != 200 || b.Attr("html", "lang") != lang || strings.Contains(b.Body, "respond.") {
						t.Errorf("%s in %s: %d in %s", path, lang, b.Status, b.Attr("html", "lang"))
					}
					sound(t, b)
				}
			}
		}
		robot := webtest.NewBrowser(t)
		for range 3 { // a program that checks mails presses every button it finds
			robot.Open(h.headLink()).Form("main form").Submit()
			robot.Form("main form").Send()
			robot.Open("/release").Form("form#return").Send()
		}
		if strings.Contains(webtest.NewBrowser(t).Open(h.headLink()).Text("main"), "12,5") {
			t.Error("the page behind the link shows answers before anybody came in")
		}
		for table, rows := range h.tables() {
			if rows != before[table] {
				t.Errorf("table %s changed", table)
			}
		}
	})
}

func TestAfterTheEndNothingIsReleased(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		ctx, clerk := context.Background(), h.forwarded()
		head := h.asHead()
		release, back := head.Form("form#release").Fill("sure", "yes"), head.Form("form#return").Fill("remark", "nein")
		now, err := h.store.DB.Now(ctx)
		h.must(err)
		h.must(h.store.SetWindow(ctx, h.wave.ID, "office", now.Add(-2*time.Hour), now.Add(-time.Hour)))
		for waited := 0; clerk.Open("/answer/forward").Status != 410 && waited < 600; waited++ {
			time.Sleep(100 * time.Millisecond) // what links have in common is kept for a second
		}
		ended := func(when string) {
			t.Helper()
			if release.Send(); head.Status != 410 {
				t.Errorf("%s: releasing: %d", when, head.Status)
			}
			if back.Send(); head.Status != 410 {
				t.Errorf("%s: giving back: %d", when, head.Status)
			}
			for _, path := range []string{"/release", h.headLink()} {
				if head.Open(path); head.Status != 410 || head.Attr("main", "data-state") != "closed" {
					t.Errorf("%s: %s: %d", when, path, head.Status)
				}
			}
			if clerk.Open("/answer/forward"); clerk.Status != 410 {
				t.Errorf("%s: the clerk: %d", when, clerk.Status)
			}
			if h.responses() != 0 {
				t.Errorf("%s: %d responses", when, h.responses())
			}
		}
		ended("after the end")
		if n, err := h.waves.ToRelease(ctx, "2026"); err != nil || n != 1 {
			t.Errorf("%d offices wait for their head, %v; want 1", n, err)
		}
		h.must(h.waves.Close(ctx, "2026", "office"))
		ended("after the close")
		if done, err := h.waves.Done(ctx, h.wave.ID, "office"); err != nil || done[h.participants["office"].ID] {
			t.Errorf("what was not released is done: %v", err)
		}
	})
}
