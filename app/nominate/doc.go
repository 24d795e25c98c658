// Package nominate says what a list of offices or employers means, line by
// line, and which employers a wave may take from it: quotas, duplicates, drawn
// rows, what is missing or cannot be understood.
//
// # Promise
//
// A list is taken whole or not at all; every line gets a verdict, and a dry run
// gives the same one. Separator, encoding and header are found here, in German,
// French, Italian and English. Reading a file of at most 8 MiB needs bounded
// time and memory, whatever is in it. All functions are pure: what a wave
// already holds comes in as a Frame.
//
// # Why
//
// People make lists in Excel, in three languages, and get "1-9" turned into
// the ninth of January: a list is read by somebody who expects that.
// An employer counts as the same where the address is the same; a like name in
// a like town is only pointed out, since two branches of one firm are no error.
// An office must not find out whom others have proposed: its own list is judged
// by its own employers alone, and Settle decides between offices when staff
// approve. Rows are drawn so that everybody can repeat it with sha256sum.
//
// # Not here
//
// Keeping nominations (storage/identity), making participants of approved ones
// (app/wave), the pages (app/office, app/desk).
package nominate
