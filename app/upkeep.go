package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"rondo/storage"
	"rondo/storage/db"
)

// BackupCommand writes the whole database to a file.
type BackupCommand struct {
	File string `arg:"" help:"File to write; it never holds the master secret."`
}

// Run is the command.
func (b BackupCommand) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		if err := h.journal(ctx, "backup", "", ""); err != nil {
			return err
		}
		if err := writeFile(b.File, func(out io.Writer) error { return h.Store.Backup(ctx, out) }); err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s holds everything but the master secret: keep a copy of that apart\n", b.File)
		return nil
	})
}

// RestoreCommand fills an empty database.
type RestoreCommand struct {
	File string `arg:"" type:"existingfile" help:"A backup."`
}

// Run is the command.
func (r RestoreCommand) Run(ctx context.Context, c *Config, s Streams) error {
	file, err := os.Open(r.File)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := storage.Restore(ctx, c.database(), c.SecretFile, file); err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		fmt.Fprintln(s.Out, "restored; the sending of every wave is paused until `rondo mail resume --wave LABEL`, and its schedule waits for a hand: it may have sent since the backup")
		return h.journal(ctx, "restore", "", "")
	})
}

// MigrateCommand brings the database to this version.
type MigrateCommand struct{}

// Run is the command.
func (MigrateCommand) Run(ctx context.Context, c *Config, s Streams) error {
	d, err := db.Open(ctx, c.database())
	if err != nil {
		return err
	}
	steps, err := d.Migrate(ctx)
	if err == nil {
		fmt.Fprintf(s.Out, "%d steps; the database is at this version\n", steps)
	}
	return errors.Join(err, d.Close())
}

// HealthcheckCommand asks the running service whether it is ready.
type HealthcheckCommand struct{}

// Run is the command.
func (HealthcheckCommand) Run(ctx context.Context, c *Config, _ Streams) error {
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", response.Status)
	}
	return nil
}
