package desk

// ReleasePreview is what a release would be. Refused names why there can be none ("" when there can): not_closed not_frozen population too_few
// unreachable. K is 0 for the profile internal, which protects nothing.
type ReleasePreview struct {
	K, Records, Capacity int
	Uniques, Expected    int // records alone with their keys, and re-identifications to expect, before
	Nodes                int // ways to coarsen that were looked at
	Ways                 []Way
	Refused              string
}

// Way is one way to protect a dataset: what each key still shows, and what that costs. Lost is the information lost in the
// keys in per cent. Released marks the one that would be built, Whole the alternative that leaves whole records out instead of
// suppressing cells.
type Way struct {
	Keys                                     []KeyView
	Number, Lost, Classes, Smallest, LeftOut int
	Released, Whole                          bool
}

// KeyView is how a way shows one key: Shown of Of classes, 1 meaning not at all, with so many cells suppressed.
type KeyView struct {
	Label                 string
	Shown, Of, Suppressed int
}
