// Package storage keeps everything Rondo knows, on SQLite or PostgreSQL.
//
// Its root opens and migrates a database, checks that it belongs to the master
// secret, holds the few transactions that touch both the identity side and the
// answer side, and makes and restores backups. What is kept is in its folders:
// identity (who takes part), answers (what was answered), staff (accounts,
// journal, releases), on the handle of db, with the keys of keys.
//
// # Promise
//
// Open succeeds only on a database that keeps what it acknowledges, is not newer
// than this program and was made with this secret. Both databases behave the
// same; the same tests run on both. Every refusal is one of the sentinels below.
//
// The master secret is outside the database: in the named file, which PostgreSQL
// requires, or, on SQLite, in rondo.secret beside the database. The file is made
// when the database is empty and there is none yet.
//
// # Why
//
// A step that concerns both sides writes them in one transaction only where
// nothing about a single participant can be read from it: opening, closing and
// archiving a whole population. Submitting never does.
//
// A backup is one text, whichever the database: a line per row in the order of
// the keys, which is random for everything personal, closed by a SHA-256. So a
// backup of one database can be restored into the other, and a damaged one is
// refused before it counts. It never holds the secret.
//
// # Not here
//
// Who may do what and when (app/wave, app/auth); what an answer means
// (questionnaires).
package storage
