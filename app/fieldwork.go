package main

import (
	"context"
	"slices"
	"time"

	"rondo/app/wave"
	"rondo/storage/identity"
)

// predict says how many responses of employers to expect at the end of their window, from the
// rounded count alone; false where nothing can be said.
func (h *House) predict(ctx context.Context, w identity.Wave, counts wave.Counts) (wave.Prediction, bool, error) {
	pop, err := h.Store.Identity.Population(ctx, w.ID, "employer")
	if err != nil || pop.State != "open" {
		return wave.Prediction{}, false, err
	}
	now, err := h.Store.DB.Now(ctx)
	if err != nil {
		return wave.Prediction{}, false, err
	}
	f := wave.Fieldwork{Invited: counts.Invited, Responses: counts.Responses, Now: now, Ends: pop.Closes}
	if f.Sent, err = h.mailed(ctx, w, now); err != nil {
		return wave.Prediction{}, false, err
	}
	ahead, err := h.Outbox.Forecast(ctx, w)
	if err != nil {
		return wave.Prediction{}, false, err
	}
	for _, l := range ahead {
		if l.Population == "employer" && l.State == "ahead" && l.Due.After(now) && l.Due.Before(pop.Closes) && l.Kind == "reminder" {
			f.Planned = append(f.Planned, l.Due)
		}
	}
	p, ok := wave.Predict(f)
	return p, ok, nil
}

// left are the states of messages that have left, or may have.
var left = []string{"sent", "unknown", identity.Transmitting}

// mailed is when invitations and reminders to employers began to go out. What was cancelled in time moved nobody.
func (h *House) mailed(ctx context.Context, w identity.Wave, now time.Time) ([]time.Time, error) {
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	if err != nil {
		return nil, err
	}
	theirs := map[string]bool{}
	for _, e := range employers {
		theirs[e.ID] = true
	}
	messages, err := h.Store.Identity.Messages(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	type round struct {
		kind   string
		number int
	}
	first := map[round]time.Time{}
	for _, m := range messages {
		if !theirs[m.ParticipantID] || m.Kind != "reminder" && (m.Kind != "invitation" || m.Number != 1) || !slices.Contains(left, m.State) || m.DueAt.After(now) {
			continue
		}
		at := round{m.Kind, m.Number}
		if first[at].IsZero() || m.DueAt.Before(first[at]) {
			first[at] = m.DueAt
		}
	}
	var sent []time.Time
	for _, at := range first {
		sent = append(sent, at)
	}
	slices.SortFunc(sent, time.Time.Compare)
	return sent, nil
}
