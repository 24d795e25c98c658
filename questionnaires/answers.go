package questionnaires

// Missing is why a variable has no substantive value although the respondent
// answered. Zero means that it has one.
type Missing int

// The reasons a form can send, as option codes.
const (
	NotApplicable  Missing = 90
	PreferNotToSay Missing = 94
	DontKnow       Missing = 98
)

// Value is the answer to one variable. Exactly one of its fields is set, except
// for a multi with nothing ticked, which has no Value.
type Value struct {
	Codes   []string `json:"c,omitempty"` // option codes: one for single, yesno and matrix rows; those ticked, in questionnaire order, for multi
	Number  *float64 `json:"n,omitempty"` // integer, decimal, numbers; rank from 1
	Text    string   `json:"t,omitempty"` // text, texts, date (ISO 8601), code_other
	Missing Missing  `json:"m,omitempty"`
}

// Answers is what somebody has answered so far, by variable.
type Answers map[string]Value

// Record is one response as it rests on the answer side: no name, no time, no
// link. Office is set for the confidential populations only.
type Record struct {
	Questionnaire string            `json:"q"` // employer/2
	Hash          string            `json:"h"` // of the questionnaire it was answered under
	Language      string            `json:"l"`
	Office        string            `json:"o,omitempty"` // office code
	Stratum       map[string]string `json:"s,omitempty"` // frame attributes, design §3.8
	Shuffle       int               `json:"p"`
	Answers       Answers           `json:"a"`
}

// Problem is something the respondent can correct. Its words are found by
// Rule in the catalogue of the app, in the respondent's language.
type Problem struct {
	Question string         // question code
	Field    string         // form field to point at: code, code.row, code.option, code_other
	Rule     string         // required, not_a_number, …
	Args     map[string]any // values for the words
	Text     Text           // words of a check that the questionnaire itself declares; else nil
	Soft     bool           // a warning: saved all the same, passes on the next Continue
}

// Turn is what a posted page comes to.
type Turn struct {
	Set      Answers  // good values, by variable
	Clear    []string // variables of the page that are now without answer
	Problems []Problem
	Warnings []Problem
}

// Apply gives before with the turn's good values set and its cleared variables
// removed; before is left as it is.
func (t Turn) Apply(before Answers) Answers {
	after := make(Answers, len(before)+len(t.Set))
	for k, v := range before {
		after[k] = v
	}
	for _, k := range t.Clear {
		delete(after, k)
	}
	for k, v := range t.Set {
		after[k] = v
	}
	return after
}

// Column is one variable of the dataset.
type Column struct {
	Name       string // code, code__row, code__option, code_other
	Question   *Question
	Page       *Page
	Row        *Row        // matrix, numbers, texts
	Option     *Option     // multi, ranking
	Other      bool        // the text beside "other"
	Calculated *Calculated // a variable nobody is asked; Question and Page are nil then
	Type       string      // code, number, flag, rank, text, date
}
