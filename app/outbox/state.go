package outbox

import (
	"context"
	"sort"
	"strings"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// State is the state of a wave's messages.
type State struct {
	Paused  bool
	Counts  []Count
	Trouble []Trouble
}

// Count counts the messages of one population, kind and state. Of reminders to
// employers those sent and those cancelled are counted together, as "handled":
// apart they would say how many have answered.
type Count struct {
	Population, Kind, State string
	N                       int
}

// Trouble is a message somebody must settle: failed, unknown, or returned
// because the address is wrong. Name and Email (masked) are empty for reminders
// to employers, where they would say who has not answered.
type Trouble struct {
	MessageID, Population, Kind, State, Code string
	ParticipantID, Name, Email               string
}

// State tells the state of a wave's messages.
func (o *Outbox) State(ctx context.Context, w identity.Wave) (State, error) {
	participants, err := o.Identity.Participants(ctx, w.ID, "")
	if err != nil {
		return State{}, err
	}
	messages, err := o.Identity.Messages(ctx, w.ID)
	if err != nil {
		return State{}, err
	}
	byID := make(map[string]identity.Participant, len(participants))
	for _, p := range participants {
		byID[p.ID] = p
	}
	state, counts := State{Paused: w.MailPaused}, map[Count]int{}
	for _, m := range messages {
		p := byID[m.ParticipantID]
		key := Count{Population: p.Population, Kind: m.Kind, State: m.State}
		hidden := p.Population == "employer" && m.Kind == "reminder"
		if hidden && (m.State == "sent" || m.State == "cancelled") {
			key.State = "handled"
		}
		if kind, back := strings.CutPrefix(m.Kind, returned("")); back {
			key.Kind, key.State = kind, "returned"
		}
		counts[key]++
		if trouble, is := troubled(m, p, key, hidden); is {
			state.Trouble = append(state.Trouble, trouble)
		}
	}
	for key, n := range counts {
		key.N = n
		state.Counts = append(state.Counts, key)
	}
	sort.Slice(state.Counts, func(i, j int) bool {
		a, b := state.Counts[i], state.Counts[j]
		return a.Population+"\x00"+a.Kind+"\x00"+a.State < b.Population+"\x00"+b.Kind+"\x00"+b.State
	})
	return state, nil
}

func troubled(m identity.Message, p identity.Participant, key Count, hidden bool) (Trouble, bool) {
	if m.State != "unknown" && m.State != "failed" {
		return Trouble{}, false
	}
	if key.State == "returned" && p.State != "undeliverable" {
		return Trouble{}, false // settled: the address was corrected, or more is known
	}
	t := Trouble{MessageID: m.ID, Population: p.Population, Kind: key.Kind, State: key.State, Code: m.Code}
	if !hidden {
		t.ParticipantID, t.Name, t.Email = p.ID, p.Name, mail.Masked(p.Email)
	}
	return t, true
}

// CountAsSent settles an unknown message as sent; ErrState for any other.
func (o *Outbox) CountAsSent(ctx context.Context, messageID string) error {
	return o.Identity.ResolveMessage(ctx, messageID, "sent", time.Time{})
}

// Resend sends an unknown or failed message once more, because somebody decided
// so: after unknown it may arrive twice. A failed one gets a successor; ErrState
// for messages in any other state.
func (o *Outbox) Resend(ctx context.Context, messageID string) error {
	m, err := o.Identity.MessageByID(ctx, messageID)
	if err != nil {
		return err
	}
	now, err := o.DB.Now(ctx)
	if err != nil {
		return err
	}
	if m.State == "unknown" {
		return o.Identity.ResolveMessage(ctx, messageID, "queued", now.Add(validity))
	}
	if m.State != "failed" || strings.HasPrefix(m.Kind, returned("")) {
		return db.ErrState
	}
	_, err = o.Identity.QueueMessages(ctx, []identity.Message{{
		WaveID: m.WaveID, ParticipantID: m.ParticipantID, Kind: m.Kind, Number: m.Number + 1, DueAt: now, NotAfter: now.Add(validity),
	}})
	return err
}

// Pending says how many messages of a wave wait or are under way, and how many
// of them wait for another try.
func (o *Outbox) Pending(ctx context.Context, waveID string) (pending, retry int, err error) {
	counts, err := o.Identity.MessageCounts(ctx, waveID)
	for _, states := range counts {
		pending += states["queued"] + states["claimed"] + states["transmitting"]
		retry += states["retry"]
	}
	return pending + retry, retry, err
}

// Wait returns when nothing of a wave waits any more but what waits for another
// try; each is told how much still does.
func (o *Outbox) Wait(ctx context.Context, waveID string, each func(pending, retry int)) error {
	for {
		pending, retry, err := o.Pending(ctx, waveID)
		if err != nil {
			return err
		}
		each(pending, retry)
		if pending == retry {
			return nil
		}
		if !wait(ctx, idle/2) {
			return ctx.Err()
		}
	}
}
