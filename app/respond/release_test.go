package respond_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rondo/app/respond"
	"rondo/app/web/webtest"
	"rondo/storage/identity"
)

const headAddress = "head@iv.example.ch"

// headed makes the wave of a house one in which the heads of offices release.
func headed(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	each(t, func(t *testing.T, h *house) {
		h.must(h.store.Identity.SetWaveSetting(context.Background(), h.wave.ID, "head_releases", "yes"))
		test(t, h)
	})
}

// toHead answers the office's questionnaire and gives the head's address; the review is shown.
func (h *house) toHead() *webtest.Browser {
	h.t.Helper()
	b := h.start("office")
	h.toReview(b)
	if b.Has("form#submit") || b.Has("form#forward button") {
		h.t.Fatal("without the address of a head the answers can be submitted or put forward")
	}
	b.Open("/answer/forward").Form("form#address").Fill("email", headAddress).Submit()
	if b.Status != 200 || b.URL.Path != "/answer/review" || b.Text("form#forward #head") != headAddress {
		h.t.Fatalf("after the address: %d at %s: %s", b.Status, b.URL.Path, b.Text("form#forward"))
	}
	return b
}

// forwarded puts the office's answers forward; the page that says so is shown.
func (h *house) forwarded() *webtest.Browser {
	h.t.Helper()
	b := h.toHead()
	b.Form("form#forward").Submit()
	if b.Status != 200 || b.URL.Path != "/answer/forward" || !b.Has(".notice") || b.Text("#head") != headAddress {
		h.t.Fatalf("after putting forward: %d at %s: %s", b.Status, b.URL.Path, b.Text("main"))
	}
	return b
}

// headLink is the address the head was sent.
func (h *house) headLink() string {
	h.t.Helper()
	ctx := context.Background()
	e, err := h.store.Identity.EntryByID(ctx, h.participants["office"].ID)
	h.must(err)
	link, ok := h.box().ReleaseURL(e.Participant, e.Population)
	if !ok {
		h.t.Fatal("there is no release link")
	}
	return link
}

// asHead opens the head's link in a new browser and goes on to the answers.
func (h *house) asHead() *webtest.Browser {
	h.t.Helper()
	b := webtest.NewBrowser(h.t).Open(h.headLink())
	b.Form("form#start").Submit()
	if b.Status != 200 || b.URL.Path != "/release" {
		h.t.Fatalf("the head: %d at %s: %s", b.Status, b.URL.Path, b.Text("main"))
	}
	return b
}

// responses is how many offices have submitted.
func (h *house) responses() int {
	h.t.Helper()
	n, _, err := h.store.Answers.Count(context.Background(), h.wave.ID, "office")
	h.must(err)
	return n
}

func (h *house) standing() string {
	h.t.Helper()
	all, err := h.waves.Offices(context.Background(), h.wave.ID, "office")
	h.must(err)
	return fmt.Sprintf("%s %t", all[0].State, all[0].Forward)
}

func TestAnswersCountOnceTheHeadOfTheOfficeHasReleasedThem(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		clerk := h.forwarded()
		if clerk.Click(`a[href="/answer/print"]`); clerk.Status != 200 || h.standing() != "to_release true" {
			t.Errorf("the clerk looks at what is put forward: %d, %s", clerk.Status, h.standing())
		}
		if got := h.standing(); got != "to_release true" || h.responses() != 0 {
			t.Errorf("put forward: %s, %d responses", got, h.responses())
		}
		head := h.asHead()
		sound(t, head)
		if head.Attr("main", "data-state") != "open" || head.Count(".reviewed dt") == 0 && head.Count("dl dt") == 0 || strings.Contains(head.Text("main"), "respond.") || head.Has(`main a[href^="/answer"]`) {
			t.Errorf("what the head sees: %s", head.Text("main"))
		}
		if head.Form("form#release").Send(); head.Status != 422 || !head.Has(`.error-summary a[href="#sure"]`) || h.responses() != 0 {
			t.Errorf("without the tick: %d, %d responses", head.Status, h.responses())
		}
		sound(t, head)
		head.Form("form#release").Fill("sure", "yes").Submit()
		if head.Status != 200 || head.Attr("main", "data-state") != "done" || h.responses() != 1 || h.standing() != "submitted false" {
			t.Errorf("released: %d %s, %d responses, %s", head.Status, head.Text("h1"), h.responses(), h.standing())
		}
		if clerk.Open("/answer"); clerk.URL.Path != "/answer/done" || !clerk.Open("/answer/own").Has("h1") {
			t.Errorf("the clerk afterwards: %d at %s", clerk.Status, clerk.URL.Path)
		}

		if said := clerk.Open("/answer/done").Text("main"); !strings.Contains(said, "der Leitung noch einmal vorlegen") || strings.Contains(said, "neu abschicken") {
			t.Errorf("how the clerk may correct: %s", said)
		}
		clerk.Click("#again") // a correction needs the head again
		clerk.Form("form#answers").Submit("_go", "review")
		if h.standing() != "submitted false" || !clerk.Has("form#forward") {
			t.Errorf("a correction begun: %s, %d at %s", h.standing(), clerk.Status, clerk.URL.Path)
		}
		clerk.Form("form#forward").Submit()
		if h.standing() != "submitted true" || h.responses() != 1 {
			t.Errorf("a correction put forward: %s, %d responses", h.standing(), h.responses())
		}
		head.Open("/release").Form("form#release").Fill("sure", "yes").Submit()
		if head.Attr("main", "data-state") != "done" || h.responses() != 1 || h.standing() != "submitted false" {
			t.Errorf("a correction released: %d, %d responses, %s", head.Status, h.responses(), h.standing())
		}
		messages, err := h.store.Identity.Messages(context.Background(), h.wave.ID)
		if err != nil || len(messages) != 2 || strings.Contains(h.log.String(), "head@") {
			t.Errorf("%d messages, %v", len(messages), err)
		}
	})
}

func TestTheHeadGivesBackWithARemarkThatOnlyTheOfficeReads(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		clerk := h.forwarded()
		head := h.asHead()
		for _, bad := range []string{"", "   ", strings.Repeat("ä", 501)} {
			head.Open("/release").Form("form#return").Fill("remark", bad).Send()
			sound(t, head)
			if head.Status != 422 || !head.Has(`.error-summary a[href="#remark"]`) || head.Text("#error-remark") == "" {
				t.Errorf("the remark of %d characters: %d", len(bad), head.Status)
			}
		}
		for _, lang := range []string{"fr", "it", "en", "de"} {
			if head.Form("form#return").Fill("remark", "so nicht").Send("_lang", lang); head.Status != 200 || head.Attr("html", "lang") != lang || head.Form("form#return").Values.Get("remark") != "so nicht" {
				t.Errorf("the page in %s: %d in %s", lang, head.Status, head.Attr("html", "lang"))
			}
		}
		const remark = "Frage 3 stimmt nicht: markerremark <b>&"
		head.Form("form#return").Fill("remark", remark).Submit()
		if head.Status != 200 || !head.Has(".notice") || head.Has("form#release") || h.standing() != "started false" {
			t.Errorf("given back: %d %s, %s", head.Status, head.Text("main"), h.standing())
		}
		if clerk.Open("/answer"); clerk.URL.Path != "/answer/review" || clerk.Text("#remark") != remark {
			t.Errorf("the clerk reads %q at %s", clerk.Text("#remark"), clerk.URL.Path)
		}
		state, _, err := h.waves.OfficeState(context.Background(), h.officeHolder())
		if err != nil || state != "given_back" {
			t.Errorf("the office's own state is %q, %v", state, err)
		}
		clerk.Open("/answer/o1").Form("form#answers").Submit("_go", "review")
		if clerk.Text("#remark") != remark {
			t.Error("the remark is gone after a change")
		}
		for table, rows := range h.tables() {
			if strings.Contains(rows, "markerremark") {
				t.Errorf("table %s holds the remark in clear", table)
			}
		}
		clerk.Form("form#forward").Submit()
		if head.Open("/release"); !head.Has("form#release") || h.standing() != "to_release true" {
			t.Errorf("put forward again: %d, %s", head.Status, h.standing())
		}
		if clerk.Form("form#back").Submit("_go", "back"); clerk.Has("#remark") {
			t.Error("the remark is there after answers were put forward again")
		}
	})
}

func (h *house) officeHolder() identity.Holder {
	h.t.Helper()
	e, err := h.store.Identity.EntryByID(context.Background(), h.participants["office"].ID)
	h.must(err)
	return e.Holder()
}

func TestWhatIsPutForwardDoesNotChangeUntilItIsTakenBack(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		tab := h.toHead()
		tab.Open("/answer/o1")
		late := tab.Form("form#answers").Fill("o_fte_total", "99")
		clerk := h.start("office")
		clerk.Open("/answer/review").Form("form#forward").Submit()
		before := h.tables()
		if late.Send("_go", "review"); tab.Status != 409 {
			t.Errorf("a save from another tab: %d", tab.Status)
		}
		if late.Send("_go", "autosave"); tab.Status != 409 {
			t.Errorf("an autosave from another tab: %d", tab.Status)
		}
		for _, path := range []string{"/answer", "/answer/o1", "/answer/review"} {
			if clerk.Open(path); clerk.URL.Path != "/answer/forward" {
				t.Errorf("%s leads to %s", path, clerk.URL.Path)
			}
		}
		for table, rows := range h.tables() {
			if rows != before[table] {
				t.Errorf("table %s changed while answers were put forward", table)
			}
		}
		head := h.asHead()
		stale := head.Form("form#release").Fill("sure", "yes")
		back := head.Form("form#return").Fill("remark", "nein")
		clerk.Open("/answer/forward").Form("form#back").Submit("_go", "back")
		if clerk.URL.Path != "/answer/review" || h.standing() != "started false" {
			t.Errorf("taken back: at %s, %s", clerk.URL.Path, h.standing())
		}
		refused := func(when string) {
			t.Helper()
			for _, send := range []func(){func() { stale.Send() }, func() { back.Send() }} {
				if send(); head.Status != 409 || h.responses() != 0 {
					t.Errorf("%s: %d, %d responses", when, head.Status, h.responses())
				}
			}
		}
		refused("after it was taken back")
		clerk.Open("/answer/o1").Form("form#answers").Fill("o_fte_total", "77").Submit("_go", "review")
		refused("after a change")
		clerk.Form("form#forward").Submit()
		refused("the form of an earlier revision")
		head.Open("/release").Form("form#release").Fill("sure", "yes").Submit()
		if h.responses() != 1 || !strings.Contains(clerk.Open("/answer/own").Text("main"), "77") {
			t.Errorf("%d responses; the released answers: %s", h.responses(), clerk.Text("main"))
		}
	})
}

func TestPuttingForwardChecksAsSubmittingDoes(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		b := h.start("office")
		b.Form("form#answers").Submit("_go", "save")
		h.must(h.box().SetHead(context.Background(), h.participants["office"].ID, headAddress))
		b.Open("/answer/review")
		sound(t, b)
		if b.Form("form#forward").Send(); b.Status != 422 || b.Count(".error-summary li") == 0 {
			t.Errorf("unfinished answers: %d", b.Status)
		}
		h.toReview(b.Open("/answer/o1"))
		old := b.Form("form#forward")
		h.start("office").Open("/answer/o1").Form("form#answers").Fill("o_fte_total", "55").Submit("_go", "save")
		if old.Send(); b.Status != 409 || h.standing() != "started false" {
			t.Errorf("a review that is not the newest: %d, %s", b.Status, h.standing())
		}
		for _, bad := range []string{"", "head", "marker.office@example.ch", "a@b.ch, c@d.ch"} {
			b.Open("/answer/forward").Form("form#address").Fill("email", bad).Send()
			sound(t, b)
			if b.Status != 422 || b.Attr("#email", "value") != bad || !b.Has(`.error-summary a[href="#email"]`) {
				t.Errorf("%q: %d", bad, b.Status)
			}
		}
		for _, lang := range []string{"fr", "it", "en", "de"} {
			if b.Form("form#address").Fill("email", "typed@").Send("_lang", lang); b.Status != 200 || b.Attr("html", "lang") != lang || b.Attr("#email", "value") != "typed@" {
				t.Errorf("the page in %s: %d in %s", lang, b.Status, b.Attr("html", "lang"))
			}
		}
		b.Open("/answer/review").Form("form#forward").Submit()
		b.Form("form#address").Fill("email", "second@iv.example.ch").Submit()
		if b.Text("#head") != "second@iv.example.ch" || !b.Has(".notice") {
			t.Errorf("another address while it waits: %s", b.Text("main"))
		}
		messages, err := h.store.Identity.Messages(context.Background(), h.wave.ID)
		if err != nil || len(messages) != 2 {
			t.Errorf("%d messages, want one to each head; %v", len(messages), err)
		}
	})
}

func TestWithoutTheSettingNobodyReleases(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.must(h.box().SetHead(context.Background(), h.participants["office"].ID, headAddress))
		b := h.start("office")
		h.toReview(b)
		if b.Has("form#forward") || !b.Has("form#submit") {
			t.Error("answers are to be put forward although nobody asked for that")
		}
		if b.Fetch("GET", "/answer/forward", nil); b.Status != 404 {
			t.Errorf("/answer/forward: %d", b.Status)
		}
		if webtest.NewBrowser(t).Fetch("GET", h.headLink(), nil).Status != http.StatusNotFound {
			t.Error("the link of a head opens something")
		}
		for _, name := range []string{"employer", "other"} {
			other := h.start(name)
			if other.Fetch("GET", "/answer/forward", nil); other.Status != 404 {
				t.Errorf("%s at /answer/forward: %d", name, other.Status)
			}
		}
	})
}

func TestReleasingTakesFewStatements(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		count := func(what string, do func()) {
			t.Helper()
			before := h.store.DB.Statements()
			do()
			if n := h.store.DB.Statements() - before; n > 4 {
				t.Errorf("%s: %d statements, at most 4", what, n)
			}
		}
		b := h.start("office")
		h.toReview(b)
		address := b.Open("/answer/forward").Form("form#address").Fill("email", headAddress)
		count("the address", func() { address.Send() })
		forward := b.Open("/answer/review").Form("form#forward")
		count("putting forward", func() { forward.Send() })
		count("waiting", func() { b.Open("/answer/forward") })
		another := b.Form("form#address").Fill("email", "second@iv.example.ch")
		count("another address", func() { another.Send() })
		again := b.Open("/answer/forward").Form("form#again")
		count("once more", func() { again.Send("_go", "again") })
		back := b.Open("/answer/forward").Form("form#back")
		count("taking back", func() { back.Send("_go", "back") })
		b.Open("/answer/review").Form("form#forward").Submit()
		head := h.asHead()
		give := head.Form("form#return").Fill("remark", "nein")
		count("giving back", func() { give.Send() })
		b.Open("/answer/review").Form("form#forward").Submit()
		count("the head looking", func() { head.Open("/release") })
		release := head.Form("form#release").Fill("sure", "yes")
		count("releasing", func() { release.Send() })
		count("the head afterwards", func() { head.Open("/release") })
	})
}

func TestMachinesReleaseNothing(t *testing.T) {
	headed(t, func(t *testing.T, h *house) {
		h.start("office")
		room := respond.New(nil, h.store, h.waves, h.box(), nil)
		if err := room.Deliver(context.Background(), h.tokens["office"], "de", nil); !errors.Is(err, respond.ErrHeadReleases) {
			t.Errorf("bringing in a whole set of answers: %v", err)
		}
	})
}
