package formats

import (
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// Instrument is a questionnaire as a codebook describes it, without any data.
type Instrument struct {
	About
	Version string // its number
	Hash    string // SHA-256 over its files, hex
	Intro   questionnaires.Text
	Notes   []InstrumentNote
	Groups  []Group
	Items   []Item
	Checks  []InstrumentNote // over several answers: what a person reads where one fails
}

// InstrumentNote is a text of the questionnaire beside its questions, by code.
type InstrumentNote struct {
	Code string
	Text questionnaires.Text
}

// Group is what belongs together: a page (section), the rows of a matrix (grid),
// the options of a multiple choice (multipleResp) or of a ranking (other).
type Group struct {
	Name      string
	Type      string
	Label     questionnaires.Text
	Universe  questionnaires.Text // of whom it is asked; nil: of all
	Notes     []InstrumentNote
	Variables []string
}

// Item is one variable with all that the questionnaire says about it.
type Item struct {
	Variable
	Number       string // place of its question, from 1; "" where it is calculated
	Domain       string // responseDomainType of DDI
	Before       []questionnaires.Text
	Instructions []questionnaires.Text
	Universe     questionnaires.Text // of whom it is asked, in words
	DependsOn    []string            // variables that decide whether it is asked, or that it is computed from
	Min, Max     *float64
	Decimals     int
	Whole        bool // whole numbers only
	Unit         string
	Required     bool
	Missing      []Category // the reasons for an empty cell that it can have
}

// DDI describes the instrument as DDI-Codebook 2.5, in all languages.
func (in Instrument) DDI() ([]byte, error) {
	var plain []Variable
	ids := map[string]string{}
	for i, item := range in.Items {
		plain = append(plain, item.Variable)
		ids[item.Name] = "V" + strconv.Itoa(i+1)
	}
	c := ddiCodebookOf(in.About, plain)
	c.Study.Citation.Version = &ddiVersion{Version: ddiTyped{"questionnaire", in.Version}, Notes: []ddiNote{{"SHA-256", ddiText{Text: in.Hash}}}}
	if in.Intro != nil {
		c.Study.Info = &ddiInfo{ddiTexts(in.Intro)}
	}
	c.Study.Notes = append(c.Study.Notes, ddiNotes(in.Notes)...)
	c.Data.Notes = ddiNotes(in.Checks)
	for i, item := range in.Items {
		item.fill(&c.Data.Variables[i], ids)
	}
	for i, g := range in.Groups {
		group := ddiGroup{ID: "G" + strconv.Itoa(i+1), Type: g.Type, Name: g.Name, Labels: ddiTexts(g.Label), Variables: references(g.Variables, ids), Notes: ddiNotes(g.Notes)}
		if g.Universe != nil {
			group.Universe = ddiTexts(g.Universe)
		}
		c.Data.Groups = append(c.Data.Groups, group)
	}
	return c.encode()
}

// fill adds to a variable what only the questionnaire knows.
func (item Item) fill(v *ddiVariable, ids map[string]string) {
	v.Notes = append(v.Notes, ddiNote{"disclosure role", ddiText{Text: item.Role}})
	if item.Required {
		v.Notes = append(v.Notes, ddiNote{"required", ddiText{Text: "true"}})
	}
	if item.Unit != "" {
		v.Unit = item.Unit
	}
	if item.Min != nil || item.Max != nil {
		v.Range = &ddiValid{ddiRealRange{Units: "REAL", Min: bound(item.Min), Max: bound(item.Max)}}
		if item.Whole {
			v.Range.Range.Units = "INT"
		}
	}
	if item.Decimals > 0 {
		v.Decimals = strconv.Itoa(item.Decimals)
	}
	v.Categories = v.Categories[:len(item.Categories)]
	for _, m := range item.Missing {
		v.Categories = append(v.Categories, ddiCategory{Missing: "Y", Value: m.Code, Labels: ddiTexts(m.Label)})
	}
	if v.Derivation != nil {
		v.Derivation.Variables = references(item.DependsOn, ids)
	}
	v.Universe = nil
	if v.Question == nil {
		return
	}
	if item.Universe != nil {
		v.Universe = ddiTexts(item.Universe)
	}
	v.Question.Domain, v.Question.Number = item.Domain, item.Number
	for _, t := range item.Before {
		v.Question.Before = append(v.Question.Before, ddiTexts(t)...)
	}
	for _, t := range item.Instructions {
		v.Question.Instructions = append(v.Question.Instructions, ddiTexts(t)...)
	}
	if item.Filter != "" {
		v.Question.Backward = &ddiBackward{Questions: references(item.DependsOn, ids), Text: item.Filter}
	}
}

func bound(n *float64) string {
	if n == nil {
		return ""
	}
	return questionnaires.FormatNumber(*n)
}

// references are the ids of variables, as an attribute holds them.
func references(names []string, ids map[string]string) string {
	var out []string
	for _, name := range names {
		if id, ok := ids[name]; ok {
			out = append(out, id)
		}
	}
	return strings.Join(out, " ")
}

func ddiNotes(notes []InstrumentNote) []ddiNote {
	var out []ddiNote
	for _, n := range notes {
		for _, t := range ddiTexts(n.Text) {
			out = append(out, ddiNote{n.Code, t})
		}
	}
	return out
}
