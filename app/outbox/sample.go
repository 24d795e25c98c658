package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// demonstration stands where a token would: it opens nothing.
const demonstration = "demonstration"

// ErrTest is what a mail server that does not take a test message comes to.
var ErrTest = errors.New("the test message was not taken")

// Preview writes a text as it would go out, with a made-up recipient and dead links.
func (o *Outbox) Preview(p identity.Population, textKind, lang string, t Text) (subject string, blocks []Block, err error) {
	m, err := o.sample(p, textKind, lang, "beispiel@example.ch", t, false, time.Time{})
	return m.Subject, blocksOf(m.Text), err
}

// SendTest hands a text to the relay as a test message to one address of staff: marked as a test,
// with a made-up recipient and dead links. It is no message of the wave and leaves no row. ErrTest
// with the relay's code where it was not taken.
func (o *Outbox) SendTest(ctx context.Context, via mail.Transport, p identity.Population, textKind, lang, to string, t Text) error {
	now, err := o.DB.Now(ctx)
	if err != nil {
		return err
	}
	m, err := o.sample(p, textKind, lang, to, t, true, now)
	if err != nil {
		return err
	}
	m.ID = db.NewID() // of no row: what comes back belongs to no message
	letter, err := o.Sender.Compose(m)
	if err != nil {
		return fmt.Errorf("test message: %w", err)
	}
	outcome := via.Send(ctx, letter, func() error { return nil })
	if outcome.Result != mail.Sent {
		return fmt.Errorf("%w: %s", ErrTest, outcome.Code)
	}
	return nil
}

// sample writes a text to a made-up recipient.
func (o *Outbox) sample(p identity.Population, kindOfText, lang, to string, t Text, test bool, date time.Time) (mail.Message, error) {
	t = t.clean()
	m := identity.Message{Kind: kindOfText}
	if kindOfText == "last_call" {
		m.Kind, m.Number = "reminder", LastCall
	}
	office := identity.Participant{Population: "office", Names: map[string]string{}}
	one := identity.Participant{ID: demonstration, Population: p.Name, Email: to, Head: to, Language: lang, Names: map[string]string{}}
	for _, l := range i18n.Languages {
		office.Names[l] = i18n.T(l, "mail.sample.office", nil)
		one.Names[l] = i18n.T(l, "mail.sample.employer", nil)
	}
	e := identity.Entry{Participant: one, Population: p, Office: &office}
	if p.Name != "employer" {
		e.Participant.Names, e.Office = office.Names, nil
	}
	s := sheet{stop: o.PublicURL + "/u/" + demonstration, test: test, own: texts{
		textKey{p.Name, kindOfText, lang}: {Subject: t.Subject, Body: t.Body},
	}}
	if leads(kindOfText) {
		s.link = o.PublicURL + map[bool]string{true: "/release/", false: "/r/"}[toHead(kindOfText)] + demonstration
	}
	return o.write(m, e, s, date)
}
