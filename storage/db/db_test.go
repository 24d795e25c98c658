package db_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestURL(t *testing.T) {
	for _, address := range []string{"", "rondo.db", "mysql://x", "sqlite:", "sqlite::memory:", "postgres://%zz"} {
		_, err := db.Open(t.Context(), address)
		wantErr(t, "Open("+address+")", err, db.ErrURL)
	}
	_, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "no", "folder.db"))
	wantErr(t, "a folder that is not there", err, os.ErrNotExist)
	_, err = db.Open(t.Context(), "postgres://user:canary-password@"+"?sslmode=wrong")
	if err == nil || containsText(err, "canary-password") {
		t.Errorf("a bad address = %v", err)
	}
}

func containsText(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}

func TestFileNamesWithSigns(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "50%.db", "50%25.db", "a#b.db", "ü&x=1.db", "file.db?mode=ro"} {
		path := filepath.Join(t.TempDir(), name)
		d, err := db.Open(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := d.Migrate(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: the file is %v, %v", name, info, err)
		}
	}
}

func TestDurability(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if !s.DB.Postgres() {
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1", "busy_timeout": "5000"} {
				var got string
				if err := s.DB.Conn().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
				}
			}
			return
		}
		for setting, value := range map[string]string{"synchronous_commit": "off"} {
			address := storagetest.URL(t, db.PostgreSQL)
			d, err := db.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Exec(t.Context(), "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET "+setting+" = "+value+"'; END $$"); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			_, err = db.Open(t.Context(), address)
			wantErr(t, setting+" = "+value, err, db.ErrDurability)
		}
	})
}

func TestInTx(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, stop := t.Context(), errors.New("stop")
		set := func(d *db.DB, key string) error {
			_, err := d.Exec(ctx, "INSERT INTO settings (key, value) VALUES (?, '1')", key)
			return err
		}
		count := func() int64 {
			t.Helper()
			n, err := s.DB.CountRows(ctx, "settings")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		wantErr(t, "a step that fails", s.DB.InTx(ctx, func(tx *db.DB) error { return errors.Join(set(tx, "a"), stop) }), stop)
		if count() != 0 {
			t.Error("a failed transaction left something")
		}
		wantErr(t, "one inside another", s.DB.InTx(ctx, func(tx *db.DB) error {
			return errors.Join(set(tx, "a"), tx.InTx(ctx, func(inner *db.DB) error { return set(inner, "b") }))
		}), nil)
		if count() != 2 {
			t.Errorf("%d rows, want 2", count())
		}
		wantErr(t, "a key that is there", set(s.DB, "a"), db.ErrDuplicate)
		func() {
			defer func() { _ = recover() }()
			_ = s.DB.InTx(ctx, func(tx *db.DB) error {
				_ = set(tx, "c")
				panic("a programmer's mistake")
			})
		}()
		if count() != 2 {
			t.Error("a transaction that panicked left something")
		}
		wantErr(t, "after the panic", set(s.DB, "d"), nil)
		gone, cancel := context.WithCancel(ctx)
		cancel()
		wantErr(t, "after the request is gone", s.DB.InTx(gone, func(*db.DB) error { return nil }), context.Canceled)
	})
}

func TestATransactionWhoseTimeRanOutIsABusyDatabase(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		for name, more := range map[string]string{"at the commit": "", "at a statement": "UPDATE waves SET label = label"} {
			short, end := context.WithTimeout(t.Context(), 20*time.Millisecond)
			err := s.DB.InTx(short, func(tx *db.DB) error {
				<-short.Done()
				eventuallyGone(t, tx)
				if more == "" {
					return nil
				}
				_, err := tx.Exec(short, more)
				return err
			})
			end()
			if !errors.Is(err, db.ErrBusy) {
				t.Errorf("%s: %v is not ErrBusy", name, err)
			}
		}
		err := s.DB.InTx(t.Context(), func(tx *db.DB) error {
			return tx.Gorm(t.Context()).Commit().Error // and InTx commits again
		})
		if err == nil || errors.Is(err, db.ErrBusy) {
			t.Errorf("a transaction used after its end, in time: %v", err)
		}
	})
}

// eventuallyGone waits until database/sql has undone a transaction whose context has ended.
func eventuallyGone(t *testing.T, tx *db.DB) {
	t.Helper()
	for range 60_000 {
		if _, err := tx.Exec(context.Background(), "SELECT 1"); errors.Is(err, sql.ErrTxDone) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("the transaction outlives its context")
}

func TestSnapshotSeesOneMoment(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		err := s.DB.InSnapshot(ctx, func(tx *db.DB) error {
			before, err := tx.CountRows(ctx, "settings")
			if err != nil {
				return err
			}
			if err := s.Staff.SetSetting(ctx, "k", "v"); err != nil { // somebody else, meanwhile
				return err
			}
			after, err := tx.CountRows(ctx, "settings")
			if before != 0 || after != 0 {
				t.Errorf("the snapshot sees %d, then %d rows", before, after)
			}
			if _, err := tx.Exec(ctx, "DELETE FROM settings"); err == nil {
				t.Error("a snapshot can write")
			}
			return err
		})
		if err != nil && !s.DB.Postgres() {
			t.Error(err)
		}
	})
}

func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := s.DB.InTx(ctx, func(tx *db.DB) error {
			if err := s.Staff.With(tx).SetSetting(ctx, "k", "v"); err != nil {
				return err
			}
			_, err := s.Staff.Setting(ctx, "k") // outside the transaction
			wantErr(t, "reading beside a writer", err, db.ErrNotFound)
			return nil
		})
		wantErr(t, "the writer", err, nil)
	})
}

func TestWritersWaitForOneAnother(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		if err := s.Staff.SetSetting(ctx, "n", "0"); err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				for range 10 {
					_, err := s.DB.Exec(ctx, "UPDATE settings SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE key = 'n'")
					wantErr(t, "write", err, nil)
				}
			})
		}
		wait.Wait()
		if got, err := s.Staff.Setting(ctx, "n"); err != nil || got != "160" {
			t.Errorf("after 160 writes the number is %s, %v", got, err)
		}
	})
}

func TestTwoProgramsOnOneFile(t *testing.T) {
	address := storagetest.URL(t, db.SQLite)
	var programs []*db.DB
	for range 2 {
		d, err := db.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		programs = append(programs, d)
	}
	var wait sync.WaitGroup
	for i, d := range programs {
		wait.Go(func() {
			for j := range 50 {
				_, err := d.Exec(t.Context(), "INSERT INTO settings (key, value) VALUES (?, '')", string(rune('a'+i))+string(rune('a'+j)))
				wantErr(t, "write", err, nil)
			}
		})
	}
	wait.Wait()
	if n, err := programs[0].CountRows(t.Context(), "settings"); err != nil || n != 100 {
		t.Errorf("%d rows, %v; want 100", n, err)
	}
}

func TestClock(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		shifted := func(by time.Duration) {
			t.Helper()
			s.DB.SetOffset(by)
			before := time.Now().Add(by - time.Second) // whole seconds
			got, err := s.DB.Now(t.Context())
			if after := time.Now().Add(by + time.Second); err != nil || got.Before(before) || got.After(after) || got.Location() != time.UTC || got.Nanosecond() != 0 {
				t.Errorf("Now = %v, %v; want between %v and %v", got, err, before, after)
			}
		}
		shifted(0)
		shifted(-36 * time.Hour)
		wantErr(t, "inside a transaction", s.DB.InTx(t.Context(), func(tx *db.DB) error {
			got, err := tx.Now(t.Context())
			if time.Since(got) < 35*time.Hour {
				t.Errorf("a transaction has another clock: %v", got)
			}
			return err
		}), nil)
	})
}

func TestSeconds(t *testing.T) {
	if db.Seconds(time.Time{}) != 0 || !db.FromSeconds(0).IsZero() {
		t.Error("the zero time is not 0")
	}
	at := time.Date(2026, 10, 25, 2, 30, 0, 999, time.FixedZone("CEST", 7200))
	if got := db.FromSeconds(db.Seconds(at)); !got.Equal(at.Truncate(time.Second)) || got.Location() != time.UTC {
		t.Errorf("a time comes back as %v", got)
	}
}

func TestIDsAreRandom(t *testing.T) {
	seen := map[string]bool{}
	for range 10000 {
		id := db.NewID()
		if len(id) != 26 || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
	if one, two := db.NewSalt(), db.NewSalt(); string(one) == string(two) || len(one) != 32 {
		t.Error("salts are not 32 random bytes")
	}
}

func TestMigrations(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			d, err := db.Open(t.Context(), storagetest.EmptyURL(t, dialect))
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if pending, err := d.Pending(t.Context()); err != nil || !pending {
				t.Errorf("an empty database: pending %v, %v", pending, err)
			}
			if n, err := d.Migrate(t.Context()); err != nil || n == 0 {
				t.Errorf("Migrate = %d, %v", n, err)
			}
			if n, err := d.Migrate(t.Context()); err != nil || n != 0 {
				t.Errorf("Migrate again = %d, %v", n, err)
			}
			if pending, err := d.Pending(t.Context()); err != nil || pending {
				t.Errorf("afterwards: pending %v, %v", pending, err)
			}
			wantErr(t, "a version of the future", d.MigrateTo(t.Context(), 9999), db.ErrNewer)
		})
	}
}
