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

// ErrNoMessages is the refusal to send a new link to an address that wants no messages.
var ErrNoMessages = errors.New("this address wants no messages")

// mostFound bounds what a search for a participant shows: enough to recognise one, too little to page
// through a list.
const mostFound = 20

// leastTyped is how much of a name or address has to be known.
const leastTyped = 3

// Found is a participant somebody looked for.
type Found struct {
	ID, Population, Code, Name, Town string
	Masked                           string // of the address that was invited, m…@firma.ch
}

// Find looks for participants of a wave, offices and employers, by part of a name, a town or an
// address; more says that there are others. Nothing it gives depends on who has answered.
func (o *Outbox) Find(ctx context.Context, waveID, typed string) (found []Found, more bool, err error) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if len([]rune(typed)) < leastTyped {
		return nil, false, nil
	}
	all, err := o.Identity.Participants(ctx, waveID, "")
	if err != nil {
		return nil, false, err
	}
	for _, p := range all {
		if p.Population == "discussion" || !strings.Contains(strings.ToLower(p.Name+"\n"+p.Town+"\n"+p.Email), typed) {
			continue
		}
		if len(found) == mostFound {
			return found, true, nil
		}
		one := Found{ID: p.ID, Population: p.Population, Name: p.Name, Town: p.Town, Masked: mail.Masked(p.Email)}
		if p.Population == "office" {
			one.Code = p.Code
		}
		found = append(found, one)
	}
	return found, false, nil
}

// Anew ends the link of a participant of a wave and queues one invitation with a new one, to whoever
// answers now: a colleague where the questionnaire was handed over. A draft stays. Whether somebody
// has answered is asked when the message is claimed, as for every invitation; and that an employer
// has declined is told by no refusal. ErrNoMessages, ErrCorrectedOften, ErrNothingToCorrect where the
// window is over or the participant is of another wave; for an office db.ErrConflict where it has
// declined or somebody else was faster.
func (o *Outbox) Anew(ctx context.Context, waveID, participantID string) error {
	e, err := o.Identity.EntryByID(ctx, participantID)
	if errors.Is(err, db.ErrNotFound) || err == nil && (e.Wave.ID != waveID || e.Participant.Address() == "") {
		return ErrNothingToCorrect
	}
	if err != nil {
		return err
	}
	err = o.anew(ctx, e)
	if errors.Is(err, db.ErrConflict) && e.Participant.Population == "employer" {
		return nil
	}
	return err
}

func (o *Outbox) anew(ctx context.Context, e identity.Entry) error {
	p := e.Participant
	suppressed, err := o.Identity.Suppressed(ctx, EmailHash(o.Secret, p.Address()))
	switch {
	case err != nil:
		return fmt.Errorf("new link: %w", err)
	case suppressed:
		return ErrNoMessages
	case p.Epoch > mostLinks:
		return ErrCorrectedOften
	case len(e.Population.LinkSalt) == 0:
		return ErrNothingToCorrect
	case p.Colleague == "":
		return o.correct(ctx, e, p.Email, p.Language)
	}
	err = o.Identity.HandOver(ctx, identity.HandOver{
		Holder: e.Holder(), Colleague: p.Colleague, Language: p.Language, Hash: EmailHash(o.Secret, p.Colleague), Corrected: true,
		Old: p.TokenHash, New: keys.HashToken(o.Secret.Link(e.Population.LinkSalt, p.ID, p.Epoch+1)),
	})
	if err != nil || p.Population != "employer" {
		return err
	}
	return o.Identity.SettleReturns(ctx, p.ID) // as for whoever has not handed over
}
