package exports

import (
	"slices"
	"strconv"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// QuestionnaireDDI describes a questionnaire and the columns that its dataset
// would have as DDI-Codebook 2.5, in all languages; placeholders of a wave stay
// as they are.
func QuestionnaireDDI(q *questionnaires.Questionnaire) ([]byte, error) {
	in := formats.Instrument{
		About:   formats.About{Population: q.Key, Title: q.Title, Questionnaire: q.Ref()},
		Version: strconv.Itoa(q.Version), Hash: q.Hash, Intro: q.Intro, Notes: notesOf(q.Notes),
	}
	if q.Header != nil {
		in.Notes = append(in.Notes, formats.InstrumentNote{Code: "header", Text: q.Header})
	}
	for _, c := range q.Columns() {
		in.Items = append(in.Items, itemOf(q, c))
	}
	in.Groups = groupsOf(q)
	for _, c := range q.Checks {
		in.Checks = append(in.Checks, formats.InstrumentNote{Code: "check " + c.Code + ": " + c.Fails.Source(), Text: c.Text})
	}
	return in.DDI()
}

func notesOf(notes []questionnaires.Note) []formats.InstrumentNote {
	var out []formats.InstrumentNote
	for _, n := range notes {
		out = append(out, formats.InstrumentNote(n))
	}
	return out
}

// itemOf describes a column with all that the questionnaire says about it.
func itemOf(q *questionnaires.Questionnaire, c questionnaires.Column) formats.Item {
	item := formats.Item{Variable: describe(Snapshot{Questionnaire: q}, Choice{Column: c})}
	item.Wording = c.Label()
	if c.Calculated != nil {
		item.Decimals = c.Calculated.Decimals
		item.DependsOn = columnsOf(q, c.Calculated.Formula.Variables())
		item.Missing = emptyCells(nil, false)
		return item
	}
	qu := c.Question
	item.Number = strconv.Itoa(slices.Index(q.Questions(), qu) + 1)
	item.Domain, item.Required = domains[qu.Kind], qu.Required
	item.Whole = qu.Kind != questionnaires.Decimal
	if c.Type == questionnaires.NumberColumn {
		item.Min, item.Max, item.Decimals, item.Unit = qu.Min, qu.Max, qu.Decimals, qu.Unit[questionnaires.Languages[0]]
	}
	if c.Type == questionnaires.RankColumn {
		first, last := 0.0, float64(qu.Top)
		item.Min, item.Max = &first, &last
	}
	for _, n := range qu.Notes {
		item.Before = append(item.Before, n.Text)
	}
	if qu.Unit != nil {
		item.Instructions = append(item.Instructions, qu.Unit)
	}
	conditions := routing(c)
	item.Universe = inWords(q, conditions)
	for _, cond := range conditions {
		item.DependsOn = append(item.DependsOn, columnsOf(q, cond.Variables())...)
	}
	options := qu.Options
	if c.Other {
		options = nil // the text beside an answer is there or not
	}
	item.Missing = emptyCells(options, len(conditions) > 0 || c.Other)
	return item
}

// domains are what DDI calls the kinds of answers.
var domains = map[questionnaires.Kind]string{
	questionnaires.Single: "category", questionnaires.YesNo: "category", questionnaires.Multi: "multiple", questionnaires.Matrix: "scale",
	questionnaires.Integer: "numeric", questionnaires.Decimal: "numeric", questionnaires.Numbers: "numeric", questionnaires.Ranking: "ranking",
	questionnaires.LongText: "text", questionnaires.Texts: "text", questionnaires.Date: "datetime",
}

// emptyCells are the missing codes that a column can have, in the words of the
// question where it offers them.
func emptyCells(options []questionnaires.Option, routed bool) []formats.Category {
	var out []formats.Category
	for _, m := range formats.Missing {
		switch m.Code {
		case questionnaires.CellNoAnswer:
			out = append(out, m)
		case questionnaires.CellNotAsked:
			if routed {
				out = append(out, m)
			}
		default:
			for _, o := range options {
				if o.Missing != 0 && o.Missing.Cell() == m.Code {
					out = append(out, formats.Category{Code: m.Code, Label: o.Label})
				}
			}
		}
	}
	return out
}

// inWords says conditions that all must hold; nil where there are none.
func inWords(q *questionnaires.Questionnaire, conditions []*questionnaires.Condition) questionnaires.Text {
	if len(conditions) == 0 {
		return nil
	}
	out := questionnaires.Text{}
	for _, lang := range questionnaires.Languages {
		for i, c := range conditions {
			if i > 0 {
				out[lang] += "; "
			}
			out[lang] += q.Explain(c, lang, questionnaires.Setting{})
		}
	}
	return out
}

// columnsOf are the columns that hold variables: of a multiple choice all its options.
func columnsOf(q *questionnaires.Questionnaire, variables []string) []string {
	var out []string
	for _, c := range q.Columns() {
		code := ""
		if c.Question != nil && c.Question.Kind == questionnaires.Multi && !c.Other {
			code = c.Question.Code
		}
		if slices.Contains(variables, c.Name) || code != "" && slices.Contains(variables, code) {
			out = append(out, c.Name)
		}
	}
	return out
}

// groupsOf are the pages, and the questions that have several columns.
func groupsOf(q *questionnaires.Questionnaire) []formats.Group {
	types := map[questionnaires.Kind]string{questionnaires.Matrix: "grid", questionnaires.Multi: "multipleResp"}
	var groups []formats.Group
	columns := q.Columns()
	named := func(of func(c questionnaires.Column) bool) []string {
		var names []string
		for _, c := range columns {
			if c.Question != nil && of(c) {
				names = append(names, c.Name)
			}
		}
		return names
	}
	for _, p := range q.Pages {
		g := formats.Group{Name: p.Code, Type: "section", Label: p.Title, Notes: notesOf(p.Notes),
			Variables: named(func(c questionnaires.Column) bool { return c.Page == p })}
		if p.If != nil {
			g.Universe = inWords(q, []*questionnaires.Condition{p.If})
		}
		groups = append(groups, g)
		for _, qu := range p.Questions {
			names := named(func(c questionnaires.Column) bool { return c.Question == qu })
			if len(names) < 2 {
				continue
			}
			kind := types[qu.Kind]
			if kind == "" {
				kind = "other"
			}
			groups = append(groups, formats.Group{Name: qu.Code, Type: kind, Label: qu.Label, Variables: names})
		}
	}
	return groups
}
