package answers_test

import (
	"bytes"
	"fmt"
	"testing"

	"rondo/storage"
	"rondo/storage/storagetest"
)

// Whoever has the disk and the secret finds a draft by its participant, and reads it: of who has
// submitted none may be left once responses are mixed, wherever others still answer.
func TestMixLeavesNoDraftOfWhoHasSubmitted(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f := open(t, s)
		for i := range 60 {
			who := fmt.Sprintf("p%03d", i)
			for revision := range 4 {
				body := bytes.Repeat([]byte(fmt.Sprintf("draft of %s ", who)), 250)
				if err := f.Answers.SaveDraft(t.Context(), f.wave, "employer", f.key("employer", who), revision, body); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range 30 {
			if err := f.Answers.Submit(t.Context(), f.submission("employer", fmt.Sprintf("p%03d", 2*i))); err != nil {
				t.Fatal(err)
			}
		}
		if mixed, err := f.Answers.Mix(t.Context(), false); err != nil || !mixed {
			t.Fatalf("Mix = %v, %v", mixed, err)
		}
		disk, left := storagetest.RawBytes(t, s), 0
		for i := range 60 {
			who := fmt.Sprintf("p%03d", i)
			there := bytes.Contains(disk, f.key("employer", who).ID()) || bytes.Contains(disk, []byte("draft of "+who))
			switch {
			case i%2 == 0 && there:
				left++
			case i%2 == 1 && !there:
				t.Error("a draft of somebody who still answers is gone")
			}
		}
		if left > 0 {
			t.Errorf("drafts of %d of 30 who have submitted are still on disk", left)
		}
	})
}
