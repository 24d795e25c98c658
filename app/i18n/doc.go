// Package i18n holds every word of the house's own pages and messages, in four
// languages, and writes dates and numbers the way people here write them.
//
// The words stand in catalogue/<area>.<language>.yaml, one file per area (base, compare, preview,
// respond, office, mail, desk) and language. A key begins with its area:
// "respond.landing.title". A text may hold placeholders ({{.name}}); a text that
// depends on a count has the forms one, many (French, Italian) and other.
//
// # Promise
//
// Each key has the same placeholders in all languages: the tests of this package
// fail otherwise. Text is plain: whoever puts it into HTML escapes it.
//
// # Why
//
// Dates and numbers use small tables of our own because the general formatter
// prints "1.234,5" for English in Switzerland.
//
// # Not here
//
// The words of the questionnaires: they belong to their version (questionnaires).
package i18n
