package storagetest

import (
	"context"
	"path/filepath"
	"testing"

	"rondo/storage"
	"rondo/storage/db"
)

// Dialects are the databases every test of Each runs on.
var Dialects = []string{db.SQLite, db.PostgreSQL}

// Each runs test on SQLite and on PostgreSQL, each with a fresh store.
func Each(t *testing.T, test func(t *testing.T, s *storage.Store)) {
	t.Helper()
	for _, dialect := range Dialects {
		t.Run(dialect, func(t *testing.T) { test(t, Open(t, dialect)) })
	}
}

// Open gives a store on a fresh database of a dialect; it is closed with the test.
func Open(t testing.TB, dialect string) *storage.Store {
	t.Helper()
	s, err := storage.Open(context.Background(), URL(t, dialect), SecretFile(t))
	if err != nil {
		t.Fatalf("open %s: %v", dialect, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close %s: %v", dialect, err)
		}
	})
	return s
}

// URL is the address of a fresh, migrated (PostgreSQL) or absent (SQLite) database.
func URL(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == db.PostgreSQL {
		return postgresURL(t, template)
	}
	return "sqlite:" + filepath.Join(folder(t), "rondo.db")
}

// EmptyURL is the address of a database without any table.
func EmptyURL(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == db.PostgreSQL {
		return postgresURL(t, "template0")
	}
	return URL(t, dialect)
}

// SecretFile is where a secret of the test's own is made.
func SecretFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "secret")
}
