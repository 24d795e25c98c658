package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rondo/storage/db"
)

// scientificAnswers is how many employers' answers a scientific release is made of.
const scientificAnswers = 2000

// exports measures what leaves a site: a scientific bundle, and all answers as one CSV.
func (b Bench) exports(ctx context.Context, folder, dialect string) (tasks []task, err error) {
	bundle, err := b.bundle(ctx, folder, dialect)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	tasks = append(tasks, bundle)
	for _, n := range []int{b.Responses / 10, b.Responses} {
		csv, err := b.csv(ctx, folder, dialect, n)
		if err != nil {
			return nil, fmt.Errorf("internal CSV: %w", err)
		}
		tasks = append(tasks, csv)
	}
	return tasks, nil
}

// bundle measures the making of a scientific release, that is of all its files, their check and
// their keeping. The bound is packing the same files again.
func (b Bench) bundle(ctx context.Context, folder, dialect string) (t task, err error) {
	t = task{what: fmt.Sprintf("scientific bundle of %d", scientificAnswers), within: 2 * time.Second, most: 128 * megabyte, boundIs: "packing its files"}
	s, err := b.answered(ctx, folder, dialect, scientificAnswers)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	args := []string{"export", "--wave", label, "--population", "employer", "--profile", "scientific", "--out", s.path("scientific.zip")}
	if err := s.lead(ctx); err != nil {
		return t, err
	}
	if err := s.own(ctx, &t, append(args, "--approved-by", lead)...); err != nil {
		return t, err
	}
	t.bound, _, err = took(func() error { return repacked(s.path("scientific.zip")) })
	return t, err
}

// csv measures the export of n answers under the profile internal as one CSV, the start of the
// program included. The bound is what the database takes to write a plain table of the same cells to
// a file in the same form.
func (b Bench) csv(ctx context.Context, folder, dialect string, n int) (t task, err error) {
	s, err := b.answered(ctx, folder, dialect, n)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	file := s.path("internal.csv")
	for range 3 {
		if err := s.own(ctx, &t, "export", "--wave", label, "--population", "employer", "--profile", "internal", "--out", file); err != nil {
			return t, err
		}
	}
	var columns int
	if dialect == db.PostgreSQL {
		columns, t.bound, err = copied(ctx, s.database, file, s.path("bound.csv"))
		t.boundIs = "COPY of the same cells"
	} else {
		columns, t.bound, err = selected(ctx, s.database, file, s.path("bound.csv"))
		t.boundIs = "SELECT of the same cells"
	}
	t.what, t.most = fmt.Sprintf("internal CSV, %d x %d", n, columns), 128*megabyte
	if n == b.Responses { // the tenth of it shows that memory stays flat; its time is mostly that of a start
		t.times = 3
	}
	if err != nil {
		return t, err
	}
	return t, sameLength(file, s.path("bound.csv"))
}

// own runs a command of the service and notes its time, least of all runs, and its memory, most.
func (s *site) own(ctx context.Context, t *task, args ...string) error {
	cmd, began := s.command(ctx, args...), time.Now()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		if most, err := memoryOf(cmd.Process.Pid, "VmHWM"); err == nil {
			t.memory = max(t.memory, most)
		}
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("rondo %s: %w\n%s", strings.Join(args, " "), err, said.Bytes())
			}
			took, busy := time.Since(began), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
			if t.took == 0 || took < t.took {
				t.took = took
			}
			if t.busy == 0 || busy < t.busy {
				t.busy = busy
			}
			return nil
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// copied is how long psql takes to write a table of the cells of a CSV to a file.
func copied(ctx context.Context, database, from, to string) (columns int, took time.Duration, err error) {
	names, err := firstLine(from)
	if err != nil {
		return 0, 0, err
	}
	programs, err := serverPrograms()
	if err != nil {
		return 0, 0, err
	}
	psql := func(command string) error {
		out, err := exec.CommandContext(ctx, filepath.Join(programs, "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", command).CombinedOutput()
		if err != nil {
			return fmt.Errorf("psql: %w\n%s", err, out)
		}
		return nil
	}
	for _, command := range []string{plainTable(names), `\copy bound_cells FROM '` + from + `' CSV HEADER`, "VACUUM ANALYZE bound_cells"} {
		if err := psql(command); err != nil {
			return 0, 0, err
		}
	}
	var all []time.Duration
	for range 3 {
		began := time.Now()
		if err := psql(`\copy bound_cells TO '` + to + `' CSV HEADER`); err != nil {
			return 0, 0, err
		}
		all = append(all, time.Since(began))
	}
	return len(names), slices.Min(all), nil
}

func plainTable(names []string) string {
	return `CREATE TABLE bound_cells ("` + strings.Join(names, `" TEXT, "`) + `" TEXT)`
}

// selected is how long it takes to read a table of the cells of a CSV and write them to a file: for
// databases without COPY.
func selected(ctx context.Context, database, from, to string) (columns int, took time.Duration, err error) {
	d, err := db.Open(ctx, database)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	names, err := fillPlain(ctx, d, from)
	if err != nil {
		return 0, 0, err
	}
	var all []time.Duration
	for range 3 {
		began := time.Now()
		if err := writeSelected(ctx, d, names, to); err != nil {
			return 0, 0, err
		}
		all = append(all, time.Since(began))
	}
	return len(names), slices.Min(all), nil
}

// fillPlain puts the cells of a CSV into a table of their own.
func fillPlain(ctx context.Context, d *db.DB, from string) (names []string, err error) {
	file, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows := csv.NewReader(file)
	if names, err = rows.Read(); err != nil {
		return nil, err
	}
	tx, err := d.Conn().BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	if _, err := tx.ExecContext(ctx, plainTable(names)); err != nil {
		return nil, err
	}
	add, err := tx.PrepareContext(ctx, "INSERT INTO bound_cells VALUES (?"+strings.Repeat(", ?", len(names)-1)+")")
	if err != nil {
		return nil, err
	}
	cells := make([]any, len(names))
	all, err := rows.ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range all {
		for j, cell := range row {
			cells[j] = cell
		}
		if _, err := add.ExecContext(ctx, cells...); err != nil {
			return nil, err
		}
	}
	return names, tx.Commit()
}

func writeSelected(ctx context.Context, d *db.DB, names []string, to string) error {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer file.Close()
	out := csv.NewWriter(file)
	if err := out.Write(names); err != nil {
		return err
	}
	rows, err := d.Conn().QueryContext(ctx, "SELECT * FROM bound_cells")
	if err != nil {
		return err
	}
	defer rows.Close()
	cells, into := make([]string, len(names)), make([]any, len(names))
	for j := range cells {
		into[j] = &cells[j]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(rows.Err(), out.Error())
}
