package questionnaires

import (
	"slices"
	"strconv"
)

// The types of a column.
const (
	CodeColumn   = "code"   // an option code
	NumberColumn = "number" // a number
	FlagColumn   = "flag"   // 1 ticked, 0 not ticked
	RankColumn   = "rank"   // from 1; 0 where others were ranked and this was not
	TextColumn   = "text"   // typed text
	DateColumn   = "date"   // ISO 8601
)

// The reasons for an empty cell that a response itself can have.
const (
	CellNotApplicable  = "-90"
	CellNotAsked       = "-91"
	CellNoAnswer       = "-92"
	CellDontKnow       = "-93"
	CellPreferNotToSay = "-94"
)

// Columns gives the columns of the dataset in order, the calculated ones last.
// They come from the questionnaire alone, never from answers.
func (q *Questionnaire) Columns() []Column {
	var all []Column
	for _, p := range q.Pages {
		for _, qu := range p.Questions {
			for _, c := range qu.columns() {
				c.Question, c.Page = qu, p
				all = append(all, c)
			}
		}
	}
	for _, c := range q.Calculated {
		all = append(all, Column{Name: c.Code, Calculated: c, Type: NumberColumn})
	}
	return all
}

// Role gives the disclosure role declared for the column.
func (c Column) Role() Role {
	if c.Calculated != nil {
		return c.Calculated.Role
	}
	return c.Question.Role
}

// Label gives the words of the question, or of the calculated variable.
func (c Column) Label() Text {
	if c.Calculated != nil {
		return c.Calculated.Label
	}
	return c.Question.Label
}

func (qu *Question) columns() []Column {
	var out []Column
	perRow := func(kind string) {
		for i := range qu.Rows {
			out = append(out, Column{Name: qu.Code + "__" + qu.Rows[i].Code, Row: &qu.Rows[i], Type: kind})
		}
	}
	perOption := func(kind string) {
		for i := range qu.Options {
			if o := &qu.Options[i]; o.Missing == 0 {
				out = append(out, Column{Name: qu.Code + "__" + o.Code, Option: o, Type: kind})
			}
		}
	}
	switch qu.Kind {
	case Matrix:
		perRow(CodeColumn)
	case Numbers:
		perRow(NumberColumn)
	case Texts:
		perRow(TextColumn)
	case Multi:
		perOption(FlagColumn)
	case Ranking:
		perOption(RankColumn)
	case Integer, Decimal:
		out = append(out, Column{Name: qu.Code, Type: NumberColumn})
	case LongText:
		out = append(out, Column{Name: qu.Code, Type: TextColumn})
	case Date:
		out = append(out, Column{Name: qu.Code, Type: DateColumn})
	default:
		out = append(out, Column{Name: qu.Code, Type: CodeColumn})
	}
	if qu.HasOther() {
		out = append(out, Column{Name: qu.Code + "_other", Other: true, Type: TextColumn})
	}
	return out
}

// Row gives one cell for each column: a code, a number, a flag, a text, or the
// negative code of the reason why there is none.
func (q *Questionnaire) Row(a Answers) []string {
	return q.AppendRow(make([]string, 0, 4*len(q.questions)), a)
}

// AppendRow appends the cells of Row.
func (q *Questionnaire) AppendRow(row []string, a Answers) []string {
	v := q.routing(a)
	return q.cells(row, v)
}

// cells appends the cells of what routing left.
func (q *Questionnaire) cells(row []string, v *view) []string {
	for _, qu := range q.questions {
		row = qu.cells(row, v)
	}
	for _, c := range q.Calculated {
		row = append(row, c.cell(v))
	}
	return row
}

func (qu *Question) cells(row []string, v *view) []string {
	hidden := v.hidden[qu.at]
	switch qu.Kind {
	case Multi:
		row = qu.flags(row, v)
	case Ranking:
		empty := CellNoAnswer
		if qu.begun(v) {
			empty = "0"
		}
		for i := range qu.variables {
			x, _ := v.answer(qu, i)
			row = append(row, cell(x, hidden || v.off(qu.Options[i].place), empty))
		}
	case Matrix, Numbers, Texts:
		for i := range qu.Rows {
			x, _ := v.answer(qu, i)
			row = append(row, cell(x, hidden || v.off(qu.Rows[i].place), CellNoAnswer))
		}
	default:
		x, _ := v.answer(qu, 0)
		row = append(row, cell(x, hidden, CellNoAnswer))
	}
	if qu.HasOther() {
		asked := !hidden && qu.choseOther(v)
		x, _ := v.answer(qu, len(qu.variables)-1)
		row = append(row, cell(x, !asked, CellNoAnswer))
	}
	return row
}

// flags gives the cells of a multiple choice.
func (qu *Question) flags(row []string, v *view) []string {
	x, _ := v.answer(qu, 0)
	for i := range qu.Options {
		o := &qu.Options[i]
		hidden := v.hidden[qu.at] || v.off(o.place)
		switch {
		case o.Missing != 0:
			continue
		case hidden || len(x.Codes) == 0:
			row = append(row, cell(x, hidden, CellNoAnswer))
		case slices.Contains(x.Codes, o.Code):
			row = append(row, "1")
		default:
			row = append(row, "0")
		}
	}
	return row
}

// Cell gives the code of the reason in a dataset.
func (m Missing) Cell() string {
	if m == DontKnow {
		return CellDontKnow
	}
	return strconv.Itoa(-int(m))
}

func cell(x Value, hidden bool, empty string) string {
	switch {
	case hidden:
		return CellNotAsked
	case x.Missing != 0:
		return x.Missing.Cell()
	case len(x.Codes) > 0:
		return x.Codes[0]
	case x.Number != nil:
		return FormatNumber(*x.Number)
	case x.Text != "":
		return x.Text
	}
	return empty
}
