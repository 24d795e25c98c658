package auth_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"rondo/app/auth"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func TestKept_link_makes_one_account(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, records := context.Background(), auth.Kept(s.Staff)
		first, err := auth.FirstLink(ctx, records)
		if err != nil || first == "" {
			t.Fatalf("FirstLink = %q, %v", first, err)
		}
		if err := records.AddLink(ctx, hash("link"), "vera@bsv.example", auth.Lead, auth.LinkLife); err != nil {
			t.Fatal(err)
		}
		email, role, err := records.Link(ctx, hash("link"))
		if email != "vera@bsv.example" || role != auth.Lead || err != nil {
			t.Errorf("Link = %s, %s, %v", email, role, err)
		}
		vera := auth.Account{Email: email, Name: "Vera", Role: role}
		if err := records.UseLink(ctx, hash("link"), vera, "phc"); err != nil {
			t.Fatal(err)
		}
		if err := records.UseLink(ctx, hash("link"), vera, "phc"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("second use = %v, want ErrNotFound", err)
		}
		if next, err := auth.FirstLink(ctx, records); next != "" || err != nil {
			t.Errorf("FirstLink with an account = %q, %v", next, err)
		}
		if _, err := auth.NewLink(ctx, records, " VERA@bsv.example", auth.Lead); !errors.Is(err, auth.ErrTaken) {
			t.Errorf("NewLink for a taken address = %v, want ErrTaken", err)
		}
		kept, phc, err := records.AccountByEmail(ctx, "vera@bsv.example")
		if kept.Name != "Vera" || kept.Role != auth.Lead || phc != "phc" || err != nil {
			t.Errorf("AccountByEmail = %v, %q, %v", kept, phc, err)
		}
		s.DB.SetOffset(25 * time.Hour)
		defer s.DB.SetOffset(0)
		if err := records.AddLink(ctx, hash("late"), "", auth.Admin, auth.LinkLife); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(50 * time.Hour)
		if _, _, err := records.Link(ctx, hash("late")); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("a link after 25 hours = %v, want ErrNotFound", err)
		}
	})
}

func TestKept_session_ends_by_the_database_clock_and_with_its_account(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, records := context.Background(), auth.Kept(s.Staff)
		if err := records.AddLink(ctx, hash("link"), "eva@bsv.example", auth.Analyst, auth.LinkLife); err != nil {
			t.Fatal(err)
		}
		if err := records.UseLink(ctx, hash("link"), auth.Account{Email: "eva@bsv.example", Role: auth.Analyst}, "phc"); err != nil {
			t.Fatal(err)
		}
		eva, _, _ := records.AccountByEmail(ctx, "eva@bsv.example")
		sign := func(name string) {
			t.Helper()
			if err := records.AddSession(ctx, hash(name), eva.ID, auth.Absolute); err != nil {
				t.Fatal(err)
			}
			if a, err := records.SessionAccount(ctx, hash(name)); a != eva || err != nil {
				t.Fatalf("SessionAccount = %v, %v", a, err)
			}
		}
		over := func(name, why string) {
			t.Helper()
			if _, err := records.SessionAccount(ctx, hash(name)); !errors.Is(err, db.ErrNotFound) {
				t.Errorf("session %s = %v, want ErrNotFound", why, err)
			}
		}
		sign("a")
		s.DB.SetOffset(10*time.Hour + time.Minute)
		over("a", "after ten hours")
		sign("b")
		if err := records.EndSession(ctx, hash("b")); err != nil {
			t.Fatal(err)
		}
		over("b", "after sign-out")
		sign("c")
		if err := records.DisableAccount(ctx, eva.ID); err != nil {
			t.Fatal(err)
		}
		over("c", "of a disabled account")
	})
}

func TestKept_factor_steps_only_go_forward(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, records := context.Background(), auth.Kept(s.Staff)
		if err := records.AddLink(ctx, hash("link"), "eva@bsv.example", auth.Analyst, auth.LinkLife); err != nil {
			t.Fatal(err)
		}
		if err := records.UseLink(ctx, hash("link"), auth.Account{Email: "eva@bsv.example", Role: auth.Analyst}, "phc"); err != nil {
			t.Fatal(err)
		}
		eva, _, _ := records.AccountByEmail(ctx, "eva@bsv.example")
		if sealed, err := records.Factor(ctx, eva.ID); sealed != nil || err != nil {
			t.Errorf("Factor = %v, %v, want none", sealed, err)
		}
		if err := records.SetFactor(ctx, eva.ID, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		if sealed, err := records.Factor(ctx, eva.ID); string(sealed) != "sealed" || err != nil {
			t.Errorf("Factor = %q, %v", sealed, err)
		}
		for _, tc := range []struct {
			step int64
			want error
		}{{100, nil}, {100, db.ErrConflict}, {99, db.ErrConflict}, {101, nil}} {
			if err := records.UseStep(ctx, eva.ID, tc.step); !errors.Is(err, tc.want) {
				t.Errorf("UseStep(%d) = %v, want %v", tc.step, err, tc.want)
			}
		}
		if err := records.SetFactor(ctx, eva.ID, nil); err != nil {
			t.Fatal(err)
		}
		if sealed, err := records.Factor(ctx, eva.ID); len(sealed) != 0 || err != nil {
			t.Errorf("Factor after removing = %v, %v", sealed, err)
		}
	})
}

func TestKept_failures_are_counted_once_each(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, records := context.Background(), auth.Kept(s.Staff)
		for n := range 3 {
			if got, _, err := records.Failures(ctx, hash("k")); got != n || err != nil {
				t.Fatalf("Failures = %d, %v, want %d", got, err, n)
			}
			if ok, err := records.AddFailure(ctx, hash("k"), n); !ok || err != nil {
				t.Fatalf("AddFailure = %v, %v", ok, err)
			}
			if ok, err := records.AddFailure(ctx, hash("k"), n); ok || err != nil {
				t.Errorf("AddFailure of a try that came second = %v, %v", ok, err)
			}
		}
		s.DB.SetOffset(time.Minute)
		if _, ago, err := records.Failures(ctx, hash("k")); ago < time.Minute || ago > 2*time.Minute || err != nil {
			t.Errorf("ago = %v, %v", ago, err)
		}
		if err := records.ClearFailures(ctx, hash("k")); err != nil {
			t.Fatal(err)
		}
		if n, _, _ := records.Failures(ctx, hash("k")); n != 0 {
			t.Errorf("after success = %d", n)
		}
	})
}
