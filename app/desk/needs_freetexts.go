package desk

import "context"

// FreeTexts is what the desk asks about the texts that employers typed, which leave the house one question at a time: redacted by
// one person and read by another. main joins app/wave and the ledger to answer. variable is a column of the dataset (e_comment).
type FreeTexts interface {
	// TextQuestions says where the texts of each question stand; labels in lang.
	TextQuestions(ctx context.Context, lang, label string) (TextQuestions, error)
	// BeginTexts takes the texts out of the frozen answers, once, and lets the machine mark them.
	BeginTexts(ctx context.Context, label string) error
	// FreeTexts are the texts of a question, in an order that tells nothing.
	FreeTexts(ctx context.Context, label, variable string) ([]FreeText, error)
	// StepText does something with the revision of a text that the person has seen; it refuses the same person as second reader,
	// another revision, and any change once the question is released or waits for that. Problem fields: text language sure reason.
	StepText(ctx context.Context, label, variable, id string, revision int, step TextStep) ([]Problem, error)
	// ProposeTexts makes the file of a question, once every text is decided; the one that is there already, if any.
	ProposeTexts(ctx context.Context, label, variable, by string) (Release, error)
}

// TextQuestions are the questions of a wave that take text. Frozen: the answers are; Begun: the texts have been taken out.
type TextQuestions struct {
	Frozen, Begun bool
	Questions     []TextQuestion
}

// TextQuestion is one of them, with how many texts stand where. Release is the state of its file: proposed approved, or "".
type TextQuestion struct {
	Variable, Label                       string
	Flagged, Redacted, Released, Rejected int
	Release                               string
}

// FreeText is one text. State: flagged redacted released rejected. Languages are de fr it en.
type FreeText struct {
	ID, State          string
	Revision           int
	Typed, Redacted    []Piece
	TypedIn, Language  string
	RedactedBy, ReadBy string // staff e-mail; ReadBy is who released, rejected or gave back
	Reason             string
}

// Piece is a part of a text. Kind says why it is marked: email url ahv iban uid phone date number name place person; "": it is not.
type Piece struct{ Text, Kind string }

// TextStep is what somebody does with a text. Do: redact release return reject reopen.
type TextStep struct {
	Do, By, Text, Language, Reason string
	Sure                           bool // has looked at every part that is still marked in Text
}
