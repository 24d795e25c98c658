package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/app/views"
	"rondo/storage/identity"
)

// errNoLink says that a message that must carry a link cannot: the salt is erased.
var errNoLink = errors.New("the link of this participant can no longer be made")

// block is a paragraph, or a link that stands alone.
type block struct {
	Lines []string
	Link  string
}

type page struct {
	Lang, Subject string
	Blocks        []block
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

// word writes message m to the participant of e, in their language.
func (o *Outbox) word(m identity.Message, e identity.Entry, date time.Time) (mail.Message, error) {
	lang := e.Participant.Language
	if !i18n.Known(lang) {
		lang = i18n.Default
	}
	args := map[string]any{
		"name": nameIn(e.Participant, lang), "contact": o.Contact, "stop": o.stopURL(m.Kind, e.Participant),
		"closes": i18n.Date(lang, e.Population.Closes.Add(-time.Second)), "why": "", "link": "",
	}
	if carriesLink(m.Kind) {
		link, ok := o.linkOf(m.Kind, e)
		if !ok {
			return mail.Message{}, errNoLink
		}
		args["link"] = link
	}
	key := "mail." + m.Kind
	if carriesLink(m.Kind) {
		key += "." + e.Participant.Population
	}
	subject, text, err := words(lang, key, args, e)
	if err != nil {
		return mail.Message{}, err
	}
	var html bytes.Buffer
	if err := views.Render(&html, lang, "mail/message", page{Lang: lang, Subject: subject, Blocks: blocks(text)}); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{
		ID: m.ID, To: recipient(m.Kind, e.Participant), Subject: subject, Text: text + "\n", HTML: html.String(),
		Language: lang, StopURL: o.stopURL(m.Kind, e.Participant), Date: date,
	}, nil
}

// words gives subject and text of a message, signature and footer included.
func words(lang, key string, args map[string]any, e identity.Entry) (subject, text string, err error) {
	why := "mail.why.panel"
	if e.Office != nil {
		why, args["office"] = "mail.why.office", nameIn(*e.Office, lang)
	}
	if args["why"], err = i18n.Lookup(lang, why, args); err != nil {
		return "", "", fmt.Errorf("word message: %w", err)
	}
	if subject, err = i18n.Lookup(lang, key+".subject", args); err != nil {
		return "", "", fmt.Errorf("word message: %w", err)
	}
	var parts []string
	for _, k := range []string{key + ".text", "mail.sign", "mail.footer"} {
		part, err := i18n.Lookup(lang, k, args)
		if err != nil {
			return "", "", fmt.Errorf("word message: %w", err)
		}
		parts = append(parts, strings.TrimSpace(part))
	}
	return subject, strings.Join(parts, "\n\n"), nil
}

// nameIn is a participant's name in lang, on one line.
func nameIn(p identity.Participant, lang string) string {
	name := p.Names[lang]
	if name == "" {
		name = p.Name
	}
	return strings.Join(strings.Fields(name), " ")
}

// blocks parts a text at its empty lines.
func blocks(text string) []block {
	var all []block
	for _, paragraph := range strings.Split(text, "\n\n") {
		paragraph = strings.TrimSpace(paragraph)
		if (strings.HasPrefix(paragraph, "https://") || strings.HasPrefix(paragraph, "http://")) && !strings.ContainsAny(paragraph, " \n") {
			all = append(all, block{Link: paragraph})
		} else if paragraph != "" {
			all = append(all, block{Lines: strings.Split(paragraph, "\n")})
		}
	}
	return all
}
