package storage_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// The log of SQLite holds page after page as they were written: who declined just before a response
// came stands in it just before the response.
func TestTheLogDoesNotTellForLongWhatCameJustBeforeAResponse(t *testing.T) {
	s := storagetest.Open(t, "sqlite")
	ctx := t.Context()
	w, people := running(t, s)
	wantErr(t, "checkpoint", s.DB.Checkpoint(ctx), nil)
	wantErr(t, "decline", s.Identity.SetParticipantState(ctx, people[1].ID, []string{"open"}, "refused"), nil)
	sub := answers.Submission{WaveID: w.ID, Population: "employer", Key: s.Secret.DraftKey([]byte("salt"), people[1].ID), ReceiptHash: keys.HashToken("r"), Body: []byte("sealed")}
	wantErr(t, "submit", s.Answers.Submit(ctx, sub), nil)
	log := func() []byte {
		t.Helper()
		raw, err := os.ReadFile(s.DB.File() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if before := log(); bytes.Index(before, []byte("refused")) >= bytes.Index(before, keys.HashToken("r")) || !bytes.Contains(before, []byte("refused")) {
		t.Fatal("the log does not tell the order: the test looks in the wrong place")
	}
	if hidden, err := s.HideHandOvers(ctx); err != nil || hidden {
		t.Errorf("HideHandOvers = %t, %v", hidden, err)
	}
	if n := len(log()); n != 0 {
		t.Errorf("%d bytes of the log are left", n)
	}
}

func TestWhenSomebodyGotAnotherLinkIsHidden(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, people := running(t, s)
		now, err := s.DB.Now(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var first []identity.Message
		for _, p := range people[1:] {
			first = append(first, identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "invitation", Number: 1, State: "sent", DueAt: now, NotAfter: now})
		}
		_, err = s.Identity.QueueMessages(ctx, first)
		wantErr(t, "invite", err, nil)
		wantErr(t, "correct", s.Identity.Correct(ctx, identity.Correction{ID: people[1].ID, Address: people[1].Email, Language: "de", New: keys.HashToken("new"), Due: now, NotAfter: now.Add(time.Hour)}), nil)
		claimed, err := s.Identity.ClaimMessages(ctx, "me", 9, time.Minute)
		if err != nil || len(claimed) != 1 {
			t.Fatal(claimed, err)
		}
		wantErr(t, "transmit", s.Identity.MarkTransmitting(ctx, claimed[0].ID, "me", claimed[0].Fence, identity.AnyLink), nil)
		wantErr(t, "finish", s.Identity.FinishMessage(ctx, claimed[0].ID, "me", claimed[0].Fence, "sent", "250", time.Time{}), nil)
		sub := answers.Submission{WaveID: w.ID, Population: "employer", Key: s.Secret.DraftKey([]byte("salt"), people[1].ID), ReceiptHash: keys.HashToken("r"), Body: []byte("sealed")}
		wantErr(t, "submit", s.Answers.Submit(ctx, sub), nil)

		if hidden, err := s.HideHandOvers(ctx); err != nil || !hidden {
			t.Errorf("HideHandOvers = %t, %v", hidden, err)
		}
		all, err := s.Identity.Messages(ctx, w.ID)
		if err != nil || len(all) != 5 {
			t.Fatalf("%d messages, %v", len(all), err)
		}
		for _, m := range all {
			if m.Number == 2 && (m.DueAt.Before(now) || m.DueAt.Unix()%(24*60*60) != 0 || !m.NotAfter.IsZero()) {
				t.Errorf("another invitation says %v, %v", m.DueAt, m.NotAfter)
			}
			if m.Kind == "invitation" && m.Number == 1 && m.DueAt.Unix() != now.Unix() {
				t.Errorf("a first invitation is due %v", m.DueAt)
			}
		}
		if hidden, err := s.HideHandOvers(ctx); err != nil || hidden {
			t.Errorf("with nothing to hide: %t, %v", hidden, err)
		}
		if !s.DB.Postgres() {
			return
		}
		var older int
		if err := s.DB.Conn().QueryRowContext(ctx, `SELECT COUNT(*) FROM messages m, responses r
			WHERE age(m.xmin) > age(r.xmin) AND (m.number = 2 OR m.kind LIKE 'returned %')`).Scan(&older); err != nil || older != 0 {
			t.Errorf("%d messages are older than the response that came after them, %v", older, err)
		}
	})
}
