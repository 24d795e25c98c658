package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder is the transport where no relay is configured: each letter becomes a
// file <Message-ID>.eml in Path, complete from the moment it is there.
type Folder struct{ Path string }

// Send writes the letter beside and renames it, so that no reader sees half of it. What it says is
// sent is still there after a power cut; where the disk does not tell, nobody can know.
func (f Folder) Send(_ context.Context, letter Letter, transmitting func() error) Outcome {
	fault := Outcome{Result: Temporary, Code: "folder", Relay: true}
	if err := f.begin(); err != nil {
		return fault
	}
	folder, err := os.Open(f.Path)
	if err != nil {
		return fault
	}
	defer folder.Close()
	name := strings.NewReplacer("/", "_", "@", "_at_").Replace(letter.MessageID) + ".eml"
	half := filepath.Join(f.Path, "tmp", name)
	if err := write(half, letter.Body); err != nil {
		return fault
	}
	if err := transmitting(); err != nil {
		_ = os.Remove(half) // nothing was handed over; a leftover would only be overwritten
		return withheld
	}
	if err := os.Rename(half, filepath.Join(f.Path, name)); err != nil {
		return fault
	}
	if err := folder.Sync(); err != nil {
		return Outcome{Result: Unknown, Code: "folder", Relay: true}
	}
	return Outcome{Result: Sent, Code: "250"}
}

// begin makes the folders, if they are not there, and makes sure that they stay.
func (f Folder) begin() error {
	tmp := filepath.Join(f.Path, "tmp")
	if _, err := os.Stat(tmp); err == nil {
		return nil
	}
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return fmt.Errorf("message folder: %w", err)
	}
	above, err := os.Open(filepath.Dir(filepath.Clean(f.Path)))
	if err != nil {
		return fmt.Errorf("message folder: %w", err)
	}
	return errors.Join(above.Sync(), above.Close())
}

func write(path string, body []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("message file: %w", err)
	}
	if _, err := file.Write(body); err != nil {
		_ = file.Close()
		return fmt.Errorf("message file: %w", err)
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return fmt.Errorf("message file: %w", err)
	}
	return file.Close()
}
