// Package answers keeps what was answered: drafts, responses, spent markers,
// snapshots, and the free texts taken out of them. It is the answer side of the house.
//
// # Promise
//
// No row says who, when or in which order. Drafts, responses and markers have
// independent random-looking keys and no time; bodies rest sealed (the caller
// seals them with keys.Sealer). Nothing here refers to a participant, and
// nothing of the identity side refers to a row here. A response is stored at
// most once per draft key, whole or not at all.
//
// A correction names a value and no response; its body rests sealed too. It is
// confirmed by somebody else than who proposed it, and the sheet is closed with the
// snapshot: the database refuses what comes later.
//
// The window is checked by the database clock inside the statement that saves.
// Find and SaveDraft are one statement each. Submit is one statement on
// PostgreSQL and three in one transaction on SQLite.
//
// # Why
//
// Rows written one after another betray their order by their place. Mix writes
// responses and markers anew, each in an order of its own, so that only the fewer
// than ten newest still stand as they came. Both tables are emptied and refilled
// in one transaction: on PostgreSQL TRUNCATE gives them a fresh file, every row
// gets the same xmin and a random place, and the table keeps its name, indexes
// and prepared statements; VACUUM clears what drafts left behind. On SQLite both
// tables are WITHOUT ROWID over random keys and are refilled in key order, freed
// pages are overwritten (secure_delete) and the log is truncated, as it would
// tell the order.
//
// Closing takes a lock that waits for the saves under way (PostgreSQL), so that
// no draft or response arrives after the doors are shut; saves themselves take
// no lock on the window.
//
// A confidential response has the id keys.DraftKey.ResponseID, so that the
// office can read it again; an anonymous one a random id. The receipt hash is
// erased at close: from then on nobody finds a response again.
//
// # Not here
//
// Who is done, and when to mix or close (app/wave); what a body means
// (questionnaires.Record); links and keys (storage/keys).
package answers
