package outbox

import (
	"context"
	"errors"
	"io"
	"slices"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// Back is what was made of a message that came back. Known is false where it
// belongs to no message of ours.
type Back struct {
	Class mail.Class
	Code  string
	Known bool
}

// Bounce takes note of a message that came back: a hard bounce makes its
// participant undeliverable, which is a task for somebody (see Tasks), a soft one
// is counted, and of an invitation that nobody tries to deliver any more it is a task, too; nothing of its text is kept. The same bounce twice changes nothing;
// mail.ErrReturn when it is no message at all.
func (o *Outbox) Bounce(ctx context.Context, r io.Reader) (Back, error) {
	found, err := o.Sender.ReadReturn(r)
	if err != nil {
		return Back{}, err
	}
	back := Back{Class: found.Class, Code: found.Code}
	m, err := o.returnedMessage(ctx, found)
	if errors.Is(err, db.ErrNotFound) {
		return back, nil
	}
	if err != nil {
		return back, err
	}
	back.Known = true
	switch found.Class {
	case mail.Hard:
	case mail.Soft:
		return back, o.delayed(ctx, m, found)
	default:
		return back, nil
	}
	code := found.Code
	if code == "" {
		code = "5.0.0"
	}
	return back, o.Identity.NoteReturn(ctx, identity.Message{
		WaveID: m.WaveID, ParticipantID: m.ParticipantID, Kind: returned(m.Kind), Number: m.Number, State: "failed", Code: code,
	}, !toHead(m.Kind))
}

// delayed counts a message that was not delivered for now. Of a hand-over nothing is kept: it would
// tell when somebody handed over.
func (o *Outbox) delayed(ctx context.Context, m identity.Message, found mail.Return) error {
	if m.Kind == identity.MessageHandOver {
		return nil
	}
	_, corrected, err := o.Identity.MessageAbout(ctx, m, returned(m.Kind))
	if err != nil || corrected {
		return err // it went to an address that was corrected since, or came back for good
	}
	now, err := o.DB.Now(ctx)
	if err != nil {
		return err
	}
	soft := identity.SoftReturn{ID: found.Digest, WaveID: m.WaveID, ParticipantID: m.ParticipantID, Kind: m.Kind, Day: now.Unix() / daySeconds}
	if found.Final {
		soft.Kind = identity.MessageLost + m.Kind
	}
	return o.Identity.AddSoftReturn(ctx, soft)
}

// returnedMessage finds the message that came back; ErrNotFound.
func (o *Outbox) returnedMessage(ctx context.Context, found mail.Return) (identity.Message, error) {
	if found.ID != "" {
		return o.Identity.MessageByID(ctx, found.ID)
	}
	if len(found.MessageIDs) == 0 {
		return identity.Message{}, db.ErrNotFound
	}
	waves, err := o.Identity.Waves(ctx)
	if err != nil {
		return identity.Message{}, err
	}
	for _, w := range waves {
		messages, err := o.Identity.Messages(ctx, w.ID)
		if err != nil {
			return identity.Message{}, err
		}
		for _, m := range messages {
			if slices.Contains(found.MessageIDs, o.Sender.MessageID(m.ID)) {
				return m, nil
			}
		}
	}
	return identity.Message{}, db.ErrNotFound
}
