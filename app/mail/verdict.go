package mail

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// content is what matters of a message that came back.
type content struct {
	kind   string // report-type of a multipart/report: delivery-status, disposition-notification …
	status bool   // there is a delivery-status part,
	report told   // which says this
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
		if found := report(entity.Body); worse(found.class, c.report.class) {
			c.report = found
		}
	case len(bytes.TrimSpace(c.text)) == 0 && (kind == "" || strings.HasPrefix(kind, "text/plain") || strings.HasPrefix(kind, "text/html")):
		c.text, _ = io.ReadAll(io.LimitReader(entity.Body, largestText)) // what is unreadable says nothing
	}
}

// told is what a message means, with the status code if it gives one; final says that a machine has
// given up, and not for our sake.
type told struct {
	class Class
	code  string
	final bool
}

// told says what the message means.
func (c content) told(h message.Header) told {
	switch {
	case c.kind == "disposition-notification": // somebody opened it, which nobody here wants to know
		return told{class: AutoReply}
	case c.kind == "feedback-report": // somebody complained: a person must read that
		return told{class: Unclear}
	case c.status && c.report.class != Unclear && c.report.class != "":
		return c.report
	case h.Get("X-Failed-Recipients") != "" || fromMailer(h):
		return inWords(c.words())
	case automatic(h):
		return told{class: AutoReply}
	case strings.TrimSpace(h.Get("Return-Path")) != "<>":
		return told{class: Unclear} // it may be a person's
	case absent.MatchString(subject(h)):
		return told{class: AutoReply}
	}
	return inWords(c.words())
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
	unknown = regexp.MustCompile(`(?i)(?:user|recipient|mailbox|account) (?:is )?(?:unknown|invalid|not found)|(?:unknown|invalid) (?:user|recipient|mailbox|account)|no such (?:user|recipient|mailbox|person|account|address)|(?:user|recipient|mailbox|account|address)\S* (?:does not|doesn't) exist|` +
		`not listed in|no mailbox here by that name|unrouteable address|recipient address rejected: access denied|(?:empf(?:ä|=e4|ae)nger|benutzer|adresse) (?:unbekannt|existiert nicht)|` +
		`55[013][- ](?:5\.[05]\.0 )?(?:requested (?:mail )?action not taken: )?mailbox unavailable|doesn't have an? \S+ account|` +
		`destinataire inconnu|utente sconosciuto|host (?:or domain name )?not found|domain (?:does not exist|not found)|adresse inconnue|l'adresse \S* ?n'existe pas|indirizzo (?:sconosciuto|inesistente)|(?:indirizzo|utente|casella) \S* ?non esiste`)
	// absent are the subjects under which programs say that somebody is away, where no field does.
	absent = regexp.MustCompile(`(?i)^\W*(?:automati(?:c|sche|que|ca)\b|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|(?:ferien|urlaubs)?abwesen|r[ée]ponse automatique|absen(?:ce|t)|risposta automatica|fuori (?:ufficio|sede)|assen(?:te|za))`)
	full   = regexp.MustCompile(`(?i)quota|mailbox (?:is )?full|over ?quota|postfach (?:ist )?voll|bo[iî]te (?:aux lettres |de r[ée]ception )?(?:est )?pleine|casella (?:di posta )?(?:è )?piena`)
	// theSender is what they say where a code may be about either address.
	theSender = regexp.MustCompile(`(?i)\bsender\b`)
	waits     = regexp.MustCompile(`(?i)will (?:continue|keep) (?:to )?try|will be retried|not yet been delivered|delayed|still trying|verz(?:ö|oe)gert`)
)

// statusIn is the first status code of a text.
func statusIn(text string) string {
	if found := anyStatus.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// saidIn is the first status code of a report in words, where 5.1.27 may be a day: no code has so high
// a number but behind the reply of a server.
func saidIn(text string) string {
	for from := 0; ; {
		at := anyStatus.FindStringSubmatchIndex(text[from:])
		if at == nil {
			return ""
		}
		begins, ends := from+at[2], from+at[3]
		code := text[begins:ends]
		number := code[strings.LastIndexByte(code, '.')+1:]
		if len(number) != 2 || number < "20" || afterReply.MatchString(text[max(0, begins-len("550 #")):begins]) {
			return code
		}
		from = ends
	}
}

// afterReply is what a server begins its reply with, before the status code.
var afterReply = regexp.MustCompile(`[245]\d\d[ -]#?$`)

// inWords reads a report that says in words what happened.
func inWords(text []byte) told {
	said := string(text)
	code := saidIn(said)
	switch {
	case waits.MatchString(said):
		return told{Soft, code, false}
	case code != "":
		return told{classOf("failed", code, said), code, !aboutUs(code, said)}
	case full.MatchString(said):
		return told{Soft, "", true}
	case unknown.MatchString(said):
		return told{Hard, "", true}
	}
	return told{class: Unclear}
}

// report reads a delivery-status part (RFC 3464): the worst recipient counts.
func report(body io.Reader) told {
	worst := told{class: Unclear}
	raw, _ := io.ReadAll(io.LimitReader(body, largestReturn)) // what is unreadable says nothing
	for _, group := range groups(string(raw)) {
		action, said := group["action"], group["diagnostic-code"]
		if action == "" {
			continue
		}
		action, _, _ = strings.Cut(action, "(") // a comment
		code := statusIn(group["status"])
		if more := statusIn(said); more != "" && (code == "" || strings.HasSuffix(code, ".0.0")) {
			code = more // the status says only that it failed
		}
		found := told{classOf(action, code, said), code, strings.EqualFold(strings.TrimSpace(action), "failed") && !aboutUs(code, said)}
		if worse(found.class, worst.class) || found.class == worst.class && found.final && !worst.final {
			worst = found
		}
	}
	return worst
}

// mostInField is how much of a field over several lines counts, in bytes.
const mostInField = 2048

// groups are the fields of a delivery-status part, names in lower case, between empty lines. Gateways
// break lines where they like: what is no field is passed over, and hides none.
func groups(text string) []map[string]string {
	all, last := []map[string]string{{}}, ""
	for line := range strings.Lines(text) {
		group, plain := all[len(all)-1], strings.TrimSpace(line)
		name, value, field := strings.Cut(plain, ":")
		switch name = strings.ToLower(strings.TrimSpace(name)); {
		case plain == "":
			if last = ""; len(group) > 0 {
				all = append(all, map[string]string{})
			}
		case last != "" && strings.ContainsAny(line[:1], " \t"):
			if len(group[last]) < mostInField {
				group[last] += " " + plain
			}
		case field:
			if last = name; group[name] == "" {
				group[name] = strings.TrimSpace(value)
			}
		}
	}
	return all
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
	case aboutUs(status, said):
		return Soft
	case strings.HasPrefix(status, "5.1.") || status == "5.2.1" || status == "5.4.4" || status == "5.4.310":
		return Hard // 5.4.310: Exchange Online finds no such domain
	case strings.HasPrefix(status, "4."):
		return Soft
	case unknown.MatchString(said) && !full.MatchString(said):
		return Hard
	case status == "":
		return Unclear
	}
	return Soft
}

// aboutUs reports whether it is the sender they do not like, that has sent too much (Exchange Online), or
// whose messages they take for spam: then nobody at the other end can mend it, and everybody gets the same.
func aboutUs(status, said string) bool {
	switch status {
	case "5.1.7", "5.1.8", "5.1.90":
		return true
	case "5.1.0":
		return theSender.MatchString(said) && !unknown.MatchString(said)
	}
	return strings.HasPrefix(status, "5.7.")
}

// automatic reports whether a program answered for a person.
func automatic(h message.Header) bool {
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	return (auto != "" && auto != "no") || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" || h.Get("X-Auto-Response-Suppress") != "" ||
		precedence == "auto_reply" || precedence == "bulk" || precedence == "junk"
}

// subject is that of a message, in words where it can be read.
func subject(h message.Header) string {
	words, _ := h.Text("Subject")
	return words
}

// fromMailer reports whether a mail server wrote the message itself.
func fromMailer(h message.Header) bool {
	from := strings.ToLower(h.Get("From"))
	return strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster") || strings.Contains(from, "mail delivery s")
}
