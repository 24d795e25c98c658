package outbox

import (
	"cmp"
	"context"
	"slices"
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

// Count counts the messages of one population, kind and state. Of messages to
// employers those sent and those cancelled are counted together, as "handled":
// apart they would say how many have answered; thanks, results and hand-overs are
// "handled" from the moment they are queued, since following them on their way would
// too. What follows a message that brought the link already is not counted.
// Floored says that N is rounded down to a multiple of 5.
type Count struct {
	Population, Kind, State string
	N                       int
	Floored                 bool
}

// Trouble is a message somebody must settle: failed, unknown, or returned
// because the address is wrong. Name and Email (masked) are empty for all
// messages to employers but invitations: they would say who has answered, or who
// has not. Again says that Resend would take it, Correctable that Correct would.
type Trouble struct {
	MessageID, Population, Kind, State, Code string
	ParticipantID, Name, Email               string
	Again                                    bool
	Correctable                              bool // its address may be corrected; see Correct
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
	state, counts, settled := State{Paused: w.MailPaused}, map[Count]int{}, settledBy(messages)
	for _, m := range messages {
		p := byID[m.ParticipantID]
		key := counted(m, p)
		if !uncounted(m, key) {
			counts[key]++
		}
		if settled(m) {
			continue
		}
		if trouble, is := troubled(m, p, key); is {
			state.Trouble = append(state.Trouble, trouble)
		}
	}
	for key, n := range counts {
		if key.N = n; key.Floored {
			key.N = n - n%step
		}
		// That there is one says that somebody has answered, or handed over.
		if key.N > 0 || key.State != "handled" || !toAnswered(key.Population, key.Kind) && key.Kind != identity.MessageHandOver {
			state.Counts = append(state.Counts, key)
		}
	}
	sort.Slice(state.Counts, func(i, j int) bool {
		a, b := state.Counts[i], state.Counts[j]
		return a.Population+"\x00"+a.Kind+"\x00"+a.State < b.Population+"\x00"+b.Kind+"\x00"+b.State
	})
	return state, nil
}

// settledBy gives what tells of which messages somebody was written to again: the head of an office,
// the colleague to whom a questionnaire was handed over, or, at another address or with another link,
// the participant.
func settledBy(messages []identity.Message) func(m identity.Message) bool {
	type about struct {
		participant, kind string
		number            int
	}
	last, corrected := map[about]int{}, map[about]bool{}
	for _, m := range messages {
		kind, back := strings.CutPrefix(m.Kind, returned(""))
		switch {
		case back:
			corrected[about{m.ParticipantID, kind, m.Number}] = m.State == "cancelled"
		case kind != "reminder": // of these, each is another one
			one := about{m.ParticipantID, kind, 0}
			last[one] = max(last[one], m.Number)
		}
	}
	return func(m identity.Message) bool {
		kind := strings.TrimPrefix(m.Kind, returned(""))
		return m.Number < last[about{m.ParticipantID, kind, 0}] || corrected[about{m.ParticipantID, kind, m.Number}]
	}
}

// counted says under what a participant's message is counted; N is 0.
func counted(m identity.Message, p identity.Participant) Count {
	key := Count{Population: p.Population, Kind: m.Kind, State: m.State}
	if kind, back := strings.CutPrefix(m.Kind, returned("")); back {
		key.Kind, key.State = kind, "returned"
	}
	if p.Population != "employer" {
		return key
	}
	switch key.State {
	case "failed", "unknown", "returned":
	case "sent", "cancelled":
		key.State = "handled"
	default:
		if toAnswered(key.Population, key.Kind) || key.Kind == identity.MessageHandOver {
			key.State = "handled"
		}
	}
	key.Floored = key.Kind != "invitation" || (key.State != "handled" && key.State != "queued")
	return key
}

// uncounted says what is no message of its own: the note that an address is no longer the one a message
// went to, and, unless somebody must settle it, what follows another message.
func uncounted(m identity.Message, key Count) bool {
	if key.State == "returned" {
		return m.State == "cancelled"
	}
	return further(key.Population, key.Kind, m.Number) && key.State != "failed" && key.State != "unknown"
}

func troubled(m identity.Message, p identity.Participant, key Count) (Trouble, bool) {
	if m.State != "unknown" && m.State != "failed" {
		return Trouble{}, false
	}
	if key.State == "returned" && p.State != "undeliverable" && !toHead(m.Kind) && (p.Population != "employer" || key.Kind != "invitation") {
		return Trouble{}, false // settled: more is known; that an employer declined, handed over or answered ends nothing
	}
	t := Trouble{MessageID: m.ID, Population: p.Population, Kind: key.Kind, State: key.State, Code: m.Code, Again: resendable(m, p), Correctable: correctable(m, p)}
	if !hidden(p.Population, key.Kind) {
		address := recipient(m.Kind, p)
		if p.Population == "employer" {
			address = p.Email // that of a colleague would say that there is one
		}
		t.ParticipantID, t.Name, t.Email = p.ID, p.Name, mail.Masked(address)
	}
	return t, true
}

// CountAsSent settles an unknown message as sent; ErrState for any other.
func (o *Outbox) CountAsSent(ctx context.Context, messageID string) error {
	return o.Identity.ResolveMessage(ctx, messageID, "sent", time.Time{})
}

// resendable reports whether an unknown or failed message may be sent once more.
// One that came back, and any to an address known to be wrong, waits for the
// right address and is then queued anew; of reminders the next one follows, whose
// number a successor would use up.
func resendable(m identity.Message, p identity.Participant) bool {
	open := m.State == "unknown" || m.State == "failed"
	if m.Kind == "invitation" && (mail.AddressRefused(m.Code) || m.Code == codeAddress) {
		return false // whatever became of its participant since
	}
	return open && m.Kind != "reminder" && !strings.HasPrefix(m.Kind, returned("")) && (p.State != "undeliverable" || toHead(m.Kind))
}

// Resend sends an unknown or failed message once more, because somebody decided
// so: after unknown it may arrive twice. A failed one gets a successor. ErrState
// for messages in any other state or with a successor, for reminders, and where
// the address is known to be wrong.
func (o *Outbox) Resend(ctx context.Context, messageID string) error {
	m, err := o.Identity.MessageByID(ctx, messageID)
	if err != nil {
		return err
	}
	p, err := o.Identity.ParticipantByID(ctx, m.ParticipantID)
	if err != nil {
		return err
	}
	if !resendable(m, p) {
		return db.ErrState
	}
	if followed, err := o.Identity.Followed(ctx, m); err != nil || followed {
		return cmp.Or(err, db.ErrState)
	}
	now, err := o.DB.Now(ctx)
	if err != nil {
		return err
	}
	if m.State == "unknown" {
		return o.Identity.ResolveMessage(ctx, messageID, "queued", now.Add(validity))
	}
	added, err := o.Identity.QueueMessages(ctx, []identity.Message{{
		WaveID: m.WaveID, ParticipantID: m.ParticipantID, Kind: m.Kind, Number: m.Number + 1, DueAt: now, NotAfter: now.Add(validity),
	}})
	if err == nil && added == 0 {
		return db.ErrState
	}
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
// try; each is told how much still does, and whether that may be said: not while
// anything is among it whose number says who has answered.
func (o *Outbox) Wait(ctx context.Context, waveID string, each func(pending, retry int, countable bool)) error {
	for {
		counts, err := o.Identity.Progress(ctx, waveID)
		if err != nil {
			return err
		}
		pending, retry, countable := 0, 0, true
		for _, c := range counts {
			if !slices.Contains(waiting, c.State) {
				continue
			}
			pending, countable = pending+c.N, countable && !hidden(c.Population, c.Kind)
			if c.State == "retry" {
				retry += c.N
			}
		}
		each(pending, retry, countable)
		if pending == retry {
			return nil
		}
		if !wait(ctx, idle/2) {
			return ctx.Err()
		}
	}
}

// waiting are the states of messages that have not come to an end.
var waiting = []string{"queued", "claimed", "transmitting", "retry"}
