package wave

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
)

// partRecords is how many records one sealed part of a snapshot holds.
const partRecords = 500

// Freeze makes the immutable snapshot of a closed population, once: every response in an order
// that its own words decide, and a SHA-256 over all of them.
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
	sum := sha256.New()
	for _, line := range lines {
		sum.Write(line)
		sum.Write([]byte{'\n'})
	}
	parts, err := s.sealParts(ctx, w.ID, name, lines)
	if err != nil {
		return answers.Snapshot{}, err
	}
	frozen, err := s.Store.Answers.Freeze(ctx, w.ID, name, hex.EncodeToString(sum.Sum(nil)), len(lines), parts)
	if err != nil {
		return frozen, fmt.Errorf("keep snapshot: %w", err)
	}
	return frozen, nil
}

// canonical reads all responses of a population as JSON lines, sorted by their bytes.
func (s *Service) canonical(ctx context.Context, waveID, name string) ([][]byte, error) {
	open, err := s.opener(ctx, waveID, name)
	if err != nil {
		return nil, err
	}
	var lines [][]byte
	err = s.Store.Answers.Responses(ctx, waveID, name, func(id string, body []byte) error {
		plain, err := open(body, []byte(id))
		if err != nil {
			return fmt.Errorf("a response cannot be opened: %w", err)
		}
		record, _, err := questionnaires.ReadRecord(plain)
		if err != nil {
			return fmt.Errorf("a response cannot be read: %w", err)
		}
		line, err := json.Marshal(record) // maps are written in the order of their keys
		lines = append(lines, line)
		return err
	})
	slices.SortFunc(lines, bytes.Compare)
	return lines, err
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

// kept is a record of a snapshot, with its answers as they stand there.
type kept struct {
	questionnaires.Record
	answers []byte
}

// opened is a part of a snapshot.
type opened struct {
	records []kept
	err     error
}

// ahead is how many parts wait to be read: so many and no more are in memory.
const ahead = 1

// records reads a snapshot back, record by record. The parts that come next are opened meanwhile.
func (s *Service) records(ctx context.Context, frozen answers.Snapshot, each func(kept) error) error {
	open, err := s.opener(ctx, frozen.WaveID, frozen.Population)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	queue, end := make(chan chan opened, ahead), make(chan error, 1)
	defer func() {
		stop()
		for range queue { // until the reading has ended
		}
	}()
	go func() {
		defer close(queue)
		i := 0
		end <- s.Store.Answers.SnapshotParts(ctx, frozen.ID, func(body []byte) error {
			part, bound := make(chan opened, 1), snapshotPart(frozen.WaveID, frozen.Population, i)
			i++
			select {
			case queue <- part:
			case <-ctx.Done():
				return ctx.Err()
			}
			go func() { part <- openPart(open, body, bound) }()
			return nil
		})
	}()
	for i := 0; ; i++ {
		part, ok := <-queue
		if !ok {
			return <-end
		}
		read := <-part
		if read.err != nil {
			return fmt.Errorf("part %d of the snapshot: %w", i, read.err)
		}
		for _, r := range read.records {
			if err := each(r); err != nil {
				return err
			}
		}
	}
}

// openPart opens a part of a snapshot and reads its records.
func openPart(open func(sealed, bound []byte) ([]byte, error), body, bound []byte) (part opened) {
	plain, err := open(body, bound)
	if err != nil {
		return opened{err: fmt.Errorf("it cannot be opened: %w", err)}
	}
	part.records = make([]kept, 0, partRecords)
	for line := range bytes.SplitSeq(plain, []byte{'\n'}) {
		var one kept
		if one.Record, one.answers, err = questionnaires.ReadRecord(line); err != nil {
			return opened{err: fmt.Errorf("a record cannot be read: %w", err)}
		}
		part.records = append(part.records, one)
	}
	return part
}
