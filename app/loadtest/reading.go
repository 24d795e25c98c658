package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"rondo/app/loadtest/respondent"
)

// spread is over how many pages of the questionnaire the readers are spread.
const spread = 8

// Reading is what the looking at pages measured: each look is one GET of a page with its draft.
type Reading struct {
	Looks   []time.Duration // sorted
	Seconds float64
}

// PerSecond is pages per second.
func (r Reading) PerSecond() float64 { return float64(len(r.Looks)) / r.Seconds }

// percentile is the time within which a share p (0-1) of sorted durations came to their end.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(math.Ceil(p*float64(len(sorted))))-1)]
}

// read lets one person behind each link look at a page again and again. They stand on different
// pages, with what they answered so far.
func read(ctx context.Context, base string, links []string, during time.Duration) (Reading, error) {
	client := respondent.Lean(len(links))
	people := make([]*respondent.Respondent, len(links))
	for i, link := range links {
		random := mathrand.New(mathrand.NewPCG(uint64(i), 11))
		people[i] = &respondent.Respondent{Base: base, HTTP: client, Clock: time.Now, Fill: respondent.Any(random, nil)}
		if err := people[i].Start(ctx, link); err != nil {
			return Reading{}, fmt.Errorf("start reading: %w", err)
		}
		for range i % spread {
			if err := people[i].Save(ctx); err != nil {
				return Reading{}, fmt.Errorf("go on to a page: %w", err)
			}
		}
	}
	var all sync.WaitGroup
	looks, errs := make([][]time.Duration, len(links)), make([]error, len(links))
	began := time.Now()
	for i, person := range people {
		all.Go(func() {
			for time.Since(began) < during && errs[i] == nil {
				var took time.Duration
				took, errs[i] = look(ctx, person)
				looks[i] = append(looks[i], took)
			}
		})
	}
	all.Wait()
	reading := Reading{Seconds: time.Since(began).Seconds(), Looks: slices.Concat(looks...)}
	slices.Sort(reading.Looks)
	return reading, errors.Join(errs...)
}

// look opens the page a person stands on once more.
func look(ctx context.Context, person *respondent.Respondent) (time.Duration, error) {
	began := time.Now()
	status, err := person.Look(ctx)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("a page answered %d", status)
	}
	return time.Since(began), err
}
