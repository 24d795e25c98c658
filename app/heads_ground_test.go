package main

import (
	"rondo/app/wave"
	"rondo/app/web/webtest"
	"rondo/storage/identity"
)

// headed puts the wave 2030 into the field, in which heads of offices release. The answers of one
// of its two offices are put forward; it gives the links of its clerk and of its head.
func (g *ground) headed() (clerk, head string) {
	g.t.Helper()
	ctx := g.t.Context()
	now, err := g.Store.DB.Now(ctx)
	g.must(err)
	w, err := g.Waves.Create(ctx, wave.Plan{
		Label: "2030", RefFrom: 2027, RefTo: 2030, Opens: now.AddDate(0, 0, -1), Closes: now.AddDate(0, 1, 0), HeadReleases: true,
	})
	g.must(err)
	g.must(g.Waves.AddOffices(ctx, "2030", []identity.Participant{
		{Code: "ZH", Name: "IV-Stelle Zürich", Language: "de", Email: "clerk@zh.example", Head: "head@zh.example"},
		{Code: "BE", Name: "IV-Stelle Bern", Language: "de", Email: "clerk@be.example"},
	}))
	g.must(g.Waves.Open(ctx, "2030", "office"))
	p, err := g.Store.Identity.Population(ctx, w.ID, "office")
	g.must(err)
	o, err := g.Store.Identity.ParticipantByCode(ctx, w.ID, "office", "ZH")
	g.must(err)
	clerk = g.Waves.Link(p, o)
	head, _ = g.Outbox.ReleaseURL(o, p)

	b := webtest.NewBrowser(g.t).Open(clerk)
	b.Form("form#start").Submit()
	(&site{t: g.t}).walk(b.Open("/answer"), madeUp("office", 7, "ZH", nil), "/answer/review")
	b.Form("form#forward").Submit()
	if b.URL.Path != "/answer/forward" {
		g.t.Fatalf("putting forward ends at %s: %d %s", b.URL.Path, b.Status, b.Text("main"))
	}
	return clerk, head
}
