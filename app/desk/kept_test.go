package desk

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rondo/storage"
	"rondo/storage/storagetest"
)

func TestStaffJournal_gives_back_what_it_was_told(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, j := context.Background(), StaffJournal(s.Staff)
		for _, action := range []string{"first", "second", "third"} {
			if err := j.Note(ctx, "vera@bsv.example", action, "2026", "détail"); err != nil {
				t.Fatal(err)
			}
		}
		got, err := j.Last(ctx, 2)
		want := []Entry{{Who: "vera@bsv.example", Action: "third", Object: "2026", Detail: "détail"},
			{Who: "vera@bsv.example", Action: "second", Object: "2026", Detail: "détail"}}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Entry{}, "When")); diff != "" || err != nil {
			t.Errorf("Last: %v\n%s", err, diff)
		}
		if whole, err := j.Verify(ctx); !whole || err != nil {
			t.Errorf("Verify = %v, %v", whole, err)
		}
	})
}
