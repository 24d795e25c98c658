package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"rondo/app/loadtest/respondent"
	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/app/web/webtest"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// TestWhoSubmitsDuringAReminderRunIsNotReminded lets people submit while reminders go out. What the
// worker asks about somebody, it asks after the claim: whoever was told "thank you" before that must
// get nothing.
func TestWhoSubmitsDuringAReminderRunIsNotReminded(t *testing.T) {
	const offices, each = 4, 30
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			g := fieldOn(t, storagetest.Open(t, dialect), offices, each)
			r := rand.New(rand.NewPCG(16, 16))
			waiting := map[string]*respondent.Respondent{}
			for i, one := range g.people {
				if i%3 > 0 {
					waiting[one.ID] = g.person(g.answers(r, ""))
					g.toReview(waiting[one.ID], g.url+"/r/"+g.token(one))
				}
			}
			box := webtest.SMTP(t)
			relay, err := mail.NewRelay("smtp://"+box.Addr, "")
			g.must(err)
			added, _, err := g.queue(t.Context(), g.wave(), "employer", "reminder")
			if err != nil || added != len(g.people) {
				t.Fatalf("%d reminders are queued, %v", added, err)
			}

			var lock sync.Mutex
			thanked, asked := map[string]time.Time{}, map[string]time.Time{}
			worker := &outbox.Worker{Outbox: g.Outbox, Transport: relay, Rate: 60, PerDomain: 4, Log: g.Log,
				Done: func(ctx context.Context, p identity.Population, among []identity.Participant) (map[string]bool, error) {
					lock.Lock()
					for _, one := range among {
						asked[one.ID] = time.Now()
					}
					lock.Unlock()
					return g.Waves.DoneAmong(ctx, p, among)
				}}
			ctx, stop := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() { _ = worker.Run(ctx) })
			for id, person := range waiting {
				if err := person.Submit(t.Context()); err != nil {
					t.Error(err)
				}
				lock.Lock()
				thanked[id] = time.Now()
				lock.Unlock()
				time.Sleep(10 * time.Millisecond) // so that the run is not over before everybody has
			}
			eventually(t, "every reminder has come to its end", func() bool {
				pending, _, err := g.Outbox.Pending(t.Context(), g.wave().ID)
				return err == nil && pending == 0
			})
			stop()
			all.Wait()

			before, after := g.reminded(box, thanked, asked)
			t.Logf("%d had submitted before their reminder was claimed, %d submitted later", before, after)
			if before < 10 || after < 3 {
				t.Error("too few met their reminder for this test to say anything")
			}
		})
	}
}

// reminded holds the mailbox against when each participant was thanked, and when the worker asked
// about them; it gives how many were thanked before and after.
func (g *ground) reminded(box *webtest.Mailbox, thanked, asked map[string]time.Time) (before, after int) {
	g.t.Helper()
	got := map[string]int{}
	for _, l := range box.Letters() {
		got[l.To[0]]++
	}
	for _, one := range g.people {
		thanks, done := thanked[one.ID]
		switch {
		case got[one.Email] > 1:
			g.t.Errorf("%s got %d reminders", one.Code, got[one.Email])
		case !done && got[one.Email] != 1:
			g.t.Errorf("%s has not answered and got %d reminders", one.Code, got[one.Email])
		case done && thanks.Before(asked[one.ID]):
			before++
			if got[one.Email] > 0 {
				g.t.Errorf("%s was thanked %v before the worker asked, and reminded all the same", one.Code, asked[one.ID].Sub(thanks))
			}
		case done:
			after++
		}
	}
	return before, after
}
