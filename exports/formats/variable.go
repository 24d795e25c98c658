package formats

import (
	"slices"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// The types of a variable, those of a questionnaire's columns.
const (
	Code   = questionnaires.CodeColumn
	Number = questionnaires.NumberColumn
	Flag   = questionnaires.FlagColumn
	Rank   = questionnaires.RankColumn
	Words  = questionnaires.TextColumn
	Day    = questionnaires.DateColumn
)

// Variable is one column of a data file with all that is known about it.
type Variable struct {
	Name       string
	Type       string
	Question   string              // code of the question; empty for a column that is none
	Wording    questionnaires.Text // of the question
	Item       questionnaires.Text // row or option; nil where there is none
	Page       questionnaires.Text
	Categories []Category
	Role       string
	Treatment  string
	Why        questionnaires.Text
	Filter     string            // condition in the questionnaire's own notation
	Formula    string            // what a calculated variable is computed from, in the questionnaire's own notation
	Valid      string            // cells with an answer in this file; masked where small
	Decimals   int               // of a number
	Ordered    bool              // the categories are steps of a scale
	Width      int               // bytes of the longest cell, see Measure
	Counts     map[string]string // cells of this file by category or missing code; masked where small; nil: not counted
}

// Category is one value of a variable.
type Category struct {
	Code  string
	Label questionnaires.Text
}

// Label is the wording, and the row or option where there is one.
func (v Variable) Label(lang string) string {
	if v.Item == nil {
		return v.Wording.In(lang)
	}
	return v.Wording.In(lang) + " – " + v.Item.In(lang)
}

// Numeric says whether the cells of the variable are numbers throughout, its
// missing codes included.
func (v Variable) Numeric() bool {
	switch v.Type {
	case Number, Flag, Rank:
		return true
	case Code:
		for _, c := range v.Categories {
			x, err := strconv.ParseFloat(c.Code, 64)
			if !plainNumber(c.Code) || err != nil || questionnaires.FormatNumber(x) != c.Code {
				return false // 007 would not come back as 007
			}
		}
		return len(v.Categories) > 0
	}
	return false
}

// Reasons are the missing codes that the variable's cells may hold; numbers that
// the service itself writes into a column are never missing.
func (v Variable) Reasons() []Category {
	if v.Question == "" && v.Formula == "" && v.Type != Words {
		return nil
	}
	return Missing
}

// Reason says whether a cell of the variable holds a reason instead of an answer.
func (v Variable) Reason(cell string) bool {
	return len(cell) == 3 && strings.HasPrefix(cell, "-9") && slices.ContainsFunc(v.Reasons(), func(c Category) bool { return c.Code == cell })
}

// Measure sets the width of each variable from its cells.
func Measure(variables []Variable, rows [][]string) {
	for j := range variables {
		variables[j].Width = 1
		for _, row := range rows {
			variables[j].Width = max(variables[j].Width, len(row[j]))
		}
	}
}

// plainNumber says whether a cell is a number as a program would write it.
func plainNumber(cell string) bool {
	if cell == "" || strings.ContainsAny(cell, "eExXpPiInN_+ ") {
		return false
	}
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil
}

// Missing are the codes for a cell without an answer, the same in all files.
var Missing = []Category{
	{"-90", questionnaires.Text{"de": "trifft nicht zu", "fr": "ne s'applique pas", "it": "non pertinente", "en": "not applicable"}},
	{"-91", questionnaires.Text{"de": "nicht gefragt (Filter)", "fr": "question non posée (filtre)", "it": "domanda non posta (filtro)", "en": "not asked (routing)"}},
	{"-92", questionnaires.Text{"de": "keine Antwort", "fr": "sans réponse", "it": "nessuna risposta", "en": "no answer"}},
	{"-93", questionnaires.Text{"de": "weiss nicht", "fr": "ne sait pas", "it": "non so", "en": "don't know"}},
	{"-94", questionnaires.Text{"de": "möchte nicht antworten", "fr": "ne souhaite pas répondre", "it": "preferisce non rispondere", "en": "prefer not to say"}},
	{"-95", questionnaires.Text{"de": "unterdrückt mit dem Filter", "fr": "supprimé avec le filtre", "it": "soppresso con il filtro", "en": "suppressed with its routing"}},
	{"-96", questionnaires.Text{"de": "einzeln unterdrückt", "fr": "supprimé localement", "it": "soppresso localmente", "en": "suppressed locally"}},
	{"-97", questionnaires.Text{"de": "als selten zusammengefasst", "fr": "regroupé car rare", "it": "raggruppato perché raro", "en": "merged as rare"}},
	{"-98", questionnaires.Text{"de": "in dieser Welle nicht erhoben", "fr": "non relevé dans cette vague", "it": "non rilevato in questa ondata", "en": "not in this wave"}},
	{"-99", questionnaires.Text{"de": "andere fehlende Angabe", "fr": "autre donnée manquante", "it": "altro dato mancante", "en": "other missing"}},
}

// About is what all files of a release say about themselves.
type About struct {
	Wave          string
	Population    string
	Profile       string
	Label         questionnaires.Text // of the profile, as it may be shown
	Title         questionnaires.Text // of the questionnaire
	Questionnaire string              // employer/2
	RefFrom       int
	RefTo         int
	Records       int
	Synthetic     bool
}

// Mark is the word that everything made from synthetic data carries.
var Mark = questionnaires.Text{"de": "synthetisch (synthetic)", "fr": "synthétique (synthetic)", "it": "sintetico (synthetic)", "en": "synthetic"}

// Heading is the title in a language, with the mark where it is due.
func (a About) Heading(lang string) string {
	title := a.Title.In(lang)
	if a.Wave != "" {
		title += " – " + a.Wave
	}
	if a.Synthetic {
		title += " – " + Mark.In(lang)
	}
	return title
}
