package mail

import (
	"bufio"
	"io"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// content is what matters of a message that came back.
type content struct {
	kind   string // report-type of a multipart/report: delivery-status, disposition-notification …
	status bool   // there is a delivery-status part,
	class  Class  // which says this,
	code   string // with this code
	text   []byte // the first part in words
}

// read goes through the parts of a message, those inside others too.
func read(entity *message.Entity) content {
	var c content
	kind, params, _ := entity.Header.ContentType()
	if kind == "multipart/report" {
		c.kind = strings.ToLower(params["report-type"])
	}
	parts := mostParts
	c.take(entity, &parts)
	return c
}

func (c *content) take(entity *message.Entity, parts *int) {
	if *parts--; *parts < 0 {
		return
	}
	if reader := entity.MultipartReader(); reader != nil {
		for *parts > 0 {
			part, err := reader.NextPart()
			if part == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
				return
			}
			c.take(part, parts)
		}
		return
	}
	kind, _, _ := entity.Header.ContentType()
	switch {
	case kind == "message/delivery-status" || kind == "message/global-delivery-status":
		c.status = true
		if class, code := report(entity.Body); worse(class, c.class) {
			c.class, c.code = class, code
		}
	case c.text == nil && (kind == "" || strings.HasPrefix(kind, "text/plain") || strings.HasPrefix(kind, "text/html")):
		c.text, _ = io.ReadAll(io.LimitReader(entity.Body, largestText)) // what is unreadable says nothing
	}
}

// told says what the message means.
func (c content) told(h message.Header) (Class, string) {
	switch {
	case c.kind == "disposition-notification": // somebody opened it, which nobody here wants to know
		return AutoReply, ""
	case c.kind == "feedback-report": // somebody complained: a person must read that
		return Unclear, ""
	case c.status && c.class != Unclear && c.class != "":
		return c.class, c.code
	case h.Get("X-Failed-Recipients") != "" || fromMailer(h):
		return inWords(c.words())
	case automatic(h):
		return AutoReply, ""
	case strings.TrimSpace(h.Get("Return-Path")) == "<>":
		return inWords(c.words())
	}
	return Unclear, ""
}

// words are the text up to where the message itself is quoted.
func (c content) words() []byte {
	if i := quotes.FindIndex(c.text); i != nil {
		return c.text[:i[0]]
	}
	return c.text
}

var (
	// A status code stands alone: neither an address of the network nor the number of a version.
	anyStatus = regexp.MustCompile(`(?:^|[^\w.])([245]\.[0-7]\.[0-9]{1,3})(?:$|[^\w.]|\.(?:$|\W))`)
	// quotes are the words with which mail servers begin to quote the message.
	quotes = regexp.MustCompile(`(?im)^[-\s]*(?:this is a copy of (?:the|your) message|below this line is a copy|original message|unsent message below|returned message|message header follows)`)
	// unknown are the words with which mail servers say that nobody has this address, where no code does.
	unknown = regexp.MustCompile(`(?i)user unknown|unknown user|no such (?:user|recipient|mailbox|person|account|address)|(?:user|recipient|mailbox|account|address)\S* (?:does not|doesn't) exist|` +
		`not listed in|no mailbox here by that name|unrouteable address|recipient not found|recipient address rejected: access denied|(?:empf(?:ä|=e4|ae)nger|benutzer|adresse) (?:unbekannt|existiert nicht)|` +
		`destinataire inconnu|utente sconosciuto|host (?:or domain name )?not found|domain (?:does not exist|not found)`)
	full  = regexp.MustCompile(`(?i)quota|mailbox (?:is )?full|over ?quota|postfach (?:ist )?voll|bo[iî]te pleine`)
	waits = regexp.MustCompile(`(?i)will (?:continue|keep) (?:to )?try|will be retried|not yet been delivered|delayed|still trying|verz(?:ö|oe)gert`)
)

// statusIn is the first status code of a text.
func statusIn(text string) string {
	if found := anyStatus.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// inWords reads a report that says in words what happened.
func inWords(text []byte) (Class, string) {
	said := string(text)
	code := statusIn(said)
	switch {
	case waits.MatchString(said):
		return Soft, code
	case code != "":
		return classOf("failed", code, said), code
	case full.MatchString(said):
		return Soft, ""
	case unknown.MatchString(said):
		return Hard, ""
	}
	return Unclear, ""
}

// report reads a delivery-status part (RFC 3464): the worst recipient counts.
func report(body io.Reader) (Class, string) {
	class, status := Unclear, ""
	fields := textproto.NewReader(bufio.NewReader(io.LimitReader(body, largestReturn)))
	for {
		group, err := fields.ReadMIMEHeader()
		if action := group.Get("Action"); action != "" {
			said := group.Get("Diagnostic-Code")
			code := statusIn(group.Get("Status"))
			if more := statusIn(said); more != "" && (code == "" || strings.HasSuffix(code, ".0.0")) {
				code = more // the status says only that it failed
			}
			if found := classOf(action, code, said); worse(found, class) {
				class, status = found, code
			}
		}
		if err != nil {
			return class, status
		}
	}
}

func worse(a, b Class) bool {
	rank := map[Class]int{"": -1, Unclear: 0, Delivered: 1, Soft: 2, Hard: 3}
	return rank[a] > rank[b]
}

// classOf says what an action with a status code means (RFC 3463); said is what the server said in
// words, which counts where the code leaves it open.
func classOf(action, status, said string) Class {
	switch strings.ToLower(strings.TrimSpace(action)) {
	case "delivered", "relayed", "expanded":
		return Delivered
	case "delayed":
		return Soft
	case "failed":
	default:
		return Unclear
	}
	switch {
	case status == "5.1.7" || status == "5.1.8": // it is the sender's address they do not like
		return Soft
	case strings.HasPrefix(status, "5.1.") || status == "5.2.1" || status == "5.4.4":
		return Hard
	case strings.HasPrefix(status, "4.") || strings.HasPrefix(status, "5.7."):
		return Soft
	case unknown.MatchString(said) && !full.MatchString(said):
		return Hard
	case status == "":
		return Unclear
	}
	return Soft
}

// automatic reports whether a program answered for a person.
func automatic(h message.Header) bool {
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	return (auto != "" && auto != "no") || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" || h.Get("X-Auto-Response-Suppress") != "" ||
		precedence == "auto_reply" || precedence == "bulk" || precedence == "junk"
}

// fromMailer reports whether a mail server wrote the message itself.
func fromMailer(h message.Header) bool {
	from := strings.ToLower(h.Get("From"))
	return strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster") || strings.Contains(from, "mail delivery s")
}
