// Package questionnaires says what is asked, in which words, what an input
// means and what is wrong with it.
//
// A Questionnaire is one version of one instrument (printed "employer/2"). It
// is read from files (structure and words apart), linted, compared and
// published; a published version is closed and carries a hash.
//
// # Promise
//
// Everything here is a function of values: no clock, no database, no context,
// no log, no network. The same questionnaire and the same answers give the same
// path, the same problems and the same dataset row, on every machine.
//
// # Answers
//
// Answers are a flat map from variable to Value. Variables are
//
//	code            single, yesno, integer, decimal, text, date; multi (all ticked codes)
//	code__row       matrix, numbers (integer per row), texts (text per row)
//	code__option    ranking (the rank of that option, from 1)
//	code_other      the text typed beside an option "other"
//
// A calculated variable has no entry: Calculate computes it from the others.
// A variable without an entry has no answer. A Value whose Missing is set was
// answered by "don't know", "not applicable" or "prefer not to say".
//
// # Why
//
// Conditions are written in the language of expr-lang/expr, because authors
// find it documented, but they are evaluated by a few terms of our own: only so
// is a comparison with a missing answer false in every place, and a whole path
// is found in a few microseconds. Formulas, which calculated variables and checks
// over several answers use, are read and computed in the same way. A browser
// judges the conditions of a page by a small JSON form of the same terms (see
// Client); tests hold both to the same verdicts. Definitions are read key by key, not decoded
// into structs, so that each mistake is found at its place and all at once.
// The words stand apart from the structure, so that a translator needs one file.
//
// # Not here
//
// Where answers are kept (storage), how a page looks (app/views), what leaves
// the house (exports).
package questionnaires
