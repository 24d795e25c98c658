package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// scheduled is a wave of offices with some of them.
func scheduled(t *testing.T, s *storage.Store, label string, offices ...string) (identity.Wave, []identity.Participant) {
	t.Helper()
	ctx := context.Background()
	w, err := s.Identity.CreateWave(ctx, identity.Wave{Label: label, State: "running"}, []identity.Population{{Name: "office", State: "open"}, {Name: "employer"}})
	if err != nil {
		t.Fatal(err)
	}
	var list []identity.Participant
	for _, code := range offices {
		list = append(list, identity.Participant{WaveID: w.ID, Population: "office", Code: code, State: "open"})
	}
	if err := s.Identity.AddParticipants(ctx, list); err != nil {
		t.Fatal(err)
	}
	return w, list
}

func TestAScheduleIsKeptWholeAndCopiedToTheNextWave(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := context.Background()
		w, _ := scheduled(t, s, "2026")
		next, _ := scheduled(t, s, "2029")
		if err := s.Identity.SetSchedule(ctx, w.ID, "office", []identity.ScheduleEntry{{Kind: "invitation", Hour: 8}, {Kind: "reminder", Number: 1, Days: 7, Hour: 8}}); err != nil {
			t.Fatal(err)
		}
		want := []identity.ScheduleEntry{
			{WaveID: w.ID, Population: "employer", Kind: "thanks", Days: 2, Hour: 10},
			{WaveID: w.ID, Population: "office", Kind: "reminder", Number: 1, Days: 9, Hour: 7, Automatic: true},
		}
		for _, population := range []string{"office", "employer"} {
			for _, e := range want {
				if e.Population != population {
					continue
				}
				if err := s.Identity.SetSchedule(ctx, w.ID, population, []identity.ScheduleEntry{e}); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := s.Identity.Schedule(ctx, w.ID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("schedule %v (-want +got):\n%s", err, diff)
		}

		for _, subject := range []string{"first", "second"} {
			if err := s.Identity.SetMessageText(ctx, identity.MessageText{WaveID: w.ID, Population: "office", Kind: "last_call", Language: "it", Subject: subject, Body: "corpo"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Identity.CopySchedule(ctx, w.ID, next.ID); err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i].WaveID, want[i].Automatic = next.ID, false
		}
		got, err = s.Identity.Schedule(ctx, next.ID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("copied schedule %v (-want +got):\n%s", err, diff)
		}
		texts, err := s.Identity.MessageTexts(ctx, next.ID)
		if diff := cmp.Diff([]identity.MessageText{{WaveID: next.ID, Population: "office", Kind: "last_call", Language: "it", Subject: "second", Body: "corpo"}}, texts); diff != "" || err != nil {
			t.Errorf("copied texts %v (-want +got):\n%s", err, diff)
		}
		if err := s.Identity.DropMessageText(ctx, w.ID, "office", "last_call", "it"); err != nil {
			t.Fatal(err)
		}
		if texts, err := s.Identity.MessageTexts(ctx, w.ID); len(texts) != 0 || err != nil {
			t.Errorf("texts after dropping: %v, %v", texts, err)
		}
	})
}

func TestOnlyWhatWasCancelledByHandOrTimeIsQueuedAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := context.Background()
		w, offices := scheduled(t, s, "2026", "AG", "BE", "FR", "GE", "JU", "LU", "NE")
		states := [][2]string{{"cancelled", "withdrawn"}, {"cancelled", "expired"}, {"cancelled", "not_needed"}, {"sent", "250"}, {"unknown", "dot"}, {"transmitting", ""}}
		due := time.Now().Add(time.Hour).Truncate(time.Second).UTC()
		var before, again []identity.Message
		for i, o := range offices {
			m := identity.Message{WaveID: w.ID, ParticipantID: o.ID, Kind: "reminder", Number: 1}
			again = append(again, m)
			again[i].DueAt, again[i].NotAfter = due, due.Add(time.Hour)
			if i < len(states) {
				m.State, m.Code, m.Attempts = states[i][0], states[i][1], 5
				before = append(before, m)
			}
		}
		if _, err := s.Identity.QueueMessages(ctx, before); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{3, 0} {
			if n, err := s.Identity.QueueDue(ctx, again); n != want || err != nil {
				t.Errorf("queued %d, %v, want %d", n, err, want)
			}
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, m := range messages {
			for _, o := range offices {
				if o.ID == m.ParticipantID {
					got[o.Code] = m.State + " " + m.Code
				}
			}
			if m.State == "queued" && (!m.DueAt.Equal(due) || m.Attempts != 0) {
				t.Errorf("due %v after %d tries, want %v and none", m.DueAt, m.Attempts, due)
			}
		}
		want := map[string]string{"AG": "queued ", "BE": "queued ", "FR": "cancelled not_needed", "GE": "sent 250", "JU": "unknown dot", "LU": "transmitting ", "NE": "queued "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if n, err := s.Identity.Waiting(ctx, w.ID, "office", "reminder", "returned reminder", 1, []string{"open"}); n != 0 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
	})
}

func TestCancellingAKindKeepsWhatIsUnderWayAndTheScheduleFromQueueingItAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := context.Background()
		w, offices := scheduled(t, s, "2026", "AG", "BE", "FR", "GE", "JU")
		states := []string{"queued", "retry", "claimed", "transmitting", "sent"}
		var messages []identity.Message
		for i, o := range offices {
			messages = append(messages, identity.Message{WaveID: w.ID, ParticipantID: o.ID, Kind: "invitation", Number: 1, State: states[i]},
				identity.Message{WaveID: w.ID, ParticipantID: o.ID, Kind: "reminder", Number: 1})
		}
		if _, err := s.Identity.QueueMessages(ctx, messages); err != nil {
			t.Fatal(err)
		}
		entries := []identity.ScheduleEntry{{Kind: "invitation", Automatic: true}, {Kind: "reminder", Number: 1, Days: 7, Automatic: true}}
		if err := s.Identity.SetSchedule(ctx, w.ID, "office", entries); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Identity.CancelQueued(ctx, w.ID, "employer", "invitation"); n != 0 || err != nil {
			t.Errorf("cancelled %d of another population, %v", n, err)
		}
		if n, err := s.Identity.CancelQueued(ctx, w.ID, "office", "invitation"); n != 3 || err != nil {
			t.Errorf("cancelled %d, %v", n, err)
		}
		counts, err := s.Identity.MessageCounts(ctx, w.ID)
		want := map[string]map[string]int{"invitation": {"cancelled": 3, "transmitting": 1, "sent": 1}, "reminder": {"queued": 5}}
		if diff := cmp.Diff(want, counts); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		kept, err := s.Identity.Schedule(ctx, w.ID)
		if err != nil || len(kept) != 2 || kept[0].Automatic || !kept[1].Automatic {
			t.Errorf("schedule %+v, %v", kept, err)
		}
		progress, err := s.Identity.Progress(ctx, w.ID)
		if err != nil || len(progress) != 4 || progress[3] != (identity.Progress{Population: "office", Kind: "reminder", State: "queued", Number: 1, N: 5}) {
			t.Errorf("progress %+v, %v", progress, err)
		}
	})
}

func TestOneWhoseMessageCameBackWaitsAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := context.Background()
		w, offices := scheduled(t, s, "2026", "AG", "BE", "FR")
		waiting := func() int {
			n, err := s.Identity.Waiting(ctx, w.ID, "office", "invitation", "returned invitation", 0, []string{"open", "refused"})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := waiting(); n != 3 {
			t.Errorf("%d wait before, want 3", n)
		}
		note := func(o identity.Participant, kind, state string) {
			if _, err := s.Identity.QueueMessages(ctx, []identity.Message{{WaveID: w.ID, ParticipantID: o.ID, Kind: kind, Number: 1, State: state}}); err != nil {
				t.Fatal(err)
			}
		}
		note(offices[0], "invitation", "sent")
		note(offices[1], "invitation", "sent")
		if n := waiting(); n != 1 {
			t.Errorf("%d wait, want 1", n)
		}
		note(offices[0], "returned invitation", "failed")
		if n := waiting(); n != 2 {
			t.Errorf("%d wait after one came back, want 2", n)
		}
		if err := s.Identity.Suppress(ctx, []byte{7, 0, 255}, "stopped"); err != nil {
			t.Fatal(err)
		}
		set, err := s.Identity.SuppressedSet(ctx)
		if err != nil || !set[string([]byte{7, 0, 255})] || len(set) != 1 {
			t.Errorf("suppressed %v, %v", set, err)
		}
	})
}
