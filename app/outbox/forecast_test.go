package outbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage/identity"
)

// outlooks are a forecast in words: population, kind, number, state, how many.
func (s *scene) outlooks(t *testing.T, population string) []string {
	t.Helper()
	w, err := s.Identity.WaveByID(context.Background(), s.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Forecast(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	var before time.Time
	for _, l := range all {
		if l.Due.Before(before) && !l.Due.IsZero() {
			t.Errorf("%s %s comes before what is due earlier", l.Population, l.Kind)
		}
		before = l.Due
		if l.Population != population {
			continue
		}
		n := fmt.Sprint(l.N)
		if l.Floored {
			n = "≥" + n
		}
		if l.AtMost {
			n = "≤" + n
		}
		words = append(words, fmt.Sprintf("%s%d %s %s", l.Kind, l.Number, l.State, n))
	}
	return words
}

func TestTheForecastSaysWhatGoesOutWhen(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 13)
		s.atMidnight(t, false)
		_, relay := startSink(t)
		see := func(when, population string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, s.outlooks(t, population)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		send := func(kind string, n int) {
			t.Helper()
			s.queue(t, "employer", kind, n)
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		}
		see("at the opening", "employer", "invitation0 due 13", "reminder1 ahead ≥10", "reminder2 ahead ≥10", "reminder100 ahead ≥10", "thanks0 ahead ≤13", "results0 waits ≤13")
		see("at the opening", "office", "invitation0 due 1", "reminder1 ahead 1", "reminder2 ahead 1", "reminder100 ahead 1", "thanks0 ahead ≤1", "results0 waits ≤1")
		send("invitation", 13)
		s.become(t, s.employers[0], "undeliverable")
		s.passed(t, 8*day)
		see("after a week", "employer", "invitation0 done 13", "reminder1 due ≥10", "reminder2 ahead ≥10", "reminder100 ahead ≥10", "thanks0 ahead ≤13", "results0 waits ≤13")
		send("reminder", 12)
		see("after the reminder", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 ahead ≥10", "reminder100 ahead ≥10", "thanks0 ahead ≤13", "results0 waits ≤13")
		s.passed(t, 20*day)
		s.passed(t, 28*day)
		see("when the second reminder was left out", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 done ≥0", "reminder100 due ≥10", "thanks0 ahead ≤13", "results0 waits ≤13")
		s.passed(t, 33*day)
		see("after the end", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 done ≥0", "reminder100 done ≥0", "thanks0 waits ≤13", "results0 waits ≤13")
		if err := s.Identity.SetPopulationState(ctx, s.wave.ID, "employer", "open", "closed"); err != nil {
			t.Fatal(err)
		}
		see("closed, nobody has answered", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 done ≥0", "reminder100 done ≥0", "thanks0 due ≥0", "results0 waits ≤13")
		var done []string
		for _, e := range s.employers[1:8] {
			done = append(done, e.ID)
		}
		if err := s.Identity.MarkDone(ctx, s.wave.ID, "employer", done); err != nil {
			t.Fatal(err)
		}
		see("closed", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 done ≥0", "reminder100 done ≥0", "thanks0 due ≥5", "results0 waits ≤13")
		send("thanks", 7)
		see("thanked", "employer", "invitation0 done 13", "reminder1 done ≥10", "reminder2 done ≥0", "reminder100 done ≥0", "thanks0 done ≥5", "results0 waits ≤13")
	})
}

func TestWhatFallsOutOfAShortWindowIsSaid(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		s.atMidnight(t, false)
		pop, err := s.Identity.Population(context.Background(), s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.SetWindow(context.Background(), s.wave.ID, "employer", pop.Opens, pop.Opens.Add(13*day)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"invitation0 due 1", "reminder1 ahead ≥0", "reminder100 ahead ≥0", "reminder2 outside ≥0", "thanks0 ahead ≤1", "results0 waits ≤1"}, s.outlooks(t, "employer")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestALastCallIsForecastForThoseWhoHaveNotHadIt: each participant gets it once, also where the end was
// moved after it went.
func TestALastCallIsForecastForThoseWhoHaveNotHadIt(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 20)
		s.atMidnight(t, false)
		_, relay := startSink(t)
		for _, kind := range []string{"invitation", "reminder"} {
			s.queue(t, "employer", kind, 20)
			run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
			s.passed(t, 28*day)
		}
		pop, err := s.Identity.Population(ctx, s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.SetWindow(ctx, s.wave.ID, "employer", pop.Opens, pop.Closes.Add(20*day)); err != nil {
			t.Fatal(err)
		}
		lastCall := func() string {
			all := s.outlooks(t, "employer")
			return all[slices.IndexFunc(all, func(l string) bool { return strings.HasPrefix(l, "reminder100") })]
		}
		if got := lastCall(); got != "reminder100 done ≥20" {
			t.Errorf("everybody has had it: %q", got)
		}
		for i := range 6 {
			s.add(t, identity.Participant{Population: "employer", Code: fmt.Sprint("L", i), Name: "Late", Email: fmt.Sprintf("late%d@firma.example.ch", i), Language: "de", OfficeID: s.office.ID})
		}
		if got := lastCall(); got != "reminder100 ahead ≥5" {
			t.Errorf("six came late: %q", got)
		}
	})
}

func TestProgressTellsOfEmployersNoExactNumberButOfInvitations(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 13)
		for i, p := range s.employers {
			s.note(t, p, "invitation", map[bool]string{true: "queued", false: "sent"}[i < 6], "")
			s.note(t, p, "reminder", map[bool]string{true: "queued", false: "cancelled"}[i < 8], "")
			s.note(t, p, "thanks", "queued", "")
		}
		s.note(t, s.office, "invitation", "sent", "250")
		s.note(t, s.office, "thanks", "retry", "")
		if _, err := o.Identity.QueueMessages(ctx, []identity.Message{{WaveID: s.wave.ID, ParticipantID: s.office.ID, Kind: returned("thanks"), Number: 1}}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Progress(ctx, s.wave)
		want := []Progress{
			{Population: "employer", Kind: "invitation", Number: 1, Waiting: 6, All: 13},
			{Population: "employer", Kind: "reminder", Number: 1, Waiting: 5, All: 10, Floored: true},
			{Population: "office", Kind: "thanks", Number: 1, Waiting: 1, All: 1},
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if took := got[0].Takes(3); took != 2*time.Second {
			t.Errorf("six at three a second take %v", took)
		}
	})
}
