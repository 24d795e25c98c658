// Package keys holds the master secret and everything that is derived from it.
//
// # Promise
//
// Nothing here knows a database, a clock or a request. The same secret, salt
// and participant always give the same link, draft key and marker, on every
// machine; without the secret none of them can be told from random bytes.
// Secret and DraftKey print as "[hidden]".
//
// # Why
//
// Each value is HMAC-SHA-256 over a label and its parts, every part preceded by
// its length, so that no two different inputs run together. A link is 160 bits
// in Crockford's base32, lower case. Sealed bodies are AES-256-GCM with a random
// nonce; the plain text is padded to one of a few lengths (3840 bytes, 7680, 15360
// and so on; submitted answers to 8 KiB, 16 KiB and so on; above 64 KiB to a
// multiple of it), because somebody who knows the answers of a respondent could
// otherwise find the body by its length.
//
// The draft key does not depend on the epoch, so that a link issued again finds
// its draft. Draft row, spent marker and response id are three different hashes
// of it and say nothing about one another.
//
// # Not here
//
// Salts rest in the database (storage/identity, storage/answers); password and
// second-factor handling is in app/auth.
package keys
