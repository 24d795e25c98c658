package outbox

import (
	"bytes"
	"strings"
	"time"

	"rondo/app/i18n"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// Fault is what is wrong with a message that was written as a rehearsal. Rule
// is one of: unwritable, placeholder, language, foreign_link, link, stop,
// recipient.
type Fault struct {
	Participant string // code of the participant, as people use it
	Rule        string
}

// rehearse writes one message as it would go out and says what is wrong with it.
func (o *Outbox) rehearse(m identity.Message, e identity.Entry, date time.Time) []Fault {
	var faults []Fault
	fault := func(rule string, wrong bool) {
		if wrong {
			faults = append(faults, Fault{Participant: e.Participant.Code, Rule: rule})
		}
	}
	m.ID = e.Participant.ID // the row has none yet
	message, err := o.word(m, e, date)
	if err != nil {
		return []Fault{{Participant: e.Participant.Code, Rule: "unwritable"}}
	}
	letter, err := o.Sender.Compose(message)
	if err != nil {
		return []Fault{{Participant: e.Participant.Code, Rule: "recipient"}}
	}
	all := message.Subject + "\n" + message.Text
	fault("placeholder", strings.Contains(all, "<no value>") || strings.Contains(all, "{{") || strings.Contains(all, "}}"))
	fault("language", !i18n.Known(e.Participant.Language) || i18n.T(message.Language, "mail.language", nil) != e.Participant.Language)
	fault("recipient", bytes.Count(letter.Body, []byte("\nTo: ")) != 1 || o.strangers(message.Text) || strings.ContainsAny(letter.To, ", "))
	links, stops := o.links(m.Kind, message.Text, e)
	fault("foreign_link", links < 0)
	fault("stop", stops != 1)
	if carriesLink(m.Kind) {
		fault("link", links != 1)
	} else {
		fault("link", links > 0)
	}
	return faults
}

// links counts the links to answers and the stop links of a text of a kind; a link that
// is not this participant's own makes the first count -1.
func (o *Outbox) links(kind, text string, e identity.Entry) (answers, stops int) {
	release, _ := o.ReleaseURL(e.Participant, e.Population)
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(word, "://") && !strings.Contains(word, "www.") {
			continue
		}
		word = strings.Trim(word, around)
		token, isAnswer := strings.CutPrefix(word, o.PublicURL+"/r/")
		switch {
		case toHead(kind) && word == release:
			answers++
		case !toHead(kind) && isAnswer && bytes.Equal(keys.HashToken(token), e.Participant.TokenHash):
			answers++
		case word == o.stopURL(kind, e.Participant):
			stops++
		case strings.Contains(o.Contact, word):
		default:
			return -1, stops
		}
	}
	return answers, stops
}

// around is what may stand around a link or an address in running text.
const around = `.,;:!?()[]{}<>"'«»’`

// strangers reports whether a text holds an e-mail address other than ours.
func (o *Outbox) strangers(text string) bool {
	for word := range strings.FieldsSeq(text) {
		word = strings.Trim(word, around)
		local, domain, found := strings.Cut(word, "@")
		if found && local != "" && strings.Contains(domain, ".") && !strings.Contains(o.Contact, word) {
			return true
		}
	}
	return false
}
