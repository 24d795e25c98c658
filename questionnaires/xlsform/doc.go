// Package xlsform reads and writes questionnaires as XLSForm workbooks, the form
// in which ODK, KoboToolbox, Enketo and Survey123 exchange them.
//
// # Promise
//
// Write gives a workbook that other programs read as far as they have the
// concept, and that Read turns into the same questionnaire again: what XLSForm
// has no place for (roles, sums, warnings, the codes of notes …) stands in
// columns whose names begin with rondo_, which other programs pass over. Where a
// condition has been worded in a way that its XPath does not tell, our own words
// stand beside it in rondo_if; they count only as long as they say what the XPath
// says, so whoever changes the one need not know of the other.
//
// Read drops nothing in silence: every filled cell is carried, known to mean
// nothing here, or named in a Note by sheet, row and column. What is known to mean
// nothing: how a question looks (the appearances in read_details.go), the settings
// style and allow_choice_duplicates, parameters rows=n, the name of an end_group,
// rows whose column disabled says yes. A file that is no form, or that would take more time or memory than a
// form can need, is refused with a Refusal.
//
// # How XLSForm is understood
//
// A group with the appearance field-list is a page; what stands outside of such
// groups shares a page with its neighbours of the same group (read_pages.go).
// Choices of one list under the appearance table-list, or label and list-nolabel,
// are a matrix. A note belongs to the question after it; one with a condition is a
// warning. The text after a choice that is asked where the choice "other" is
// chosen is the field beside that option. A constraint is taken apart into limits;
// the rest becomes a check. An expression (XPath) becomes a condition or a formula
// of ours; where it says more than these can, it is reported. In XPath, other than
// here, != holds where an answer is missing: so it becomes not (… == …).
//
// Repeats, places, files, signatures and times have no counterpart. What a device
// records of a person (start, deviceid, username …) is left out on purpose.
//
// # Why
//
// Workbooks are written with excelize and read with rondo/questionnaires/workbook,
// which says why. The parser of XPath is our own: it reads the subset in which
// forms are written, has no path and no function that could look elsewhere, and
// says at which place it does not understand.
//
// # Not here
//
// The files of a definition (questionnaires.Write, questionnaires.ReadFiles),
// where they come from and go to (app).
package xlsform
