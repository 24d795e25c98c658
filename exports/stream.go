package exports

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"rondo/questionnaires"
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

// spooler writes lines to a spool.
type spooler struct {
	sync.Mutex
	file  *bufio.Writer
	at    int64
	lines []line
}

// The records that lines are made of at a time, and how many cores make them: more wait for the
// database.
const (
	handful     = 256
	mostWriters = 4
	backAtOnce  = 4096 // lines that are read back at a time
)

// spooled writes the line of each record to a spool. Where each comes to rest does not matter.
func spooled(ctx context.Context, src Source, s Snapshot, plan Plan, rowKey []byte, spool Spool) ([]line, error) {
	sp := &spooler{file: bufio.NewWriterSize(spool, 1<<16), lines: make([]line, 0, s.N)}
	var writers sync.WaitGroup
	work, errs := make(chan []Record), make([]error, min(runtime.GOMAXPROCS(0), mostWriters))
	for i := range errs {
		writers.Go(func() { errs[i] = sp.write(s, plan, rowKey, work) })
	}
	some := make([]Record, 0, handful)
	err := src.Records(ctx, s, func(r Record) error {
		if some = append(some, r); len(some) == handful {
			work <- some
			some = make([]Record, 0, handful)
		}
		return nil
	})
	work <- some
	close(work)
	writers.Wait()
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return sp.lines, sp.file.Flush()
}

// write writes the lines of records until there are no more; after an error it only takes them.
func (sp *spooler) write(s Snapshot, plan Plan, rowKey []byte, work <-chan []Record) (err error) {
	var text bytes.Buffer
	var row, all []string
	rows := s.Questionnaire.Rows()
	keep, placeOf, cw := plan.places(), places(s, plan.Profile.Name, rowKey), csv.NewWriter(&text)
	for some := range work {
		lines := make([]line, 0, len(some))
		for _, r := range some {
			if err != nil {
				break
			}
			l := line{at: int64(text.Len())}
			if err = fits(s, r); err == nil {
				l.place, err = placeOf(r)
			}
			if err == nil {
				if all, err = allCells(all[:0], rows, s, r); err == nil {
					row = keptCells(append(row[:0], leadCells(s, plan.Profile, r)...), all, keep)
					err = cw.Write(row)
				}
			}
			cw.Flush()
			l.length = int32(int64(text.Len()) - l.at)
			lines = append(lines, l)
		}
		if err == nil {
			err = sp.add(&text, lines)
		}
	}
	return err
}

// allCells appends the cells of every column to row.
func allCells(row []string, rows *questionnaires.Rows, s Snapshot, r Record) ([]string, error) {
	if !r.unread() {
		return s.Questionnaire.AppendRow(row, r.Answers), nil
	}
	row, err := rows.Append(row, r.Written)
	return row, unreadable(err)
}

// add writes a text of lines.
func (sp *spooler) add(text *bytes.Buffer, lines []line) error {
	sp.Lock()
	defer sp.Unlock()
	for _, l := range lines {
		l.at += sp.at
		sp.lines = append(sp.lines, l)
	}
	n, err := text.WriteTo(sp.file)
	sp.at += n
	return err
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
	for some := range slices.Chunk(lines, backAtOnce) {
		var err error
		if text, err = readBack(spool, some, text); err != nil {
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

// readBack reads lines from a spool, each from another place, on all cores. room is used again.
func readBack(spool io.ReaderAt, lines []line, room []byte) (text []byte, err error) {
	length := 0
	for _, l := range lines {
		length += int(l.length)
	}
	text = slices.Grow(room[:0], length)[:length]
	var readers sync.WaitGroup
	errs, rest := make([]error, mostWriters), text
	for i := range errs {
		some, into := lines[i*len(lines)/mostWriters:(i+1)*len(lines)/mostWriters], rest
		for _, l := range some {
			rest = rest[l.length:]
		}
		readers.Go(func() {
			for _, l := range some {
				if _, err := spool.ReadAt(into[:l.length], l.at); err != nil {
					errs[i] = err
					return
				}
				into = into[l.length:]
			}
		})
	}
	readers.Wait()
	return text, errors.Join(errs...)
}
