package main

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rondo/app/loadtest/respondent"
)

// Run answers the questionnaires behind the links of a file.
type Run struct {
	URL         string `required:"" help:"Where the service is; an address of this machine."`
	Links       string `required:"" type:"existingfile" help:"CSV as written by rondo links."`
	Concurrency int    `default:"32" help:"How many answer at the same time."`
	Database    string `env:"RONDO_DATABASE" help:"Database of the service: every acknowledgement is checked against it."`
	SecretFile  string `env:"RONDO_SECRET_FILE" help:"Master secret of the service, to read answers with (default: beside the SQLite file)."`
}

// Outcome is what one run measured.
type Outcome struct {
	Completions, Errors int
	Requests            int64
	Seconds             float64
	Saves               []time.Duration // of each page save, sorted
	Acknowledged        []string        // the marks typed into completed questionnaires
	FirstError          error
}

// PerSecond is completions per second.
func (o Outcome) PerSecond() float64 { return float64(o.Completions) / o.Seconds }

// Percentile is the time within which a share p (0-1) of page saves came back.
func (o Outcome) Percentile(p float64) time.Duration {
	return percentile(o.Saves, p)
}

// Run is the command.
func (r Run) Run(ctx context.Context) error {
	if err := local(r.URL); err != nil {
		return err
	}
	links, err := readLinks(r.Links)
	if err != nil {
		return err
	}
	outcome := load(ctx, r.URL, links, r.Concurrency)
	outcome.print()
	if r.Database != "" {
		if err := check(ctx, r.Database, r.SecretFile, outcome); err != nil {
			return err
		}
	}
	if outcome.Errors > 0 {
		return fmt.Errorf("%d of %d did not finish; the first: %w", outcome.Errors, len(links), outcome.FirstError)
	}
	return nil
}

func (o Outcome) print() {
	fmt.Printf("completions/s  %.1f  (%d in %.1f s)\n", o.PerSecond(), o.Completions, o.Seconds)
	fmt.Printf("page save      p50 %v  p95 %v  p99 %v  (%d saves)\n", round(o.Percentile(.5)), round(o.Percentile(.95)), round(o.Percentile(.99)), len(o.Saves))
	fmt.Printf("errors         %d\n", o.Errors)
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// errUsed is the error of a link whose questionnaire was submitted before.
var errUsed = errors.New("the link was answered before")

// load lets n people at a time answer the questionnaires behind the links.
func load(ctx context.Context, base string, links []string, n int) Outcome {
	work := make(chan string)
	var lock sync.Mutex
	var outcome Outcome
	var all sync.WaitGroup
	client := respondent.Lean(n)
	counter := &counting{next: client.Transport}
	client.Transport = counter
	began := time.Now()
	for i := range n {
		all.Go(func() {
			random := mathrand.New(mathrand.NewPCG(uint64(i), 7))
			for link := range work {
				one := answer(ctx, client, random, base, link)
				lock.Lock()
				outcome.add(one)
				lock.Unlock()
			}
		})
	}
	for _, link := range links {
		work <- link
	}
	close(work)
	all.Wait()
	outcome.Seconds = time.Since(began).Seconds()
	outcome.Requests = counter.n.Load()
	slices.Sort(outcome.Saves)
	return outcome
}

// answered is one questionnaire.
type answered struct {
	mark      string // typed into it
	saves     []time.Duration
	submitted bool // and acknowledged
	err       error
}

// answer answers one questionnaire.
func answer(ctx context.Context, client *http.Client, random *mathrand.Rand, base, link string) answered {
	one := answered{mark: mark()}
	person := respondent.Respondent{
		Base: base, HTTP: client, Clock: time.Now,
		Fill:      respondent.Any(random, map[string]string{typedInto: one.mark}),
		Saved:     func(_ string, _ url.Values, took time.Duration) { one.saves = append(one.saves, took) },
		Submitted: func() { one.submitted = true },
	}
	if _, one.err = person.Answer(ctx, link); one.err == nil && !one.submitted {
		one.err = errUsed
	}
	return one
}

// add counts one questionnaire.
func (o *Outcome) add(one answered) {
	o.Saves = append(o.Saves, one.saves...)
	if one.submitted {
		o.Acknowledged = append(o.Acknowledged, one.mark)
	}
	if one.err == nil {
		o.Completions++
	} else if o.Errors++; o.FirstError == nil {
		o.FirstError = one.err
	}
}

// counting counts the requests that pass through it.
type counting struct {
	next http.RoundTripper
	n    atomic.Int64
}

// RoundTrip passes a request on.
func (c *counting) RoundTrip(request *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.next.RoundTrip(request)
}

// mark is a text that nobody else types.
func mark() string {
	b := make([]byte, 12)
	rand.Read(b) // never fails (crypto/rand since Go 1.24)
	return "mark-" + hex.EncodeToString(b)
}

// local refuses any address that is not on this machine: a load test has no business elsewhere.
func local(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	if host := u.Hostname(); host != "localhost" {
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("--url: %s is not on this machine", host)
		}
	}
	return nil
}

// readLinks reads the employers' URLs of a file written by `rondo links`.
func readLinks(name string) ([]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"participant", "population", "office", "language", "url"}) {
		return nil, fmt.Errorf("%s is not a list of links as rondo links writes it", name)
	}
	var links []string
	for _, row := range rows[1:] {
		if row[1] == "employer" {
			links = append(links, row[4])
		}
	}
	return links, nil
}
