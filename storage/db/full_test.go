package db_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/storage/db"
)

// TestAFullDatabase_says_so_and_is_busy lets a database have no more pages than it has.
func TestAFullDatabase_says_so_and_is_busy(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "rondo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, statement := range []string{"CREATE TABLE kept (what TEXT)", "INSERT INTO kept VALUES ('before')", "PRAGMA max_page_count = 2"} {
		if _, err := d.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	_, err = d.Exec(t.Context(), "INSERT INTO kept VALUES (?)", strings.Repeat("x", 100_000))
	wantErr(t, "writing more than there is room for", err, db.ErrFull)
	wantErr(t, "for a page, a full disk", err, db.ErrBusy)
	if errors.Is(err, db.ErrDurability) || strings.Contains(err.Error(), "\n") {
		t.Errorf("it is told as %q", err)
	}
	if kept, err := db.One[string](t.Context(), d, "SELECT what FROM kept"); kept != "before" || err != nil {
		t.Errorf("%q is kept, %v", kept, err)
	}
}

// TestAFullDisk_is_told_when_a_database_is_opened fills a disk of its own, of a size for one small database.
func TestAFullDisk_is_told_when_a_database_is_opened(t *testing.T) {
	folder := smallDisk(t)
	path := filepath.Join(folder, "rondo.db")
	d, err := db.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	fill, err := os.Create(filepath.Join(folder, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	fill.Close()
	for _, path := range []string{path, filepath.Join(folder, "another.db")} {
		_, err = db.Open(t.Context(), "sqlite:"+path)
		wantErr(t, "opening "+path, err, db.ErrFull)
		if err != nil && err.Error() != "open database "+path+": the disk of the database is full" {
			t.Errorf("opening %s: %q", path, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".rondo-room-*")); len(left) > 0 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.Remove(fill.Name()); err != nil {
		t.Fatal(err)
	}
	d, err = db.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatalf("with room again: %v", err)
	}
	d.Close()
}
