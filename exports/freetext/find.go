package freetext

import (
	"cmp"
	"slices"
)

// Kind says why something is marked.
type Kind string

// The kinds of marks.
const (
	Email  Kind = "email"
	URL    Kind = "url"
	AHV    Kind = "ahv" // number of the old-age insurance
	IBAN   Kind = "iban"
	UID    Kind = "uid" // number of an enterprise
	Phone  Kind = "phone"
	Date   Kind = "date"
	Number Kind = "number" // of more than four digits
	Name   Kind = "name"   // of the frame: a firm, a contact, an office, or a part or the initials of one
	Place  Kind = "place"  // a canton or a municipality
	Person Kind = "person" // somebody told by a function or a title
)

// Kinds lists all kinds in the order in which they win over one another.
var Kinds = []Kind{Email, URL, AHV, IBAN, UID, Phone, Date, Number, Name, Place, Person}

// Mark is a part of a text, in bytes: text[From:To].
type Mark struct {
	Kind Kind `json:"k"`
	From int  `json:"f"`
	To   int  `json:"t"`
}

// Find marks what may name somebody, in the order of the text. Where marks overlap they become one,
// of the kind that begins first. names may be nil.
func Find(text string, names *Names) []Mark {
	words := split(text)
	found := slices.Concat(patterned(text), names.find(text, words), places.find(text, words), persons(text, words))
	slices.SortFunc(found, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To),
			cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)))
	})
	var marks []Mark
	for _, m := range found {
		if last := len(marks) - 1; last >= 0 && m.From < marks[last].To {
			marks[last].To = max(marks[last].To, m.To)
			continue
		}
		marks = append(marks, m)
	}
	return marks
}
