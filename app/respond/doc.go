// Package respond is the room where a participant answers: the landing page of
// a personal link, the pages of the questionnaire, review, submit, receipt.
//
// # Promise
//
// GET changes nothing, and no single form declines for somebody: that takes a
// second page and a tick. What was typed is never lost silently: good values are
// kept even when others have problems, an entry that cannot be read is kept as
// typed, and where two windows or two people set the same answer, both values
// are shown and a person chooses. What the script saves while somebody types
// (_go=autosave) goes by the same rules. A refused save gives the answers back in
// words. A page request makes at most four statements.
// Submitting writes the answer side only; the same submit again shows the same
// receipt.
//
// # Why
//
// What a post comes to is decided by Sitting, a value without store or clock;
// the handlers read, fetch, let it decide, keep and show. The order of shuffled
// questions is drawn at random and travels in a cookie until the first save:
// derived from the participant it would be a thread back to them.
//
// # Not here
//
// What is asked and what an input means (questionnaires), the states of a wave
// (wave), nominations (office).
package respond
