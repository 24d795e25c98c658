package main

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"

	"rondo/app/loadtest/respondent"
)

// Run answers the questionnaires behind the links of a file.
type Run struct {
	URL         string `required:"" help:"Where the service is; an address of this machine."`
	Links       string `required:"" type:"existingfile" help:"CSV as written by rondo links."`
	Concurrency int    `default:"32" help:"How many answer at the same time."`
	Database    string `help:"Database of the service: every acknowledgement is checked against it."`
	SecretFile  string `help:"Master secret of the service, to read answers with (default: beside the SQLite file)."`
}

// Outcome is what one run measured.
type Outcome struct {
	Completions, Errors int
	Seconds             float64
	Saves               []time.Duration // of each page save, sorted
	Acknowledged        []string        // the marks typed into completed questionnaires
	FirstError          error
}

// PerSecond is completions per second.
func (o Outcome) PerSecond() float64 { return float64(o.Completions) / o.Seconds }

// Percentile is the time within which a share p (0-1) of page saves came back.
func (o Outcome) Percentile(p float64) time.Duration {
	if len(o.Saves) == 0 {
		return 0
	}
	return o.Saves[min(len(o.Saves)-1, int(math.Ceil(p*float64(len(o.Saves))))-1)]
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

// load lets n people at a time answer the questionnaires behind the links.
func load(ctx context.Context, base string, links []string, n int) Outcome {
	work := make(chan string)
	var lock sync.Mutex
	var outcome Outcome
	var all sync.WaitGroup
	client := respondent.Client(n)
	began := time.Now()
	for i := range n {
		all.Go(func() {
			random := mathrand.New(mathrand.NewPCG(uint64(i), 7))
			for link := range work {
				mark := mark()
				var saves []time.Duration
				person := respondent.Respondent{
					Base: base, HTTP: client, Clock: time.Now,
					Fill:  respondent.Any(random, map[string]string{"e_comment": mark}),
					Saved: func(_ string, _ url.Values, took time.Duration) { saves = append(saves, took) },
				}
				_, err := person.Answer(ctx, link)
				lock.Lock()
				outcome.Saves = append(outcome.Saves, saves...)
				if err != nil {
					if outcome.Errors++; outcome.FirstError == nil {
						outcome.FirstError = err
					}
				} else {
					outcome.Completions++
					outcome.Acknowledged = append(outcome.Acknowledged, mark)
				}
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
	slices.Sort(outcome.Saves)
	return outcome
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
