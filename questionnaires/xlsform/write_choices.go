package xlsform

import (
	"fmt"
	"sort"
	"strings"

	"rondo/questionnaires"
)

// list writes the options of a question as a list of choices, once for all
// questions that have the same; the filter hides those whose condition does not
// hold.
func (w *writer) list(qu *questionnaires.Question) (string, node) {
	key, filter := w.listKey(qu)
	if name, ok := w.lists[key]; ok {
		return name, filter
	}
	name := qu.Code
	w.lists[key] = name
	for i, o := range qu.Options {
		r := row{"list_name": name, "name": o.Code}
		w.say(r, "label", o.Label)
		if o.If != nil {
			r["rondo_when"] = when(i)
			if n, err := w.scope.say(o.If.Source()); err == nil {
				if back, _, err := w.scope.reread(show(n), nil); err != nil || back != o.If.Source() {
					r["rondo_if"] = o.If.Source()
				}
			}
		}
		w.choices.add(r)
	}
	return name, filter
}

func when(i int) string { return fmt.Sprintf("case %d", i+1) }

// listKey says what two questions must share to share a list, and gives the
// filter of the list; nil where every option is always offered.
func (w *writer) listKey(qu *questionnaires.Question) (string, node) {
	var key strings.Builder
	filter := compareNodes(columnNode{"rondo_when"}, "=", textNode{""})
	filtered := false
	for i, o := range qu.Options {
		fmt.Fprintf(&key, "%q", o.Code)
		var langs []string
		for lang := range o.Label {
			langs = append(langs, lang)
		}
		sort.Strings(langs)
		for _, lang := range langs {
			fmt.Fprintf(&key, " %s %q", lang, o.Label[lang])
		}
		if o.If == nil {
			continue
		}
		n, err := w.scope.say(o.If.Source())
		if err != nil {
			w.fail(qu.Code+" "+o.Code, err)
			continue
		}
		filtered = true
		fmt.Fprintf(&key, " if %q", o.If.Source())
		filter = join("or", filter, join("and", compareNodes(columnNode{"rondo_when"}, "=", textNode{when(i)}), n))
	}
	if !filtered {
		return key.String(), nil
	}
	return key.String(), filter
}
