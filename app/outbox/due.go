package outbox

import (
	"time"

	"rondo/app/mail"
	"rondo/storage/identity"
)

// blocked says why messages of a kind cannot be queued for a population now:
// not_open, ended, not_closed, not_released, or "" when they can.
func blocked(kind string, w identity.Wave, p identity.Population, now time.Time) string {
	switch kind {
	case "invitation", "reminder":
		if p.State != "open" || p.LinkSalt == nil {
			return "not_open"
		}
		if !now.Before(p.Closes) {
			return "ended"
		}
	case "thanks":
		if p.State != "closed" {
			return "not_closed"
		}
	case "results":
		if w.State != "released" {
			return "not_released"
		}
	}
	return ""
}

// history is what one participant has been sent, or not, by kind; and which of
// it came back.
type history map[string]map[int]identity.Message

// histories orders a wave's messages by participant.
func histories(messages []identity.Message) map[string]history {
	all := map[string]history{}
	for _, m := range messages {
		h := all[m.ParticipantID]
		if h == nil {
			h = history{}
			all[m.ParticipantID] = h
		}
		if h[m.Kind] == nil {
			h[m.Kind] = map[int]identity.Message{}
		}
		h[m.Kind][m.Number] = m
	}
	return all
}

// last is the latest message of a kind; its number is 0 where there is none.
func (h history) last(kind string) identity.Message {
	var last identity.Message
	for number, m := range h[kind] {
		if number > last.Number {
			last = m
		}
	}
	return last
}

// anew reports whether m never reached anybody and may be replaced by a new one:
// it was cancelled in time, or its address was refused and has been corrected
// since (the participant is open again).
func (h history) anew(m identity.Message) bool {
	switch m.State {
	case "cancelled":
		return m.Code != codeNotNeeded
	case "failed":
		return mail.AddressRefused(m.Code) || m.Code == codeAddress
	case "sent", "unknown":
		_, back := h[returned(m.Kind)][m.Number]
		return back
	}
	return false
}

// reachedSince reports whether an invitation, the message of a hand-over or a reminder was due after
// t. Of a hand-over that is known for a while only: see storage.HideHandOvers. One that was not needed
// counts as one that was sent: for whom a reminder is made must not say who has answered.
func (h history) reachedSince(t time.Time) bool {
	for _, kind := range []string{"invitation", identity.MessageHandOver, "reminder"} {
		for _, m := range h[kind] {
			if (m.State != "cancelled" || notNeeded(m)) && m.DueAt.After(t) {
				return true
			}
		}
	}
	return false
}

// notNeeded reports whether m was cancelled since its participant had answered, or wished to take no part.
func notNeeded(m identity.Message) bool { return m.State == "cancelled" && m.Code == codeNotNeeded }

// returned is the kind under which it is noted that a message of kind came back.
func returned(kind string) string { return identity.MessageReturned + kind }

// renewable reports whether m was cancelled by hand or by time: it was never handed over, and is queued
// again under its own number.
func renewable(m identity.Message) bool {
	return m.State == "cancelled" && (m.Code == codeWithdrawn || m.Code == codeExpired)
}

// next is the number under which a message takes the place of m.
func next(m identity.Message) int {
	if renewable(m) {
		return m.Number
	}
	return m.Number + 1
}

// number says under which number a message of a kind is due for a participant
// now; due is false where none is.
func (h history) number(kind string, p identity.Participant, reminder int) (number int, due bool) {
	last, handed := h.last(kind), p.Colleague != "" // the message about that took the place of the invitation
	switch kind {
	case "invitation":
		if p.State != "open" {
			return 0, false
		}
		return next(last), !handed && (last.Number == 0 || h.anew(last))
	case "reminder":
		invited := h.last("invitation")
		if handed {
			invited = h.last(identity.MessageHandOver)
		}
		// An invitation that was not needed reached somebody who has answered: left out here, whoever sends
		// a new link and then plans the reminders could read whether that participant has.
		reached := (invited.State == "sent" || invited.State == "unknown" || notNeeded(invited)) && !h.anew(invited)
		if !reached || (p.State != "open" && p.State != "refused" && p.State != "wrong_person") {
			return 0, false
		}
		before, there := h[kind][reminder]
		return reminder, !there || renewable(before)
	}
	if p.State != "done" {
		return 0, false
	}
	// Nobody corrects an address any more: what did not arrive would go out again and again.
	return next(last), last.Number == 0 || last.State == "cancelled" && h.anew(last)
}
