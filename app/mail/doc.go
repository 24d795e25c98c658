// Package mail writes one message to one person, hands it to a relay and says
// exactly what became of it, and reads what comes back.
//
// # Promise
//
// A message has one recipient, on the envelope and in its header. The same
// message and date give the same bytes, but for the time in a signature. Text and HTML say the same. A header
// never holds a line break from outside. What became of a message is one of
// four: sent, temporary, permanent, unknown; unknown is said exactly when the
// relay may have taken the message although we do not know it. Of a message
// that came back only its class and status code are kept.
//
// # Why
//
// The library's own "dial and send" hides the moment before DATA, which the
// outbox must write down first, and sets one deadline for the whole session;
// so the session is led here, step by step, on the library's SMTP client. A
// message is written here as well: the library puts header fields into the order
// of a map, and takes three times as long.
//
// # Not here
//
// Which messages are due, who has stopped them and when to try again
// (app/outbox); the words (app/i18n).
package mail
