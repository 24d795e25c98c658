package xlsform

import (
	"slices"
	"strings"

	"rondo/questionnaires"
)

// matrixOf says whether a group is one question with rows: choices of the same
// list in the appearance of a table.
func (r *reader) matrixOf(it *item) bool {
	rows := it.children
	if !it.says("table-list") {
		rows = tableRows(rows)
		if len(rows) != len(it.children)-1 {
			return false
		}
	}
	return sameList(rows)
}

// tableRows gives the rows of a table in the older way of writing one: a choice
// with the appearance label heads choices with the appearance list-nolabel.
func tableRows(items []*item) []*item {
	if len(items) < 2 || items[0].kind != "select_one" || !items[0].says("label") {
		return nil
	}
	end := 1
	for end < len(items) && items[end].kind == "select_one" && items[end].list == items[0].list && items[end].says("list-nolabel", "list-no-label", "list") {
		end++
	}
	return items[1:end]
}

func sameList(rows []*item) bool {
	for _, row := range rows {
		if row.kind != "select_one" || row.orOther || row.list != rows[0].list || row.peek("choice_filter") != rows[0].peek("choice_filter") {
			return false
		}
	}
	return len(rows) > 0
}

// typedRows says whether a group is one question with typed rows, which only a
// workbook that was written here can say.
func typedRows(it *item) bool {
	kind := map[string]string{"numbers": "integer", "texts": "text"}[it.peek("rondo_kind")]
	return kind != "" && len(it.children) > 0 && !slices.ContainsFunc(it.children, func(row *item) bool { return row.kind != kind })
}

// groupQuestion takes a group as one question.
func (r *reader) groupQuestion(it *item, c *context) {
	qu := &questionnaires.Question{Kind: questionnaires.Matrix}
	rows := it.children
	if typedRows(it) {
		qu.Kind = questionnaires.Kind(it.get("rondo_kind"))
	}
	qu.Code = r.codeOf(it, "q")
	r.common(it, qu, c)
	if qu.Kind == questionnaires.Matrix && !it.says("table-list") {
		head := rows[0]
		rows = rows[1:]
		head.skip()
		r.changed(head.here(), "table_header", "the row only showed the choices above a table; it is no question of its own")
		if qu.Label == nil {
			qu.Label = r.say(head.record, "label")
		}
	}
	var codes map[string]string
	if qu.Kind == questionnaires.Matrix {
		l := r.lists[rows[0].list]
		if l == nil {
			r.skipAll(it)
			r.lost(it.here(), "missing_list", "there is no list of choices %q", rows[0].list)
			return
		}
		qu.Options, codes = l.options(), l.codes
	}
	qu.SumEquals, qu.SumMin = r.optionalIn(it.record, "rondo_sum_equals"), r.optionalIn(it.record, "rondo_sum_min")
	refs := r.rowsOf(it, qu, rows)
	r.choiceKind(&item{record: it.record, kind: it.kind}, qu)
	r.add(it, qu, refs, codes, c)
	r.rowDetails(qu, rows)
	if qu.Kind == questionnaires.Matrix {
		for _, row := range rows[1:] {
			row.get("choice_filter")
		}
		r.filter(rows[0], qu)
	}
}

// rowsOf makes the rows of a question and gives their names in the workbook.
func (r *reader) rowsOf(it *item, qu *questionnaires.Question, rows []*item) []string {
	codes := taken{}
	var refs []string
	for _, row := range rows {
		code := row.name
		for _, prefix := range []string{it.name + "__", it.name + "_"} {
			if rest := strings.TrimPrefix(row.name, prefix); rest != row.name && rest != "" {
				code = rest
				break
			}
		}
		code = codes.free(asRow(code))
		refs = append(refs, row.name)
		if name := qu.Code + "__" + code; name != row.name {
			r.changed(row.place("name"), "renamed", "%s becomes the row %s of %s", row.name, code, qu.Code)
		}
		qu.Rows = append(qu.Rows, questionnaires.Row{Code: code, Label: r.say(row.record, "label")})
		r.appearance(row)
	}
	return refs
}

// rowDetails reads what the rows of a question demand.
func (r *reader) rowDetails(qu *questionnaires.Question, rows []*item) {
	needed := 0
	for _, row := range rows {
		if yes(row.peek("required")) {
			needed++
		}
	}
	qu.Required = needed == len(rows) && needed > 0
	before := r.count - 1
	for i, row := range rows {
		at := &qu.Rows[i]
		relevant := r.expression(row, "relevant", "rondo_if")
		r.later = append(r.later, func() { at.If = r.condition(relevant, before, nil) })
		r.rowRequired(qu, at, row, before)
		r.constraint(row, qu, r.scope.byRef[row.name])
	}
}

func (r *reader) rowRequired(qu *questionnaires.Question, at *questionnaires.Row, row *item, before int) {
	source, own := row.get("required"), row.get("rondo_required_if")
	switch {
	case yes(source) && qu.Required && own != "":
		at.RequiredIf = questionnaires.Uncompiled(own)
	case yes(source) && qu.Required, no(source) && own == "":
	case yes(source):
		r.lost(row.place("required"), "required", "some rows of the table are required and others not; none is")
	case slices.Contains([]questionnaires.Kind{questionnaires.Texts, questionnaires.Matrix, questionnaires.Numbers}, qu.Kind):
		cells := []formulaCell{{row.place("required"), source, own}}
		r.later = append(r.later, func() { at.RequiredIf = r.condition(cells, before, nil) })
	}
}
