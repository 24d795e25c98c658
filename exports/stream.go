package exports

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
)

// Spool is where the lines of a file rest until their order is known: what was written to it can be
// read back by its place. It holds answers, so whoever makes it takes it away.
type Spool interface {
	io.Writer
	io.ReaderAt
}

// line is where a line rests in a spool.
type line struct {
	place  place
	at     int64
	length int32
}

// CSV writes the data of a snapshot under the profile internal, byte for byte as they stand in
// data/{population}.csv of its bundle, and says how many records there are. Whatever their number,
// few of them are in memory: the lines rest in spool. Nothing is written to out before all are read.
func CSV(ctx context.Context, src Source, wave, population string, rowKey []byte, spool Spool, out io.Writer) (records int, err error) {
	s, err := src.Snapshot(ctx, wave, population)
	if err != nil {
		return 0, fmt.Errorf("open snapshot: %w", err)
	}
	if err := s.of(population); err != nil {
		return 0, err
	}
	plan, err := PlanFor(s.Questionnaire, Internal)
	if err != nil {
		return 0, err
	}
	lines, err := spooled(ctx, src, s, plan, rowKey, spool)
	if err != nil {
		return 0, fmt.Errorf("read records: %w", err)
	}
	if len(lines) != s.N {
		return 0, fmt.Errorf("%w: %d records, %d declared", ErrSnapshot, len(lines), s.N)
	}
	slices.SortFunc(lines, func(a, b line) int { return bytes.Compare(a.place[:], b.place[:]) })
	head := leadColumns(s, plan.Profile)
	for _, c := range plan.Kept() {
		head = append(head, c.Column.Name)
	}
	return len(lines), unspool(ctx, spool, head, lines, out)
}

// spooled writes the line of each record to a spool.
func spooled(ctx context.Context, src Source, s Snapshot, plan Plan, rowKey []byte, spool Spool) ([]line, error) {
	var text bytes.Buffer
	var at int64
	lines, keep, placeOf := make([]line, 0, s.N), plan.places(), places(s, plan.Profile.Name, rowKey)
	file, cw := bufio.NewWriterSize(spool, 1<<16), csv.NewWriter(&text)
	err := src.Records(ctx, s, func(r Record) error {
		if err := fits(s, r); err != nil {
			return err
		}
		place, err := placeOf(r)
		if err != nil {
			return err
		}
		if err := cw.Write(append(leadCells(s, plan.Profile, r), cellsOf(s, r, keep)...)); err != nil {
			return err
		}
		cw.Flush()
		lines = append(lines, line{place, at, int32(text.Len())})
		at += int64(text.Len())
		_, err = text.WriteTo(file)
		return err
	})
	if err != nil {
		return nil, err
	}
	return lines, file.Flush()
}

// unspool writes lines in their order, below one of names.
func unspool(ctx context.Context, spool io.ReaderAt, head []string, lines []line, out io.Writer) error {
	file := bufio.NewWriterSize(out, 1<<16)
	cw := csv.NewWriter(file)
	if err := cw.Write(head); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	cw.Flush()
	var text []byte
	for _, l := range lines {
		text = slices.Grow(text[:0], int(l.length))[:l.length]
		if _, err := spool.ReadAt(text, l.at); err != nil {
			return fmt.Errorf("read data back: %w", err)
		}
		if _, err := file.Write(text); err != nil {
			return fmt.Errorf("write data: %w", err)
		}
	}
	if err := file.Flush(); err != nil {
		return fmt.Errorf("write data: %w", err)
	}
	return ctx.Err()
}
