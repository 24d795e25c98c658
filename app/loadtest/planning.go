package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rondo/storage/db"
)

// Planning is how long it takes to plan the invitations of a wave: every message is written once
// and checked.
type Planning struct {
	Employers int
	Plan      time.Duration // `rondo mail plan`: each is written once, nothing is kept
	Send      time.Duration // `rondo mail send`: the same, and all are queued
	Processor time.Duration // of Plan, on all cores
	Start     time.Duration // the bound: `rondo wave status`, which starts, opens the same database and ends
	Rows      time.Duration // the bound of queueing: as many rows as messages, copied by the database itself in one commit
}

// planning measures the planning on each database.
func (b Bench) planning(ctx context.Context, folder, dialect string) (p Planning, err error) {
	s, err := newSite(ctx, folder, b.Binary, dialect)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if _, err := s.field(ctx, b.Invitations); err != nil {
		return p, err
	}
	p.Employers = b.Invitations
	plan := []string{"mail", "plan", "--wave", label, "--population", "employer"}
	if p.Start, _, err = s.least(ctx, "wave", "status", label); err != nil {
		return p, err
	}
	if p.Plan, p.Processor, err = s.least(ctx, plan...); err != nil {
		return p, err
	}
	began := time.Now()
	out, err := s.rondo(ctx, "mail", "send", "--wave", label, "--population", "employer")
	p.Send = time.Since(began)
	if err != nil {
		return p, err
	}
	if want := fmt.Sprintf("%d messages queued", p.Employers); !strings.Contains(string(out), want) {
		return p, fmt.Errorf("mail send says %q, not %q", out, want)
	}
	p.Rows, err = copying(ctx, s.database)
	return p, err
}

// least is the shortest of three runs of a command, and the least processor time one of them took:
// the machine has other things to do.
func (s *site) least(ctx context.Context, args ...string) (took, processor time.Duration, err error) {
	var all, busy []time.Duration
	for range 3 {
		cmd, began := s.command(ctx, args...), time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, 0, fmt.Errorf("rondo %s: %w\n%s", strings.Join(args, " "), err, out)
		}
		all = append(all, time.Since(began))
		busy = append(busy, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	return slices.Min(all), slices.Min(busy), nil
}

// copying is how long a database takes to copy all messages into a table of their own.
func copying(ctx context.Context, database string) (took time.Duration, err error) {
	d, err := db.Open(ctx, database)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	began := time.Now()
	_, err = d.Conn().ExecContext(ctx, "CREATE TABLE bound_messages AS SELECT * FROM messages")
	return time.Since(began), err
}

// print writes the figures as a table.
func (p Planning) print(out io.Writer) error {
	const wanted = 2 * time.Second
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(figure string, took, bound time.Duration, what string) {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s %s\t%.1f\n", figure, duration(took), want("<= 2s", took <= wanted), duration(bound), what, took.Seconds()/bound.Seconds())
	}
	fmt.Fprintf(t, "  figure\tmeasured\ttarget\tbound of this run\tratio\n")
	row(fmt.Sprintf("plan %d invitations", p.Employers), p.Plan, p.Start, "start and end")
	fmt.Fprintf(t, "  processor, of the service\t%s\t\t\t\n", duration(p.Processor))
	row("plan and queue them", p.Send, p.Start+p.Rows, "start, end and copying the rows")
	return t.Flush()
}

// plannings measures and prints the planning on each database.
func (b Bench) plannings(ctx context.Context, folder string) error {
	for _, dialect := range []string{db.SQLite, db.PostgreSQL} {
		if b.Database != "both" && b.Database != dialect {
			continue
		}
		fmt.Printf("\n%s, planning\n", dialectName(dialect))
		p, err := b.planning(ctx, folder, dialect)
		if err != nil {
			return fmt.Errorf("%s: %w", dialectName(dialect), err)
		}
		if err := p.print(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}
