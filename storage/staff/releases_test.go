package staff_test

import (
	"bytes"
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

// TestTheBytesOfARejectedReleaseGo: it was rejected for what it holds, so neither a dump nor the disk
// may hold it; who rejected it and its hash stay.
func TestTheBytesOfARejectedReleaseGo(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		const text = "still names the firm of somebody"
		propose := func(snapshot, body string) staff.Release {
			r, err := s.Staff.AddRelease(ctx, staff.Release{WaveID: "w", Population: "employer", Profile: "freetext", SnapshotID: snapshot, ProposedBy: "a@x.example"}, strings.NewReader(body))
			wantErr(t, "propose", err, nil)
			return r
		}
		parts := func(id string) (n int) {
			wantErr(t, "read", s.Staff.ReleaseParts(ctx, id, func([]byte) error { n++; return nil }), nil)
			return n
		}
		one, other := propose("s", text), propose("other", "names nobody")
		if !bytes.Contains(storagetest.RawBytes(t, s), []byte(text)) {
			t.Fatal("what waits for approval is not on the disk: the case proves nothing")
		}
		wantErr(t, "reject", s.Staff.RejectRelease(ctx, one.ID, "b@x.example", "a name"), nil)
		if parts(one.ID) != 0 || bytes.Contains(storagetest.RawBytes(t, s), []byte(text)) {
			t.Error("the bytes of a rejected release are still there")
		}
		if r, err := s.Staff.Release(ctx, one.ID); err != nil || r.SHA256 != one.SHA256 || r.ApprovedBy != "b@x.example" || r.Reason != "a name" {
			t.Errorf("what is known of it: %+v, %v", r, err)
		}
		if parts(other.ID) != 1 {
			t.Error("another release lost its bytes")
		}
	})
}
