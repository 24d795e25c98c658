package identity_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

func TestTwoClaimersNeverGetTheSame(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, _, employers := made(t, s, 100)
		messages := queue(w, employers)
		if added, err := s.Identity.QueueMessages(ctx, messages); err != nil || added != 100 {
			t.Fatalf("QueueMessages = %d, %v", added, err)
		}
		again := queue(w, employers)
		if added, err := s.Identity.QueueMessages(ctx, again); err != nil || added != 0 {
			t.Errorf("queued twice: %d, %v", added, err)
		}
		var wait sync.WaitGroup
		var lock sync.Mutex
		claims := map[string]string{}
		for i := range 6 {
			owner := fmt.Sprint("sender ", i)
			wait.Go(func() {
				for {
					got, err := s.Identity.ClaimMessages(ctx, owner, 3, time.Minute)
					if err != nil {
						t.Error(err)
						return
					}
					if len(got) == 0 {
						return
					}
					lock.Lock()
					for _, m := range got {
						if claims[m.ID] != "" {
							t.Errorf("%s was claimed by %s and %s", m.ID, claims[m.ID], owner)
						}
						claims[m.ID] = owner
						if m.State != "claimed" || m.Owner != owner || m.Fence != 1 || m.LeaseUntil.IsZero() {
							t.Errorf("claim = %+v", m)
						}
					}
					lock.Unlock()
				}
			})
		}
		wait.Wait()
		if len(claims) != 100 {
			t.Errorf("%d of 100 messages were claimed", len(claims))
		}
		counts, err := s.Identity.MessageCounts(ctx, w.ID)
		if err != nil || counts["invitation"]["claimed"] != 100 {
			t.Errorf("MessageCounts = %v, %v", counts, err)
		}
	})
}

func queue(w identity.Wave, people []identity.Participant) []identity.Message {
	var messages []identity.Message
	for _, p := range people {
		messages = append(messages, identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "invitation", NotAfter: time.Now().Add(24 * time.Hour)})
	}
	return messages
}

func TestClaimRules(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, _, employers := made(t, s, 1)
		message := queue(w, employers)
		message[0].DueAt, message[0].NotAfter = time.Now().Add(time.Hour), time.Now().Add(3*time.Hour)
		if _, err := s.Identity.QueueMessages(ctx, message); err != nil {
			t.Fatal(err)
		}
		claims := func(when string, want int) {
			t.Helper()
			got, err := s.Identity.ClaimMessages(ctx, "o", 5, 10*time.Second)
			if err != nil || len(got) != want {
				t.Errorf("%s: %d claimed, %v; want %d", when, len(got), err, want)
			}
		}
		claims("before it is due", 0)
		s.DB.SetOffset(2 * time.Hour)
		wantErr(t, "pause", s.Identity.SetMailPaused(ctx, w.ID, true), nil)
		claims("while paused", 0)
		wantErr(t, "go on", s.Identity.SetMailPaused(ctx, w.ID, false), nil)
		claims("when due", 1)
		claims("when claimed", 0)

		wantErr(t, "pause", s.Identity.SetMailPaused(ctx, w.ID, true), nil)
		wantErr(t, "transmit while paused", s.Identity.MarkTransmitting(ctx, message[0].ID, "o", 1, identity.AnyLink), storage.ErrConflict)
		wantErr(t, "go on", s.Identity.SetMailPaused(ctx, w.ID, false), nil)
		wantErr(t, "transmit with another fence", s.Identity.MarkTransmitting(ctx, message[0].ID, "o", 2, identity.AnyLink), storage.ErrConflict)
		s.DB.SetOffset(2*time.Hour + 20*time.Second)
		wantErr(t, "transmit after the lease", s.Identity.MarkTransmitting(ctx, message[0].ID, "o", 1, identity.AnyLink), storage.ErrConflict)
		if requeued, unknown, err := s.Identity.ReapLeases(ctx); err != nil || requeued != 1 || unknown != 0 {
			t.Errorf("ReapLeases = %d, %d, %v", requeued, unknown, err)
		}
		claims("after the lease", 1)
		wantErr(t, "finish an old claim", s.Identity.FinishMessage(ctx, message[0].ID, "o", 1, "sent", "", time.Time{}), storage.ErrConflict)
		wantErr(t, "transmit", s.Identity.MarkTransmitting(ctx, message[0].ID, "o", 2, identity.AnyLink), nil)
		if n, err := s.Identity.CancelMessages(ctx, w.ID, ""); err != nil || n != 0 {
			t.Errorf("CancelMessages takes back %d that are on their way, %v", n, err)
		}
		s.DB.SetOffset(2*time.Hour + time.Minute)
		if requeued, unknown, err := s.Identity.ReapLeases(ctx); err != nil || requeued != 0 || unknown != 1 {
			t.Errorf("ReapLeases = %d, %d, %v; want one unknown", requeued, unknown, err)
		}
		claims("while unknown", 0)
		wantErr(t, "a late answer of the server", s.Identity.FinishMessage(ctx, message[0].ID, "o", 2, "sent", "250", time.Time{}), nil)
		wantErr(t, "resolve a sent one", s.Identity.ResolveMessage(ctx, message[0].ID, "queued", time.Now()), storage.ErrState)
	})
}

func TestMessagesExpire(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, _, employers := made(t, s, 2)
		if _, err := s.Identity.QueueMessages(ctx, queue(w, employers)); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(25 * time.Hour)
		if got, err := s.Identity.ClaimMessages(ctx, "o", 5, time.Minute); err != nil || len(got) != 0 {
			t.Errorf("%d expired messages are claimed, %v", len(got), err)
		}
		if _, _, err := s.Identity.ReapLeases(ctx); err != nil {
			t.Error(err)
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if err != nil || len(messages) != 2 || messages[0].State != "cancelled" || messages[0].Code != "expired" {
			t.Errorf("expired messages are %+v, %v", messages, err)
		}
	})
}
