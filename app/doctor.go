package main

import (
	"context"
	"fmt"

	"rondo/storage"
)

// DoctorCommand checks the installation.
type DoctorCommand struct{}

// Run is the command.
func (DoctorCommand) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		fmt.Fprintln(s.Out, "ok    database opens, is at this version, durable, and fits its secret")
		path, err := storage.SecretPath(c.database(), c.SecretFile)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "ask   is there a second copy of %s in another place? without it every answer is lost\n", path)
		if _, err := h.Store.Staff.VerifyJournal(ctx); err != nil {
			return err
		}
		fmt.Fprintln(s.Out, "ok    the journal was never changed")
		return h.examine(ctx, s)
	})
}

// examine checks every wave and where mail goes.
func (h *House) examine(ctx context.Context, s Streams) error {
	waves, err := h.Store.Identity.Waves(ctx)
	if err != nil {
		return err
	}
	for _, w := range waves {
		for _, name := range []string{"office", "employer", "discussion"} {
			responses, spent, err := h.Store.Answers.Count(ctx, w.ID, name)
			if err != nil {
				return err
			}
			if responses > spent {
				return fmt.Errorf("wave %s: more responses of %s than were submitted", w.Label, name)
			}
		}
		fmt.Fprintf(s.Out, "ok    wave %s: no response without its marker\n", w.Label)
	}
	return h.examineMail(ctx, s)
}
