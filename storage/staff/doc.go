// Package staff keeps what the people of the house need: accounts, one-time
// links, sessions, failed sign-ins, the journal, releases, settings, and the
// questionnaires that they draft and publish.
//
// # Promise
//
// Of passwords, links and sessions only hashes rest here. A session ends when its
// account is disabled, on every instance at once. The journal only grows: a
// trigger refuses changes, and each entry carries HMAC-SHA-256 over the one before
// and itself, so that a change behind the trigger's back shows. A release once
// decided, its parts, and a published questionnaire never change. Nobody approves
// what they proposed.
//
// # Why
//
// The journal's key comes from the master secret: who has only the database
// cannot write a chain of their own. Entries are numbered under a lock, one after
// the other. Releases lie in parts of 1 MiB, so that both databases can stream
// them and a backup takes them along; one that stays in the house lies there sealed.
//
// # Not here
//
// Hashing passwords, waiting times, second factors and roles' rights (app/auth);
// making a bundle (exports).
package staff
