package mail

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"
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

var (
	errHeader = errors.New("a header value with a line break or a control character")
	errSender = errors.New("no address to send from in") // not ErrAddress: the recipient's may be fine
)

// Compose writes the message down; ErrAddress where the recipient's is of no use. The same message
// gives the same bytes, but for the time in a signature.
func (s Sender) Compose(m Message) (Letter, error) {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return Letter{}, fmt.Errorf("%w %q", errSender, s.From)
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

	var body bytes.Buffer
	body.Grow(1024 + (len(m.Text)+len(m.HTML))*5/4)
	field(&body, "MIME-Version", "1.0")
	field(&body, "Date", m.Date.Format(time.RFC1123Z))
	field(&body, "Message-ID", "<"+letter.MessageID+">")
	field(&body, "From", from.String())
	field(&body, "To", "<"+to+">")
	field(&body, "Subject", mime.QEncoding.Encode("UTF-8", m.Subject))
	field(&body, "Auto-Submitted", "auto-generated")
	field(&body, "Content-Language", m.Language)
	if m.StopURL != "" { // RFC 8058
		field(&body, "List-Unsubscribe", "<"+m.StopURL+">, <mailto:"+from.Address+"?subject=unsubscribe>")
		field(&body, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	boundary := s.mac("boundary", m.ID)
	field(&body, "Content-Type", "multipart/alternative; boundary="+boundary)
	body.WriteString("\r\n")
	part(&body, boundary, "text/plain", m.Text)
	part(&body, boundary, "text/html", m.HTML)
	body.WriteString("--" + boundary + "--\r\n")

	letter.Body = body.Bytes()
	if s.DKIM != nil {
		if letter.Body, err = s.DKIM.sign(letter.Body); err != nil {
			return Letter{}, err
		}
	}
	return letter, nil
}

// mostInLine is how long a line of a header gets where there is a space to fold it at (RFC 2047 2).
const mostInLine = 76

// field writes a field of a header, folded at spaces.
func field(to *bytes.Buffer, name, value string) {
	to.WriteString(name + ":")
	line := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		if line+1+len(word) > mostInLine && word != "" && (i > 0 || len(word) < mostInLine) {
			to.WriteString("\r\n")
			line = 0
		}
		to.WriteString(" " + word)
		line += 1 + len(word)
	}
	to.WriteString("\r\n")
}

// part writes a text as one of the alternatives of a message (RFC 2046 5.1).
func part(to *bytes.Buffer, boundary, kind, text string) {
	to.WriteString("--" + boundary + "\r\n")
	field(to, "Content-Type", kind+"; charset=UTF-8")
	field(to, "Content-Transfer-Encoding", "quoted-printable")
	to.WriteString("\r\n")
	w := quotedprintable.NewWriter(to)
	_, _ = io.WriteString(w, text) // a buffer takes everything
	_ = w.Close()
	to.WriteString("\r\n")
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
