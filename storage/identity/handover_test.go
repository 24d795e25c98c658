package identity_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// handedOver is a hand-over of p as whoever holds its link would ask for it.
func handedOver(t *testing.T, s *storage.Store, p identity.Participant) identity.HandOver {
	t.Helper()
	h, err := s.Identity.HolderByToken(t.Context(), p.TokenHash)
	if err != nil {
		t.Fatal(err)
	}
	return identity.HandOver{
		Holder: h, Old: p.TokenHash, New: keys.HashToken(fmt.Sprint(p.ID, h.Epoch+1)), Colleague: "colleague@firm.example", Language: "it",
		Hash: keys.HashToken("colleague@firm.example"),
	}
}

// answering is a wave whose employers answer, each with a link.
func answering(t *testing.T, s *storage.Store, employers int) (identity.Wave, []identity.Participant) {
	t.Helper()
	w, _, all := made(t, s, employers)
	for i, p := range all {
		hash := keys.HashToken("link of " + p.ID)
		if err := s.Identity.Reissue(t.Context(), p.ID, hash, p.Epoch+1); err != nil {
			t.Fatal(err)
		}
		all[i].TokenHash = hash
	}
	if err := s.Identity.SetPopulationState(t.Context(), w.ID, "employer", "planned", "open"); err != nil {
		t.Fatal(err)
	}
	now, err := s.DB.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, "window", s.Identity.SetWindow(t.Context(), w.ID, "employer", now.Add(-time.Hour), now.Add(time.Hour)), nil)
	return w, all
}

func TestHandingOverEndsTheOldLinkAndQueuesOneMessage(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, all := answering(t, s, 3)
		wantErr(t, "decline", s.Identity.SetParticipantState(ctx, all[0].ID, []string{"open"}, "wrong_person"), nil)
		others, err := s.Identity.ParticipantByID(ctx, all[1].ID)
		if err != nil {
			t.Fatal(err)
		}

		h := handedOver(t, s, all[0])
		wantErr(t, "hand over", s.Identity.HandOver(ctx, h), nil)
		_, err = s.Identity.HolderByToken(ctx, h.Old)
		wantErr(t, "the old link", err, storage.ErrNotFound)
		holder, err := s.Identity.HolderByToken(ctx, h.New)
		if err != nil || holder.ID != all[0].ID || holder.Handovers != 1 || holder.Epoch != h.Holder.Epoch+1 || holder.State != "open" || holder.Language != "it" {
			t.Errorf("the new link finds %d %d %s %s, %v", holder.Handovers, holder.Epoch, holder.State, holder.Language, err)
		}
		e, err := s.Identity.EntryByID(ctx, all[0].ID)
		if err != nil || e.Participant.Email != all[0].Email || e.Participant.Address() != "colleague@firm.example" {
			t.Errorf("addresses %q and %q, %v", e.Participant.Email, e.Participant.Address(), err)
		}
		if after, err := s.Identity.ParticipantByID(ctx, all[1].ID); err != nil || !same(after, others) {
			t.Errorf("somebody else's row changed: %v", err)
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if err != nil || len(messages) != 1 || messages[0].Kind != "handover" || messages[0].Number != 10 || messages[0].State != "queued" || messages[0].ParticipantID != all[0].ID {
			t.Errorf("messages %+v, %v", messages, err)
		}

		wantErr(t, "the same again", s.Identity.HandOver(ctx, h), storage.ErrConflict)
		h = handedOver(t, s, identity.Participant{ID: all[0].ID, TokenHash: h.New})
		wantErr(t, "on to the next", s.Identity.HandOver(ctx, h), nil)
		if messages, err = s.Identity.Messages(ctx, w.ID); err != nil || len(messages) != 2 {
			t.Errorf("%d messages, %v", len(messages), err)
		}
	})
}

func same(a, b identity.Participant) bool {
	return a.Email == b.Email && a.Colleague == b.Colleague && a.Epoch == b.Epoch && a.State == b.State && a.Language == b.Language &&
		a.Handovers == b.Handovers && bytes.Equal(a.TokenHash, b.TokenHash)
}

func TestHandingOverIsRefusedAndChangesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, all := answering(t, s, 3)
		h := handedOver(t, s, all[0])
		refused := func(when string) {
			t.Helper()
			wantErr(t, when, s.Identity.HandOver(ctx, h), storage.ErrConflict)
			if messages, err := s.Identity.Messages(ctx, w.ID); err != nil || len(messages) != 0 {
				t.Errorf("%s: %d messages, %v", when, len(messages), err)
			}
			if _, err := s.Identity.HolderByToken(ctx, all[0].TokenHash); err != nil {
				t.Errorf("%s: the old link: %v", when, err)
			}
		}
		wantErr(t, "suppress", s.Identity.Suppress(ctx, h.Hash, "stopped"), nil)
		refused("a colleague who wants no messages")
		wantErr(t, "unsuppress", s.Identity.Unsuppress(ctx, h.Hash), nil)
		s.DB.SetOffset(2 * time.Hour)
		refused("after the end")
		s.DB.SetOffset(0)
		wantErr(t, "close", s.Identity.SetPopulationState(ctx, w.ID, "employer", "open", "closed"), nil)
		refused("after close")
	})
}

func TestOfTwoHandOversAtOnceOneSucceeds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, all := answering(t, s, 3)
		const crowd = 8
		done := make(chan error, crowd)
		asked := handedOver(t, s, all[0])
		for i := range crowd {
			h := asked
			h.Colleague = fmt.Sprintf("colleague%d@firm.example", i)
			go func() { done <- s.Identity.HandOver(ctx, h) }()
		}
		good := 0
		for range crowd {
			if err := <-done; err == nil {
				good++
			} else {
				wantErr(t, "another", err, storage.ErrConflict)
			}
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if good != 1 || len(messages) != 1 || err != nil {
			t.Errorf("%d hand-overs and %d messages, %v", good, len(messages), err)
		}
	})
}

func TestAnEndedHandOverIsWrittenAnewWithoutItsTime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, all := answering(t, s, 4)
		for _, p := range all[:3] {
			wantErr(t, "hand over", s.Identity.HandOver(ctx, handedOver(t, s, p)), nil)
		}
		claimed, err := s.Identity.ClaimMessages(ctx, "me", 2, time.Minute)
		if err != nil || len(claimed) != 2 {
			t.Fatal(claimed, err)
		}
		for _, m := range claimed {
			wantErr(t, "transmit", s.Identity.MarkTransmitting(ctx, m.ID, "me", m.Fence, identity.AnyLink), nil)
			wantErr(t, "finish", s.Identity.FinishMessage(ctx, m.ID, "me", m.Fence, "unknown", "", time.Time{}), nil)
		}
		if hidden, err := s.HideHandOvers(ctx); err != nil || !hidden {
			t.Errorf("HideHandOvers = %t, %v", hidden, err)
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if err != nil || len(messages) != 3 {
			t.Fatalf("%d messages, %v", len(messages), err)
		}
		for _, m := range messages {
			if ended := m.State == "unknown"; ended != m.DueAt.IsZero() || ended != m.NotAfter.IsZero() {
				t.Errorf("a message that is %s is due %v and ends %v", m.State, m.DueAt, m.NotAfter)
			}
		}
		wantErr(t, "a late answer of the relay", s.Identity.FinishMessage(ctx, claimed[0].ID, "me", claimed[0].Fence, "sent", "250", time.Time{}), nil)
		before := fmt.Sprint(storagetest.Dump(t, s))
		if hidden, err := s.HideHandOvers(ctx); err != nil || hidden || fmt.Sprint(storagetest.Dump(t, s)) != before {
			t.Errorf("with nothing to hide: %t, %v", hidden, err)
		}
	})
}

func TestACorrectedHandOverIsTheSameOneToAnotherAddress(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, all := answering(t, s, 3)
		correct := handedOver(t, s, all[0])
		correct.Corrected = true
		wantErr(t, "what was not handed over", s.Identity.HandOver(ctx, correct), storage.ErrConflict)

		first := handedOver(t, s, all[0])
		wantErr(t, "hand over", s.Identity.HandOver(ctx, first), nil)
		for i, state := range []struct{ before, after string }{{"undeliverable", "open"}, {"wrong_person", "wrong_person"}} {
			now, err := s.Identity.ParticipantByID(ctx, all[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			wantErr(t, "state", s.Identity.SetParticipantState(ctx, now.ID, []string{now.State}, state.before), nil)
			correct := handedOver(t, s, now)
			correct.Corrected, correct.Colleague = true, fmt.Sprintf("right%d@firm.example", i)
			wantErr(t, "correct", s.Identity.HandOver(ctx, correct), nil)
			after, err := s.Identity.ParticipantByID(ctx, all[0].ID)
			if err != nil || after.State != state.after || after.Handovers != 1 || after.Epoch != now.Epoch+1 || after.Colleague != correct.Colleague {
				t.Errorf("after %s: %s, %d hand-overs, epoch %d, %q, %v", state.before, after.State, after.Handovers, after.Epoch, after.Colleague, err)
			}
		}
		messages, err := s.Identity.Messages(ctx, w.ID)
		if err != nil || len(messages) != 3 || messages[2].Number != 12 {
			t.Errorf("messages %+v, %v", messages, err)
		}
		if !s.DB.Postgres() {
			return
		}
		var ages int
		if err := s.DB.Conn().QueryRowContext(ctx, "SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM participants WHERE population = 'employer'").Scan(&ages); err != nil || ages != 1 {
			t.Errorf("rows of %d ages, %v: a correction shows whose it was", ages, err)
		}
	})
}
