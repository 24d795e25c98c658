// Package views turns page structs into HTML, one set of templates per language
// with its words already bound, and serves the few files a page needs.
//
// Templates stand in templates/<area>/<name>.html and are called "<area>/<name>";
// a file may define further parts, which are called "<area>/…" as well. Every
// page begins with {{template "base/top" .}} and ends with
// {{template "base/bottom" .}}. Messages that leave as plain text stand in
// templates/<area>/<name>.txt.
//
// # Promise
//
// A page is rendered whole or not at all. A key that no catalogue knows is an
// error, not an empty place. Assets carry a hash of their content in their name
// and are found by exact match, never by a path on disk; a folder of assets is the
// parts of one script.
//
// # Why
//
// An area is parsed together with base only, so that two areas cannot disturb
// each other; the functions of a set know their language, so nothing is cloned
// per request. The questions of a page are written in Go ({{question .}}): they are
// most of what respondents load, and as templates they took most of the processor.
//
// # Not here
//
// What a page says (the rooms), the words (i18n).
package views
