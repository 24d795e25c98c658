package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Maildir is a folder into which a mail server delivers what comes back.
type Maildir struct{ Path string }

// What a name in cur ends with (maildir(5)): seen; and seen and of no use any more.
const (
	seen    = ":2,S"
	trashed = ":2,ST"
)

// mostAtOnce bounds one round, so that a flood does not keep the caller.
const mostAtOnce = 500

// mostFaults is how many of many faults are told.
const mostFaults = 5

// Take gives every message in new to note and then moves it to cur: as seen where
// note keeps it, for people, else as trashed. Whatever dies between the two, the
// message is given to note once more. A message note cannot take now stays where
// it is, and its error is given back, joined with others.
func (m Maildir) Take(ctx context.Context, note func(io.Reader) (keep bool, err error)) (taken int, err error) {
	entries, err := os.ReadDir(filepath.Join(m.Path, "new"))
	if err != nil {
		return 0, fmt.Errorf("read returned messages: %w", err)
	}
	var faults []error
	for _, entry := range entries {
		if ctx.Err() != nil || taken >= mostAtOnce {
			break
		}
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if err := m.take(entry.Name(), note); err != nil {
			faults = append(faults, err)
			continue
		}
		taken++
	}
	if n := len(faults); n > mostFaults {
		faults = append(faults[:mostFaults], fmt.Errorf("and so on: %d messages were not taken", n))
	}
	return taken, errors.Join(faults...)
}

func (m Maildir) take(name string, note func(io.Reader) (bool, error)) error {
	from := filepath.Join(m.Path, "new", name)
	file, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another instance was faster
	}
	if err != nil {
		return fmt.Errorf("read returned message: %w", err)
	}
	keep, err := note(file)
	file.Close()
	if err != nil {
		return err
	}
	flags := trashed
	if keep {
		flags = seen
	}
	if err := os.Rename(from, filepath.Join(m.Path, "cur", name+flags)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put returned message away: %w", err)
	}
	return nil
}

// Empty deletes what Take has trashed and nobody has touched since before.
func (m Maildir) Empty(before time.Time) error {
	entries, err := os.ReadDir(filepath.Join(m.Path, "cur"))
	if err != nil {
		return fmt.Errorf("read returned messages: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), trashed) {
			continue
		}
		info, err := entry.Info()
		if err != nil || info.ModTime().After(before) {
			continue
		}
		if err := os.Remove(filepath.Join(m.Path, "cur", entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete returned message: %w", err)
		}
	}
	return nil
}

// Check says what stands against using the folder.
func (m Maildir) Check() error {
	for _, part := range []string{"new", "cur"} {
		if _, err := os.ReadDir(filepath.Join(m.Path, part)); err != nil {
			return fmt.Errorf("RONDO_BOUNCE_MAILDIR: %w", err)
		}
	}
	probe, err := os.CreateTemp(filepath.Join(m.Path, "cur"), ".rondo-*")
	if err != nil {
		return fmt.Errorf("RONDO_BOUNCE_MAILDIR: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
