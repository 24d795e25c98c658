package main

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rondo/app/auth"
	"rondo/app/wave"
	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// audiences are the words the table of URLs may say: anyone, the two kinds of link, the acts of staff.
var audiences = []string{
	"anyone", "link", "office", "head",
	string(auth.SeeWaves), string(auth.SeeFieldwork), string(auth.RunWave), string(auth.Invite), string(auth.Send), string(auth.SeeDiscussions), string(auth.Record),
	string(auth.SeeVersions), string(auth.Author), string(auth.SeeCorrections), string(auth.CorrectAnswers), string(auth.SeeReleases), string(auth.BuildRelease), string(auth.ApproveRelease), string(auth.DownloadRelease), string(auth.SeeJournal), string(auth.ManageStaff),
}

// table is the table of URLs.
func (g *ground) table() []URL {
	g.t.Helper()
	r, _, err := g.rooms()
	g.must(err)
	return r.table()
}

func TestEveryURLHasOneAudience(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := serveStore(t, s)
		rows := map[string]int{}
		for _, u := range g.table() {
			rows[u.Method+" "+u.Path]++
			if !slices.Contains(audiences, u.Who) {
				t.Errorf("%s %s is for %q, which is no audience", u.Method, u.Path, u.Who)
			}
			if u.Method != http.MethodGet || u.Who == "anyone" {
				continue
			}
			// A stranger sees no page behind any other audience.
			b := webtest.NewBrowser(t).Fetch(http.MethodGet, g.url+regexp.MustCompile(`:\w+`).ReplaceAllString(u.Path, "x"), nil)
			if b.Status == http.StatusOK || b.Status >= 500 {
				t.Errorf("GET %s (%s) answers a stranger %d", u.Path, u.Who, b.Status)
			}
		}
		for row, n := range rows {
			if n != 1 {
				t.Errorf("%s stands %d times in the table", row, n)
			}
		}
		app, err := g.app()
		g.must(err)
		for _, route := range app.GetRoutes(true) {
			method := strings.Replace(route.Method, http.MethodHead, http.MethodGet, 1)
			if rows[method+" "+route.Path] == 0 && route.Path != "/assets/*" {
				t.Errorf("%s %s is served but not in the table", route.Method, route.Path)
			}
		}
	})
}

// crawler is one visitor who opens every page they can find.
type crawler struct {
	*webtest.Browser
	g       *ground
	who     string
	seen    map[string]bool
	todo    []string
	reached map[string]bool // patterns of the table that answered 200 to anybody
	pages   int
}

var linkWords = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)

// find notes a page to be opened, once.
func (c *crawler) find(address string) {
	to, err := url.Parse(address)
	if err != nil || to.Host != "" && "http://"+to.Host != c.g.url || to.Scheme != "" && to.Scheme != "http" || to.Path == "" {
		return
	}
	path := to.Path
	if to.RawQuery != "" && !strings.Contains(path, "/answer/e") && !strings.Contains(path, "/desk/waves") {
		path += "?" + to.RawQuery // languages and the like, but not for every page again
	}
	if !c.seen[path] && strings.HasPrefix(path, "/") {
		c.seen[path] = true
		c.todo = append(c.todo, path)
	}
}

// crawl opens everything, by GET and by HEAD, until nothing new is found.
func (c *crawler) crawl(patterns []URL) {
	for len(c.todo) > 0 {
		path := c.todo[0]
		c.todo = c.todo[1:]
		c.Fetch(http.MethodHead, c.g.url+path, nil)
		head, length := c.Status, len(c.Body)
		c.Fetch(http.MethodGet, c.g.url+path, nil)
		if head != c.Status || length != 0 {
			c.g.t.Errorf("%s: HEAD %s answers %d with %d bytes, GET %d", c.who, path, head, length, c.Status)
		}
		if c.Status >= 500 && path != "/readyz" {
			c.g.t.Errorf("%s: GET %s answers %d", c.who, path, c.Status)
		}
		c.strict(path)
		if c.Status == http.StatusOK {
			c.pages++
			bare, _, _ := strings.Cut(path, "?")
			for _, u := range patterns {
				if u.Method == http.MethodGet && fits(u.Path, bare) {
					c.reached[u.Path] = true
					break
				}
			}
		}
		if to := c.Header.Get("Location"); to != "" {
			c.find(to)
		}
		for _, found := range linkWords.FindAllStringSubmatch(c.Body, -1) {
			c.find(html.UnescapeString(found[1]))
		}
	}
}

// inlined is what the content policy forbids: a browser would ignore it, and the page would be broken.
var inlined = regexp.MustCompile(`(?i)<style|<script(?:\s+[^>]*)?>\s*[^<\s]|<[a-z][^>]*\s(?:style|on[a-z]+)=|javascript:|<base\b`)

// strict says where an answer allows more than it must, or holds a script or a style of its own.
func (c *crawler) strict(path string) {
	policy := c.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !slices.Contains(strings.Split(policy, "; "), part) {
			c.g.t.Errorf("%s: GET %s has the content policy %q, without %s", c.who, path, policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
		c.g.t.Errorf("%s: GET %s has the content policy %q", c.who, path, policy)
	}
	if found := inlined.FindString(c.Body); found != "" && strings.HasPrefix(c.Header.Get("Content-Type"), "text/html") {
		c.g.t.Errorf("%s: GET %s holds %q", c.who, path, found)
	}
}

// fits says whether a path is one of a pattern.
func fits(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], ":") {
			return false
		}
	}
	return true
}

// fill gives the paths of a pattern, with each parameter replaced by each of its values.
func fill(pattern string, values map[string][]string) []string {
	begin := strings.Index(pattern, ":")
	if begin < 0 {
		return []string{pattern}
	}
	name, rest, _ := strings.Cut(pattern[begin+1:], "/")
	if strings.Contains(pattern[begin+1:], "/") {
		rest = "/" + rest
	}
	var paths []string
	for _, value := range values[name] {
		paths = append(paths, fill(pattern[:begin]+value+rest, values)...)
	}
	return paths
}

// filled is the service with the waves of the demo and its staff.
func filled(t *testing.T, s *storage.Store) (*ground, *demo) {
	t.Helper()
	g := serveStore(t, s)
	d := &demo{House: g.House, streams: Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}}
	g.must(d.fill(t.Context()))
	return g, d
}

// visitors are everybody who could look at pages, already let in.
func (g *ground) visitors(d *demo) map[string]*webtest.Browser {
	g.t.Helper()
	all := map[string]*webtest.Browser{"anonymous": webtest.NewBrowser(g.t)}
	for name, link := range map[string]string{"employer": d.links[0], "office": d.links[1], "employer who is done": g.done("employer"), "office that is done": g.done("office")} {
		all[name] = webtest.NewBrowser(g.t).Fetch(http.MethodPost, link, url.Values{})
	}
	for _, email := range []string{demoLead, demoReviewer} {
		b := webtest.NewBrowser(g.t).Open(g.url + "/desk/sign-in")
		b.Form("main form").Fill("email", email).Fill("password", d.password).Submit()
		if b.Status != http.StatusOK || b.URL.Path != "/desk" {
			g.t.Fatalf("sign in as %s: %d at %s", email, b.Status, b.URL.Path)
		}
		all[email] = b
	}
	return all
}

// done is the link of somebody in the wave 2026 who has submitted.
func (g *ground) done(population string) string {
	g.t.Helper()
	done, err := g.Waves.Done(g.t.Context(), g.wave().ID, population)
	g.must(err)
	all, err := g.Store.Identity.Participants(g.t.Context(), g.wave().ID, population)
	g.must(err)
	for _, one := range all {
		if done[one.ID] {
			return g.url + "/r/" + g.token(one)
		}
	}
	g.t.Fatalf("nobody of %s is done", population)
	return ""
}

// parameters are values for what stands with a colon in the table.
func (g *ground) parameters(d *demo) map[string][]string {
	g.t.Helper()
	ctx := g.t.Context()
	welcome, err := auth.NewLink(ctx, auth.Kept(g.Store.Staff), "new@demo.example", auth.Analyst)
	g.must(err)
	_, token, _ := strings.Cut(d.links[0], "/r/")
	_, office, _ := strings.Cut(d.links[1], "/r/")
	_, done, _ := strings.Cut(g.done("employer"), "/r/")
	values := map[string][]string{
		"token": {token, office, done, welcome, g.offices()[0].ID + g.Store.Secret.Stop(g.offices()[0].ID), "unknown"},
		"label": {"2015", "2026", "2099"}, "population": {"office", "employer", "discussion"}, "page": {"e1", "e5", "o1", "o9", "nowhere"},
		"step": {"open", "close", "freeze"}, "kind": {"invitation", "reminder", "last_call", "thanks", "results"}, "lang": {"de", "it", "rm"}, "code": {"ZH"}, "id": {"unknown"},
		"variable": {"o_role", "o_role_other", "nothing"}, "key": {"employer"}, "version": {"2", "9"}, "draft": {"3", "9"},
	}
	values["question"], values["text"] = []string{"e_comment", "e_size"}, append(g.takeTexts(), "unknown")
	g.propose()
	g.nominate(office)
	_, err = g.Waves.NextVersion(ctx, "employer/2", demoLead)
	g.must(err)
	accounts, err := g.Store.Staff.Accounts(ctx)
	g.must(err)
	for _, a := range accounts {
		values["id"] = append(values["id"], a.ID)
	}
	for _, table := range storagetest.Dump(g.t, g.Store) {
		for _, row := range table.Rows {
			if table.Name == "releases" {
				values["id"] = append(values["id"], row[0].(string))
			}
		}
	}
	return values
}

// nominate lets the office behind a link propose an employer that nobody has decided about.
func (g *ground) nominate(token string) {
	g.t.Helper()
	o, err := g.Store.Identity.HolderByToken(g.t.Context(), keys.HashToken(token))
	g.must(err)
	g.must(g.Store.Identity.AddNominations(g.t.Context(), []identity.Nomination{{WaveID: o.Wave.ID, OfficeID: o.ID, Name: "Noch offen AG", Email: "offen@firma.example.ch", Language: "de"}}))
}

// takeTexts takes out the texts of the employers of 2015 and gives one that is to be redacted and one that waits for a second reader.
func (g *ground) takeTexts() []string {
	g.t.Helper()
	ctx := g.t.Context()
	g.must(g.Waves.BeginTexts(ctx, "2015"))
	texts, err := g.Waves.FreeTexts(ctx, "2015", "e_comment")
	g.must(err)
	if len(texts) < 2 {
		g.t.Fatalf("the demo has %d comments", len(texts))
	}
	_, err = g.Waves.StepText(ctx, "2015", "e_comment", texts[0].ID, texts[0].Revision, wave.TextStep{Do: "redact", By: demoLead, Text: "Kurz gefasst.", Language: "de"})
	g.must(err)
	return []string{texts[0].ID, texts[1].ID}
}

// propose puts a bundle into the ledger that waits for a second person.
func (g *ground) propose() {
	g.t.Helper()
	w, err := g.Waves.ByLabel(g.t.Context(), "2015")
	g.must(err)
	frozen, err := g.Store.Answers.Snapshot(g.t.Context(), w.ID, "employer")
	g.must(err)
	_, err = g.Store.Staff.AddRelease(g.t.Context(), staff.Release{
		WaveID: w.ID, Population: "employer", Profile: "public", SnapshotID: frozen.ID, ProposedBy: demoLead, FileName: "public.zip", Again: "for the crawl",
	}, strings.NewReader("a bundle"))
	g.must(err)
}

func TestReadingEveryPageChangesNoTable(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			g, d := filled(t, storagetest.Open(t, dialect))
			clerk, head := g.headed()
			table, values, reached := g.table(), g.parameters(d), map[string]bool{}
			g.corrected(values)
			values["label"], values["token"] = append(values["label"], "2030"), append(values["token"], path.Base(clerk), path.Base(head))
			visitors := g.visitors(d)
			for who, link := range map[string]string{"clerk whose head releases": clerk, "head of an office": head} {
				visitors[who] = webtest.NewBrowser(t).Fetch(http.MethodPost, link, url.Values{})
			}
			before := tablesOf(t, g.Store)
			for who, b := range visitors {
				c := &crawler{Browser: b, g: g, who: who, seen: map[string]bool{}, reached: reached}
				for _, u := range table {
					for _, path := range fill(u.Path, values) {
						c.find(path)
					}
				}
				c.crawl(table)
				t.Logf("%s: %d addresses, %d pages", who, len(c.seen), c.pages)
				if c.pages < 10 {
					t.Errorf("%s has seen %d pages: the crawl went nowhere", who, c.pages)
				}
			}
			sameTables(t, g.Store, before, "reading every page")
			for _, u := range table {
				if u.Method == http.MethodGet && !reached[u.Path] && !slices.Contains(redirects, u.Path) {
					t.Errorf("nobody has seen a page of %s", u.Path)
				}
			}
			g.robots(d, before, clerk, head)
		})
	}
}

// redirects are the addresses that only lead on.
var redirects = []string{"/answer"}

// robots press the first button behind each link, as programs that check mails do, a hundred
// times from several sides: nothing changes, and the person still gets in.
func (g *ground) robots(d *demo, before map[string]string, more ...string) {
	g.t.Helper()
	links := append([]string{d.links[0], d.links[1], g.done("employer")}, more...)
	atOnce(func(i int) {
		for n := range 5 {
			link := links[(i+n)%len(links)]
			b := webtest.NewBrowser(g.t).Fetch(http.MethodHead, link, nil)
			b.Fetch(http.MethodGet, link, nil)
			if b.Has("main form") {
				b.Form("main form").Send()
			} else {
				b.Fetch(http.MethodPost, link, url.Values{})
			}
			if b.Status >= 400 {
				g.t.Errorf("a robot's POST answers %d", b.Status)
			}
		}
	})
	sameTables(g.t, g.Store, before, "a hundred robots pressing the first button")
	b := webtest.NewBrowser(g.t).Fetch(http.MethodPost, d.links[0], url.Values{})
	if b.Open("/answer"); b.Status != http.StatusOK || !b.Has("form#answers") {
		g.t.Errorf("after the robots the person is shown %d %s", b.Status, b.Text("h1"))
	}
}
