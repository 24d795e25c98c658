package outbox

import (
	"testing"

	"rondo/storage"
	"rondo/storage/storagetest"
)

// each runs a test with an outbox on each database.
func each(t *testing.T, test func(t *testing.T, o *Outbox)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		test(t, &Outbox{DB: s.DB, Identity: s.Identity, Secret: s.Secret})
	})
}
