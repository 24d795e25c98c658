package storagetest

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"rondo/storage"
)

// Table is everything somebody with the database sees of one table, in the order
// in which the rows lie on disk.
type Table struct {
	Name    string
	Columns []string // the table's own, then ctid and xmin (PostgreSQL) or rowid (SQLite, where there is one)
	Rows    [][]any  // nil, int64, bool, string or []byte
}

// Column gives the values of a column in the order of the rows; nil if there is none.
func (d Table) Column(name string) []any {
	for i, column := range d.Columns {
		if column != name {
			continue
		}
		values := make([]any, 0, len(d.Rows))
		for _, row := range d.Rows {
			values = append(values, row[i])
		}
		return values
	}
	return nil
}

// Dump gives all tables.
func Dump(t testing.TB, s *storage.Store) []Table {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	if s.DB.Postgres() {
		list = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
	}
	names := rows(t, s.DB.Conn(), list)
	var tables []Table
	for _, name := range names.Rows {
		tables = append(tables, dumpTable(t, s, name[0].(string)))
	}
	return tables
}

func dumpTable(t testing.TB, s *storage.Store, name string) Table {
	t.Helper()
	query := "SELECT *, rowid AS rowid FROM " + name
	if s.DB.Postgres() {
		query = "SELECT *, ctid::text AS ctid, xmin::text::bigint AS xmin FROM " + name + " ORDER BY ctid"
	} else if !hasRowid(t, s.DB.Conn(), name) {
		query = "SELECT * FROM " + name
	}
	table := rows(t, s.DB.Conn(), query)
	table.Name = name
	return table
}

func hasRowid(t testing.TB, conn *sql.DB, name string) bool {
	t.Helper()
	probe, err := conn.QueryContext(context.Background(), "SELECT rowid FROM "+name+" LIMIT 0")
	if err != nil {
		return false
	}
	defer probe.Close()
	return probe.Err() == nil
}

func rows(t testing.TB, conn *sql.DB, query string) Table {
	t.Helper()
	found, err := conn.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer found.Close()
	var table Table
	if table.Columns, err = found.Columns(); err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		row, into := make([]any, len(table.Columns)), make([]any, len(table.Columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for i, value := range row {
			if b, ok := value.([]byte); ok {
				row[i] = bytes.Clone(b)
			}
		}
		table.Rows = append(table.Rows, row)
	}
	if err := found.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return table
}

// RawBytes gives what lies on disk: the file and log of SQLite, or the files of
// the PostgreSQL database after a checkpoint, one after the other by name.
func RawBytes(t testing.TB, s *storage.Store) []byte {
	t.Helper()
	if !s.DB.Postgres() {
		return readAll(t, []string{s.DB.File(), s.DB.File() + "-wal"})
	}
	c, err := theCluster()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.sql("CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	var oid string
	if err := s.DB.Conn().QueryRowContext(context.Background(), "SELECT oid::text FROM pg_database WHERE datname = current_database()").Scan(&oid); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(c.folder, "data", "base", oid, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return readAll(t, files)
}

func readAll(t testing.TB, files []string) []byte {
	t.Helper()
	var all []byte
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}
