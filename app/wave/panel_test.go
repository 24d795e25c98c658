package wave

import (
	"context"
	"testing"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

func TestADamagedWishForThePanelNeitherStopsTheClosingNorIsLost(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		w := field(t, s, 1)
		p, err := store.Identity.Population(ctx, w.ID, "employer")
		must(t, err)
		all, err := store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		key := s.wishKey(p, all[0].ID)
		must(t, store.Answers.SaveDraft(ctx, w.ID, "employer", key, 0, []byte("rotten bytes")))
		must(t, s.WishPanel(ctx, identity.Holder{ID: all[0].ID, Population: p}, "fr")) // wished again: nothing changes
		must(t, s.Close(ctx, "2026", "employer"))
		members, err := store.Identity.Panel(ctx)
		must(t, err)
		if len(members) != 1 || members[0].Email != all[0].Email || members[0].Language != "de" {
			t.Errorf("panel after close: %+v", members)
		}
	})
}
