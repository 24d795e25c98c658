package respond

import (
	"slices"
	"strconv"
	"strings"

	"rondo/app/i18n"
	"rondo/app/views"
	"rondo/questionnaires"
)

const manyOptions = 12 // more are shown as a list to choose from

// question makes the view of one question from what its fields hold.
func (v visit) question(q questionnaires.ShownQuestion, fields map[string][]string, problems []questionnaires.Problem) views.Question {
	qu := q.Question
	view := views.Question{
		Code: qu.Code, Kind: string(qu.Kind), Label: v.fill(qu.Label), Optional: !qu.Required && !qu.Prefill,
		Notes: fillNotes(qu.Notes, v), Unit: qu.Unit.In(v.lang),
	}
	if q.Depends {
		view.If = v.when(q.If)
	}
	if qu.Unit == nil {
		view.Unit = ""
	}
	if qu.Prefill {
		return v.prefilled(view, qu)
	}
	rows, options := v.Questionnaire.Order(qu, v.Draft.Order)
	view.Options = v.options(q, qu.Code, options, fields)
	switch qu.Kind {
	case questionnaires.Single, questionnaires.YesNo:
		view.Kind = "single"
		if len(view.Options) > manyOptions {
			view.Kind = "select"
		}
	case questionnaires.Matrix:
		view.Heads = view.Options
		view.Rows = v.rows(q, rows, fields)
		for i := range view.Rows {
			view.Rows[i].Options = v.options(q, view.Rows[i].Name, options, fields)
			view.Rows[i].Heads = i > 0 && i%6 == 0 && len(view.Rows)-i > 2
		}
	case questionnaires.Numbers, questionnaires.Texts:
		view.Rows = v.rows(q, rows, fields)
	case questionnaires.Ranking:
		v.ranks(&view, q, options, fields)
	case questionnaires.Date:
		view.Day = v.day(qu, fields)
	default:
		view.Value = first(fields, qu.Code)
	}
	if view.Long = qu.MaxLength > 100; view.Long {
		view.Most = qu.MaxLength
	}
	for i, option := range qu.Options {
		if shown, _ := q.Option(i); shown && option.Other {
			name := qu.Code + "_other"
			view.Other = &views.Other{Name: name, Value: first(fields, name), Label: v.fill(option.Label), Code: option.Code}
		}
	}
	view.Hint = v.hint(qu, len(view.Rows))
	v.blame(&view, problems)
	return view
}

// prefilled shows the answer the service has filled in, as text.
func (v visit) prefilled(view views.Question, qu *questionnaires.Question) views.Question {
	view.Kind, view.Value = "prefilled", questionnaires.NoAnswer
	if value, ok := qu.Prefilled(v.Setting); ok {
		view.Value = strings.Join(v.Questionnaire.Quote(qu, v.lang, questionnaires.Answers{qu.Code: value}, v.Setting), ", ")
	}
	return view
}

func (v visit) options(q questionnaires.ShownQuestion, field string, order []int, fields map[string][]string) []views.Choice {
	var all []views.Choice
	qu := q.Question
	for _, i := range order {
		option := qu.Options[i]
		shown, when := q.Option(i)
		if !shown || qu.Offices && v.Setting.Offices != nil && !slices.Contains(v.Setting.Offices, option.Code) {
			continue
		}
		id := field
		if len(all) > 0 {
			id += "-" + strconv.Itoa(len(all)+1) // the first control carries the name of the field
		}
		all = append(all, views.Choice{
			ID: id, Value: option.Code, Label: v.fill(option.Label),
			Chosen: slices.Contains(fields[field], option.Code), Apart: option.Missing != 0, If: v.onlyIf(when),
		})
	}
	return all
}

func (v visit) rows(q questionnaires.ShownQuestion, order []int, fields map[string][]string) []views.Row {
	var all []views.Row
	qu := q.Question
	for _, i := range order {
		if shown, when := q.Row(i); shown {
			name := qu.Code + "." + qu.Rows[i].Code
			all = append(all, views.Row{ID: name, Name: name, Label: v.fill(qu.Rows[i].Label), Value: first(fields, name), If: v.onlyIf(when)})
		}
	}
	return all
}

// ranks makes one choice of ranks for each option that is shown.
func (v visit) ranks(view *views.Question, q questionnaires.ShownQuestion, order []int, fields map[string][]string) {
	qu := q.Question
	labels := make([]string, min(qu.Top, len(view.Options)))
	for i := range labels {
		labels[i] = i18n.T(v.lang, "respond.rank", map[string]any{"rank": strconv.Itoa(i + 1)})
	}
	for _, i := range order {
		shown, when := q.Option(i)
		if !shown {
			continue
		}
		name := qu.Code + "." + qu.Options[i].Code
		row := views.Row{ID: name, Name: name, Label: v.fill(qu.Options[i].Label), Value: first(fields, name), If: v.onlyIf(when)}
		for i, label := range labels {
			n := strconv.Itoa(i + 1)
			row.Options = append(row.Options, views.Choice{Value: n, Label: label, Chosen: row.Value == n})
		}
		view.Rows = append(view.Rows, row)
	}
	view.Options = nil
}

func (v visit) day(qu *questionnaires.Question, fields map[string][]string) []views.Row {
	var parts []views.Row
	for _, part := range []string{"day", "month", "year"} {
		name := qu.Code + "." + part
		parts = append(parts, views.Row{ID: name, Name: name, Label: i18n.T(v.lang, "respond."+part, nil), Value: first(fields, name)})
	}
	return parts
}

// hint says in what form an answer is expected; rows is how many are shown.
func (v visit) hint(qu *questionnaires.Question, rows int) string {
	say := func(key string, args map[string]any) string { return i18n.T(v.lang, "respond.hint."+key, args) }
	number := func(x *float64) string { return i18n.Number(v.lang, *x) }
	switch qu.Kind {
	case questionnaires.Multi:
		return v.ticksHint(qu)
	case questionnaires.Ranking:
		if qu.Top >= rows {
			return say("ranking_all", nil)
		}
		return say("ranking", map[string]any{"top": qu.Top})
	case questionnaires.Integer, questionnaires.Decimal, questionnaires.Numbers:
		switch {
		case qu.SumEquals != nil:
			return say("sum_equals", map[string]any{"sum": number(qu.SumEquals)})
		case qu.Min != nil && qu.Max != nil:
			return say("range", map[string]any{"min": number(qu.Min), "max": number(qu.Max)})
		}
	case questionnaires.LongText, questionnaires.Texts:
		if qu.MaxLength > 0 {
			return say("length", map[string]any{"max": i18n.Number(v.lang, float64(qu.MaxLength))})
		}
	}
	return ""
}

// ticksHint says how many options may be ticked.
func (v visit) ticksHint(qu *questionnaires.Question) string {
	say := func(key string, n int, args map[string]any) string {
		return i18n.N(v.lang, "respond.hint."+key, n, args)
	}
	switch {
	case qu.Least > 1 && qu.Least == qu.Most:
		return say("exactly", qu.Most, nil)
	case qu.Least > 1 && qu.Most > 0:
		return i18n.T(v.lang, "respond.hint.least_most", map[string]any{"least": qu.Least, "most": qu.Most})
	case qu.Most > 0:
		return say("most", qu.Most, nil)
	case qu.Least > 1:
		return say("least", qu.Least, nil)
	case !v.saysSeveral(qu):
		return i18n.T(v.lang, "respond.hint.multi", nil)
	}
	return ""
}

// saysSeveral says whether the question's own words tell that several answers are
// possible, in the hint's words or in the shorter ones of the questionnaires.
func (v visit) saysSeveral(qu *questionnaires.Question) bool {
	label := strings.ToLower(v.fill(qu.Label))
	for _, key := range []string{"respond.hint.multi", "respond.hint.multi_said"} {
		if strings.Contains(label, strings.ToLower(strings.TrimSuffix(i18n.T(v.lang, key, nil), "."))) {
			return true
		}
	}
	return false
}

// blame puts the problems of the question beside what they are about.
func (v visit) blame(view *views.Question, problems []questionnaires.Problem) {
	for _, p := range problems {
		if p.Question != view.Code {
			continue
		}
		placed := false
		for i := range view.Rows {
			if view.Rows[i].Name == p.Field && p.Rule != "required" && p.Rule != "sum_equals" && p.Rule != "sum_min" {
				view.Rows[i].Error, placed = v.say(p), true
			}
		}
		if !placed {
			view.Errors = append(view.Errors, v.say(p))
		}
	}
	if view.Hint != "" {
		view.Described = "hint-" + view.Code
	}
	if len(view.Errors) > 0 {
		view.Described = "error-" + view.Code + " " + view.Described
	}
}
