package questionnaires

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// options compares the answers of a question. An answer that kept its words and
// lost its code is one change of code, not one answer less and one more.
func (c *comparison) options(old, new *Question) {
	code, start := new.Code, len(c.found)
	renamed := recoded(old, new)
	var kept, stayed []string
	for _, o := range new.Options {
		name := o.Code
		if was, ok := renamed[o.Code]; ok {
			name = was
		}
		before := old.Option(name)
		first := len(c.found)
		if before == nil {
			c.add(code, "", "option_added", "", o.said(), code)
			c.part(first, o.Code)
			continue
		}
		kept = append(kept, name)
		c.differ(code, "option_code", name, o.Code, code)
		c.texts(code, "option_wording", before.Label, o.Label, code)
		c.differ(code, "option_meaning", flagsOf(*before), flagsOf(o), code)
		c.differ(code, "option_routing", before.If.text(), o.If.text(), code)
		c.part(first, o.Code)
	}
	for _, o := range old.Options {
		if slices.Contains(kept, o.Code) {
			stayed = append(stayed, o.Code)
			continue
		}
		first := len(c.found)
		c.add(code, "", "option_removed", o.said(), "", code)
		c.part(first, o.Code)
	}
	if !slices.Equal(stayed, kept) {
		c.differ(code, "option_order", strings.Join(stayed, ", "), strings.Join(kept, ", "), code)
	}
	for i := start; i < len(c.found); i++ {
		c.found[i].Scale = old.scaled() && new.scaled()
	}
}

// said gives an answer as a reader of changes wants it: its code and its words.
func (o Option) said() string {
	if words := o.Label.In(Languages[0]); words != "" {
		return o.Code + ": " + words
	}
	return o.Code
}

// recoded finds the answers that only changed their code: new code to old one.
func recoded(old, new *Question) map[string]string {
	out := map[string]string{}
	for _, o := range new.Options {
		if old.Option(o.Code) != nil {
			continue
		}
		for _, was := range old.Options {
			if new.Option(was.Code) == nil && len(o.Label) > 0 && maps.Equal(was.Label, o.Label) {
				out[o.Code] = was.Code
			}
		}
	}
	return out
}

// scaled says whether the options are points of a scale: those of a matrix, and
// those whose codes are numbers.
func (qu *Question) scaled() bool {
	if qu.Kind == Matrix {
		return true
	}
	points := 0
	for _, o := range qu.Options {
		if o.Missing != 0 {
			continue
		}
		if _, err := strconv.Atoi(o.Code); err != nil {
			return false
		}
		points++
	}
	return qu.Kind == Single && points > 2
}

// flagsOf prints what choosing an option does besides being an answer.
func flagsOf(o Option) string {
	var out string
	if o.Exclusive {
		out += " exclusive"
	}
	if o.Other {
		out += " other"
	}
	return out
}

func (c *comparison) rows(old, new *Question) {
	before := map[string]Row{}
	var stayed, kept []string
	for _, r := range old.Rows {
		before[r.Code] = r
	}
	for _, r := range new.Rows {
		variable := new.Code + "__" + r.Code
		was, ok := before[r.Code]
		if !ok {
			c.add(variable, "", "row_added", "", r.Label.In(Languages[0]), new.Code)
			continue
		}
		kept = append(kept, r.Code)
		c.texts(variable, "row_wording", was.Label, r.Label, new.Code)
		c.differ(variable, "row_routing", was.rule(), r.rule(), new.Code)
	}
	for _, r := range old.Rows {
		if slices.ContainsFunc(new.Rows, func(x Row) bool { return x.Code == r.Code }) {
			stayed = append(stayed, r.Code)
			continue
		}
		c.add(new.Code+"__"+r.Code, "", "row_removed", r.Label.In(Languages[0]), "", new.Code)
	}
	if !slices.Equal(stayed, kept) {
		c.differ(new.Code, "row_order", strings.Join(stayed, ", "), strings.Join(kept, ", "), new.Code)
	}
}

// rule prints when a row is asked and when it must be filled.
func (r Row) rule() string {
	if r.If == nil {
		return r.RequiredIf.text()
	}
	if r.RequiredIf == nil {
		return "if " + r.If.source
	}
	return "if " + r.If.source + ", required if " + r.RequiredIf.source
}

// calculated reports what changed in the variables that nobody is asked.
func (c *comparison) calculated(old, new *Questionnaire) {
	before := map[string]*Calculated{}
	for _, x := range old.Calculated {
		before[x.Code] = x
	}
	for _, x := range new.Calculated {
		was := before[x.Code]
		delete(before, x.Code)
		if was == nil {
			c.add(x.Code, "", "added", "", x.Label.In(Languages[0]), x.Code)
			continue
		}
		c.differ(x.Code, "formula", was.Rule(), x.Rule(), x.Code)
		c.differ(x.Code, "role", was.Role, x.Role, x.Code)
		c.texts(x.Code, "wording", was.Label, x.Label, x.Code)
	}
	for _, x := range old.Calculated {
		if before[x.Code] != nil {
			c.add(x.Code, "", "removed", x.Label.In(Languages[0]), "", x.Code)
		}
	}
}

// text is Source of a condition that may be nil.
func (c *Condition) text() string {
	if c == nil {
		return ""
	}
	return c.source
}

// order reports the questions that both versions have and that no longer follow
// the same one of these.
func (c *comparison) order(old, new *Questionnaire) {
	follows := func(q, other *Questionnaire) map[string]string {
		out, last := map[string]string{}, ""
		for _, qu := range q.questions {
			if other.Question(qu.Code) != nil {
				out[qu.Code], last = last, qu.Code
			}
		}
		return out
	}
	was, is := follows(old, new), follows(new, old)
	for _, qu := range new.questions {
		if before, ok := was[qu.Code]; ok && before != is[qu.Code] {
			c.add(qu.Code, "", "order", "after "+before, "after "+is[qu.Code], qu.Code)
		}
	}
}

func (c *comparison) checks(old, new *Questionnaire) {
	before := map[string]Check{}
	for _, x := range old.Checks {
		before[x.Code] = x
	}
	for _, x := range new.Checks {
		was, ok := before[x.Code]
		delete(before, x.Code)
		if !ok {
			c.add(x.Code, "", "check_added", "", x.Fails.text(), x.Question)
			continue
		}
		c.differ(x.Code, "check", was.rule(), x.rule(), x.Question)
		c.texts(x.Code, "words", was.Text, x.Text, "")
	}
	for _, x := range old.Checks {
		if _, gone := before[x.Code]; gone {
			c.add(x.Code, "", "check_removed", x.Fails.text(), "", x.Question)
		}
	}
}

// rule prints what a check does.
func (c Check) rule() string {
	out := c.Question + ": " + c.Fails.text()
	if c.Soft {
		out += " (soft)"
	}
	if c.Release {
		out += " (at release)"
	}
	return out
}
