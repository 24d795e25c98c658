package desk

import "context"

// Corrections is what the desk asks about the correction sheets of a wave, between close and freeze; app/wave answers. The
// rules of needs.go hold. Nobody sees which response has which value: the desk is shown the values of one variable and nothing
// beside them.
type Corrections interface {
	// Corrections lists the entries of the sheets of a wave by population, variable and value, with words in lang.
	Corrections(ctx context.Context, lang, label string) ([]Correction, error)
	// Correctable lists what can be corrected in a closed population: texts beside "other" first, then in the order of its questionnaire.
	Correctable(ctx context.Context, lang, label, population string) ([]CorrectableVariable, error)
	// CorrectableValues are the values that a variable has, and what they may become.
	CorrectableValues(ctx context.Context, lang, label, population, variable string) (CorrectableValues, error)
	// ProposeCorrections puts one entry for each value on the sheet, or none. Problem fields: from, to, office, reason.
	ProposeCorrections(ctx context.Context, label, population string, p Proposal) ([]Problem, error)
	// DecideCorrection confirms an entry as the second person, or takes it off the sheet; it refuses to confirm an own one.
	DecideCorrection(ctx context.Context, label, id string, confirm bool, by string) error
}

// Correction is one entry of a sheet. State: proposed, confirmed, rejected. Fixed: the answers are frozen.
type Correction struct {
	ID, Population, State, ProposedBy, DecidedBy string
	Variable, Label, Office, Reason              string
	From, To                                     CorrectableValue
	Fixed                                        bool
}

// CorrectableVariable is a column of the dataset; Other is the text beside "other".
type CorrectableVariable struct {
	Name, Label string
	Other       bool
}

// CorrectableValue is a value in the words of its question; Label is "" where it says all itself. N is how many responses have
// it: of an anonymous population floored to 5.
type CorrectableValue struct {
	Cell, Label string
	N           int
}

// CorrectableValues is one variable with its values. Options are what they may become; nil where a number or a day is to be
// typed (Kind). Offices are the codes one may limit a correction to: of a confidential population.
type CorrectableValues struct {
	CorrectableVariable
	Kind    string // code number date
	Values  []CorrectableValue
	Options []CorrectableValue
	Offices []string
	Floored bool
}

// Proposal is what somebody wants corrected and why.
type Proposal struct {
	Variable, To, Office, Reason, By string
	From                             []string
}
