package xlsform

import (
	"regexp"
	"strings"
)

// item is a row of the survey sheet, or a group with what is in it.
type item struct {
	*record
	kind     string // group, repeat, select_one, select_multiple, rank, integer …
	list     string
	orOther  bool
	name     string
	children []*item
}

// kindWords are other spellings of types.
var kindWords = map[string]string{
	"select1": "select_one", "select one": "select_one", "select one from": "select_one", "add select one prompt using": "select_one",
	"select multiple": "select_multiple", "select multiple from": "select_multiple", "select all that apply": "select_multiple",
	"select all that apply from": "select_multiple", "add select multiple prompt using": "select_multiple", "select": "select_multiple",
	"int": "integer", "string": "text", "trigger": "acknowledge", "begin group": "begin_group", "end group": "end_group",
	"begin repeat": "begin_repeat", "end repeat": "end_repeat", "begin_loop": "begin_repeat", "end_loop": "end_repeat", "begin loop": "begin_repeat",
	"end loop": "end_repeat", "date time": "dateTime", "datetime": "dateTime",
}

var choiceType = regexp.MustCompile(`^(select_one|select_multiple|rank|select one|select1|select one from|add select one prompt using|select multiple|select multiple from|select all that apply from|select all that apply|add select multiple prompt using) +(\S+)( +or[_ ](?:specify )?other)?$`)

// readType takes a type apart.
func readType(s string) (kind, list string, orOther bool) {
	s = strings.Join(strings.Fields(s), " ")
	if m := choiceType.FindStringSubmatch(s); m != nil {
		kind, list, orOther = m[1], m[2], m[3] != ""
	} else {
		kind = s
	}
	if k, ok := kindWords[strings.ToLower(kind)]; ok {
		kind = k
	}
	return kind, list, orOther
}

// items reads the survey sheet as a tree.
func (r *reader) items() []*item {
	root := &item{}
	stack := []*item{root}
	top := func() *item { return stack[len(stack)-1] }
	for _, rec := range r.survey.records {
		if s := strings.ToLower(rec.get("disabled")); s == "yes" || s == "true" || s == "true()" {
			rec.skip() // its author has taken the row out
			continue
		}
		it := &item{record: rec}
		it.kind, it.list, it.orOther = readType(rec.get("type"))
		it.name = rec.get("name")
		switch it.kind {
		case "":
			rec.skip()
			r.lost(rec.here(), "no_type", "the row has no type")
		case "begin_group", "begin_repeat":
			it.kind = strings.TrimPrefix(it.kind, "begin_")
			top().children = append(top().children, it)
			if len(stack) > deepestGroups {
				rec.skip()
				r.lost(rec.here(), "nested_groups", "groups are nested more than %d deep; this one is read as if it were not there", deepestGroups)
				stack = append(stack, top())
				continue
			}
			stack = append(stack, it)
		case "end_group", "end_repeat":
			if len(stack) == 1 {
				r.lost(rec.here(), "unbalanced", "nothing begins that ends here")
				continue
			}
			stack = stack[:len(stack)-1]
		default:
			top().children = append(top().children, it)
		}
	}
	if len(stack) > 1 && top().record != nil {
		r.changed(top().here(), "unbalanced", "the group %s does not end; it is read to the last row", top().name)
	}
	return root.children
}

const deepestGroups = 20

// says tells whether an appearance has a word.
func (it *item) says(words ...string) bool {
	for _, have := range strings.Fields(strings.ToLower(it.peek("appearance"))) {
		for _, w := range words {
			if have == w {
				return true
			}
		}
	}
	return false
}
