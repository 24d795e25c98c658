package identity_test

import (
	"context"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// waits returns once a statement waits for a lock that another transaction holds, or ended without.
func waits(t *testing.T, s *storage.Store, ended <-chan error) {
	t.Helper()
	for range 600 {
		n, err := db.One[int64](t.Context(), s.DB, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 || len(ended) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing waits")
}

// A link that was computed from what somebody else is changing would be dead.
func TestWhoHandsOverWhileTheLinkIsMadeAnewIsRefused(t *testing.T) {
	for name, anew := range map[string]func(ctx context.Context, in *identity.Store, p identity.Participant, due time.Time) error{
		"made anew": func(ctx context.Context, in *identity.Store, p identity.Participant, _ time.Time) error {
			return in.Reissue(ctx, p.ID, keys.HashToken("another"), p.Epoch+1)
		},
		"address corrected": func(ctx context.Context, in *identity.Store, p identity.Participant, due time.Time) error {
			return in.Correct(ctx, identity.Correction{ID: p.ID, Epoch: p.Epoch, Address: "right@firm.example", Language: "de", New: keys.HashToken("another"), Due: due, NotAfter: due.Add(time.Hour)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, s *storage.Store) {
				_, all := answering(t, s, 1)
				p, err := s.Identity.ParticipantByID(t.Context(), all[0].ID)
				if err != nil {
					t.Fatal(err)
				}
				h, ended := handedOver(t, s, all[0]), make(chan error, 1)
				now, err := s.DB.Now(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				err = s.DB.InTx(t.Context(), func(tx *db.DB) error {
					if err := anew(t.Context(), identity.New(tx), p, now); err != nil {
						return err
					}
					go func() { ended <- s.Identity.HandOver(context.Background(), h) }()
					if s.DB.Postgres() { // SQLite has one writer
						waits(t, s, ended)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				wantErr(t, "hand over", <-ended, storage.ErrConflict)
				if after, err := s.Identity.HolderByToken(t.Context(), keys.HashToken("another")); err != nil || after.Epoch != p.Epoch+1 || after.Handovers != 0 {
					t.Errorf("the new link: epoch %d after %d, %d hand-overs, %v", after.Epoch, p.Epoch, after.Handovers, err)
				}
			})
		})
	}
}
