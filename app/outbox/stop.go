package outbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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

// StopURL is the address that stops all messages to whoever answers for a participant now.
func (o *Outbox) StopURL(p identity.Participant) string {
	return o.PublicURL + "/u/" + p.ID + o.stopToken(p.ID, p.Handovers, p.Corrected())
}

// stopURL is the same for whoever gets messages of a kind.
func (o *Outbox) stopURL(kind string, p identity.Participant) string {
	if toHead(kind) {
		return o.PublicURL + "/u/" + p.ID + o.Secret.StopHead(p.ID, p.Head)
	}
	return o.StopURL(p)
}

// stopToken proves that we made a stop link. After a hand-over it is another one: who has handed
// over must not stop the messages to the colleague. So it is after the address was corrected.
func (o *Outbox) stopToken(id string, handovers, corrections int) string {
	switch {
	case handovers > 0:
		id += " " + strconv.Itoa(handovers)
	case corrections > 0:
		id += " corrected " + strconv.Itoa(corrections)
	}
	return o.Secret.Stop(id)
}

// Stopper is who a stop link belongs to, as far as its page may show it.
type Stopper struct {
	Masked   string // m…@firma.ch; "" once contacts are erased
	Language string
	Stopped  bool // messages are stopped already
}

// LookStop reads a stop link and changes nothing; ErrUnknownStop.
func (o *Outbox) LookStop(ctx context.Context, token string) (Stopper, error) {
	p, address, err := o.stopper(ctx, token)
	if err != nil {
		return Stopper{}, err
	}
	s := Stopper{Language: p.Language}
	if address == "" {
		s.Stopped = true
		return s, nil
	}
	s.Masked = mail.Masked(address)
	s.Stopped, err = o.Identity.Suppressed(ctx, EmailHash(o.Secret, address))
	return s, err
}

// Stop stops all messages to the address a stop link was sent to, now and in later waves, and
// cancels what is queued for it; it can never open answers. Acting twice changes nothing;
// ErrUnknownStop.
func (o *Outbox) Stop(ctx context.Context, token string) error {
	p, address, err := o.stopper(ctx, token)
	if err != nil || address == "" {
		return err
	}
	if err := o.Identity.Suppress(ctx, EmailHash(o.Secret, address), "stopped"); err != nil {
		return err
	}
	switch address {
	case p.Address():
		return o.Identity.CancelFor(ctx, p.ID)
	case p.Head:
		return o.CancelRelease(ctx, p.ID)
	}
	return nil // what is queued goes to the colleague
}

// stopper finds the participant a stop link belongs to and the address it was sent to, which is ""
// where we no longer have it.
func (o *Outbox) stopper(ctx context.Context, token string) (identity.Participant, string, error) {
	token = plainToken(token)
	if len(token) != idLength+keys.TokenLength {
		return identity.Participant{}, "", ErrUnknownStop
	}
	id := token[:idLength]
	after, corrections := o.stopAfter(id, token[idLength:])
	p, err := o.Identity.ParticipantByID(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return identity.Participant{}, "", ErrUnknownStop
	case err != nil:
		return identity.Participant{}, "", fmt.Errorf("read stop link: %w", err)
	case after < 0 && p.Head != "" && same(token[idLength:], o.Secret.StopHead(id, p.Head)):
		return p, p.Head, nil
	case after < 0:
		return identity.Participant{}, "", ErrUnknownStop
	case after == 0 && corrections == p.Corrected():
		return p, p.Email, nil
	case after > 0 && after == p.Handovers:
		return p, p.Colleague, nil
	}
	return p, "", nil
}

// plainToken takes off what mail programs and people put around a token.
func plainToken(token string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(token), `.,;:!?<>()[]{}"'`))
}

// stopAfter says after how many hand-overs, or corrections before any hand-over, a stop token was
// made; -1: it is none of ours.
func (o *Outbox) stopAfter(id, token string) (handovers, corrections int) {
	handovers = -1
	try := func(h, c int) {
		if same(token, o.stopToken(id, h, c)) {
			handovers, corrections = h, c
		}
	}
	for n := range MostHandOvers + 1 {
		try(n, 0)
	}
	for n := range MostCorrections {
		try(0, n+1)
	}
	return handovers, corrections
}
