package verify

import (
	"regexp"
	"slices"
	"strings"
)

var (
	quoted = regexp.MustCompile(`"[^"]*"`)
	word   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// checkRoutes looks for cells that tell, by whether their question was asked, what was coarsened,
// suppressed or left out: wherever the condition of a question is not decided by what the same
// row shows, the cell must be suppressed with its routing. It goes by the names in the conditions
// as the codebook prints them.
func (d *release) checkRoutes() {
	always := d.leftOut()
	for j, name := range d.names {
		filter := d.condition(j)
		if filter == "" {
			continue
		}
		var on []int
		open := false
		for _, variable := range word.FindAllString(quoted.ReplaceAllString(filter, " "), -1) {
			open = open || slices.ContainsFunc(always, func(gone string) bool { return carries(gone, variable, filter) })
			for i, other := range d.names {
				if !carries(other, variable, filter) {
					continue
				}
				on = append(on, i)
				open = open || d.r.Node[other] > 0
			}
		}
		for _, row := range d.rows {
			undecided := open || slices.ContainsFunc(on, func(i int) bool { return hiddenCell(row[i]) })
			if undecided && row[j] != "-95" {
				d.say("whether %s was asked tells what was suppressed elsewhere", name)
				break
			}
		}
	}
}

// condition is what decides whether a cell was asked. That of a multiple choice or ranking hangs on
// the conditions of all its options: where none of those shown was chosen, a hidden one was.
func (d *release) condition(j int) string {
	e, name := d.book[d.names[j]], d.names[j]
	at := strings.LastIndex(name, "__")
	if at < 0 || e.kind != "flag" && e.kind != "rank" {
		return e.filter
	}
	var all []string
	for _, other := range d.names {
		if strings.LastIndex(other, "__") == at && other[:at] == name[:at] && d.book[other].kind == e.kind && d.book[other].filter != "" {
			all = append(all, d.book[other].filter)
		}
	}
	return strings.Join(all, " and ")
}

// leftOut are the variables that are facts about who answers and no columns of the file.
func (d *release) leftOut() []string {
	var out []string
	for _, c := range d.r.Columns {
		if c.Treatment == "dropped" && c.Role != "freetext" && c.Role != "technical" && !c.Calculated {
			out = append(out, c.Variable)
		}
	}
	return out
}

// carries says whether a column holds a variable of a condition. Of a multiple choice only the
// options count that the condition names, unless it looks at the variable in another way as well.
func carries(column, variable, filter string) bool {
	if column == variable {
		return true
	}
	option, ok := strings.CutPrefix(column, variable+"__")
	if !ok {
		return false
	}
	named, others := false, quoted.ReplaceAllString(filter, "?")
	for _, op := range []string{"in", "not in"} {
		named = named || strings.Contains(filter, `"`+option+`" `+op+" "+variable)
		others = strings.ReplaceAll(others, "? "+op+" "+variable, " ")
	}
	return named || slices.Contains(word.FindAllString(others, -1), variable)
}
