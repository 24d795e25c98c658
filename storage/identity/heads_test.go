package identity_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// answeringOffice is the office of a wave whose offices answer, and one of its employers.
func answeringOffice(t *testing.T, s *storage.Store) (office, employer identity.Participant) {
	t.Helper()
	w, o, employers := made(t, s, 1)
	now, err := s.DB.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, "open", s.Identity.SetPopulationState(t.Context(), w.ID, "office", "planned", "open"), nil)
	wantErr(t, "window", s.Identity.SetWindow(t.Context(), w.ID, "office", now.Add(-time.Hour), now.Add(time.Hour)), nil)
	o.Email = "office@iv.example"
	_, err = s.DB.Exec(t.Context(), "UPDATE participants SET email = ? WHERE id = ?", o.Email, o.ID)
	wantErr(t, "address", err, nil)
	return o, employers[0]
}

func TestTheHeadOfAnOfficeHasAnAddressOfTheirOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		o, employer := answeringOffice(t, s)
		wantErr(t, "another address", s.Identity.SetHead(ctx, o.ID, "head@iv.example", []byte("h")), nil)
		for _, own := range []string{"office@iv.example", "Office@IV.example"} {
			wantErr(t, "the office's own address "+own, s.Identity.SetHead(ctx, o.ID, own, []byte("h")), db.ErrConflict)
		}
		wantErr(t, "the head of an employer", s.Identity.SetHead(ctx, employer.ID, "head@iv.example", []byte("h")), db.ErrConflict)
		e, err := s.Identity.EntryByID(ctx, o.ID)
		if err != nil || e.Participant.Head != "head@iv.example" || e.Holder().Head != "head@iv.example" || e.Holder().Office != nil {
			t.Errorf("head %q, %v", e.Participant.Head, err)
		}
	})
}

func TestMessagesToTheHeadAreNumberedAndCounted(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, hash := t.Context(), keys.HashToken("head@iv.example")
		o, _ := answeringOffice(t, s)
		next := func(most int) error { return s.Identity.QueueNext(ctx, o.ID, identity.MessageRelease, hash, most) }
		wantErr(t, "the first", next(3), nil)
		wantErr(t, "the second", next(3), nil)
		wantErr(t, "of another kind", s.Identity.QueueNext(ctx, o.ID, identity.MessageGivenBack, hash, 3), nil)
		wantErr(t, "take back", s.Identity.CancelKind(ctx, o.ID, identity.MessageRelease), nil)
		wantErr(t, "the third", next(3), nil)
		wantErr(t, "a fourth", next(3), db.ErrState)
		messages, err := s.Identity.Messages(ctx, o.WaveID)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range messages {
			got += fmt.Sprintf("%s %d %s, ", m.Kind, m.Number, m.State)
		}
		if want := "given_back 1 queued, release 1 cancelled, release 2 cancelled, release 3 queued, "; got != want {
			t.Errorf("messages %q, want %q", got, want)
		}
		wantErr(t, "no more messages", s.Identity.Suppress(ctx, hash, "stopped"), nil)
		wantErr(t, "to who wants none", next(9), db.ErrState)
		wantErr(t, "close", s.Identity.SetPopulationState(ctx, o.WaveID, "office", "open", "closed"), nil)
		wantErr(t, "after the close", s.Identity.QueueNext(ctx, o.ID, identity.MessageRelease, keys.HashToken("x"), 9), db.ErrState)
	})
}

func TestWhoWasWrittenToLatelyIsNotWrittenToAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, hash := t.Context(), keys.HashToken("head@iv.example")
		o, _ := answeringOffice(t, s)
		again := func(most int) error {
			return s.Identity.QueueAgain(ctx, o.ID, identity.MessageRelease, hash, most, 20*time.Minute)
		}
		wantErr(t, "the first", again(4), nil)
		wantErr(t, "at once", again(4), db.ErrState)
		wantErr(t, "take back", s.Identity.CancelKind(ctx, o.ID, identity.MessageRelease), nil)
		wantErr(t, "after it was cancelled", again(4), nil)
		wantErr(t, "asked for by somebody", s.Identity.QueueNext(ctx, o.ID, identity.MessageRelease, hash, 4), nil)
		s.DB.SetOffset(19 * time.Minute)
		wantErr(t, "a little early", again(4), db.ErrState)
		s.DB.SetOffset(21 * time.Minute)
		wantErr(t, "later", again(4), nil)
		s.DB.SetOffset(42 * time.Minute)
		wantErr(t, "more than most", again(4), db.ErrState)
	})
}

func TestManyAtOnceQueueNoMoreThanMost(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		o, _ := answeringOffice(t, s)
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				_ = s.Identity.QueueNext(t.Context(), o.ID, identity.MessageRelease, keys.HashToken("h"), 3) // some are refused
			})
		}
		all.Wait()
		messages, err := s.Identity.Messages(t.Context(), o.WaveID)
		if err != nil || len(messages) == 0 || len(messages) > 3 {
			t.Errorf("%d messages, %v", len(messages), err)
		}
	})
}
