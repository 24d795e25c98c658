// Package identity keeps who takes part: waves, populations, participants,
// nominations, messages, suppressed addresses and the panel.
//
// # Promise
//
// Nothing here says what somebody answered, whether they began, or when they
// submitted. Of a link only SHA-256(token) is kept. State changes name the state
// they come from and are refused (ErrState) when it is another. QueueMessages
// may be repeated; a message is claimed by one sender at a time, under a lease
// and a fence number that grows with each claim, so that a sender that lost its
// lease can no longer write.
//
// # Why
//
// "done" is written once, at close, for everybody at once (MarkDone): before
// that, who is done exists only in the memory of whoever holds the secret.
//
// Messages move only along
//
//	queued, retry → claimed → transmitting → sent | retry | failed | unknown
//	claimed → queued | retry | failed | cancelled;  queued, retry → cancelled
//	unknown → sent | failed (late result of the same claim) | queued (staff, ResolveMessage)
//
// Times are whole seconds in UTC. An empty id where one is optional is "".
//
// # Not here
//
// Answers, drafts and markers (storage/answers); deciding what is due and what a
// message says (app/outbox); making tokens (storage/keys).
package identity
