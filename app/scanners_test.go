package main

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/valyala/fasthttp"

	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// TestScannersThatOpenAndSubmitEveryLinkChangeNothing is F-28: of a whole wave every link in every
// message is fetched and posted by three robots at once; then people answer as if nothing had been.
func TestScannersThatOpenAndSubmitEveryLinkChangeNothing(t *testing.T) {
	for dialect, each := range scannedOf {
		t.Run(dialect, func(t *testing.T) {
			const offices = 20
			g := fieldOn(t, storagetest.Open(t, dialect), offices, each)
			mails := g.mailed()
			if len(mails) != offices*each {
				t.Fatalf("%d messages were sent, want %d", len(mails), offices*each)
			}
			g.belongs(mails)
			before := tablesOf(t, g.Store)
			began := time.Now()
			g.scan(mails)
			t.Logf("%d links, %d requests in %v", 2*len(mails), requestsOfScan*len(mails), time.Since(began).Round(time.Second))
			sameTables(t, g.Store, before, "three robots opening and submitting every link")

			r := rand.New(rand.NewPCG(28, 28))
			for _, one := range g.people[:20] {
				person := g.person(g.answers(r, ""))
				g.toReview(person, g.url+"/r/"+g.token(one))
				g.must(person.Submit(t.Context()))
				if !person.Done() {
					t.Errorf("%s cannot finish", one.Code)
				}
			}
			if n := len(g.responses(t.Context())); n != 20 {
				t.Errorf("%d responses of 20 people", n)
			}
		})
	}
}

// scanned is a message as a scanner sees it.
type scanned struct{ to, answer, stop string }

// mailed are the messages in the folder.
func (g *ground) mailed() (all []scanned) {
	g.t.Helper()
	files, err := filepath.Glob(filepath.Join(g.Config.MailFolder, "*.eml"))
	g.must(err)
	link := regexp.MustCompile(regexp.QuoteMeta(g.url) + `/([ru])/[0-9a-z]+`)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		g.must(err)
		entity, err := message.Read(bufio.NewReader(bytes.NewReader(raw)))
		g.must(err)
		part, err := entity.MultipartReader().NextPart()
		g.must(err)
		text, err := io.ReadAll(part.Body)
		g.must(err)
		m := scanned{to: entity.Header.Get("To")}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			place := map[string]*string{"r": &m.answer, "u": &m.stop}[found[1]]
			if *place != "" {
				g.t.Errorf("%s holds a second link of the kind %s", m.to, found[1])
			}
			*place = found[0]
		}
		all = append(all, m)
	}
	return all
}

// belongs holds each message against the participant to whose address it went.
func (g *ground) belongs(mails []scanned) {
	g.t.Helper()
	people := map[string]string{}
	for _, one := range g.people {
		people["<"+one.Email+">"] = string(one.TokenHash)
	}
	for _, m := range mails {
		token := m.answer[max(0, len(m.answer)-32):]
		if hash, is := people[m.to]; !is || hash != string(keys.HashToken(token)) || m.stop == "" {
			g.t.Errorf("%s: links %q and %q are not the ones of this address", m.to, m.answer, m.stop)
		}
		delete(people, m.to)
	}
	if len(people) != 0 {
		g.t.Errorf("%d have no message", len(people))
	}
}

// requestsOfScan is how often a message's links are asked for.
const requestsOfScan = 3 * (3 + 3)

// scan lets three robots fetch and post both links of every message: what a page's form holds when
// nobody has filled it in, and an empty one.
func (g *ground) scan(mails []scanned) {
	g.t.Helper()
	var all sync.WaitGroup
	client := &fasthttp.Client{MaxConnsPerHost: 64}
	for robot := range 3 {
		work := make(chan scanned)
		for range 4 {
			all.Go(func() {
				for m := range work {
					g.fetch(client, m.answer, 200, 303)
					g.fetch(client, m.stop, 200, 422)
				}
			})
		}
		all.Go(func() {
			defer close(work)
			for i := range mails {
				work <- mails[(i+robot*len(mails)/3)%len(mails)]
			}
		})
	}
	all.Wait()
}

func (g *ground) fetch(client *fasthttp.Client, link string, read, posted int) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	for method, want := range map[string]int{"HEAD": read, "GET": read, "POST": posted} {
		request.Reset()
		response.Reset()
		request.SetRequestURI(link)
		request.Header.SetMethod(method)
		if method == "POST" {
			request.Header.SetContentType("application/x-www-form-urlencoded")
			request.SetBodyString("sure=")
		}
		if err := client.Do(request, response); err != nil || response.StatusCode() != want {
			g.t.Errorf("%s of a link answers %d, want %d (%v)", method, response.StatusCode(), want, err)
			return
		}
	}
}
