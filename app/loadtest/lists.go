package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/xuri/excelize/v2"

	"rondo/storage/db"
)

// listLines is how many employers the list holds whose import is measured.
const listLines = 10_000

// importing measures the import of a list from a workbook into a wave of its own, the start of the
// program included, and writing as many rows of as many texts as its employers have, one by one in
// one transaction of the same database: no import can be faster that writes a row for each line.
func (s *site) importing(ctx context.Context) (took, bound time.Duration, err error) {
	const wave = "lists"
	day := 24 * time.Hour
	opens, closes := time.Now().Add(day).UTC().Format(time.RFC3339), time.Now().Add(30*day).UTC().Format(time.RFC3339)
	book := s.path("employers.xlsx")
	if err := writeWorkbook(book, cantons, listLines); err != nil {
		return 0, 0, err
	}
	for _, args := range [][]string{
		{"wave", "create", wave, "--ref-from", "2021", "--ref-to", "2025", "--opens", opens, "--closes", closes},
		{"participants", "import", s.path("offices.csv"), "--wave", wave, "--population", "office"},
	} {
		if _, err := s.rondo(ctx, args...); err != nil {
			return 0, 0, err
		}
	}
	began := time.Now()
	if _, err := s.rondo(ctx, "participants", "import", book, "--wave", wave, "--population", "employer"); err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	bound, err = inserting(ctx, s.database, listLines)
	return took, bound, err
}

// inserting is how long n rows like those of participants take, each by an INSERT of its own in one
// transaction.
func inserting(ctx context.Context, database string, n int) (time.Duration, error) {
	d, err := db.Open(ctx, database)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	if _, err := d.Conn().ExecContext(ctx, "CREATE TABLE bound_list (id TEXT PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, token "+d.Bytes()+" UNIQUE)"); err != nil {
		return 0, err
	}
	insert := "INSERT INTO bound_list VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	if d.Postgres() {
		insert = "INSERT INTO bound_list VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	}
	began := time.Now()
	tx, err := d.Conn().BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	add, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		return 0, err
	}
	for range n {
		id, token := db.NewID(), db.NewSalt()
		if _, err := add.ExecContext(ctx, id, "Firma", "hr@firma.example.ch", "de", "10-49", "be", "Bern", token); err != nil {
			return 0, err
		}
	}
	return time.Since(began), tx.Commit()
}

// writeWorkbook writes a list of employers as people make one in Excel.
func writeWorkbook(name string, offices []string, n int) error {
	f := excelize.NewFile()
	defer f.Close()
	rows, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := rows.SetRow("A1", []any{"IV-Stelle", "Firma", "E-Mail", "Sprache", "Grösse", "NOGA", "Ort"}); err != nil {
		return err
	}
	for i := range n {
		row := []any{offices[i%len(offices)], fmt.Sprintf("Firma %d Müller Söhne AG", i), fmt.Sprintf("hr@firma%d.example.ch", i), "de", 37, "C", "Zürich"}
		if err := rows.SetRow(fmt.Sprint("A", i+2), row); err != nil {
			return err
		}
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := f.Write(out); err != nil {
		return err
	}
	return out.Close()
}
