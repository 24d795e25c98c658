package outbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// MostReleases is how often the head of an office is written to in one wave, and the office told
// that its answers came back: enough for every honest to and fro, too little for a nuisance.
const MostReleases = 20

// What stands against a message about answers to be released.
var (
	ErrHead           = errors.New("this cannot be the address of the head of the office")
	ErrNoMessage      = errors.New("no message can be sent to the head of the office")
	ErrUnknownRelease = errors.New("unknown release link")
)

// SetHead keeps the address of the head of an office, typed as people do. ErrHead where it cannot
// be read, wants no messages, or is the one the questionnaire itself went to.
func (o *Outbox) SetHead(ctx context.Context, officeID, typed string) error {
	address, err := mail.Address(typed)
	if err != nil {
		return ErrHead
	}
	err = o.Identity.SetHead(ctx, officeID, address, EmailHash(o.Secret, address))
	if errors.Is(err, db.ErrConflict) {
		return ErrHead
	}
	return err
}

// AskRelease queues the message that brings the head of an office the link to the answers that were
// put forward. ErrNoMessage where there is no address, it wants none, or has had MostReleases.
func (o *Outbox) AskRelease(ctx context.Context, h identity.Holder) error {
	if h.Head == "" {
		return ErrNoMessage
	}
	err := o.Identity.QueueNext(ctx, h.ID, identity.MessageRelease, EmailHash(o.Secret, h.Head), MostReleases)
	if errors.Is(err, db.ErrState) {
		return ErrNoMessage
	}
	return err
}

// remindHead writes to the head of an office whose answers wait once more, unless something went
// there within the last days, or nothing can.
func (o *Outbox) remindHead(ctx context.Context, p identity.Participant) error {
	if p.Head == "" {
		return nil
	}
	err := o.Identity.QueueAgain(ctx, p.ID, identity.MessageRelease, EmailHash(o.Secret, p.Head), MostReleases, apart*24*time.Hour)
	if errors.Is(err, db.ErrState) {
		return nil
	}
	return err
}

// TellGivenBack queues the message that tells an office that its head gave the answers back; what
// the head remarked stands behind the link only. ErrNoMessage as for AskRelease.
func (o *Outbox) TellGivenBack(ctx context.Context, h identity.Holder) error {
	err := o.Identity.QueueNext(ctx, h.ID, identity.MessageGivenBack, []byte{}, MostReleases)
	if errors.Is(err, db.ErrState) {
		return ErrNoMessage
	}
	return err
}

// CancelRelease cancels the messages to the head that have not begun to leave.
func (o *Outbox) CancelRelease(ctx context.Context, officeID string) error {
	return o.Identity.CancelKind(ctx, officeID, identity.MessageRelease)
}

// ReleaseURL is the address under which the head of an office releases its answers; ok is false
// without a head, and once the salt is erased.
func (o *Outbox) ReleaseURL(p identity.Participant, pop identity.Population) (address string, ok bool) {
	if p.Head == "" || pop.LinkSalt == nil {
		return "", false
	}
	return o.PublicURL + "/release/" + p.ID + o.Secret.Release(pop.LinkSalt, p.ID, p.Head), true
}

// Head finds the office whose head holds a release link; raw is the part of the link after the
// last slash, as people and mail programs hand it on, and token is the same without what they put
// around it. ErrUnknownRelease.
func (o *Outbox) Head(ctx context.Context, raw string) (h identity.Holder, token string, err error) {
	token = plainToken(raw)
	if len(token) != idLength+keys.TokenLength {
		return h, "", ErrUnknownRelease
	}
	e, err := o.Identity.EntryByID(ctx, token[:idLength])
	if errors.Is(err, db.ErrNotFound) {
		return h, "", ErrUnknownRelease
	}
	if err != nil {
		return h, "", fmt.Errorf("read release link: %w", err)
	}
	p := e.Participant
	if p.Population != "office" || p.Head == "" || e.Population.LinkSalt == nil {
		return h, "", ErrUnknownRelease
	}
	if !same(token[idLength:], o.Secret.Release(e.Population.LinkSalt, p.ID, p.Head)) {
		return h, "", ErrUnknownRelease
	}
	return e.Holder(), token, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// toHead reports whether messages of a kind go to the head of an office.
func toHead(kind string) bool {
	return kind == identity.MessageRelease || kind == returned(identity.MessageRelease)
}

// aboutRelease reports whether messages of a kind are about answers to be released: whether the
// office has submitted before does not matter to them.
func aboutRelease(kind string) bool {
	return kind == identity.MessageRelease || kind == identity.MessageGivenBack
}

// recipient is where messages of a kind to a participant go; "" where no address is known.
func recipient(kind string, p identity.Participant) string {
	if toHead(kind) {
		return p.Head
	}
	return p.Address()
}
