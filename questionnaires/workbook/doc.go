// Package workbook reads the tables of a spreadsheet in the form .xlsx, and nothing else of it.
//
// # Promise
//
// Read gives the texts of all sheets as they are stored: a number as the file spells it, a date
// as its serial number, a formula as its last result; the places of dates and formulas are told. A file that is no
// workbook, that holds more than tables (macros, links to other files, archives), or that would
// take more time or memory than its Limits allow, is refused with a Refusal that names the place
// (reference/security.md SEC-11). What is refused for its size is refused when the limit is
// reached, not after the work is done: parts are unpacked while they are read, each once, and
// themes, pictures and whatever else no table needs are not unpacked at all.
//
// A broken part refuses the whole workbook: half a table would be taken for all of it.
//
// # Why
//
// excelize, which writes our workbooks, reads a workbook into a model of all its parts, believing
// what these say of one another. Eleven kilobytes keep it busy for a second (a row of 200,000
// cells is read to its end), and a few megabytes for hours (it looks for each of 100,000 sheets
// in 100,000 relations; joins a shared text of a million runs anew for every cell that shows it).
// None of that can be limited from outside. Tables need five kinds of parts and ten elements of
// them; testing compares what is read here with what excelize reads.
//
// # Not here
//
// What the cells mean (xlsform, app/nominate); how a number would be shown.
package workbook
