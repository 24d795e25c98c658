package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"rondo/app/loadtest/respondent"
	"rondo/storage/storagetest"
)

// tap looks at every exchange of a client.
type tap struct {
	inner  http.RoundTripper
	before func()
	seen   func(r *http.Request, status int, page []byte)
}

// RoundTrip passes a request on and shows what came back.
func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.before != nil {
		t.before()
	}
	response, err := t.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(page))
	t.seen(r, response.StatusCode, page)
	return response, nil
}

// mostStatements is what a request of a participant may cost (design §9).
const mostStatements = 4

// meter counts the statements of every request of one browser.
type meter struct {
	g     *ground
	most  map[string]int64 // by what was asked
	start int64
}

// on puts the meter between a person and the service.
func (m *meter) on(p *respondent.Respondent) *respondent.Respondent {
	p.HTTP.Transport = &tap{
		inner:  p.HTTP.Transport,
		before: func() { m.start = m.g.Store.DB.Statements() },
		seen: func(r *http.Request, status int, _ []byte) {
			path := r.URL.Path
			if strings.HasPrefix(path, "/r/") {
				path = "/r/:token"
			}
			asked := fmt.Sprintf("%s %s → %d", r.Method, path, status)
			m.most[asked] = max(m.most[asked], m.g.Store.DB.Statements()-m.start)
		},
	}
	return p
}

func TestAPageRequestTakesAtMostFourStatements(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			g := fieldOn(t, storagetest.Open(t, dialect), 2, 3)
			m := &meter{g: g, most: map[string]int64{}}
			m.course("employer", g)
			m.course("office", g)
			for asked, n := range m.most {
				if n > mostStatements {
					t.Errorf("%s took %d statements, at most %d are allowed", asked, n, mostStatements)
				}
			}
		})
	}
}

// course answers as one participant: every page saved for the first time, once more, submitted,
// looked at again and, by an office, corrected.
func (m *meter) course(population string, g *ground) {
	g.t.Helper()
	ctx, r := g.t.Context(), rand.New(rand.NewPCG(4, 4))
	one := g.people[0]
	if population == "office" {
		one = g.offices()[0]
	}
	link := g.url + "/r/" + g.token(one)
	p := m.on(g.person(g.whole(r, one)))
	g.toReview(p, link)
	q, err := g.Waves.Questionnaire(g.population(population).Questionnaire, "")
	g.must(err)
	again := m.on(g.person(g.whole(r, one)))
	again.Fill = p.Fill
	g.must(again.Start(ctx, link))
	for _, page := range q.Pages {
		g.must(again.Open(ctx, "/answer/"+page.Code))
		if again.Reviewing() {
			continue // the page is not asked of this one
		}
		g.must(again.Save(ctx))
	}
	g.must(again.Open(ctx, "/answer/later"))
	g.must(again.Open(ctx, "/answer/review"))
	g.must(again.Submit(ctx))
	g.must(again.Open(ctx, "/answer/done"))
	g.must(again.Open(ctx, "/answer"))
	g.must(again.Start(ctx, link))
	if population == "office" {
		g.must(again.Open(ctx, "/answer/"+q.Pages[0].Code))
		g.must(again.Save(ctx))
		g.must(again.Open(ctx, "/answer/review"))
		g.must(again.Submit(ctx))
	}
	for _, asked := range []string{"GET /r/:token → 200", "POST /r/:token → 303", "GET /answer → 303", "GET /answer/review → 200", "POST /answer/submit → 303", "GET /answer/done → 200"} {
		if _, seen := m.most[asked]; !seen {
			g.t.Errorf("%s: nobody asked %s: %v", population, asked, m.most)
		}
	}
}
