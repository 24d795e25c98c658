package main

import (
	"context"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"rondo/app/mail"
)

// resolver looks up names, as net.Resolver does.
type resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

const (
	relayWithin = 20 * time.Second // how long doctor waits for the relay
	namesWithin = 5 * time.Second  // and for each name
)

// examineMail says what would keep messages from going out, arriving, or coming back. What certainly
// will is an error; what may is a warning.
func (h *House) examineMail(ctx context.Context, s Streams) error {
	if err := h.examineSending(ctx, s); err != nil {
		return err
	}
	h.examineSettings(s)
	if h.Config.SMTP == "" {
		fmt.Fprintf(s.Out, "note  no RONDO_SMTP: messages go to the folder %s\n", h.Config.mailFolder())
		return h.examineReturns(s)
	}
	if err := h.examineRelay(ctx, s); err != nil {
		return err
	}
	if err := h.examineReturns(s); err != nil {
		return err
	}
	return h.examineNames(ctx, s)
}

// examineSending says which waves wait for somebody.
func (h *House) examineSending(ctx context.Context, s Streams) error {
	waves, err := h.Store.Identity.Waves(ctx)
	if err != nil {
		return err
	}
	for _, w := range waves {
		counts, err := h.Store.Identity.MessageCounts(ctx, w.ID)
		if err != nil {
			return err
		}
		unknown := 0
		for _, states := range counts {
			unknown += states["unknown"]
		}
		if w.MailPaused {
			fmt.Fprintf(s.Out, "ask   wave %s: its sending is paused; `rondo mail resume --wave %s` lets it go on\n", w.Label, w.Label)
		}
		if unknown > 0 {
			fmt.Fprintf(s.Out, "ask   wave %s: of some messages nobody knows whether they arrived; decide at the desk\n", w.Label)
		}
	}
	return nil
}

// examineSettings looks for what was left as it comes.
func (h *House) examineSettings(s Streams) {
	c := h.Config
	if base, err := url.Parse(c.PublicURL); err == nil && base.Scheme != "https" {
		fmt.Fprintf(s.Out, "warn  RONDO_PUBLIC_URL is %s: links in messages must begin with https:// outside of this machine\n", c.PublicURL)
	}
	if strings.Contains(c.MailFrom, "localhost") {
		fmt.Fprintln(s.Out, "warn  RONDO_MAIL_FROM is the example: nobody can answer, and servers will refuse it")
	}
	if h.Store.DB.Postgres() {
		fmt.Fprintf(s.Out, "note  RONDO_MAIL_RATE (%g a second) and RONDO_MAIL_PER_DOMAIN (%d) are those of each instance: where several run, divide what the relay allows\n", c.MailRate, c.MailPerDomain)
	}
	if strings.Contains(c.Contact, "+41 58 000 00 00") {
		fmt.Fprintln(s.Out, "warn  RONDO_CONTACT is the example: every page and message shows it")
	}
}

// examineRelay signs in at the relay and hangs up.
func (h *House) examineRelay(ctx context.Context, s Streams) error {
	relay, err := mail.NewRelay(h.Config.SMTP, h.Config.SMTPPasswordFile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, relayWithin)
	defer cancel()
	if outcome := relay.Check(ctx); outcome.Result != mail.Sent {
		return fmt.Errorf("the relay %s cannot be used: it ends at %q", net.JoinHostPort(relay.Host, relay.Port), outcome.Code)
	}
	fmt.Fprintln(s.Out, "ok    the mail settings can be read, the relay answers and lets us in; send a test message before a wave")
	return nil
}

// examineReturns says how bounces find their way.
func (h *House) examineReturns(s Streams) error {
	c := h.Config
	switch {
	case c.BounceMaildir != "":
		if err := (mail.Maildir{Path: c.BounceMaildir}).Check(); err != nil {
			return err
		}
		fmt.Fprintln(s.Out, "ok    what comes back is read from RONDO_BOUNCE_MAILDIR")
	case c.BounceDomain != "":
		fmt.Fprintln(s.Out, "note  no RONDO_BOUNCE_MAILDIR: the mail server must hand what comes back to `rondo mail bounce`")
	}
	if c.BounceDomain == "" && c.SMTP != "" {
		fmt.Fprintln(s.Out, "warn  no RONDO_BOUNCE_DOMAIN: bounces go to the sender's mailbox and are found by what they quote only")
	}
	return nil
}

// examineNames compares what is published under our names with what is set here.
func (h *House) examineNames(ctx context.Context, s Streams) error {
	signer, err := h.signer()
	if err != nil {
		return err
	}
	from, err := netmail.ParseAddress(h.Config.MailFrom)
	if err != nil {
		return fmt.Errorf("RONDO_MAIL_FROM: %w", err)
	}
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	if strings.HasPrefix(domain, "localhost") {
		return nil // the example, which was warned of
	}
	envelope := domain
	if h.Config.BounceDomain != "" {
		envelope = h.Config.BounceDomain
	}
	if signer == nil {
		fmt.Fprintln(s.Out, "note  no RONDO_DKIM_KEY_FILE: the relay must sign, or big mail services refuse")
	} else if !signer.Published(h.records(ctx, signer.RecordName())) {
		fmt.Fprintf(s.Out, "warn  %s does not hold our key; publish as TXT: %s\n", signer.RecordName(), signer.Record())
	} else {
		fmt.Fprintln(s.Out, "ok    the key that signs is published")
	}
	h.published(ctx, s, envelope, "v=spf1", "SPF: which servers may send for it")
	h.published(ctx, s, "_dmarc."+domain, "v=DMARC1", "DMARC: what to do with forgeries")
	if h.Config.BounceDomain != "" {
		ctx, cancel := context.WithTimeout(ctx, namesWithin)
		defer cancel()
		if mx, err := h.resolver().LookupMX(ctx, envelope); err != nil || len(mx) == 0 {
			fmt.Fprintf(s.Out, "warn  %s has no MX record: nothing can come back\n", envelope)
		}
	}
	return nil
}

// published says whether a name has a record of a kind.
func (h *House) published(ctx context.Context, s Streams, name, kind, what string) {
	for _, record := range h.records(ctx, name) {
		if strings.HasPrefix(record, kind) {
			fmt.Fprintf(s.Out, "ok    %s has a record %s\n", name, kind)
			return
		}
	}
	fmt.Fprintf(s.Out, "warn  %s has no record %s (%s)\n", name, kind, what)
}

// records are the TXT records of a name; none where it cannot be asked for.
func (h *House) records(ctx context.Context, name string) []string {
	ctx, cancel := context.WithTimeout(ctx, namesWithin)
	defer cancel()
	records, err := h.resolver().LookupTXT(ctx, name)
	if err != nil {
		return nil
	}
	return records
}

func (h *House) resolver() resolver {
	if h.names != nil {
		return h.names
	}
	return net.DefaultResolver
}
