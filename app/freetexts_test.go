package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/exports/freetext"
	"rondo/storage"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

const demoTexts = "/desk/waves/2015/releases/texts"

// TestTextsOfEmployersLeaveTheHouse goes the whole way at the desk of the demo: taken out, redacted, read by a second person, made
// a file, approved, downloaded twice.
func TestTextsOfEmployersLeaveTheHouse(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			g, d := filled(t, storagetest.Open(t, dialect))
			visitors := g.visitors(d)
			lead, reviewer := visitors[demoLead], visitors[demoReviewer]

			lead.Open(g.url + demoTexts)
			shows(t, lead, http.StatusOK, "Texte herausnehmen")
			lead.Form("main form.card").Submit()
			shows(t, lead, http.StatusOK, "Die Texte sind herausgenommen.", "e_comment")
			lead.Fetch(http.MethodPost, g.url+demoTexts+"/e_comment", url.Values{"_tag": {tagOf(lead)}})
			shows(t, lead, http.StatusConflict, "Nicht alle Texte sind entschieden")

			n := g.redactAll(lead)
			g.ownTextIsRefused(lead)
			g.readAll(reviewer, n)

			lead.Open(g.url + demoTexts + "/e_comment")
			lead.Form("main form.card").Submit()
			shows(t, lead, http.StatusOK, "rondo-2015-employer-freetext-e_comment-synthetic.csv")
			g.downloadsTheSame(lead, reviewer)
		})
	}
}

// TestTextsThatLeftAreNoEarlierRelease: a file of texts has no rows that could be linked with those
// of a dataset, so the dataset is still the first.
func TestTextsThatLeftAreNoEarlierRelease(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		h := &House{Store: s}
		for _, c := range []struct {
			profile string
			want    []string
		}{{"freetext", nil}, {"internal", nil}, {"scientific", []string{"scientific"}}} {
			_, err := s.Staff.AddRelease(t.Context(), staff.Release{WaveID: "w", Population: "employer", Profile: c.profile, SnapshotID: "s", ProposedBy: demoLead}, strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := h.earlier(t.Context(), "w", "s", "public"); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("after a release %s a public one comes after %v, %v; want %v", c.profile, got, err, c.want)
			}
		}
	})
}

// tagOf is the form tag of a page.
func tagOf(b *webtest.Browser) string { return b.Attr(`input[name="_tag"]`, "value") }

// redactAll redacts one text after the other, as the desk leads on, and gives their number.
func (g *ground) redactAll(b *webtest.Browser) int {
	g.t.Helper()
	texts, err := g.Waves.FreeTexts(g.t.Context(), "2015", "e_comment")
	g.must(err)
	if len(texts) < freetext.Least {
		g.t.Fatalf("the demo has only %d comments", len(texts))
	}
	b.Open(g.url + demoTexts + "/e_comment")
	b.Click("table th a")
	for i := range texts {
		if !b.Has("blockquote.typed") {
			g.t.Fatalf("text %d: %d %s", i, b.Status, b.Text("main"))
		}
		f := b.Form("main form.card").Fill("text", "Gekürzt: "+b.Text("blockquote.typed")).Fill("language", "de").Fill("sure", "yes")
		f.Submit("do", "redact")
	}
	shows(g.t, b, http.StatusOK, fmt.Sprintf("zur zweiten Lesung (%d)", len(texts)))
	return len(texts)
}

// ownTextIsRefused posts a release as the person who redacted the text.
func (g *ground) ownTextIsRefused(b *webtest.Browser) {
	g.t.Helper()
	b.Open(g.url + demoTexts + "/e_comment?state=redacted").Click("table th a")
	shows(g.t, b, http.StatusOK, "Jemand anderes muss ihn lesen")
	if strings.Contains(b.Body, `value="release"`) {
		g.t.Error("who redacted a text is offered to release it")
	}
	b.Fetch(http.MethodPost, b.URL.String()+"/read", url.Values{"_tag": {tagOf(b)}, "seen": {"2"}, "do": {"release"}})
	shows(g.t, b, http.StatusForbidden)
}

// readAll lets the second person release all but the last, which fits one firm only.
func (g *ground) readAll(b *webtest.Browser, n int) {
	g.t.Helper()
	b.Open(g.url + demoTexts + "/e_comment?state=redacted").Click("table th a")
	for i := range n {
		f := b.Form("main form.card")
		if i == n-1 {
			f.Fill("reason", "Passt nur auf einen Betrieb.").Submit("do", "reject")
			continue
		}
		f.Submit("do", "release")
	}
	shows(g.t, b, http.StatusOK, fmt.Sprintf("freigegeben (%d)", n-1), "abgelehnt (1)")
	if b.Has("main form.card") {
		g.t.Error("a reviewer is offered to make the file")
	}
}

// downloadsTheSame approves the file and takes it home twice: the bytes of the ledger, without anything but texts.
func (g *ground) downloadsTheSame(lead, reviewer *webtest.Browser) {
	g.t.Helper()
	reviewer.Open(g.url + "/desk/waves/2015/releases").Click("td a.button")
	reviewer.Form("main form").Submit()
	shows(g.t, reviewer, http.StatusOK, "freigegeben")
	w, err := g.Waves.ByLabel(g.t.Context(), "2015")
	g.must(err)
	all, err := g.Store.Staff.Releases(g.t.Context(), w.ID)
	g.must(err)
	var files []string
	for _, r := range all {
		if r.Variable == "" {
			continue
		}
		if r.State != "approved" || r.ApprovedBy != demoReviewer || r.Marks != "synthetic" {
			g.t.Errorf("in the ledger: %+v", r)
		}
		for _, b := range []*webtest.Browser{lead, reviewer} {
			b.Open(g.url + "/desk/waves/2015/releases")
			b.Fetch(http.MethodPost, g.url+"/desk/waves/2015/releases/"+r.ID+"/download", url.Values{"_tag": {tagOf(b)}})
			if b.Status != http.StatusOK || !strings.HasPrefix(b.Header.Get("Content-Type"), "text/csv") {
				g.t.Fatalf("download: %d %s", b.Status, b.Header.Get("Content-Type"))
			}
			files = append(files, b.Body)
		}
		entries, err := g.Store.Staff.Entries(g.t.Context(), 10)
		g.must(err)
		if !slices.ContainsFunc(entries, func(e staff.Entry) bool {
			return e.Action == "release.approve" && e.Actor == demoReviewer && e.Detail == r.SHA256
		}) {
			g.t.Errorf("the journal does not say who approved which file: %+v", entries)
		}
	}
	if len(files) != 2 || files[0] != files[1] {
		g.t.Fatalf("%d files, which are not the same", len(files))
	}
	g.onlyTexts(files[0])
}

// onlyTexts reads a file as a receiver would.
func (g *ground) onlyTexts(file string) {
	g.t.Helper()
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	g.must(err)
	if !slices.Equal(lines[0], []string{"language", "text", "synthetic"}) || len(lines) <= freetext.Least {
		g.t.Errorf("%d lines under %v", len(lines), lines[0])
	}
	for _, line := range lines[1:] {
		if line[0] != "de" || !strings.HasPrefix(line[1], "Gekürzt: ") || line[2] != "synthetic" {
			g.t.Errorf("a line says %v", line)
		}
	}
	for _, table := range storagetest.Dump(g.t, g.Store) {
		for _, id := range table.Column("id") {
			if s, ok := id.(string); ok && len(s) > 8 && strings.Contains(file, s) {
				g.t.Errorf("the file holds an id of %s", table.Name)
			}
		}
	}
}
