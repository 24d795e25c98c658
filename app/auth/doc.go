// Package auth says who at FSIO is asking: staff accounts, sign-in, sessions, roles and the tag of each form.
//
// Promise: a wrong password, an unknown address, a disabled account and a throttled one give the same answer after the same work. A
// session is 32 random bytes of which the database holds only the SHA-256; it ends at sign-out, when the account is disabled, ten
// hours after sign-in by the database, and half an hour after the last page by the sealed cookie. Reading a page writes nothing to
// the database: the idle clock rides in the cookie. A form is accepted only with the tag of the session it was shown to. What somebody
// typed while their session ended waits in the page of the sign-in, sealed for their account: it is shown to them again, and nothing
// is done with it.
//
// Why: no default account exists; the first one is made through a one-time link whose hash rests in the database for 24 hours. GET
// of that link shows a form and consumes nothing, because mail scanners follow links. Argon2id runs at most twice at a time: two
// cores are shared with the respondents. Passwords have a length and no composition rules (NIST SP 800-63B).
// Failed attempts delay further ones and never lock an account for good, or anyone could lock a colleague out.
//
// Not here: what a staff member sees (desk), respondents' links (respond, office; they have no session at all), the journal's chain
// (storage/staff).
package auth
