package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rondo/storage/db"
	"rondo/storage/identity"
)

// note puts a message into the wave in a state.
func (s *scene) note(t *testing.T, p identity.Participant, kind, state, code string) identity.Message {
	t.Helper()
	list := []identity.Message{{WaveID: s.wave.ID, ParticipantID: p.ID, Kind: kind, Number: 1, State: state, Code: code}}
	if added, err := s.Identity.QueueMessages(context.Background(), list); err != nil || added != 1 {
		t.Fatalf("note %s %s: %d, %v", kind, state, added, err)
	}
	return list[0]
}

// become gives a participant another state.
func (s *scene) become(t *testing.T, p identity.Participant, state string) {
	t.Helper()
	if err := s.Identity.SetParticipantState(context.Background(), p.ID, []string{"open", "undeliverable"}, state); err != nil {
		t.Fatal(err)
	}
}

func TestTroubleNamesOnlyThoseWhoWereInvited(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 6)
		for i, kind := range []string{"invitation", "reminder", "thanks", "results", "returned reminder", "returned invitation"} {
			s.note(t, s.employers[i], kind, "failed", "5.1.1")
		}
		s.become(t, s.employers[4], "undeliverable")
		s.become(t, s.employers[5], "undeliverable")
		s.note(t, s.office, "reminder", "failed", "5.1.1")
		state, err := s.State(context.Background(), s.wave)
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]int{}
		for _, trouble := range state.Trouble {
			if trouble.Email != "" || trouble.Name != "" || trouble.ParticipantID != "" {
				named[trouble.Population+" "+trouble.Kind]++
			}
		}
		if len(state.Trouble) != 7 || named["employer invitation"] != 2 || named["office reminder"] != 1 || len(named) != 2 {
			t.Errorf("%d in trouble, named %v", len(state.Trouble), named)
		}
	})
}

func TestCountsOfEmployersTellNoExactNumberButOfInvitations(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 13)
		for i, p := range s.employers {
			state, code := "sent", "250"
			if i%4 == 0 {
				state, code = "cancelled", codeNotNeeded
			}
			s.note(t, p, "invitation", state, code)
			s.note(t, p, "reminder", state, code)
			switch {
			case i < 4:
				s.note(t, p, "thanks", "queued", "")
			case i < 7:
				s.note(t, p, "thanks", state, code)
			case i < 10:
				s.note(t, p, "results", "retry", "")
			}
		}
		s.note(t, s.office, "invitation", "cancelled", codeEnded)
		s.note(t, s.employers[0], "returned reminder", "failed", "5.1.1")
		state, err := s.State(context.Background(), s.wave)
		if err != nil {
			t.Fatal(err)
		}
		want := []Count{
			{Population: "employer", Kind: "invitation", State: "handled", N: 13},
			{Population: "employer", Kind: "reminder", State: "handled", N: 10, Floored: true},
			{Population: "employer", Kind: "reminder", State: "returned", N: 0, Floored: true},
			{Population: "employer", Kind: "thanks", State: "handled", N: 5, Floored: true},
			{Population: "office", Kind: "invitation", State: "cancelled", N: 1},
		}
		if diff := cmp.Diff(want, state.Counts); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	})
}

func TestAToldPlanOfThanksTellsNoExactNumberAndNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		respondents := rapid.IntRange(0, 200).Draw(t, "respondents")
		p := Plan{Population: "employer", Kind: rapid.SampledFrom([]string{"thanks", "results"}).Draw(t, "kind"), Queue: respondents,
			Already: 200 - respondents, Suppressed: respondents / 3, Unreachable: 1, Languages: map[string]int{"de": respondents}}
		for i := range respondents {
			p.Faults = append(p.Faults, Fault{Participant: fmt.Sprint("E", i), Rule: "stop"}, Fault{Participant: fmt.Sprint("E", i), Rule: "link"})
		}
		want := Plan{Population: p.Population, Kind: p.Kind, Queue: respondents / 5 * 5, Floored: true}
		if respondents > 0 {
			want.Faults = []Fault{{Rule: "stop"}, {Rule: "link"}}
		}
		if diff := cmp.Diff(want, p.Told(), cmp.AllowUnexported(Plan{})); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
	for _, p := range []Plan{{Population: "office", Kind: "thanks", Queue: 7}, {Population: "employer", Kind: "invitation", Queue: 7, Already: 3}} {
		if diff := cmp.Diff(p, p.Told(), cmp.AllowUnexported(Plan{})); diff != "" {
			t.Errorf("a plan that says nothing of answers is changed:\n%s", diff)
		}
	}
}

func TestAnInvitationThatWasCancelledAndQueuedAgainCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 7)
		_, relay := startSink(t)
		for range 2 {
			s.queue(t, "employer", "invitation", 7)
			if n, _, err := s.CancelQueued(ctx, s.wave, "employer", "invitation"); n != 7 || err != nil {
				t.Fatalf("cancelled %d, %v", n, err)
			}
		}
		s.queue(t, "employer", "invitation", 7)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		state, err := s.State(ctx, s.wave)
		if diff := cmp.Diff([]Count{{Population: "employer", Kind: "invitation", State: "handled", N: 7}}, state.Counts); diff != "" || err != nil {
			t.Errorf("counts (-want +got):\n%s %v", diff, err)
		}
	})
}

// TestTheRestOfAReminderIsToldRounded: whoever has answered is settled at the first claim, so what is
// left of a reminder that a relay put off goes to those who have not.
func TestTheRestOfAReminderIsToldRounded(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 9)
		told := func() Plan {
			t.Helper()
			p, err := s.Plan(ctx, s.wave, "employer", "reminder")
			if err != nil {
				t.Fatal(err)
			}
			return p.Told()
		}
		for _, p := range s.employers {
			s.note(t, p, "invitation", "sent", "250")
		}
		if p := told(); p.Queue != 9 || p.Floored {
			t.Errorf("before anybody is reminded: %d, floored %t", p.Queue, p.Floored)
		}
		s.queue(t, "employer", "reminder", 9)
		if p := told(); p.Queue != 0 || p.Floored || p.Already != 9 {
			t.Errorf("where nothing is left: %d, %d have theirs, floored %t", p.Queue, p.Already, p.Floored)
		}
		for _, p := range s.employers[:2] { // they have answered
			if _, err := s.DB.Exec(ctx, "UPDATE messages SET state = 'cancelled', code = 'not_needed' WHERE participant_id = ? AND kind = 'reminder'", p.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.CancelQueued(ctx, s.wave, "employer", "reminder"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Plan{Population: "employer", Kind: "reminder", Queue: 5, Floored: true}, told(), cmp.AllowUnexported(Plan{})); diff != "" {
			t.Errorf("of the seven that are left (-want +got):\n%s", diff)
		}
	})
}

func TestNumbersAreFlooredForEmployersButOfInvitations(t *testing.T) {
	for _, c := range []struct {
		population, kind string
		want             int
		floored          bool
	}{
		{"employer", "invitation", 9, false}, {"employer", "reminder", 5, true}, {"employer", "thanks", 5, true},
		{"employer", "results", 5, true}, {"office", "thanks", 9, false}, {"office", "reminder", 9, false},
	} {
		if got, floored := Told(c.population, c.kind, 9); got != c.want || floored != c.floored {
			t.Errorf("Told(%s, %s, 9) = %d, %t", c.population, c.kind, got, floored)
		}
	}
}

func TestAnInvitationToAWrongAddressIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		_, relay := startSink(t)
		wrong := s.employers[0]
		failed := s.note(t, wrong, "invitation", "failed", "rcpt 550 5.1.1")
		s.become(t, wrong, "undeliverable")
		if err := s.Resend(ctx, failed.ID); !errors.Is(err, db.ErrState) {
			t.Errorf("Resend to a wrong address = %v, want ErrState", err)
		}

		// One that was queued already when the address turned out to be wrong.
		late := s.employers[1]
		s.queue(t, "employer", "invitation", 1)
		s.become(t, late, "undeliverable")
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.become(t, wrong, "open")
		s.become(t, late, "open")
		s.queue(t, "employer", "invitation", 2)
	})
}

func TestARepeatedResendIsRefusedAndAReminderIsNeverResent(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 3)
		spam := s.note(t, s.employers[0], "invitation", "failed", "dot 554 5.7.1")
		if err := s.Resend(ctx, spam.ID); err != nil {
			t.Errorf("first resend: %v", err)
		}
		if err := s.Resend(ctx, spam.ID); !errors.Is(err, db.ErrState) {
			t.Errorf("second resend = %v, want ErrState", err)
		}
		for i, state := range []string{"failed", "unknown"} {
			m := s.note(t, s.employers[i+1], "reminder", state, "dot 554 5.7.1")
			if err := s.Resend(ctx, m.ID); !errors.Is(err, db.ErrState) {
				t.Errorf("resend of a reminder %s = %v, want ErrState", state, err)
			}
		}
		if got := s.states(t, "reminder"); got["queued"] != 0 || got["failed"] != 1 || got["unknown"] != 1 {
			t.Errorf("reminders %v", got)
		}
		state, err := s.State(ctx, s.wave)
		if err != nil {
			t.Fatal(err)
		}
		for _, trouble := range state.Trouble {
			if trouble.Again != (trouble.Kind == "invitation") {
				t.Errorf("%s %s: again %t", trouble.Kind, trouble.State, trouble.Again)
			}
		}
	})
}

func TestTheLogNamesNoReminders(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 4)
		_, relay := startSink(t)
		var info, all bytes.Buffer
		logged := func(to *bytes.Buffer, level slog.Level) *Worker {
			w := s.worker(relay)
			w.Log = slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}))
			return w
		}
		s.queue(t, "employer", "invitation", 4)
		run(t, []*Worker{logged(&info, slog.LevelInfo)}, func() bool { return s.idleNow(t) })
		sent := 0
		for _, line := range regexp.MustCompile(`level=INFO msg="invitations sent" n=(\d+)\n`).FindAllStringSubmatch(info.String(), -1) {
			n, err := strconv.Atoi(line[1])
			if err != nil {
				t.Fatal(err)
			}
			sent += n
		}
		if sent != 4 || strings.Contains(info.String(), "result=") {
			t.Errorf("%d invitations in the log:\n%s", sent, info.String())
		}
		info.Reset()
		lost := s.add(t, identity.Participant{Population: "employer", Code: "lost", Name: "F", Email: "nobody@firma.example.ch", Language: "de", OfficeID: s.office.ID})
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{logged(&info, slog.LevelInfo)}, func() bool { return s.idleNow(t) })
		if got := info.String(); strings.Count(got, "result=") != 1 || !strings.Contains(got, `code="rcpt 550 5.1.1"`) || strings.Contains(got, lost.Email) {
			t.Errorf("log of an invitation that was not taken:\n%s", got)
		}

		info.Reset()
		s.queue(t, "employer", "reminder", 4)
		w := logged(&info, slog.LevelInfo)
		var asked atomic.Bool
		w.Done = func(context.Context, identity.Population, []identity.Participant) (map[string]bool, error) {
			asked.Store(true)
			return nil, errors.New("no disk") // an error line
		}
		debug := logged(&all, slog.LevelDebug)
		run(t, []*Worker{w}, asked.Load)
		run(t, []*Worker{debug}, func() bool { s.DB.SetOffset(lease * 2); return s.idleNow(t) })
		messages, err := s.Identity.Messages(context.Background(), s.wave.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			if m.Kind == "reminder" && strings.Contains(info.String()+all.String(), m.ID) {
				t.Error("the log names a reminder")
			}
		}
		if strings.Contains(info.String(), "result=") || strings.Contains(info.String(), "sent") || !strings.Contains(info.String(), "no disk") || !strings.Contains(all.String(), "result=sent") {
			t.Errorf("log:\n%s\n%s", info.String(), all.String())
		}
	})
}
