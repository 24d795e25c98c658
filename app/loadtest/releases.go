package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"

	"rondo/storage/db"
)

// task is something that ends by itself and how long it took.
type task struct {
	what       string
	took, busy time.Duration // by the clock, and of processors
	memory     int64         // most bytes, of a process of its own; 0: not of its own
	within     time.Duration // wanted; 0: as many times the bound as times says
	times      float64
	most       int64 // bytes wanted at most
	bound      time.Duration
	boundIs    string
}

// took is the shortest of three runs by the clock, and the least processor time one of them took:
// the machine has other things to do.
func took(do func() error) (took, busy time.Duration, err error) {
	var all, each []time.Duration
	for range 3 {
		before, began := ownProcessor(), time.Now()
		if err := do(); err != nil {
			return 0, 0, err
		}
		all, each = append(all, time.Since(began)), append(each, ownProcessor()-before)
	}
	return slices.Min(all), slices.Min(each), nil
}

// ownProcessor is how long this process has kept a core busy, finer than processor says it.
func ownProcessor() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// printTasks writes tasks as a table.
func printTasks(out io.Writer, tasks []task) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "  figure\tmeasured\ttarget\tprocessor\tmemory, most\ttarget\tbound of this run\tratio\n")
	for _, k := range tasks {
		target, memory, room := "", "", ""
		switch {
		case k.within > 0:
			target = want("<= "+k.within.String(), k.took <= k.within)
		case k.times > 0:
			target = want(fmt.Sprintf("<= %gx", k.times), k.took.Seconds() <= k.times*k.bound.Seconds())
		}
		if k.memory > 0 {
			memory = size(k.memory)
		}
		if k.most > 0 {
			room = want("< "+size(k.most), k.memory < k.most)
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\t%s %s\t%.1f\n", k.what, duration(k.took), target, duration(k.busy), memory, room, duration(k.bound), k.boundIs, k.took.Seconds()/k.bound.Seconds())
	}
	return t.Flush()
}

// releases measures and prints what the making of releases takes: disclosure control, and files on
// each database.
func (b Bench) releases(ctx context.Context, folder string) error {
	fmt.Printf("\ndisclosure control\n")
	tasks, missing, err := controls()
	if err != nil {
		return fmt.Errorf("disclosure control: %w", err)
	}
	if err := printTasks(os.Stdout, tasks); err != nil {
		return err
	}
	if missing != "" {
		fmt.Printf("  skipped: %s\n", missing)
	}
	for _, dialect := range []string{db.SQLite, db.PostgreSQL} {
		if b.Database != "both" && b.Database != dialect {
			continue
		}
		fmt.Printf("\n%s, releases\n", dialectName(dialect))
		tasks, err := b.exports(ctx, folder, dialect)
		if err != nil {
			return fmt.Errorf("%s: %w", dialectName(dialect), err)
		}
		if err := printTasks(os.Stdout, tasks); err != nil {
			return err
		}
	}
	return nil
}
