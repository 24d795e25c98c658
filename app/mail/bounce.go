package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	Final      bool   // Soft, and nobody tries to deliver this message any more
	Digest     string // the same for the same report, and telling nothing of it
}

// ErrReturn is the refusal of something that cannot be read as a message.
var ErrReturn = errors.New("not a readable e-mail message")

const (
	largestReturn = 256 << 10 // what follows is content that came back, of no use here
	largestText   = 32 << 10  // of a report in words; they say it at the beginning
	mostParts     = 20
)

var anyEnvelope = regexp.MustCompile(`(?i)b\+[a-z0-9]{1,64}\.[a-z2-7]{16}@`)

// ReadReturn reads a bounce, a delay notice or an automatic answer.
func (s Sender) ReadReturn(r io.Reader) (Return, error) {
	raw, err := io.ReadAll(io.LimitReader(r, largestReturn))
	if err != nil {
		return Return{}, fmt.Errorf("read returned message: %w", err)
	}
	raw = withoutEnvelope(raw)
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
		return Return{}, ErrReturn
	}
	if entity.Header.Len() == 0 {
		return Return{}, ErrReturn
	}
	found := read(entity)
	what := found.told(entity.Header)
	out := Return{Digest: s.digest(entity.Header, raw), Class: what.class, Code: what.code, Final: what.final && what.class == Soft}
	said := append(raw, found.text...) // where the encoding breaks an address in two
	out.MessageIDs = s.quoted(said)
	for _, address := range anyEnvelope.FindAll(said, -1) {
		if id, ours := s.bounced(string(address)); ours {
			out.ID = id
			break
		}
	}
	return out, nil
}

// withoutEnvelope takes off the line "From sender date", which is no field: Postfix, Exim and sendmail put
// it before what they give to a command.
func withoutEnvelope(raw []byte) []byte {
	if line, rest, found := bytes.Cut(raw, []byte("\n")); found && bytes.HasPrefix(line, []byte("From ")) {
		return rest
	}
	return raw
}

// digest is the same when the same report is read again, whichever way it came.
func (s Sender) digest(h message.Header, raw []byte) string {
	if id := strings.TrimSpace(h.Get("Message-Id")); id != "" {
		return s.mac("return", id)
	}
	return s.mac("return", string(raw))
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
