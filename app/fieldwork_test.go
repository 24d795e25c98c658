package main

import (
	"testing"
	"time"

	"rondo/storage/identity"
)

func TestThePredictionCountsOnNoReminderThatNeverLeft(t *testing.T) {
	_, h := thanked(t)
	ctx := t.Context()
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	now, err := h.Store.DB.Now(ctx)
	must(t, err)
	invited := now.Add(-10 * 24 * time.Hour)
	var messages []identity.Message
	for _, p := range employers {
		messages = append(messages,
			identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "invitation", Number: 1, State: "sent", DueAt: invited},
			identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "reminder", Number: 1, State: "cancelled", Code: "withdrawn", DueAt: now.Add(-3 * 24 * time.Hour)},
			identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "reminder", Number: 2, State: "claimed", DueAt: now.Add(-time.Minute)})
	}
	_, err = h.Store.Identity.QueueMessages(ctx, messages)
	must(t, err)
	sent, err := h.mailed(ctx, w, now)
	must(t, err)
	if len(sent) != 1 || !sent[0].Equal(invited) {
		t.Errorf("messages went out at %v, want %v alone", sent, invited)
	}
}
