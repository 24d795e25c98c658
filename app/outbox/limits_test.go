package outbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/app/web/webtest"
	"rondo/storage/identity"
)

func TestADomainGetsTwoMessagesAtOnceWhileOthersGetTheirs(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		for i := range 16 {
			s.employers = append(s.employers, s.add(t, identity.Participant{Population: "employer", Code: fmt.Sprint(i), Name: "F", Language: "de",
				Email: fmt.Sprintf("e%d@%s.example.ch", i, []string{"big", "big", "big", "small"}[i%4]), OfficeID: s.office.ID}))
		}
		var lock sync.Mutex
		now, most := map[string]int{}, map[string]int{}
		met := make(chan struct{})
		meet := sync.OnceFunc(func() { close(met) })
		count := func(domain string, n int) {
			lock.Lock()
			defer lock.Unlock()
			for _, name := range []string{domain, "all"} {
				now[name] += n
				most[name] = max(most[name], now[name])
			}
			if most["big.example.ch"] >= 2 && most["all"] >= 3 {
				meet()
			}
		}
		box := webtest.SMTP(t)
		box.Answer = func(l webtest.Letter) error {
			_, domain, _ := strings.Cut(l.To[0], "@")
			count(domain, 1)
			select { // the server takes its time, so that sessions meet
			case <-met:
				time.Sleep(50 * time.Millisecond)
			case <-time.After(20 * time.Second):
			}
			count(domain, -1)
			return nil
		}
		relay, err := mail.NewRelay("smtp://"+box.Addr, "")
		if err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "invitation", 16)
		w := s.worker(relay)
		w.Parallel = 6
		run(t, []*Worker{w}, func() bool { return s.states(t, "invitation")["sent"] == 16 })
		if most["big.example.ch"] != 2 || most["small.example.ch"] > 2 || most["all"] < 3 {
			t.Errorf("messages at once: %v", most)
		}
	})
}

// What waits for another try counts its tries, not the times it was put back.
func TestEachTryWaitsLongerAndPuttingBackIsNone(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		_, relay := startSink(t)
		s.employers = append(s.employers, s.add(t, identity.Participant{Population: "employer", Code: "G", Name: "G", Email: "grey@firma.example.ch", Language: "de", OfficeID: s.office.ID}))
		s.queue(t, "employer", "invitation", 1)
		offset := time.Duration(0)
		message := func() identity.Message {
			all, err := s.Identity.Messages(ctx, s.wave.ID)
			if err != nil || len(all) != 1 {
				t.Fatalf("%d messages, %v", len(all), err)
			}
			return all[0]
		}
		for n, want := range []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour} {
			if err := s.Identity.SetMailPaused(ctx, s.wave.ID, true); err != nil {
				t.Fatal(err)
			}
			if err := s.Identity.SetMailPaused(ctx, s.wave.ID, false); err != nil {
				t.Fatal(err)
			}
			for range 3 { // claimed and left behind: a try is none
				if _, err := s.Identity.ClaimMessages(ctx, "dead", 1, time.Second); err != nil {
					t.Fatal(err)
				}
				offset += 2 * time.Second
				s.DB.SetOffset(offset)
				if _, _, err := s.Identity.ReapLeases(ctx); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := s.DB.Now(ctx)
			run(t, []*Worker{s.worker(relay)}, func() bool { return message().Attempts == n+1 })
			m := message()
			if wait := m.DueAt.Sub(before); m.State != "retry" || wait < want-time.Second || wait > want+30*time.Second {
				t.Fatalf("after try %d it waits %v in state %s, want %v", n+1, wait, m.State, want)
			}
			offset += m.DueAt.Sub(before) + time.Second
			s.DB.SetOffset(offset)
		}
	})
}

func TestMessagesThatWaitedLongAskBeforeTheyGo(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 3)
		stale := func(want ...string) {
			t.Helper()
			if got, err := s.Identity.PauseStaleMail(ctx, Stale); err != nil || !slices.Equal(got, want) {
				t.Errorf("PauseStaleMail = %v, %v, want %v", got, err, want)
			}
		}
		stale() // nothing waits
		s.queue(t, "employer", "invitation", 3)
		stale() // it was queued just now
		if _, err := s.Identity.ClaimMessages(ctx, "another instance", 1, 3*time.Hour); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(2 * time.Hour)
		stale() // somebody is at work on it
		s.DB.SetOffset(4 * time.Hour)
		stale("2026")
		stale() // it is paused already
		if claimed, err := s.Identity.ClaimMessages(ctx, "w", 9, lease); err != nil || len(claimed) > 0 {
			t.Errorf("%d messages go although nobody was asked, %v", len(claimed), err)
		}
		if err := s.Identity.SetMailPaused(ctx, s.wave.ID, false); err != nil {
			t.Fatal(err)
		}
		stale() // a person has decided, and it is not asked again at the next start
		s.DB.SetOffset(48 * time.Hour)
		stale() // what waited longer than it may is not sent at all
	})
}

// A round learns at once who has answered; what waits long for its turn is asked about anew.
func TestNobodyIsRemindedOnKnowledgeOlderThanASecond(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 8)
		var reminding, answered atomic.Bool
		box := webtest.SMTP(t)
		box.Answer = func(webtest.Letter) error {
			if !reminding.Load() {
				return nil
			}
			answered.Store(true)
			time.Sleep(400 * time.Millisecond) // a slow relay
			return nil
		}
		relay, err := mail.NewRelay("smtp://"+box.Addr, "")
		if err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "invitation", 8)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		reminding.Store(true)
		s.queue(t, "employer", "reminder", 8)
		w := s.worker(relay)
		w.Parallel = 1
		w.Done = func(_ context.Context, _ identity.Population, among []identity.Participant) (map[string]bool, error) {
			done := map[string]bool{}
			for _, p := range among {
				done[p.ID] = answered.Load() // everybody answers while the first message is on its way
			}
			return done, nil
		}
		run(t, []*Worker{w}, func() bool { return s.idleNow(t) })
		got := s.states(t, "reminder")
		if got["sent"] < 1 || got["sent"] > 4 || got["sent"]+got["cancelled"] != 8 {
			t.Errorf("states %v: within a second at most four fit", got)
		}
	})
}
