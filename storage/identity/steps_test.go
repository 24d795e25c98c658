package identity_test

import (
	"slices"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// claimed queues n messages and claims them.
func claimed(t *testing.T, s *storage.Store, n int) []identity.Message {
	t.Helper()
	w, _, employers := made(t, s, n)
	if _, err := s.Identity.QueueMessages(t.Context(), queue(w, employers)); err != nil {
		t.Fatal(err)
	}
	messages, err := s.Identity.ClaimMessages(t.Context(), "o", n, time.Minute)
	if err != nil || len(messages) != n {
		t.Fatalf("%d claimed, %v", len(messages), err)
	}
	return messages
}

func step(m identity.Message, to string) identity.Step {
	return identity.Step{ID: m.ID, Fence: m.Fence, State: to, Code: to}
}

func TestOfStepsTakenTogetherEachHasItsOwnRule(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		m := claimed(t, s, 5)
		lost := m[4]
		lost.Fence++
		for _, round := range []struct{ steps, want []identity.Step }{
			{[]identity.Step{step(m[0], "transmitting"), step(m[1], "sent"), step(m[2], "transmitting"), step(m[3], "cancelled"), step(lost, "transmitting")},
				[]identity.Step{step(m[0], "transmitting"), step(m[2], "transmitting"), step(m[3], "cancelled")}},
			{[]identity.Step{step(m[0], "sent"), step(m[1], "transmitting"), step(m[2], "unknown"), step(m[3], "transmitting")},
				[]identity.Step{step(m[0], "sent"), step(m[1], "transmitting"), step(m[2], "unknown")}},
		} {
			taken, err := s.Identity.StepMessages(t.Context(), "o", round.steps)
			if err != nil || len(taken) != len(round.want) {
				t.Fatalf("%d steps were taken, %v, want %d", len(taken), err, len(round.want))
			}
			for _, want := range round.want {
				got, err := s.Identity.MessageByID(t.Context(), want.ID)
				if err != nil || got.State != want.State || !slices.Contains(taken, want.ID) {
					t.Errorf("after a step to %s it is %s, %v", want.State, got.State, err)
				}
			}
		}
		if taken, err := s.Identity.StepMessages(t.Context(), "another", []identity.Step{step(m[1], "sent")}); err != nil || len(taken) != 0 {
			t.Errorf("a step of somebody else's claim: %v, %v", taken, err)
		}
	})
}

// Whoever cancels holds many messages and waits for others: a sender that waited for those in turn
// would make one of the two fail.
func TestStepsDoNotWaitForWhoCancels(t *testing.T) {
	s := storagetest.Open(t, db.PostgreSQL)
	m := claimed(t, s, 3)
	if taken, err := s.Identity.StepMessages(t.Context(), "o", []identity.Step{step(m[0], "transmitting")}); err != nil || len(taken) != 1 {
		t.Fatalf("%v, %v", taken, err)
	}
	err := s.DB.InTx(t.Context(), func(tx *db.DB) error {
		if _, err := tx.Exec(t.Context(), "SELECT 1 FROM messages WHERE id = ? FOR UPDATE", m[1].ID); err != nil {
			return err
		}
		steps := []identity.Step{step(m[0], "sent"), step(m[1], "transmitting"), step(m[2], "transmitting")}
		taken, err := s.Identity.StepMessages(t.Context(), "o", steps)
		if err != nil || len(taken) != 2 || slices.Contains(taken, m[1].ID) {
			t.Errorf("taken are %v, %v, want all but the one that is held", taken, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, "transmit when it is held no more", s.Identity.MarkTransmitting(t.Context(), m[1].ID, "o", m[1].Fence, identity.AnyLink), nil)
}

func TestAMessageThatHasWaitedTooLongIsNotTransmittedEvenWhenItIsClaimed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		m := claimed(t, s, 2)
		before := m[0].NotAfter.Add(-30 * time.Minute)
		s.DB.SetOffset(time.Until(before))
		defer s.DB.SetOffset(0)
		for _, one := range m { // the relay is slow, and the claims are kept
			wantErr(t, "keep claim", s.Identity.RenewLease(t.Context(), one.ID, "o", one.Fence, 2*time.Hour), nil)
		}
		wantErr(t, "transmit in time", s.Identity.MarkTransmitting(t.Context(), m[0].ID, "o", m[0].Fence, identity.AnyLink), nil)
		s.DB.SetOffset(time.Until(before.Add(time.Hour)))
		wantErr(t, "transmit too late", s.Identity.MarkTransmitting(t.Context(), m[1].ID, "o", m[1].Fence, identity.AnyLink), db.ErrConflict)
		wantErr(t, "end what has left", s.Identity.FinishMessage(t.Context(), m[0].ID, "o", m[0].Fence, "sent", "250", time.Time{}), nil)
	})
}

func TestWhoHasLostAClaimMakesNobodyUndeliverable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		m := claimed(t, s, 2)
		for i, want := range []struct {
			fence int64
			err   error
			state string
		}{{m[0].Fence + 1, db.ErrConflict, "open"}, {m[1].Fence, nil, "undeliverable"}} {
			p, err := s.Identity.ParticipantByID(t.Context(), m[i].ParticipantID)
			wantErr(t, "find", err, nil)
			wantErr(t, "fail", s.Identity.FailUnreachable(t.Context(), m[i].ID, "o", want.fence, "rcpt 550 5.1.1", p), want.err)
			if p, err = s.Identity.ParticipantByID(t.Context(), p.ID); err != nil || p.State != want.state {
				t.Errorf("the participant is %s, %v, want %s", p.State, err, want.state)
			}
		}
	})
}
