// Package anonymise is disclosure control on plain tables: how exposed the
// records of a file are, and how to coarsen or suppress until they are not.
//
// # Promise
//
// k is counted strictly: a suppressed cell "*" is a value of its own and matches
// nothing else, so every released combination of the keys stands in at least k
// rows. What an attacker who knows the true keys can narrow down to
// (candidates_min) is then at least k as well; both are computed, never assumed.
// The lattice of generalisations is searched whole, ties are broken in a fixed
// order, and the same file gives the same result everywhere. Rows keep their
// order. Nothing here reads a clock, a file name or a source of chance.
//
// # Why
//
// The usual way, in which a suppressed value matches anything, leaves records
// with a single candidate after reporting none. Being strict costs little more.
//
// # Not here
//
// Which questions are keys and what a release contains (exports); tables of a
// study (exports/tables); the second opinion (exports/verify).
package anonymise
