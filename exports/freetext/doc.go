// Package freetext is what a machine can do for texts that people typed, before two persons read
// them: it finds what may name somebody, and it writes the file that may leave.
//
// # Promise
//
// Find marks addresses, numbers, dates, the names of the frame and their parts, places, and persons
// told by their function, in four languages and in any text; marks never overlap and never cut a
// letter. File holds texts and their languages and nothing else: no id, no key, an order of its own,
// at least Least texts, and no language with fewer than K.
//
// # Why
//
// A machine marks too much rather than too little and decides nothing: a text may name its author
// without a name ("the only bank in the valley"), which only people see (reference anonymisation
// 1.13). What it knows of words stands in lists/, as plain text that anybody can extend.
//
// # Not here
//
// Who reads a text and what becomes of it (app/wave); where texts rest (storage/answers); which
// columns are free text (questionnaires).
package freetext
