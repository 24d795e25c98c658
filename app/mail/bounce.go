package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// Class is what a returned message means.
type Class string

// The classes of returned messages.
const (
	Hard      Class = "hard"       // this address will never work
	Soft      Class = "soft"       // not delivered, or later
	Delivered Class = "delivered"  // a report that it arrived
	AutoReply Class = "auto-reply" // an absence note or the like
	Unclear   Class = "unclear"    // none of these
)

// Return is what is kept of a message that came back: no word of its text.
type Return struct {
	ID         string   // of the outbox row, if the envelope address names it
	MessageIDs []string // Message-IDs of ours that it quotes, without brackets
	Class      Class
	Code       string // enhanced status code, such as 5.1.1; may be empty
}

// ErrReturn is the refusal of something that cannot be read as a message.
var ErrReturn = errors.New("not a readable e-mail message")

const largestReturn = 256 << 10 // what follows is content that came back, of no use here

var (
	anyStatus   = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	anyEnvelope = regexp.MustCompile(`(?i)b\+[a-z0-9]{1,64}\.[a-z2-7]{16}@`)
)

// ReadReturn reads a bounce, a delay notice or an automatic answer.
func (s Sender) ReadReturn(r io.Reader) (Return, error) {
	raw, err := io.ReadAll(io.LimitReader(r, largestReturn))
	if err != nil {
		return Return{}, fmt.Errorf("read returned message: %w", err)
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
		return Return{}, ErrReturn
	}
	if entity.Header.Len() == 0 {
		return Return{}, ErrReturn
	}
	out := Return{Class: Unclear, MessageIDs: s.quoted(raw)}
	for _, address := range anyEnvelope.FindAll(raw, -1) {
		if id, ours := s.bounced(string(address)); ours {
			out.ID = id
			break
		}
	}
	kind, params, _ := entity.Header.ContentType()
	switch {
	case kind == "multipart/report" && strings.EqualFold(params["report-type"], "delivery-status"):
		out.Class, out.Code = report(entity)
	case automatic(entity.Header):
		out.Class = AutoReply
	case fromMachine(entity.Header): // older forms: the status stands in the text
		out.Code = string(anyStatus.Find(raw))
		out.Class = classOf("failed", out.Code)
	}
	return out, nil
}

// quoted finds our own Message-IDs anywhere in the message.
func (s Sender) quoted(raw []byte) []string {
	ours := regexp.MustCompile(`(?i)<([a-z2-7]{32}@` + regexp.QuoteMeta(s.domain()) + `)>`)
	var ids []string
	for _, found := range ours.FindAllSubmatch(raw, 8) {
		ids = append(ids, strings.ToLower(string(found[1])))
	}
	return ids
}

// report reads the delivery-status part (RFC 3464): the worst recipient counts.
func report(entity *message.Entity) (Class, string) {
	class, status := Unclear, ""
	reader := entity.MultipartReader()
	for reader != nil {
		part, err := reader.NextPart()
		if part == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
			break
		}
		if kind, _, _ := part.Header.ContentType(); kind != "message/delivery-status" && kind != "message/global-delivery-status" {
			continue
		}
		fields := textproto.NewReader(bufio.NewReader(io.LimitReader(part.Body, largestReturn)))
		for {
			group, err := fields.ReadMIMEHeader()
			if action := group.Get("Action"); action != "" {
				code := anyStatus.FindString(group.Get("Status"))
				if found := classOf(action, code); worse(found, class) {
					class, status = found, code
				}
			}
			if err != nil {
				return class, status
			}
		}
	}
	return class, status
}

func worse(a, b Class) bool {
	rank := map[Class]int{Unclear: 0, Delivered: 1, Soft: 2, Hard: 3}
	return rank[a] > rank[b]
}

// classOf says what an action with a status code means (RFC 3463).
func classOf(action, status string) Class {
	switch strings.ToLower(strings.TrimSpace(action)) {
	case "delivered", "relayed", "expanded":
		return Delivered
	case "delayed":
		return Soft
	case "failed":
	default:
		return Unclear
	}
	if strings.HasPrefix(status, "5.1.") || status == "5.2.1" || status == "5.4.4" {
		return Hard
	}
	if status == "" {
		return Unclear
	}
	return Soft
}

func automatic(h message.Header) bool {
	auto := strings.ToLower(h.Get("Auto-Submitted"))
	return strings.HasPrefix(auto, "auto-replied") || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" ||
		strings.EqualFold(h.Get("Precedence"), "auto_reply")
}

func fromMachine(h message.Header) bool {
	from := strings.ToLower(h.Get("From"))
	path := strings.TrimSpace(h.Get("Return-Path"))
	return path == "<>" || strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster")
}
