package staff_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func account(t *testing.T, s *storage.Store, email string) staff.Account {
	t.Helper()
	a, err := s.Staff.AddAccount(t.Context(), staff.Account{Email: email, Name: "N", Language: "de", Role: "lead", PasswordHash: "$argon2id$", TOTPSecret: []byte{0, 255}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAccounts(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		a := account(t, s, "Lea@FSIO.example")
		_, err := s.Staff.AddAccount(ctx, staff.Account{Email: "lea@fsio.EXAMPLE", Role: "admin"})
		wantErr(t, "the same address again", err, storage.ErrDuplicate)
		got, err := s.Staff.AccountByEmail(ctx, "LEA@fsio.example")
		if diff := cmp.Diff(a, got); err != nil || diff != "" {
			t.Errorf("AccountByEmail: %v\n%s", err, diff)
		}
		_, err = s.Staff.AccountByID(ctx, "nobody")
		wantErr(t, "nobody", err, storage.ErrNotFound)
		wantErr(t, "an empty id", second(s.Staff.AccountByID(ctx, "")), storage.ErrNotFound)
		wantErr(t, "use a code", s.Staff.UseTOTPStep(ctx, a.ID, 100), nil)
		wantErr(t, "use it again", s.Staff.UseTOTPStep(ctx, a.ID, 100), storage.ErrConflict)
		wantErr(t, "role", s.Staff.SetRole(ctx, a.ID, "admin"), nil)
		wantErr(t, "password of nobody", s.Staff.SetPassword(ctx, "nobody", "x"), storage.ErrNotFound)
		all, err := s.Staff.Accounts(ctx)
		if err != nil || len(all) != 1 || all[0].Role != "admin" || all[0].TOTPStep != 100 {
			t.Errorf("Accounts = %+v, %v", all, err)
		}
		if err := s.Staff.SetRole(ctx, a.ID, "emperor"); err == nil {
			t.Error("an unknown role is kept")
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestOneTimeLink(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		wantErr(t, "first link", s.Staff.AddLink(ctx, []byte("first"), "", "admin", time.Hour), nil)
		wantErr(t, "another first link", s.Staff.AddLink(ctx, []byte("first too"), "", "admin", time.Hour), nil)
		wantErr(t, "link", s.Staff.AddLink(ctx, []byte("link"), "Mia@x.example", "analyst", time.Hour), nil)
		link, err := s.Staff.Link(ctx, []byte("link"))
		if err != nil || link != (staff.SignInLink{Email: "mia@x.example", Role: "analyst"}) {
			t.Errorf("Link = %+v, %v", link, err)
		}

		var wait sync.WaitGroup
		errs := make([]error, 5)
		for i := range errs {
			wait.Go(func() {
				_, errs[i] = s.Staff.UseLink(ctx, []byte("first"), staff.Account{Email: fmt.Sprintf("a%d@x.example", i), Role: "admin"})
			})
		}
		wait.Wait()
		used := 0
		for _, err := range errs {
			if err == nil {
				used++
			} else {
				wantErr(t, "use by another", err, storage.ErrNotFound)
			}
		}
		if used != 1 {
			t.Errorf("the link was used %d times", used)
		}
		wantErr(t, "a second first account", second(s.Staff.UseLink(ctx, []byte("first too"), staff.Account{Email: "b@x.example", Role: "admin"})), storage.ErrNotFound)

		s.DB.SetOffset(2 * time.Hour)
		wantErr(t, "an old link", second(s.Staff.Link(ctx, []byte("link"))), storage.ErrNotFound)
		wantErr(t, "use of an old link", second(s.Staff.UseLink(ctx, []byte("link"), staff.Account{Email: "mia@x.example", Role: "analyst"})), storage.ErrNotFound)
		s.DB.SetOffset(0)
		taken, err := s.Staff.Accounts(ctx)
		if err != nil || len(taken) != 1 {
			t.Fatalf("%d accounts, %v", len(taken), err)
		}
		wantErr(t, "an address that is taken", second(s.Staff.UseLink(ctx, []byte("link"), staff.Account{Email: taken[0].Email, Role: "analyst"})), storage.ErrDuplicate)
		wantErr(t, "the link afterwards", second(s.Staff.Link(ctx, []byte("link"))), nil)
	})
}

func TestSessions(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		a := account(t, s, "a@x.example")
		hash := func(n byte) []byte { h := sha256.Sum256([]byte{n}); return h[:] }
		for n := byte(1); n <= 3; n++ {
			wantErr(t, "session", s.Staff.AddSession(ctx, hash(n), a.ID, time.Duration(n)*time.Hour), nil)
		}
		before := s.DB.Statements()
		got, err := s.Staff.SessionAccount(ctx, hash(1))
		if diff := cmp.Diff(a, got); err != nil || diff != "" || s.DB.Statements()-before != 1 {
			t.Errorf("SessionAccount: %v in %d statements\n%s", err, s.DB.Statements()-before, diff)
		}
		wantErr(t, "a guess", second(s.Staff.SessionAccount(ctx, hash(9))), storage.ErrNotFound)
		wantErr(t, "sign out", s.Staff.EndSession(ctx, hash(2)), nil)
		wantErr(t, "a session after sign out", second(s.Staff.SessionAccount(ctx, hash(2))), storage.ErrNotFound)
		s.DB.SetOffset(61 * time.Minute)
		wantErr(t, "an old session", second(s.Staff.SessionAccount(ctx, hash(1))), storage.ErrNotFound)
		if list, err := s.Staff.Sessions(ctx, a.ID); err != nil || len(list) != 1 || !bytes.Equal(list[0].Hash, hash(3)) {
			t.Errorf("Sessions = %+v, %v", list, err)
		}
		wantErr(t, "disable", s.Staff.DisableAccount(ctx, a.ID), nil)
		wantErr(t, "a session of a disabled account", second(s.Staff.SessionAccount(ctx, hash(3))), storage.ErrNotFound)
		wantErr(t, "enable", s.Staff.EnableAccount(ctx, a.ID), nil)
		wantErr(t, "the old session afterwards", second(s.Staff.SessionAccount(ctx, hash(3))), storage.ErrNotFound)
	})
}

func TestFailures(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, key := t.Context(), []byte("key")
		is := func(want int) {
			t.Helper()
			if n, _, err := s.Staff.Failures(ctx, key); err != nil || n != want {
				t.Errorf("Failures = %d, %v; want %d", n, err, want)
			}
		}
		add := func(n int, want bool) {
			t.Helper()
			if ok, err := s.Staff.AddFailure(ctx, key, n); err != nil || ok != want {
				t.Errorf("AddFailure(%d) = %v, %v; want %v", n, ok, err, want)
			}
		}
		is(0)
		add(0, true)
		add(0, false)
		add(1, true)
		is(2)
		s.DB.SetOffset(10 * time.Minute)
		if _, ago, err := s.Staff.Failures(ctx, key); err != nil || ago < 10*time.Minute || ago > 11*time.Minute {
			t.Errorf("the last failure was %v ago, %v", ago, err)
		}
		s.DB.SetOffset(25 * time.Hour)
		is(0)
		add(0, true)
		is(1)
		wantErr(t, "clear", s.Staff.ClearFailures(ctx, key), nil)
		is(0)
	})
}

func TestJournal(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		if last, err := s.Staff.VerifyJournal(ctx); err != nil || last.Number != 0 {
			t.Errorf("an empty journal: %+v, %v", last, err)
		}
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				err := s.Staff.Journal(ctx, staff.Entry{Actor: "a@x.example", Action: "wave.open", Object: fmt.Sprint(i), Detail: "ä€\n"})
				wantErr(t, "journal", err, nil)
			})
		}
		wait.Wait()
		last, err := s.Staff.VerifyJournal(ctx)
		if err != nil || last.Number != 20 || last.At.IsZero() {
			t.Errorf("VerifyJournal = %+v, %v", last, err)
		}
		entries, err := s.Staff.Entries(ctx, 3)
		if err != nil || len(entries) != 3 || entries[0].Number != 20 || entries[2].Number != 18 {
			t.Errorf("Entries = %+v, %v", entries, err)
		}
		for _, change := range []string{"UPDATE journal SET detail = 'x' WHERE number = 3", "DELETE FROM journal WHERE number = 3"} {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}
		if s.DB.Postgres() {
			_, err := s.DB.Exec(ctx, "TRUNCATE journal")
			wantErr(t, "truncate", err, storage.ErrImmutable)
		}
	})
}

func TestJournalShowsForgery(t *testing.T) {
	for name, forge := range map[string]string{
		"a changed line":  "UPDATE journal SET detail = 'x' WHERE number = 2",
		"a missing line":  "DELETE FROM journal WHERE number = 2",
		"a changed time":  "UPDATE journal SET at = at + 1 WHERE number = 2",
		"a changed chain": "UPDATE journal SET previous = hash WHERE number = 2",
		"moved words":     "UPDATE journal SET actor = actor || action, action = '' WHERE number = 2",
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, s *storage.Store) {
				ctx := t.Context()
				for range 3 {
					wantErr(t, "journal", s.Staff.Journal(ctx, staff.Entry{Actor: "a", Action: "b", Object: "c", Detail: "d"}), nil)
				}
				off := []string{"DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete"}
				if s.DB.Postgres() {
					off = []string{"ALTER TABLE journal DISABLE TRIGGER ALL"}
				}
				for _, query := range append(off, forge) {
					if _, err := s.DB.Exec(ctx, query); err != nil {
						t.Fatal(err)
					}
				}
				wantErr(t, "verify", second(s.Staff.VerifyJournal(ctx)), storage.ErrJournal)
			})
		})
	}
}

func TestJournalStandsOrFallsWithItsStep(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, stop := t.Context(), errors.New("stop")
		err := s.DB.InTx(ctx, func(tx *db.DB) error {
			if err := s.Staff.With(tx).Journal(ctx, staff.Entry{Actor: "a"}); err != nil {
				return err
			}
			return stop
		})
		wantErr(t, "the step", err, stop)
		if entries, err := s.Staff.Entries(ctx, 5); err != nil || len(entries) != 0 {
			t.Errorf("%d entries of a step that failed, %v", len(entries), err)
		}
	})
}

func TestReleases(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		bundle := bytes.Repeat([]byte("bundle!"), 400000) // 2.8 MB
		sum := sha256.Sum256(bundle)
		proposal := staff.Release{WaveID: "w", Population: "employer", Profile: "public", SnapshotID: "s", ProposedBy: "a@x.example", FileName: "f.zip", Records: 109}
		r, err := s.Staff.AddRelease(ctx, proposal, iotest.OneByteReader(bytes.NewReader(bundle[:10])))
		if err != nil || r.Size != 10 || r.State != "proposed" {
			t.Fatalf("AddRelease = %+v, %v", r, err)
		}
		wantErr(t, "the same again", second(s.Staff.AddRelease(ctx, proposal, bytes.NewReader(bundle))), storage.ErrDuplicate)
		wantErr(t, "reject", s.Staff.RejectRelease(ctx, r.ID, "b@x.example", "too early"), nil)

		r, err = s.Staff.AddRelease(ctx, proposal, bytes.NewReader(bundle))
		if err != nil || r.Size != int64(len(bundle)) || r.SHA256 != hex.EncodeToString(sum[:]) || r.ProposedAt.IsZero() {
			t.Fatalf("AddRelease = %+v, %v", r, err)
		}
		wantErr(t, "approve one's own", s.Staff.ApproveRelease(ctx, r.ID, "a@x.example"), storage.ErrOwn)
		wantErr(t, "approve", s.Staff.ApproveRelease(ctx, r.ID, "b@x.example"), nil)
		wantErr(t, "approve again", s.Staff.ApproveRelease(ctx, r.ID, "c@x.example"), storage.ErrState)
		wantErr(t, "reject an approved one", s.Staff.RejectRelease(ctx, r.ID, "c@x.example", ""), storage.ErrState)
		wantErr(t, "approve nothing", s.Staff.ApproveRelease(ctx, "nothing", "c@x.example"), storage.ErrNotFound)

		var got []byte
		err = s.Staff.ReleaseParts(ctx, r.ID, func(part []byte) error { got = append(got, part...); return nil })
		if err != nil || !bytes.Equal(got, bundle) {
			t.Errorf("ReleaseParts gives %d bytes of %d, %v", len(got), len(bundle), err)
		}
		found, err := s.Staff.ReleaseOf(ctx, "s", "public", "")
		if err != nil || found.ID != r.ID || found.ApprovedBy != "b@x.example" || found.DecidedAt.IsZero() {
			t.Errorf("ReleaseOf = %+v, %v", found, err)
		}
		internal := proposal
		internal.Profile = "internal"
		if r, err := s.Staff.AddRelease(ctx, internal, bytes.NewReader(nil)); err != nil || r.State != "internal" {
			t.Errorf("an internal bundle: %+v, %v", r, err)
		}
		if list, err := s.Staff.Releases(ctx, "w"); err != nil || len(list) != 3 {
			t.Errorf("Releases gives %d, %v", len(list), err)
		}
		broken := errors.New("broken")
		wantErr(t, "a bundle that breaks off", second(s.Staff.AddRelease(ctx, staff.Release{Profile: "public", WaveID: "x"}, iotest.ErrReader(broken))), broken)

		for _, change := range []string{
			"UPDATE releases SET sha256 = 'x' WHERE state = 'approved'", "DELETE FROM releases", "UPDATE release_parts SET part = part", "DELETE FROM release_parts",
			"INSERT INTO release_parts (release_id, part, body) SELECT id, 99, CAST('x' AS " + s.DB.Bytes() + ") FROM releases",
		} {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}
	})
}

func TestPublishedStaysAsItIs(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		q := staff.Questionnaire{Ref: "employer/3", Hash: "h", Files: `{"questionnaire.yaml":"key: employer\n"}`, PublishedBy: "a@x.example"}
		wantErr(t, "publish", s.Staff.Publish(ctx, q), nil)
		wantErr(t, "publish again", s.Staff.Publish(ctx, q), nil)
		other := q
		other.Hash = "other"
		wantErr(t, "publish something else under the same name", s.Staff.Publish(ctx, other), storage.ErrDuplicate)
		got, err := s.Staff.PublishedByRef(ctx, "employer/3")
		if err != nil || got.Hash != "h" || got.Files != q.Files || got.PublishedAt.IsZero() {
			t.Errorf("PublishedByRef = %+v, %v", got, err)
		}
		if all, err := s.Staff.Published(ctx); err != nil || len(all) != 1 {
			t.Errorf("Published gives %d, %v", len(all), err)
		}
		changes := []string{"UPDATE published SET hash = 'x'", "UPDATE published SET files = '{}' WHERE ref = 'employer/3'", "DELETE FROM published"}
		if s.DB.Postgres() {
			changes = append(changes, "TRUNCATE published",
				"INSERT INTO published SELECT ref, 'x', files, published_by, published_at FROM published ON CONFLICT (ref) DO UPDATE SET hash = excluded.hash")
		} else {
			changes = append(changes, "INSERT OR REPLACE INTO published SELECT ref, 'x', files, published_by, published_at FROM published")
		}
		for _, change := range changes {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}
	})
}

func TestADraftIsKeptUnlessSomebodyElseChangedIt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		first := staff.QuestionnaireDraft{Ref: "employer/3", Hash: "1", Files: "{}", EditedBy: "a@x.example"}
		wantErr(t, "begin", s.Staff.KeepDraft(ctx, first, ""), nil)
		wantErr(t, "begin again", s.Staff.KeepDraft(ctx, first, ""), storage.ErrConflict)
		second := first
		second.Hash, second.Files, second.EditedBy = "2", `{"a":"b"}`, "b@x.example"
		wantErr(t, "change", s.Staff.KeepDraft(ctx, second, "1"), nil)
		wantErr(t, "change what is no longer so", s.Staff.KeepDraft(ctx, first, "1"), storage.ErrConflict)
		got, err := s.Staff.Draft(ctx, "employer/3")
		if err != nil || got.Hash != "2" || got.Files != second.Files || got.EditedBy != "b@x.example" || got.EditedAt.IsZero() {
			t.Errorf("Draft = %+v, %v", got, err)
		}
		if all, err := s.Staff.Drafts(ctx); err != nil || len(all) != 1 {
			t.Errorf("Drafts gives %d, %v", len(all), err)
		}
		wantErr(t, "discard what is no longer so", s.Staff.DiscardDraft(ctx, "employer/3", "1"), storage.ErrConflict)
		wantErr(t, "publish", s.Staff.Publish(ctx, staff.Questionnaire{Ref: "employer/3", Hash: "h", Files: second.Files, PublishedBy: "b@x.example"}), nil)
		_, err = s.Staff.Draft(ctx, "employer/3")
		wantErr(t, "the draft of a published version", err, storage.ErrNotFound)
		first.Ref = "employer/4"
		wantErr(t, "begin another", s.Staff.KeepDraft(ctx, first, ""), nil)
		wantErr(t, "discard", s.Staff.DiscardDraft(ctx, "employer/4", "1"), nil)
		wantErr(t, "discard again", s.Staff.DiscardDraft(ctx, "employer/4", "1"), storage.ErrConflict)
	})
}

func TestSettings(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		wantErr(t, "nothing set", second(s.Staff.Setting(ctx, "k")), storage.ErrNotFound)
		wantErr(t, "set", s.Staff.SetSetting(ctx, "k", "1"), nil)
		wantErr(t, "set again", s.Staff.SetSetting(ctx, "k", ""), nil)
		if got, err := s.Staff.Setting(ctx, "k"); err != nil || got != "" {
			t.Errorf("Setting = %q, %v", got, err)
		}
	})
}
