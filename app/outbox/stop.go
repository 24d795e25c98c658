package outbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// ErrUnknownStop is the refusal of a stop link that is none of ours.
var ErrUnknownStop = errors.New("unknown stop link")

// idLength is how many characters of a stop link name the participant. The id
// is random and tells nothing; the rest proves that we made the link.
const idLength = 26

// StopURL is the address that stops all messages to a participant's address.
func (o *Outbox) StopURL(participantID string) string {
	return o.PublicURL + "/u/" + participantID + o.Secret.Stop(participantID)
}

// Stopper is who a stop link belongs to, as far as its page may show it.
type Stopper struct {
	Masked   string // m…@firma.ch; "" once contacts are erased
	Language string
	Stopped  bool // messages are stopped already
}

// LookStop reads a stop link and changes nothing; ErrUnknownStop.
func (o *Outbox) LookStop(ctx context.Context, token string) (Stopper, error) {
	p, err := o.stopper(ctx, token)
	if err != nil {
		return Stopper{}, err
	}
	s := Stopper{Language: p.Language}
	if p.Email == "" {
		s.Stopped = true
		return s, nil
	}
	s.Masked = mail.Masked(p.Email)
	s.Stopped, err = o.Identity.Suppressed(ctx, EmailHash(o.Secret, p.Email))
	return s, err
}

// Stop stops all messages to the address of the participant a stop link belongs
// to, now and in later waves, and cancels what is queued; it can never open
// answers. Acting twice changes nothing; ErrUnknownStop.
func (o *Outbox) Stop(ctx context.Context, token string) error {
	p, err := o.stopper(ctx, token)
	if err != nil || p.Email == "" {
		return err
	}
	if err := o.Identity.Suppress(ctx, EmailHash(o.Secret, p.Email), "stopped"); err != nil {
		return err
	}
	return o.Identity.CancelFor(ctx, p.ID)
}

func (o *Outbox) stopper(ctx context.Context, token string) (identity.Participant, error) {
	token = strings.ToLower(strings.TrimRight(strings.TrimSpace(token), `.,;:!?<>()[]{}"'`))
	if len(token) != idLength+keys.TokenLength {
		return identity.Participant{}, ErrUnknownStop
	}
	id := token[:idLength]
	if subtle.ConstantTimeCompare([]byte(token[idLength:]), []byte(o.Secret.Stop(id))) != 1 {
		return identity.Participant{}, ErrUnknownStop
	}
	p, err := o.Identity.ParticipantByID(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return identity.Participant{}, ErrUnknownStop
	}
	if err != nil {
		return identity.Participant{}, fmt.Errorf("read stop link: %w", err)
	}
	return p, nil
}
