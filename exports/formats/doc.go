// Package formats writes the files of a release: data for programs and for
// Excel, scripts that label them, codebooks, and the archive around them.
//
// # Promise
//
// The same content gives the same bytes: no time, host or user name, a fixed
// order everywhere. Text is UTF-8. In files meant for a spreadsheet no cell is
// ever a formula. Everything made from synthetic data says so.
//
// # Why
//
// A plain CSV is what lasts; the scripts carry labels and missing codes to R,
// SPSS and Stata, because a CSV cannot. Every other file says the same as the
// CSV, cell by cell: a missing code is a declared missing value in SPSS and in
// the scripts, and null with the code in the column beside it in Parquet. The
// SPSS writer is our own, because no kept library writes that format; what it
// writes is described in the manual of PSPP, and PSPP, R, DuckDB and LibreOffice
// read every format in make test-readers.
//
// # Not here
//
// What a file may contain (exports), and whether it holds to that
// (exports/verify).
package formats
