package db_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

// commits counts the commits in the write-ahead log: frames of 24 bytes and a
// page, after 32 bytes, whose second number is not 0
// (https://sqlite.org/fileformat2.html, 4.1).
func commits(t *testing.T, d *db.DB) int {
	t.Helper()
	raw, err := os.ReadFile(d.File() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	page, n := int(binary.BigEndian.Uint32(raw[8:])), 0
	for at := 32; at+24+page <= len(raw); at += 24 + page {
		if binary.BigEndian.Uint32(raw[at+4:]) != 0 {
			n++
		}
	}
	return n
}

func lite(t *testing.T) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storagetest.URL(t, db.SQLite), storagetest.SecretFile(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// queued starts writes while another transaction holds the writer, and gives what they answer
// once it lets go.
func queued(t *testing.T, d *db.DB, n int, write func(i int) error) []error {
	t.Helper()
	type answer struct {
		i   int
		err error
	}
	answers, errs := make(chan answer), make([]error, n)
	err := d.InTx(t.Context(), func(*db.DB) error {
		for i := range n {
			go func() { answers <- answer{i, write(i)} }()
		}
		time.Sleep(200 * time.Millisecond) // they line up; were they late, the test would only show less
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		a := <-answers
		errs[a.i] = a.err
	}
	return errs
}

func insert(ctx context.Context, d *db.DB, table string, i int) error {
	_, err := d.Exec(ctx, "INSERT INTO "+table+" (key, value) VALUES (?, ?)", fmt.Sprint("k", i), "v")
	return err
}

func TestWritesThatWaitOnSQLiteShareACommit(t *testing.T) {
	s := lite(t)
	before := commits(t, s.DB)
	for i, err := range queued(t, s.DB, 40, func(i int) error { return insert(t.Context(), s.DB, "settings", i) }) {
		wantErr(t, fmt.Sprint("write ", i), err, nil)
	}
	if n, err := s.DB.CountRows(t.Context(), "settings"); err != nil || n != 40 {
		t.Errorf("%d rows, %v; want 40", n, err)
	}
	if made := commits(t, s.DB) - before; made > 20 {
		t.Errorf("40 writes that waited made %d commits", made)
	}
}

func TestAWriteThatFailsTakesNoOtherWithIt(t *testing.T) {
	for name, broken := range map[string]func(s *storage.Store) (write func() error, fits func(error) bool){
		"a key that is there": func(s *storage.Store) (func() error, func(error) bool) {
			return func() error { return insert(t.Context(), s.DB, "settings", 100) },
				func(err error) bool { return errors.Is(err, db.ErrDuplicate) }
		},
		"a table that is not there": func(s *storage.Store) (func() error, func(error) bool) {
			return func() error { return insert(t.Context(), s.DB, "nowhere", 1) },
				func(err error) bool { return err != nil && strings.Contains(err.Error(), "nowhere") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := lite(t)
			wantErr(t, "the row before", insert(t.Context(), s.DB, "settings", 100), nil)
			write, fits := broken(s)
			errs := queued(t, s.DB, 20, func(i int) error {
				if i%5 == 2 {
					return write()
				}
				return insert(t.Context(), s.DB, "settings", i)
			})
			for i, err := range errs {
				if i%5 == 2 && !fits(err) {
					t.Errorf("the failing write = %v", err)
				} else if i%5 != 2 {
					wantErr(t, fmt.Sprint("write ", i), err, nil)
				}
			}
			if n, err := s.DB.CountRows(t.Context(), "settings"); err != nil || n != 17 {
				t.Errorf("%d rows, %v; want 17", n, err)
			}
		})
	}
}

func TestAWriteWhoseCallerIsGoneIsNotMade(t *testing.T) {
	s := lite(t)
	gone, cancel := context.WithCancel(t.Context())
	errs := queued(t, s.DB, 8, func(i int) error {
		if i%2 == 0 {
			return insert(t.Context(), s.DB, "settings", i)
		}
		time.AfterFunc(50*time.Millisecond, cancel)
		return insert(gone, s.DB, "settings", i)
	})
	kept, err := s.DB.CountRows(t.Context(), "settings")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range errs {
		if err == nil {
			kept--
		} else {
			wantErr(t, "a write whose caller left", err, context.Canceled)
		}
	}
	if kept != 0 {
		t.Errorf("%d more rows than writes that were acknowledged", kept)
	}
	wantErr(t, "after that", insert(t.Context(), s.DB, "settings", 100), nil)
}
