package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// atMidnight gives every entry of both populations the first hour of its day, so that nothing
// depends on the hour at which the test runs.
func (s *scene) atMidnight(t *testing.T, automatic bool) {
	t.Helper()
	for _, population := range Scheduled {
		entries := defaultSchedule(s.wave.ID, population)
		for i := range entries {
			entries[i].Automatic, entries[i].Hour = automatic, 0
		}
		if problems, err := s.SetSchedule(context.Background(), s.wave.ID, population, entries); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
	}
}

// automatic makes every entry of both populations automatic.
func (s *scene) automatic(t *testing.T) {
	t.Helper()
	s.atMidnight(t, true)
}

// scheduler notes in words what it queued.
func (s *scene) scheduler(noted *[]string) *Scheduler {
	var mutex sync.Mutex
	return &Scheduler{
		Outbox: s.Outbox, Log: slog.New(slog.DiscardHandler),
		Ready: func(context.Context, string, string) error { return nil },
		Note: func(_ context.Context, w identity.Wave, plan Plan, number, added int) error {
			mutex.Lock()
			defer mutex.Unlock()
			told, _ := Told(plan.Population, plan.Kind, added)
			*noted = append(*noted, fmt.Sprintf("%s %s %s %d: %d", w.Label, plan.Population, plan.Kind, number, told))
			return nil
		},
	}
}

// passed sets the clock to so long after the window opened.
func (s *scene) passed(t *testing.T, d time.Duration) {
	t.Helper()
	pop, err := s.Identity.Population(context.Background(), s.wave.ID, "employer")
	if err != nil {
		t.Fatal(err)
	}
	s.DB.SetOffset(0)
	now, err := s.DB.Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s.DB.SetOffset(pop.Opens.Add(d).Sub(now))
}

func look(t *testing.T, schedulers ...*Scheduler) {
	t.Helper()
	for _, s := range schedulers {
		if err := s.Look(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

const day = 24 * time.Hour

func TestAWaveRunsByItselfFromInvitationToThanks(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 6)
		_, relay := startSink(t)
		s.automatic(t)
		var noted []string
		sched := s.scheduler(&noted)
		step := func(want ...string) {
			t.Helper()
			noted = nil
			look(t, sched, sched)
			if diff := cmp.Diff(want, noted); diff != "" {
				t.Errorf("queued (-want +got):\n%s", diff)
			}
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		}
		step("2026 office invitation 0: 1", "2026 employer invitation 0: 6")
		s.passed(t, 5*day)
		step()
		s.passed(t, 8*day)
		step("2026 office reminder 1: 1", "2026 employer reminder 1: 5")
		s.passed(t, 15*day)
		step("2026 office reminder 2: 1", "2026 employer reminder 2: 5")
		s.passed(t, 28*day)
		step("2026 office reminder 100: 1", "2026 employer reminder 100: 5")
		s.passed(t, 32*day)
		step() // the window is over, but not closed yet
		for _, population := range Scheduled {
			if err := s.Identity.SetPopulationState(ctx, s.wave.ID, population, "open", "closed"); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Identity.MarkDone(ctx, s.wave.ID, "employer", []string{s.employers[0].ID, s.employers[3].ID}); err != nil {
			t.Fatal(err)
		}
		step("2026 employer thanks 0: 0")
		if got := s.states(t, "thanks"); got["sent"] != 2 || len(got) != 1 {
			t.Errorf("thanks %v", got)
		}
		for _, states := range []string{"closed", "released"} {
			from := map[string]string{"closed": "running", "released": "closed"}[states]
			if err := s.Identity.SetWaveState(ctx, s.wave.ID, from, states); err != nil {
				t.Fatal(err)
			}
		}
		step("2026 employer results 0: 0")
	})
}

func TestTheLastCallHasItsOwnWords(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.passed(t, 28*day)
		s.queue(t, "employer", "reminder", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.all()
		if len(got) != 2 || !strings.Contains(got[1].body, "Subject: Letzte Gelegenheit: ") || !strings.Contains(got[1].text(t), "letzte Erinnerung") {
			t.Errorf("%d messages, the last:\n%s", len(got), got[len(got)-1].body)
		}
	})
}

func TestNoRowIsWrittenWhereNothingIsDue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		o := &Outbox{DB: store.DB, Identity: store.Identity, Secret: store.Secret}
		s := newScene(t, o, 3)
		var noted []string
		sched := s.scheduler(&noted)
		still := func(why string) {
			t.Helper()
			before := storagetest.Dump(t, store)
			look(t, sched, sched)
			if diff := cmp.Diff(before, storagetest.Dump(t, store)); diff != "" {
				t.Errorf("%s: looking wrote\n%s", why, diff)
			}
		}
		still("no schedule is kept")
		s.automatic(t)
		if err := s.Identity.SetMailPaused(context.Background(), s.wave.ID, true); err != nil {
			t.Fatal(err)
		}
		still("the wave is paused")
		if err := s.Identity.SetMailPaused(context.Background(), s.wave.ID, false); err != nil {
			t.Fatal(err)
		}
		look(t, sched)
		still("everybody has theirs")
		if err := s.Identity.Suppress(context.Background(), EmailHash(o.Secret, "late@firma.example.ch"), "stopped"); err != nil {
			t.Fatal(err)
		}
		s.add(t, identity.Participant{Population: "employer", Code: "late", Name: "Late", Email: "late@firma.example.ch", Language: "de"})
		still("the only one left wants no messages")
		if len(noted) != 2 {
			t.Errorf("queued %v", noted)
		}
	})
}

func TestManySchedulersQueueEachMessageOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 20)
		s.automatic(t)
		var noted []string
		var all sync.WaitGroup
		for range 4 {
			sched := s.scheduler(&noted)
			all.Go(func() {
				if err := sched.Look(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := s.states(t, "invitation"); got["queued"] != 21 || len(got) != 1 {
			t.Errorf("invitations %v", got)
		}
	})
}

func TestWhoComesLateIsInvitedByItselfAndNotRemindedTheNextDay(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 2)
		_, relay := startSink(t)
		s.automatic(t)
		var noted []string
		sched := s.scheduler(&noted)
		send := func() {
			look(t, sched)
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		}
		send()
		s.passed(t, 6*day)
		s.add(t, identity.Participant{Population: "employer", Code: "late", Name: "Late", Email: "late@firma.example.ch", Language: "de", OfficeID: s.office.ID})
		send()
		s.passed(t, 7*day+2*time.Hour)
		send()
		if got := s.states(t, "reminder"); got["sent"] != 3 { // the office and two employers
			t.Errorf("reminders the day after the late invitation: %v", got)
		}
		s.passed(t, 9*day+2*time.Hour)
		send()
		if got := s.states(t, "reminder"); got["sent"] != 4 {
			t.Errorf("reminders three days later: %v", got)
		}
	})
}

func TestWhatStaffCancelledIsNotQueuedAgainByItself(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 7)
		s.automatic(t)
		var noted []string
		sched := s.scheduler(&noted)
		look(t, sched)
		n, floored, err := s.CancelQueued(ctx, s.wave, "employer", "invitation")
		if n != 7 || floored || err != nil {
			t.Errorf("cancelled %d, %t, %v", n, floored, err)
		}
		look(t, sched, s.scheduler(&noted))
		if got := s.states(t, "invitation"); got["cancelled"] != 7 || got["queued"] != 1 {
			t.Errorf("invitations %v", got)
		}
		s.queue(t, "employer", "invitation", 7) // by hand they may
		if got := s.states(t, "invitation"); got["queued"] != 8 {
			t.Errorf("invitations %v", got)
		}
	})
}

func TestACancelledReminderMayBeQueuedAgainByHand(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 7)
		_, relay := startSink(t)
		s.queue(t, "employer", "invitation", 7)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.queue(t, "employer", "reminder", 7)
		if n, floored, err := s.CancelQueued(ctx, s.wave, "employer", "reminder"); n != 5 || !floored || err != nil {
			t.Errorf("told %d cancelled, %t, %v", n, floored, err)
		}
		s.queue(t, "employer", "reminder", 7)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.queue(t, "employer", "reminder", 0)
		if got := s.states(t, "reminder"); got["sent"] != 7 {
			t.Errorf("reminders %v", got)
		}
	})
}

func TestAFaultKeepsTheScheduleFromQueueing(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 2)
		s.add(t, identity.Participant{Population: "employer", Code: "bad", Name: "www.firma.ch", Email: "x@y.ch", Language: "de", OfficeID: s.office.ID})
		s.automatic(t)
		var noted []string
		look(t, s.scheduler(&noted))
		if diff := cmp.Diff([]string{"2026 office invitation 0: 1"}, noted); diff != "" {
			t.Errorf("queued (-want +got):\n%s", diff)
		}
		if got := s.outlooks(t, "employer")[0]; got != "invitation0 faulty 3" {
			t.Errorf("whoever asks why nobody was written to reads %q", got)
		}
	})
}

func TestNothingIsQueuedWhereTheHouseIsNotReady(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 2)
		s.automatic(t)
		var noted []string
		sched, broken := s.scheduler(&noted), errors.New("no disk")
		sched.Ready = func(_ context.Context, population, _ string) error {
			if population == "employer" {
				return broken
			}
			return nil
		}
		if err := sched.Look(context.Background()); !errors.Is(err, broken) {
			t.Errorf("Look = %v", err)
		}
		if got := s.states(t, "invitation"); got["queued"] != 1 {
			t.Errorf("invitations %v", got)
		}
	})
}

func TestWhatCouldNotBeQueuedIsSaidAndQueuedAtTheNextLook(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		s.automatic(t)
		var noted []string
		sched := s.scheduler(&noted)
		ready := sched.Ready
		rename := func(from, to string) error {
			_, err := s.DB.Exec(ctx, "ALTER TABLE "+from+" RENAME TO "+to)
			return err
		}
		sched.Ready = func(_ context.Context, population, _ string) error { // the last that is done before
			if population == "office" {
				return nil
			}
			return rename("schedule", "gone")
		}
		if err := sched.Look(ctx); err == nil {
			t.Error("nobody learns that nothing could be queued")
		}
		if err := rename("gone", "schedule"); err != nil {
			t.Fatal(err)
		}
		sched.Ready = ready
		look(t, sched)
		if got := s.states(t, "invitation"); got["queued"] != 3 {
			t.Errorf("invitations %v", got)
		}
	})
}

// TestRemindersAreMadeAlikeForWhoHasAnswered: which rows a plan or a schedule makes is read by staff
// to the last one, so a message that was not needed counts as one that was sent.
func TestRemindersAreMadeAlikeForWhoHasAnswered(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 6)
		_, relay := startSink(t)
		answered := map[string]bool{s.employers[0].ID: true, s.employers[2].ID: true}
		send := func() {
			t.Helper()
			w := s.worker(relay)
			w.Done = func(context.Context, identity.Population, []identity.Participant) (map[string]bool, error) {
				return answered, nil
			}
			run(t, []*Worker{w}, func() bool { return s.idleNow(t) })
		}
		planned := func(when string, queue, already int) {
			t.Helper()
			p, err := s.Plan(ctx, s.wave, "employer", "reminder")
			if err != nil || p.Queue != queue || p.Already != already {
				t.Errorf("%s: %d to queue, %d have theirs, %v; want %d, %d", when, p.Queue, p.Already, err, queue, already)
			}
		}
		s.queue(t, "employer", "invitation", 6)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) // nobody has answered yet
		for _, p := range s.employers[:2] {
			if err := s.Anew(ctx, s.wave.ID, p.ID); err != nil {
				t.Fatal(err)
			}
		}
		send()
		planned("after new links to one who has answered and one who has not", 6, 0)
		s.automatic(t)
		s.passed(t, 6*day)
		s.queue(t, "employer", "reminder", 6)
		send()
		var noted []string
		s.passed(t, 7*day+2*time.Hour)
		look(t, s.scheduler(&noted))
		planned("on the day after a reminder by hand, once the schedule has looked", 6, 0)
	})
}
