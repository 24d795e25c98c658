package outbox

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/storage/identity"
)

// errNoLink says that a message that must carry a link cannot: the salt is erased.
var errNoLink = errors.New("the link of this participant can no longer be made")

// Block is a paragraph, or a link that stands alone.
type Block struct {
	Lines []string
	Link  string
}

// carriesLink reports whether messages of a kind lead to the questionnaire.
func carriesLink(kind string) bool {
	return kind == "invitation" || kind == "reminder" || kind == identity.MessageHandOver || aboutRelease(kind)
}

// Link is the address under which a participant answers; ok is false once the
// salt is erased.
func (o *Outbox) Link(e identity.Entry) (address string, ok bool) {
	if e.Population.LinkSalt == nil {
		return "", false
	}
	return o.PublicURL + "/r/" + o.Secret.Link(e.Population.LinkSalt, e.Participant.ID, e.Participant.Epoch), true
}

// linkOf is the link that messages of a kind carry; ok as for Link and ReleaseURL.
func (o *Outbox) linkOf(kind string, e identity.Entry) (address string, ok bool) {
	if toHead(kind) {
		return o.ReleaseURL(e.Participant, e.Population)
	}
	return o.Link(e)
}

// word writes message m to the participant of e, in their language, in the words of the wave.
func (o *Outbox) word(m identity.Message, e identity.Entry, own texts, date time.Time) (mail.Message, error) {
	s := sheet{stop: o.stopURL(m.Kind, e.Participant), own: own}
	if carriesLink(m.Kind) {
		var ok bool
		if s.link, ok = o.linkOf(m.Kind, e); !ok {
			return mail.Message{}, errNoLink
		}
	}
	return o.write(m, e, s, date)
}

// sheet is what a message is written on: its two links and the words of its wave.
type sheet struct {
	link, stop string
	own        texts
	test       bool // it is marked as a test
	paper      bool // it is a letter: nothing that only makes sense in a mailbox
}

// write puts a message into words.
func (o *Outbox) write(m identity.Message, e identity.Entry, s sheet, date time.Time) (mail.Message, error) {
	lang := e.Participant.Language
	if !i18n.Known(lang) {
		lang = i18n.Default
	}
	subject, text, err := words(lang, textKind(m.Kind, m.Number), o.args(e, lang, s.link, s.stop), e, s)
	if err != nil {
		return mail.Message{}, err
	}
	return mail.Message{
		ID: m.ID, To: recipient(m.Kind, e.Participant), Subject: subject, Text: text + "\n", HTML: markup(lang, subject, text),
		Language: lang, StopURL: s.stop, Date: date,
	}, nil
}

// args are what the placeholders of a text stand for.
func (o *Outbox) args(e identity.Entry, lang, link, stop string) map[string]any {
	return map[string]any{
		"name": nameIn(e.Participant, lang), "contact": o.Contact, "stop": stop, "link": link, "why": "",
		"closes":  i18n.Until(lang, e.Population.Closes),
		"privacy": o.PublicURL + privacyPath, "check": o.PublicURL + checkPath,
	}
}

// Pages that every message leads to.
const (
	privacyPath = "/privacy"
	checkPath   = "/check"
)

// words gives subject and text of a message, signature and footer included.
func words(lang, textKind string, args map[string]any, e identity.Entry, s sheet) (subject, text string, err error) {
	why := "mail.why.panel"
	if e.Office != nil {
		why, args["office"] = "mail.why.office", nameIn(*e.Office, lang)
	}
	if args["why"], err = i18n.Lookup(lang, why, args); err != nil {
		return "", "", fmt.Errorf("word message: %w", err)
	}
	var parts []string
	if own, found := s.own.usable(e.Participant.Population, textKind, lang); found {
		parts = []string{fillIn(own.Subject, args), strings.TrimSpace(fillIn(own.Body, args))}
	} else {
		key := catalogueKey(textKind, e.Participant.Population)
		if parts, err = lookup(lang, args, key+".subject", key+".text"); err != nil {
			return "", "", err
		}
	}
	if s.test {
		args["subject"] = parts[0]
		head, err := lookup(lang, args, "mail.test.subject", "mail.test.note")
		if err != nil {
			return "", "", err
		}
		parts = append(head, parts[1:]...)
	}
	foot := "mail.footer"
	if s.paper {
		foot = "mail.letter.footer"
	}
	below, err := lookup(lang, args, "mail.sign", foot)
	return parts[0], strings.Join(append(parts[1:], below...), "\n\n"), err
}

// lookup gives the words of several keys.
func lookup(lang string, args map[string]any, keys ...string) (parts []string, err error) {
	for _, key := range keys {
		part, err := i18n.Lookup(lang, key, args)
		if err != nil {
			return nil, fmt.Errorf("word message: %w", err)
		}
		parts = append(parts, strings.TrimSpace(part))
	}
	return parts, nil
}

// nameIn is a participant's name in lang, on one line.
func nameIn(p identity.Participant, lang string) string {
	name := p.Names[lang]
	if name == "" {
		name = p.Name
	}
	return strings.Join(strings.Fields(name), " ")
}

// blocksOf parts a text at its empty lines.
func blocksOf(text string) []Block {
	var all []Block
	for _, paragraph := range strings.Split(text, "\n\n") {
		paragraph = strings.TrimSpace(paragraph)
		if (strings.HasPrefix(paragraph, "https://") || strings.HasPrefix(paragraph, "http://")) && !strings.ContainsAny(paragraph, " \n") {
			all = append(all, Block{Link: paragraph})
		} else if paragraph != "" {
			all = append(all, Block{Lines: strings.Split(paragraph, "\n")})
		}
	}
	return all
}
