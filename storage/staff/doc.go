// Package staff keeps what belongs to FSIO's own people and work: accounts,
// one-time links, sessions, failed sign-ins, the journal, published
// questionnaires and the ledger of releases with their bundles.
//
// # Promise
//
// Links and sessions are kept as SHA-256 only. The journal can only grow: each
// entry carries the hash of the one before, and triggers refuse any change. A
// published questionnaire and an approved release can never be changed either.
//
// # Not here
//
// Who may do what (app/auth), how a bundle is made (exports).
package staff
