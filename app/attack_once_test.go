package main

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"rondo/app/respond"
	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/storagetest"
)

// crowd is how many submit at the same moment.
const crowd = 20

// counted fails when the employers have not given so many responses.
func (g *ground) counted(when string, want int) {
	g.t.Helper()
	responses, spent, err := g.Store.Answers.Count(g.t.Context(), g.wave().ID, "employer")
	g.must(err)
	if responses != want || spent != want {
		g.t.Errorf("%s: %d responses and %d markers, want %d of each", when, responses, spent, want)
	}
}

// reviewing gives a browser of its own that shows the review of a finished draft.
func (g *ground) reviewing(link string) *webtest.Browser {
	g.t.Helper()
	b := webtest.NewBrowser(g.t)
	b.Fetch(http.MethodPost, link, url.Values{})
	b.Open("/answer/review")
	if b.Status != http.StatusOK || !b.Has("form#submit") {
		g.t.Fatalf("no review: %d %s", b.Status, b.Text("main"))
	}
	return b
}

// atOnce lets the crowd do something at the same moment.
func atOnce(do func(i int)) {
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func TestManySubmitsAtOnceAreOneResponse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := fieldOn(t, s, 1, 3)
		one, link := g.people[0], g.url+"/r/"+g.token(g.people[0])
		g.toReview(g.person(g.answers(rand.New(rand.NewPCG(1, 1)), "once")), link)

		// Each with a review, and so a receipt, of its own: one is taken.
		browsers := make([]*webtest.Browser, crowd)
		for i := range browsers {
			browsers[i] = g.reviewing(link)
		}
		late := g.reviewing(link).Form("form#submit")
		status := make([]int, crowd)
		atOnce(func(i int) { status[i] = browsers[i].Form("form#submit").Send().Status })
		taken := map[int]int{}
		for _, code := range status {
			taken[code]++
		}
		if taken[http.StatusSeeOther] != 1 || taken[http.StatusConflict] != crowd-1 {
			t.Errorf("of %d submits at once one is taken and the others hear why not: %v", crowd, taken)
		}
		g.counted("after many submits at once", 1)

		if code := late.Send().Status; code != http.StatusConflict {
			t.Errorf("a second submit answers %d", code)
		}
		if err := g.room.Deliver(t.Context(), g.token(one), "de", g.answers(rand.New(rand.NewPCG(2, 2)), "twice")); !errors.Is(err, respond.ErrSubmitted) {
			t.Errorf("a second delivery: %v", err)
		}
		g.counted("after a second submit", 1)
	})
}

func TestTheSameSubmitManyTimesIsOneResponse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := fieldOn(t, s, 1, 3)
		link := g.url + "/r/" + g.token(g.people[0])
		g.toReview(g.person(g.answers(rand.New(rand.NewPCG(1, 1)), "once")), link)
		shown := g.reviewing(link)
		values, cookie := shown.Form("form#submit").Values, shown.Cookie("rondo")
		atOnce(func(int) {
			b := webtest.NewBrowser(t)
			b.Headers.Set("Cookie", "rondo="+cookie)
			if b.Fetch(http.MethodPost, g.url+"/answer/submit", values); b.Status != http.StatusSeeOther {
				t.Errorf("the same submit again answers %d: %s", b.Status, b.Text("main"))
			}
		})
		g.counted("after the same submit many times", 1)

		// Whole deliveries at once: one is taken.
		one, token := g.people[1], g.token(g.people[1])
		failed := make([]error, crowd)
		atOnce(func(i int) {
			failed[i] = g.room.Deliver(t.Context(), token, one.Language, g.answers(rand.New(rand.NewPCG(3, uint64(i))), "me"))
		})
		refused := 0
		for _, err := range failed {
			if errors.Is(err, respond.ErrSubmitted) {
				refused++
			} else if err != nil {
				t.Errorf("a delivery: %v", err)
			}
		}
		if refused != crowd-1 {
			t.Errorf("%d of %d deliveries at once were refused", refused, crowd)
		}
		g.counted("after many deliveries at once", 2)
	})
}

func TestALinkIssuedAnewFindsItsDraftAndTheOldOneIsUnknown(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := fieldOn(t, s, 1, 3)
		one, old := g.people[0], g.url+"/r/"+g.token(g.people[0])
		g.toReview(g.person(g.answers(rand.New(rand.NewPCG(1, 1)), "kept under another link")), old)
		open := webtest.NewBrowser(t) // a browser that stands in the middle of it
		open.Fetch(http.MethodPost, old, url.Values{})

		again, err := g.Waves.Reissue(t.Context(), g.population("employer"), one)
		g.must(err)
		if b := webtest.NewBrowser(t).Fetch(http.MethodGet, old, nil); b.Status != http.StatusNotFound {
			t.Errorf("the old link answers %d", b.Status)
		}
		if b := webtest.NewBrowser(t).Fetch(http.MethodPost, old, url.Values{}); b.Status != http.StatusNotFound || b.Cookie("rondo") != "" {
			t.Errorf("starting by the old link answers %d", b.Status)
		}
		if open.Open("/answer"); open.Status != http.StatusForbidden {
			t.Errorf("a browser with the old link still answers %d", open.Status)
		}
		b := g.reviewing(g.url + "/r/" + g.token(again))
		if b.Open("/answer/e10"); b.Form("form#answers").Values.Get("e_comment") != "kept under another link" {
			t.Errorf("the draft is not there under the new link: %s", b.Text("main"))
		}
		b.Open("/answer/review").Form("form#submit").Submit()
		g.counted("after submitting by the new link", 1)
		if err := g.room.Deliver(t.Context(), g.token(again), "de", g.answers(rand.New(rand.NewPCG(2, 2)), "twice")); !errors.Is(err, respond.ErrSubmitted) {
			t.Errorf("a second response by the new link: %v", err)
		}
	})
}
