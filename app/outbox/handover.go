package outbox

import (
	"context"
	"errors"
	"fmt"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// MostHandOvers is how often a questionnaire may be handed over in one wave: enough for an honest
// search for the right person, too little to make anybody's mailbox a target.
const MostHandOvers = 3

// What stands against a hand-over.
var (
	ErrHandedOften = errors.New("this questionnaire was handed over as often as it may be")
	ErrColleague   = errors.New("no message can be sent to this address")
)

// HandOver gives the questionnaire of whoever holds a link to a colleague: the link ends at once, a
// new one goes to the colleague, as all messages at most once, and the draft stays where it is.
// colleague is an address as people type it, lang the language of the colleague. ErrColleague where
// the address cannot be read or wants no messages, ErrHandedOften, db.ErrConflict where the link has
// changed in the meantime or the population does not answer now.
func (o *Outbox) HandOver(ctx context.Context, h identity.Holder, colleague, lang string) error {
	address, err := mail.Address(colleague)
	if err != nil {
		return ErrColleague
	}
	if h.Handovers >= MostHandOvers {
		return ErrHandedOften
	}
	if len(h.Population.LinkSalt) == 0 {
		return db.ErrConflict
	}
	salt, hash := h.Population.LinkSalt, EmailHash(o.Secret, address)
	err = o.Identity.HandOver(ctx, identity.HandOver{
		Holder: h, Colleague: address, Language: lang, Hash: hash,
		Old: keys.HashToken(o.Secret.Link(salt, h.ID, h.Epoch)), New: keys.HashToken(o.Secret.Link(salt, h.ID, h.Epoch+1)),
	})
	if !errors.Is(err, db.ErrConflict) {
		return err
	}
	suppressed, asked := o.Identity.Suppressed(ctx, hash)
	if asked == nil && suppressed {
		return ErrColleague
	}
	return fmt.Errorf("hand over: %w", err)
}
