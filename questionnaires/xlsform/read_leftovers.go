package xlsform

import "slices"

// known are the columns that are read wherever they mean something. What stands
// in one where it means nothing is reported cell by cell; any other column is
// reported as a whole.
var known = map[string][]string{
	"survey":   slices.Concat(columns["survey"], []string{"guidance_hint", "required_message", "repeat_count", "disabled"}),
	"choices":  columns["choices"],
	"settings": slices.Concat(columns["settings"], []string{"allow_choice_duplicates"}),
}

// leftovers reports every filled cell that nobody has read. It is what makes
// sure that nothing is dropped in silence.
func (r *reader) leftovers() {
	for _, l := range r.lists {
		if !l.used {
			for _, c := range l.choices {
				c.skip()
			}
			first := l.choices[0]
			r.lost(first.here(), "unused_list", "no question uses the list %s (%d choices)", l.name, len(l.choices))
		}
	}
	for sheet, t := range map[string]*table{"survey": r.survey, "choices": r.choices, "settings": r.settings} {
		for i, column := range t.columns {
			r.leftColumn(t, i, column, sheet)
		}
	}
}

// leftColumn reports what is left of one column.
func (r *reader) leftColumn(t *table, i int, column column, sheet string) {
	whole := column.lang == other || !slices.Contains(known[sheet], column.name) || column.header == ""
	count := 0
	for _, rec := range t.records {
		if i >= len(rec.cells) || rec.used[i] || rec.cells[i] == "" {
			continue
		}
		count++
		if !whole {
			r.lost(cell{t.name, rec.row, column.header}, "not_carried", "%s means nothing in a row of this type", excerpt(rec.cells[i]))
		}
	}
	switch at := (cell{t.name, 1, column.header}); {
	case !whole || count == 0:
	case column.lang == other:
		r.lost(at, "language", "the language is none of de, fr, it, en; %d cells are not carried", count)
	case column.header == "":
		r.lost(at, "unknown_column", "a column without a name has %d cells", count)
	default:
		r.lost(at, "unknown_column", "the column is not read; %d cells are not carried", count)
	}
}

// namesIn gives the columns of the choices that a choice filter looks at.
func namesIn(n node, out map[string]bool) {
	switch n := n.(type) {
	case columnNode:
		out[n.name] = true
	case negativeNode:
		namesIn(n.x, out)
	case binaryNode:
		namesIn(n.left, out)
		namesIn(n.right, out)
	case callNode:
		for _, a := range n.args {
			namesIn(a, out)
		}
	}
}
