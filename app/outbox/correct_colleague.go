package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// ErrWrongAddress says that no message to the address that is to be corrected has failed or come back.
var ErrWrongAddress = errors.New("no message to this address has failed or come back")

// correctable reports whether the address a message about a hand-over went to may be corrected: it
// failed or came back, and the questionnaire was not handed over once more since.
func correctable(m identity.Message, p identity.Participant) bool {
	kind := strings.TrimPrefix(m.Kind, returned(""))
	return kind == identity.MessageHandOver && m.State == "failed" && p.Handovers > 0 && m.Number >= identity.HandOverNumber(p.Handovers)
}

// CorrectColleague gives a questionnaire of a wave that was handed over to a mistyped address to the right
// one: the link that went out is dead, a new one goes to the right address, and it counts as the
// same hand-over. wrong is the address as whoever asks for this says it was: nobody at the desk is
// told whose a message to an employer is, and so names none. ErrWrongAddress where no message to
// wrong has failed or come back, ErrColleague where right cannot be read or wants no messages,
// db.ErrConflict where the population does not answer now or too many addresses were tried.
func (o *Outbox) CorrectColleague(ctx context.Context, w identity.Wave, wrong, right string) error {
	e, err := o.mistyped(ctx, w, mail.Normal(wrong))
	if err != nil {
		return err
	}
	p, salt := e.Participant, e.Population.LinkSalt
	address, err := mail.Address(right)
	if err != nil || mail.Normal(address) == mail.Normal(p.Colleague) {
		return ErrColleague
	}
	hash := EmailHash(o.Secret, address)
	suppressed, err := o.Identity.Suppressed(ctx, hash)
	switch {
	case err != nil:
		return fmt.Errorf("correct address: %w", err)
	case suppressed:
		return ErrColleague
	case len(salt) == 0:
		return fmt.Errorf("correct address: %w", db.ErrConflict)
	}
	return o.Identity.HandOver(ctx, identity.HandOver{
		Holder: e.Holder(), Colleague: address, Language: p.Language, Hash: hash, Corrected: true,
		Old: p.TokenHash, New: keys.HashToken(o.Secret.Link(salt, p.ID, p.Epoch+1)),
	})
}

// mistyped finds who handed over to an address at which nobody could be reached; ErrWrongAddress.
func (o *Outbox) mistyped(ctx context.Context, w identity.Wave, wrong string) (identity.Entry, error) {
	participants, err := o.Identity.Participants(ctx, w.ID, "")
	if err != nil {
		return identity.Entry{}, fmt.Errorf("correct address: %w", err)
	}
	messages, err := o.Identity.Messages(ctx, w.ID)
	if err != nil {
		return identity.Entry{}, fmt.Errorf("correct address: %w", err)
	}
	for _, p := range participants {
		if wrong == "" || mail.Normal(p.Colleague) != wrong {
			continue
		}
		for _, m := range messages {
			if m.ParticipantID == p.ID && correctable(m, p) {
				return o.Identity.EntryByID(ctx, p.ID)
			}
		}
	}
	return identity.Entry{}, ErrWrongAddress
}
