package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"rondo/app/mail"
	"rondo/app/outbox"
)

const (
	returnsEvery = 15 * time.Second   // between two looks at what came back
	returnsKept  = 7 * 24 * time.Hour // how long a report stays in the folder once it is noted
)

// returns takes note of what comes back to the Maildir folder, until ctx ends. It writes no row when
// nothing came.
func (h *House) returns(ctx context.Context) error {
	folder := mail.Maildir{Path: h.Config.BounceMaildir}
	tick := time.NewTicker(returnsEvery)
	defer tick.Stop()
	for {
		if n, err := folder.Take(ctx, h.takeReturn(ctx)); err != nil && ctx.Err() == nil {
			h.Log.Error("taking in what came back", "error", err)
		} else if n > 0 {
			h.Log.Info("messages came back", "n", n)
		}
		if err := folder.Empty(time.Now().Add(-returnsKept)); err != nil && ctx.Err() == nil {
			h.Log.Error("emptying what came back", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// takeReturn takes note of one message. What no machine wrote about a message of ours is kept: it may
// be somebody's question.
func (h *House) takeReturn(ctx context.Context) func(io.Reader) (keep bool, err error) {
	return func(r io.Reader) (bool, error) {
		back, err := h.Outbox.Bounce(ctx, r)
		if errors.Is(err, mail.ErrReturn) {
			return true, nil
		}
		return !back.Known || back.Class == mail.Unclear, err
	}
}

// pauseStale stops the sending where messages wait since long, as when this database is a copy of one
// that goes on elsewhere, and asks.
func (h *House) pauseStale(ctx context.Context) error {
	labels, err := h.Store.Identity.PauseStaleMail(ctx, outbox.Stale)
	if err != nil || len(labels) == 0 {
		return err
	}
	h.Log.Warn("messages have waited for more than an hour: sending is paused; if this is no copy of a database in use elsewhere, resume it",
		"waves", strings.Join(labels, ", "), "command", "rondo mail resume --wave LABEL")
	for _, label := range labels {
		if err := h.journal(ctx, "mail.pause", label, "messages had waited for more than an hour when the service started"); err != nil {
			return err
		}
	}
	return nil
}
