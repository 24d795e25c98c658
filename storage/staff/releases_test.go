package staff_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"rondo/storage"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// TestOfTwoFirstReleasesOneIsKept: two profiles of a snapshot that are built at the same time know
// nothing of each other, so what both tell together was looked at by nobody.
func TestOfTwoFirstReleasesOneIsKept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		propose := func(profile, again string) error {
			_, err := s.Staff.AddRelease(ctx, staff.Release{WaveID: "w", Population: "employer", Profile: profile, SnapshotID: "s", ProposedBy: "a@x.example", Again: again}, strings.NewReader("x"))
			return err
		}
		wantErr(t, "texts", propose("freetext", ""), nil)
		wantErr(t, "inside", propose("internal", ""), nil)
		var together sync.WaitGroup
		errs := make([]error, 2)
		for i, profile := range []string{"scientific", "public"} {
			together.Go(func() { errs[i] = propose(profile, "") })
		}
		together.Wait()
		kept, refused := 0, 0
		for _, err := range errs {
			switch {
			case err == nil:
				kept++
			case errors.Is(err, storage.ErrConflict):
				refused++
			}
		}
		if kept != 1 || refused != 1 {
			t.Fatalf("%v", errs)
		}
		other := "public"
		if errs[1] == nil {
			other = "scientific"
		}
		wantErr(t, "the other, which knows the first", propose(other, "for research"), nil)
	})
}
