package outbox

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"time"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// Fault is what is wrong with a message that was written as a rehearsal. Rule
// is one of: unwritable, empty, placeholder, language, foreign_link, link, stop,
// recipient.
type Fault struct {
	Participant string // code of the participant, as people use it; "": it concerns everybody
	Rule        string
}

// rehearse writes one message as it would go out and says what is wrong with it.
func (o *Outbox) rehearse(m identity.Message, e identity.Entry, own texts, date time.Time) []Fault {
	var faults []Fault
	fault := func(rule string, wrong bool) {
		if wrong {
			faults = append(faults, Fault{Participant: e.Participant.Code, Rule: rule})
		}
	}
	m.ID = e.Participant.ID // the row has none yet
	message, err := o.word(m, e, own, date)
	if err != nil {
		return []Fault{{Participant: e.Participant.Code, Rule: "unwritable"}}
	}
	letter, err := o.Sender.Compose(message)
	switch {
	case errors.Is(err, mail.ErrAddress):
		return []Fault{{Participant: e.Participant.Code, Rule: "recipient"}}
	case err != nil: // our own sender, or its signature
		return []Fault{{Participant: e.Participant.Code, Rule: "unwritable"}}
	}
	all := message.Subject + "\n" + message.Text
	fault("empty", strings.TrimSpace(message.Subject) == "" || message.Text == "" || message.HTML == "")
	fault("placeholder", strings.Contains(all, "<no value>") || strings.Contains(all, "{{") || strings.Contains(all, "}}"))
	fault("language", !i18n.Known(e.Participant.Language) || i18n.T(message.Language, "mail.language", nil) != e.Participant.Language)
	stop := o.stopURL(m.Kind, e.Participant)
	found := o.addresses(m.Kind, message.Text, e, stop)
	fault("recipient", bytes.Count(letter.Body, []byte("\nTo: ")) != 1 || found.strangers > 0 || strings.ContainsAny(letter.To, ", "))
	fault("foreign_link", found.foreign > 0)
	fault("stop", found.stops != 1 || message.StopURL != stop || !bytes.Contains(letter.Body, []byte("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")))
	if carriesLink(m.Kind) {
		fault("link", found.answers != 1)
	} else {
		fault("link", found.answers > 0)
	}
	return faults
}

// addresses are how many addresses of each sort a text holds: links to this participant's answers,
// its stop links, links that are neither, and e-mail addresses other than ours.
type addresses struct{ answers, stops, foreign, strangers int }

// addresses counts the addresses in a text of a kind to one participant.
func (o *Outbox) addresses(kind, text string, e identity.Entry, stop string) (n addresses) {
	release, _ := o.ReleaseURL(e.Participant, e.Population)
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, "@") && o.stranger(strings.Trim(word, around)) {
			n.strangers++
		}
		if !likeLink.MatchString(word) {
			continue
		}
		word = strings.Trim(word, around)
		token, isAnswer := strings.CutPrefix(word, o.PublicURL+"/r/")
		switch {
		case toHead(kind) && word == release:
			n.answers++
		case !toHead(kind) && isAnswer && bytes.Equal(keys.HashToken(token), e.Participant.TokenHash):
			n.answers++
		case word == stop:
			n.stops++
		case word == o.PublicURL+privacyPath, word == o.PublicURL+checkPath, o.inContact(word):
		default:
			n.foreign++
		}
	}
	return n
}

// around is what may stand around a link or an address in running text.
const around = `.,;:!?()[]{}<>"'«»‹›“”„‘’‚`

// likeLink finds what a mail program makes a link of, wherever in a word it stands.
var likeLink = regexp.MustCompile(`(?i)://|\bwww\.`)

// inContact reports whether a word, without what stands around it, is one of those that say how to reach us.
func (o *Outbox) inContact(word string) bool {
	for ours := range strings.FieldsSeq(o.Contact) {
		if strings.EqualFold(strings.Trim(ours, around), word) {
			return true
		}
	}
	return false
}

// stranger reports whether a word is an e-mail address other than ours.
func (o *Outbox) stranger(word string) bool {
	local, domain, found := strings.Cut(word, "@")
	return found && local != "" && strings.Contains(domain, ".") && !o.inContact(word)
}
