package desk

// ReleasePreview is what a release would be. Refused names why there can be none ("" when there can): not_closed not_frozen population too_few
// unreachable. K is 0 for the profile internal, which protects nothing.
type ReleasePreview struct {
	K, Records, Capacity int
	Uniques, Expected    int // records alone with their keys, and re-identifications to expect, before
	Nodes                int // ways to coarsen that were looked at
	Ways                 []Way
	Refused              string
	Compared             []Compared // with the wildcard method; none where nothing would be released, or very much
}

// Ahead is what is known of a release before anything is looked at. Earlier are the profiles under which the same answers were
// released, or wait to be: a further one needs a reason. Long says that the search takes longer than a page may.
type Ahead struct {
	Earlier []string
	Long    bool
}

// Compared sets strict suppression beside that of programs for which a suppressed cell matches anything. Finest: of the keys as
// finely as the profile allows, else in the classes of the release.
type Compared struct {
	Finest           bool
	Strict, Wildcard Measured
}

// Measured is what a method comes to: cells suppressed, records with fewer than k candidates, the fewest candidates of a record,
// information lost in the keys and the highest risk, both in per cent.
type Measured struct{ Cells, Below, Fewest, Lost, Risk int }

// Way is one way to protect a dataset: what each key still shows, and what that costs. Lost is the information lost in the
// keys in per cent. Released marks the one that would be built, Whole the alternative that leaves whole records out instead of
// suppressing cells.
type Way struct {
	Keys                                     []KeyView
	Number, Lost, Classes, Smallest, LeftOut int
	Released, Whole                          bool
}

// KeyView is how a way shows one key: Shown of Of classes, 1 meaning not at all, with so many cells suppressed. Classes are the
// words of those shown. All words are in one language: Lang, where the questionnaire lacks words in that of the page, else "".
type KeyView struct {
	Label                 string
	Shown, Of, Suppressed int
	Classes               []string
	Lang                  string
}
