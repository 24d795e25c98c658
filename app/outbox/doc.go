// Package outbox decides which messages are due, words them, sees them through
// the relay at most once, and takes note of what comes back.
//
// # Promise
//
// Queueing is idempotent by wave, participant, kind and number. A message is
// handed to the relay at most once by machine: that it is being transmitted is
// committed before the relay may have it, and what was lost after that becomes
// unknown and is left to a person. Whether somebody is done, has stopped
// messages, or the window has closed is asked when a message is claimed, not
// when it was queued. No message leaves without a link of ours, its stop link,
// one address, and words in the participant's language. Where there is nothing
// to send, no row is written.
//
// What comes back becomes a task once, for whoever knows a better address; a
// corrected address gets one new invitation, and the link that went to the old one
// ends. Of what came back only a status code and a day are kept.
//
// # Why
//
// Reminders are queued for everybody and cancelled at the claim, so that the
// queue does not say who has answered; for the same reason messages to employers
// are counted together with the cancelled ones, rounded down to a multiple of 5
// but for invitations, and neither the list of trouble nor the log names one. A
// reminder's number is the week of the window: asked for twice in a week, it is
// sent once, and it is never resent.
//
// # Not here
//
// SMTP and the form of a message (app/mail); who is done (app/wave); the pages
// (app/office hosts the page behind a stop link, app/desk the sending).
package outbox
