package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rondo/storage/identity"
)

// demoReturned is how many invitations of the office that the demo shows did not arrive.
const demoReturned = 2

// returned lets some invitations of an office's employers come back, of those who have not answered
// and whose links nobody prints.
func (d *demo) returned(ctx context.Context, w identity.Wave, office identity.Participant) error {
	employers, err := d.Store.Identity.ParticipantsOf(ctx, office.ID, "employer")
	if err != nil {
		return err
	}
	done, err := d.Waves.Done(ctx, w.ID, "employer")
	if err != nil {
		return err
	}
	p, err := d.Store.Identity.Population(ctx, w.ID, "employer")
	if err != nil {
		return err
	}
	employers = slices.DeleteFunc(employers, func(e identity.Participant) bool {
		return done[e.ID] || slices.Contains(d.links, d.Waves.Link(p, e))
	})
	wrong := map[string]bool{}
	for _, e := range employers[max(0, len(employers)-demoReturned):] {
		wrong[e.ID] = true
	}
	messages, err := d.Store.Identity.Messages(ctx, w.ID)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if !wrong[m.ParticipantID] || m.Kind != "invitation" {
			continue
		}
		report := fmt.Sprintf("From: MAILER-DAEMON@relay.example\r\nSubject: failure notice\r\n\r\n550 5.1.1 unknown\r\n\r\nMessage-ID: <%s>\r\n", d.Outbox.Sender.MessageID(m.ID))
		if _, err := d.Outbox.Bounce(ctx, strings.NewReader(report)); err != nil {
			return err
		}
	}
	return nil
}
