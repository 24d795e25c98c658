package wave

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
)

// partRecords is how many records one sealed part of a snapshot holds.
const partRecords = 500

// Freeze makes the immutable snapshot of a closed population, once: every response as it was given,
// in an order that its own words decide, and a SHA-256 over all of them and the correction sheet.
// ErrWaiting while a correction waits for a second person.
func (s *Service) Freeze(ctx context.Context, label, name string) (answers.Snapshot, error) {
	w, p, err := s.population(ctx, label, name)
	if err != nil {
		return answers.Snapshot{}, err
	}
	if frozen, err := s.Store.Answers.Snapshot(ctx, w.ID, name); err == nil {
		return frozen, nil
	} else if !errors.Is(err, storage.ErrNotFound) {
		return frozen, fmt.Errorf("look for a snapshot: %w", err)
	}
	switch {
	case w.State == "archived":
		return answers.Snapshot{}, ErrArchived
	case p.State != "closed":
		return answers.Snapshot{}, ErrFrozenNot
	}
	lines, err := s.canonical(ctx, w.ID, name)
	if err != nil {
		return answers.Snapshot{}, err
	}
	if len(lines) == 0 {
		return answers.Snapshot{}, ErrTooEarly
	}
	list, err := s.sheet(ctx, w.ID, name)
	if err != nil {
		return answers.Snapshot{}, err
	}
	list, ids := confirmed(list)
	hash, err := snapshotHash(lines, list)
	if err != nil {
		return answers.Snapshot{}, err
	}
	parts, err := s.sealParts(ctx, w.ID, name, lines)
	if err != nil {
		return answers.Snapshot{}, err
	}
	frozen, err := s.Store.Answers.Freeze(ctx, w.ID, name, hash, len(lines), parts, ids)
	if err != nil {
		return frozen, fmt.Errorf("keep snapshot: %w", err)
	}
	return frozen, nil
}

// snapshotHash is SHA-256, hex, over the responses, one in each line, and, where anything was
// corrected, the line "corrections" and the entries of the sheet.
func snapshotHash(lines [][]byte, sheet []SheetEntry) (string, error) {
	entries, err := sheetLines(sheet)
	if err != nil {
		return "", err
	}
	if len(entries) > 0 {
		entries = slices.Insert(entries, 0, []byte("corrections"))
	}
	sum := sha256.New()
	for _, line := range slices.Concat(lines, entries) {
		sum.Write(line)
		sum.Write([]byte{'\n'})
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// canonical reads all responses of a population as JSON lines, sorted by their bytes.
func (s *Service) canonical(ctx context.Context, waveID, name string) ([][]byte, error) {
	var lines [][]byte
	err := s.responses(ctx, waveID, name, func(record questionnaires.Record) error {
		line, err := json.Marshal(record) // maps are written in the order of their keys
		lines = append(lines, line)
		return err
	})
	slices.SortFunc(lines, bytes.Compare)
	return lines, err
}

// responses opens the responses of a population, in no order.
func (s *Service) responses(ctx context.Context, waveID, name string, each func(questionnaires.Record) error) error {
	open, err := s.opener(ctx, waveID, name)
	if err != nil {
		return err
	}
	return s.Store.Answers.Responses(ctx, waveID, name, func(id string, body []byte) error {
		plain, err := open(body, []byte(id))
		if err != nil {
			return fmt.Errorf("a response cannot be opened: %w", err)
		}
		record, _, err := questionnaires.ReadRecord(plain)
		if err != nil {
			return fmt.Errorf("a response cannot be read: %w", err)
		}
		return each(record)
	})
}

func (s *Service) sealParts(ctx context.Context, waveID, name string, lines [][]byte) ([][]byte, error) {
	window, err := s.Store.Answers.Window(ctx, waveID, name)
	if err != nil {
		return nil, fmt.Errorf("window: %w", err)
	}
	sealer, err := s.Store.Secret.Sealer(window.AnswerSalt)
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for chunk := range slices.Chunk(lines, partRecords) {
		parts = append(parts, sealer.Seal(bytes.Join(chunk, []byte{'\n'}), snapshotPart(waveID, name, len(parts))))
	}
	return parts, nil
}

// snapshotPart binds a sealed part to its place.
func snapshotPart(waveID, name string, i int) []byte {
	return fmt.Appendf(nil, "snapshot %s %s %d", waveID, name, i)
}

// opener opens what is sealed under a wave's answer salt.
func (s *Service) opener(ctx context.Context, waveID, name string) (func(sealed, bound []byte) ([]byte, error), error) {
	window, err := s.Store.Answers.Window(ctx, waveID, name)
	if err != nil {
		return nil, fmt.Errorf("window: %w", err)
	}
	if len(window.AnswerSalt) == 0 {
		return nil, ErrArchived
	}
	sealer, err := s.Store.Secret.Sealer(window.AnswerSalt)
	if err != nil {
		return nil, err
	}
	return sealer.Open, nil
}

// kept is a record of a snapshot, with its answers as they stand there; nil: not at hand.
type kept struct {
	questionnaires.Record
	answers []byte
}

// lineReader reads the lines of a snapshot, several at once, and says how many records are handed
// over at a time.
type lineReader struct {
	read  func(line []byte) (r questionnaires.Record, answers []byte, err error)
	batch int
}

// Records with their answers read are handed over in small batches: they take more memory than all
// else that an export does.
var (
	wholeRecords = lineReader{questionnaires.ReadRecord, 64}
	heads        = lineReader{questionnaires.ReadHead, partRecords / 2}
)

// records reads a snapshot back, record by record. The next ones are opened and read meanwhile, on
// all cores.
func (s *Service) records(ctx context.Context, frozen answers.Snapshot, lines lineReader, each func(kept) error) error {
	open, err := s.opener(ctx, frozen.WaveID, frozen.Population)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	batches, end := make(chan chan readBatch, 2*runtime.GOMAXPROCS(0)), make(chan error, 1)
	defer func() {
		stop()
		for range batches { // until the opening has ended
		}
	}()
	go func() {
		defer close(batches)
		i := 0
		end <- s.Store.Answers.SnapshotParts(ctx, frozen.ID, func(body []byte) error {
			plain, err := open(body, snapshotPart(frozen.WaveID, frozen.Population, i))
			if err != nil {
				return fmt.Errorf("part %d of the snapshot cannot be opened: %w", i, err)
			}
			i++
			return lines.readPart(ctx, plain, batches)
		})
	}()
	for batch := range batches {
		read := <-batch
		if read.err != nil {
			return read.err
		}
		for _, r := range read.records {
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return <-end
}

// readBatch is a batch of records, or why they cannot be read.
type readBatch struct {
	records []kept
	err     error
}

// readPart has the records of a part read in batches, and hands the batches over in order.
func (l lineReader) readPart(ctx context.Context, plain []byte, into chan<- chan readBatch) error {
	for lines := range slices.Chunk(bytes.Split(plain, []byte{'\n'}), l.batch) {
		read := make(chan readBatch, 1)
		select {
		case into <- read:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() {
			var b readBatch
			for _, line := range lines {
				record, answers, err := l.read(line)
				if err != nil {
					b = readBatch{err: fmt.Errorf("a record of the snapshot cannot be read: %w", err)}
					break
				}
				b.records = append(b.records, kept{record, answers})
			}
			read <- b
		}()
	}
	return nil
}
