package questionnaires

import (
	"fmt"
	"strings"
)

// Change is one difference between two versions. Variable is the question, the
// variable (question__row) or the place of other words (title, pages[e1]);
// Language is set for words.
type Change struct {
	Variable string
	Language string
	Kind     string // added, removed, wording, option_added, … (see Compare)
	Old, New string
	Question string // the question whose trend the change touches; "" for other words
	Part     string // the option or note whose words differ; "" for others
	Scale    bool   // the options of the question are points of a scale
}

// Compare lists what changed from one version to the next, in the order of the
// new one. Kinds are: added, removed, kind, wording, required, routing, order,
// page, role, limits, initial, shuffle, option_added, option_removed,
// option_code, option_wording, option_order, option_meaning, option_routing,
// row_added, row_removed, row_wording, row_order, row_routing, check_added, check_removed,
// check, formula (of a calculated variable, which also has added, removed,
// wording and role), and words for what stands around the questions.
func Compare(old, new *Questionnaire) []Change {
	c := &comparison{}
	c.words("title", old.Title, new.Title)
	c.words("intro", old.Intro, new.Intro)
	c.words("header", old.Header, new.Header)
	c.notes("notes", old.Notes, new.Notes)
	c.pages(old, new)
	for _, qu := range new.questions {
		if before := old.Question(qu.Code); before != nil {
			c.question(old, new, before, qu)
		} else {
			c.add(qu.Code, "", "added", "", qu.Label.In(Languages[0]), qu.Code)
		}
	}
	for _, qu := range old.questions {
		if new.Question(qu.Code) == nil {
			c.add(qu.Code, "", "removed", qu.Label.In(Languages[0]), "", qu.Code)
		}
	}
	c.calculated(old, new)
	c.order(old, new)
	c.checks(old, new)
	return c.found
}

type comparison struct{ found []Change }

func (c *comparison) add(variable, lang, kind, old, new, question string) {
	c.found = append(c.found, Change{Variable: variable, Language: lang, Kind: kind, Old: old, New: new, Question: question})
}

// part notes which option or note the changes found since the first-th are about.
func (c *comparison) part(first int, code string) {
	for i := first; i < len(c.found); i++ {
		c.found[i].Part = code
	}
}

// differ adds a change where two values printed the same way are not equal.
func (c *comparison) differ(variable, kind string, old, new any, question string) {
	if x, y := fmt.Sprint(old), fmt.Sprint(new); x != y {
		c.add(variable, "", kind, x, y, question)
	}
}

func (c *comparison) texts(variable, kind string, old, new Text, question string) {
	for _, lang := range Languages {
		if old[lang] != new[lang] {
			c.add(variable, lang, kind, old[lang], new[lang], question)
		}
	}
}

func (c *comparison) words(place string, old, new Text) { c.texts(place, "words", old, new, "") }

func (c *comparison) notes(place string, old, new []Note) {
	before := map[string]Text{}
	for _, n := range old {
		before[n.Code] = n.Text
	}
	for _, n := range new {
		first := len(c.found)
		c.words(place+"["+n.Code+"]", before[n.Code], n.Text)
		c.part(first, n.Code)
		delete(before, n.Code)
	}
	for _, n := range old {
		if t, gone := before[n.Code]; gone {
			first := len(c.found)
			c.words(place+"["+n.Code+"]", t, nil)
			c.part(first, n.Code)
		}
	}
}

func (c *comparison) pages(old, new *Questionnaire) {
	for _, p := range new.Pages {
		place := "pages[" + p.Code + "]"
		before := old.Page(p.Code)
		if before == nil {
			before = &Page{}
		}
		c.words(place, before.Title, p.Title)
		c.notes(place+".notes", before.Notes, p.Notes)
	}
	for _, p := range old.Pages {
		if new.Page(p.Code) == nil {
			c.words("pages["+p.Code+"]", p.Title, nil)
		}
	}
}

func (c *comparison) question(oldQ, newQ *Questionnaire, old, new *Question) {
	code := new.Code
	c.differ(code, "kind", old.Kind, new.Kind, code)
	c.texts(code, "wording", old.Label, new.Label, code)
	c.texts(code, "wording", old.Unit, new.Unit, code)
	c.differ(code, "required", old.Required, new.Required, code)
	c.differ(code, "routing", oldQ.routingOf(old), newQ.routingOf(new), code)
	c.differ(code, "page", oldQ.pageOf(old).Code, newQ.pageOf(new).Code, code)
	c.differ(code, "role", old.Role, new.Role, code)
	c.differ(code, "limits", old.limits(), new.limits(), code)
	c.differ(code, "initial", strings.Join(old.Initial, ", "), strings.Join(new.Initial, ", "), code)
	c.differ(code, "shuffle", old.Shuffle, new.Shuffle, code)
	c.notesOf(old, new)
	c.options(old, new)
	c.rows(old, new)
}

func (c *comparison) notesOf(old, new *Question) {
	first := len(c.found)
	c.notes(new.Code, old.Notes, new.Notes)
	for i := first; i < len(c.found); i++ {
		c.found[i].Variable, c.found[i].Kind, c.found[i].Question = new.Code, "wording", new.Code
	}
}

// routingOf prints when a question is asked, its page's condition included.
func (q *Questionnaire) routingOf(qu *Question) string {
	var parts []string
	for _, c := range []*Condition{q.pageOf(qu).If, qu.If} {
		if c != nil {
			parts = append(parts, "("+c.source+")")
		}
	}
	return strings.Join(parts, " and ")
}

func (q *Questionnaire) pageOf(qu *Question) *Page {
	for _, p := range q.Pages {
		for _, x := range p.Questions {
			if x == qu {
				return p
			}
		}
	}
	return &Page{}
}

// limits prints what an answer may be, options and rows apart.
func (qu *Question) limits() string {
	var parts []string
	number := func(name string, n *float64) {
		if n != nil {
			parts = append(parts, name+" "+FormatNumber(*n))
		}
	}
	count := func(name string, n int) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", name, n))
		}
	}
	number("min", qu.Min)
	number("max", qu.Max)
	number("sum", qu.SumEquals)
	number("sum at least", qu.SumMin)
	count("decimals", qu.Decimals)
	count("characters", qu.MaxLength)
	count("top", qu.Top)
	count("at least", qu.Least)
	count("at most", qu.Most)
	flag := func(name string, set bool) {
		if set {
			parts = append(parts, name)
		}
	}
	flag("not future", qu.NotFuture)
	flag("prefilled", qu.Prefill)
	flag("proposed", qu.Default)
	flag("offices of the wave", qu.Offices)
	return strings.Join(parts, ", ")
}
