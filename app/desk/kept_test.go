package desk

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rondo/app/auth"
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

// TestDesk_on_a_real_database follows the first account from its link to its sign-out, and reads every page on the way.
func TestDesk_on_a_real_database(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, p := context.Background(), newPaper()
		records := auth.Kept(s.Staff)
		token, err := auth.FirstLink(ctx, records)
		if err != nil {
			t.Fatal(err)
		}
		b := &browser{t, appWith(t, p, doorWith(t, p, records), StaffJournal(s.Staff)), map[string]string{}}
		before := storagetest.Dump(t, s)
		page := b.get("/desk/welcome/" + token)
		if diff := cmp.Diff(before, storagetest.Dump(t, s)); diff != "" || page.status != 200 {
			t.Fatalf("reading the welcome = %d and changed\n%s", page.status, diff)
		}
		b.post("/desk/welcome/"+token, "_tag", b.tag(page.body), "name", "Vera", "email", "vera@bsv.example", "password", testPassword, "again", testPassword)
		tag := b.tag(b.get("/desk/sign-in").body)
		if a := b.post("/desk/sign-in", "_tag", tag, "email", "vera@bsv.example", "password", testPassword); a.location != "/desk" {
			t.Fatalf("sign-in = %d\n%s", a.status, a.body)
		}
		accounts, err := records.Accounts(ctx)
		if err != nil || len(accounts) != 1 {
			t.Fatalf("accounts: %v, %v", accounts, err)
		}

		before = storagetest.Dump(t, s)
		for _, path := range append(pages(t), "/desk/staff/"+accounts[0].ID+"/disable") {
			path = strings.ReplaceAll(path, "/a3/", "/"+accounts[0].ID+"/")
			p.now = p.now.Add(time.Minute) // the idle clock goes on, in the cookie
			if a := b.get(path); a.status != 200 && a.status != 303 {
				t.Errorf("GET %s = %d", path, a.status)
			}
		}
		if diff := cmp.Diff(before, storagetest.Dump(t, s)); diff != "" {
			t.Errorf("reading changed the database:\n%s", diff)
		}

		tag = b.tag(b.get("/desk").body)
		b.post("/desk/waves/2026/step/close/office", "_tag", tag)
		b.post("/desk/sign-out", "_tag", tag)
		if a := b.get("/desk"); a.status != 303 {
			t.Errorf("after sign-out = %d, want 303", a.status)
		}
		entries, err := StaffJournal(s.Staff).Last(ctx, 9)
		var actions []string
		for _, e := range entries {
			actions = append(actions, e.Action)
		}
		if want := []string{"population.close", "staff.sign-in", "staff.account"}; !slices.Equal(actions, want) || err != nil {
			t.Errorf("journal = %v, %v, want %v", actions, err, want)
		}
	})
}
