package xlsform

import (
	"slices"
	"strings"

	"rondo/questionnaires"
)

// list is a list of choices.
type list struct {
	name    string
	choices []*choice
	codes   map[string]string // choice → code
	byCode  map[string]*choice
	taken   taken
	used    bool
}

// choice is a row of the choices sheet.
type choice struct {
	*record
	name  string
	code  string
	label questionnaires.Text
	extra map[string]string // the columns a choice filter may look at
}

// ofChoices are the columns of the choices sheet that are read by themselves.
var ofChoices = []string{"list_name", "name", "label", "rondo_if"}

// readLists reads the choices sheet.
func (r *reader) readLists() {
	r.lists = map[string]*list{}
	for _, rec := range r.choices.records {
		listName, name := rec.get("list_name"), rec.get("name")
		if listName == "" || name == "" {
			rec.skip()
			r.lost(rec.here(), "no_name", "a choice needs a list_name and a name")
			continue
		}
		l := r.lists[listName]
		if l == nil {
			l = &list{name: listName, codes: map[string]string{}, byCode: map[string]*choice{}, taken: taken{}}
			r.lists[listName] = l
		}
		if _, twice := l.codes[name]; twice {
			rec.skip()
			r.lost(rec.here(), "duplicate_choice", "the list %s has the choice %q twice; the first counts", listName, name)
			continue
		}
		c := &choice{record: rec, name: name, label: r.say(rec, "label"), extra: map[string]string{}}
		c.code = l.taken.free(asOption(name))
		if c.code != name {
			r.changed(rec.place("name"), "renamed", "the choice %q becomes %s", name, c.code)
		}
		l.codes[name], l.byCode[c.code] = c.code, c
		l.choices = append(l.choices, c)
		for i, column := range r.choices.columns {
			if column.lang == "" && !slices.Contains(ofChoices, column.name) {
				c.extra[column.name] = ""
				if i < len(rec.cells) {
					c.extra[column.name] = rec.cells[i]
				}
			}
		}
	}
}

// options gives the choices of a list as options of a question.
func (l *list) options() []questionnaires.Option {
	l.used = true
	var out []questionnaires.Option
	for _, c := range l.choices {
		out = append(out, questionnaires.Option{Code: c.code, Label: c.label, Missing: missingOf(c.code)})
	}
	return out
}

func missingOf(code string) questionnaires.Missing {
	switch code {
	case "90":
		return questionnaires.NotApplicable
	case "94":
		return questionnaires.PreferNotToSay
	case "98":
		return questionnaires.DontKnow
	}
	return 0
}

// say reads words and turns references into our placeholders once all questions
// are known. The text is the same map afterwards.
func (r *reader) say(rec *record, column string) questionnaires.Text {
	t := rec.words(column, r.first)
	for lang, words := range t {
		if strings.Contains(words, "${") {
			r.later = append(r.later, func() { t[lang] = r.unpipe(rec.place(column), words) })
		}
	}
	return t
}

// unpipe turns ${e_size} into {e_size}.
func (r *reader) unpipe(at cell, words string) string {
	return theirPipe.ReplaceAllStringFunc(words, func(m string) string {
		ref := strings.TrimSpace(m[2 : len(m)-1])
		if of, ok := r.aliases[ref]; ok {
			ref = of
		}
		if v := r.scope.byRef[ref]; v != nil {
			return "{" + v.name + "}"
		}
		if !r.own {
			r.lost(at, "piping", "${%s} is no question that is carried; it stays as it is", ref)
		}
		return m
	})
}
