package mail

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Sender is what all messages of this installation have in common.
type Sender struct {
	From         string   // "FSIO study <study@example.ch>"
	BounceDomain string   // domain of the envelope senders; "" sends from From itself
	Key          [32]byte // derived from the master secret; makes ids that tell nothing
	DKIM         *Signer  // nil: the relay signs, or nobody
}

// Message is one message to one person, in words.
type Message struct {
	ID       string // of the outbox; the Message-ID derives from it
	To       string // one address, any spelling Address reads
	Subject  string
	Text     string // paragraphs between empty lines
	HTML     string // a whole page that says the same
	Language string // de, fr, it, en
	StopURL  string // stops further messages; a POST to it acts at once
	Date     time.Time
}

// Letter is a message as it goes to a relay.
type Letter struct {
	From, To  string // envelope
	MessageID string // without angle brackets
	Body      []byte // header and content, CRLF lines
}

var errHeader = errors.New("a header value with a line break or a control character")

// Compose writes the message down. The same message gives the same bytes, but for
// the time in a signature.
func (s Sender) Compose(m Message) (Letter, error) {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return Letter{}, fmt.Errorf("sender %q: %w", s.From, ErrAddress)
	}
	to, err := Address(m.To)
	if err != nil {
		return Letter{}, err
	}
	for _, value := range []string{m.Subject, m.StopURL, m.Language, from.Name} {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return Letter{}, errHeader
		}
	}
	letter := Letter{From: s.envelope(m.ID, from.Address), To: to, MessageID: s.MessageID(m.ID)}

	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithBoundary(s.mac("boundary", m.ID)))
	msg.FromMailAddress(from)
	if err := msg.To(to); err != nil {
		return Letter{}, ErrAddress
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(letter.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("Content-Language", m.Language)
	if m.StopURL != "" {
		msg.SetListUnsubscribe("<"+m.StopURL+">", "<mailto:"+from.Address+"?subject=unsubscribe>")
		// RFC 8058. As a plain header: go-mail writes preformatted ones, of which the line above is
		// one, in the order of a map, and two would come in either order.
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)

	var body bytes.Buffer
	body.Grow(2 * (len(m.Text) + len(m.HTML)))
	if _, err := msg.WriteTo(&body); err != nil {
		return Letter{}, fmt.Errorf("write message: %w", err)
	}
	letter.Body = body.Bytes()
	if s.DKIM != nil {
		if letter.Body, err = s.DKIM.sign(letter.Body); err != nil {
			return Letter{}, err
		}
	}
	return letter, nil
}

// MessageID is the Message-ID of an outbox row: always the same, and telling
// nobody which row it is.
func (s Sender) MessageID(id string) string {
	return s.mac("message-id", id) + "@" + s.domain()
}

// domain is where our ids live: the bounce domain, else the sender's.
func (s Sender) domain() string {
	if s.BounceDomain != "" {
		return s.BounceDomain
	}
	if from, err := netmail.ParseAddress(s.From); err == nil {
		return from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	}
	return "localhost.localdomain"
}

// envelope is the address a bounce comes back to.
func (s Sender) envelope(id, from string) string {
	if s.BounceDomain == "" {
		return from
	}
	return "b+" + id + "." + s.mac("bounce", id)[:16] + "@" + s.BounceDomain
}

// bounced gives back the id in an envelope address, if we made it.
func (s Sender) bounced(address string) (id string, ours bool) {
	local, _, _ := strings.Cut(strings.ToLower(strings.Trim(address, "<> ")), "@")
	rest, found := strings.CutPrefix(local, "b+")
	if !found {
		return "", false
	}
	id, mac, found := strings.Cut(rest, ".")
	ours = found && hmac.Equal([]byte(mac), []byte(s.mac("bounce", id)[:16]))
	return id, ours
}

func (s Sender) mac(label, id string) string {
	mac := hmac.New(sha256.New, s.Key[:])
	mac.Write([]byte(label + "\x00" + id))
	sum := mac.Sum(nil)
	if label == "boundary" {
		return hex.EncodeToString(sum[:16])
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20]))
}
