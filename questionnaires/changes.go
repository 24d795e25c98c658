package questionnaires

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// ChangesFile is where the author of a version says what its changes against
// the version before do to the trend.
const ChangesFile = "changes.yaml"

// The classes of a change.
const (
	ClassNew          = "new"           // a question or check that the version before does not have
	ClassKeepsMeaning = "keeps_meaning" // the trend goes on
	ClassBreaksTrend  = "breaks_trend"  // the trend starts anew here
)

// Classification is what an author declares about the changes of a version.
type Classification struct {
	Against string            // the version compared with: employer/1
	Classes map[string]string // class by variable, question or check

	// Checked are languages whose words were looked at and rightly stayed as they
	// were although another language changed, by place (questions/e_since/label).
	Checked map[string][]string
}

// ReadChanges reads the classification of a version from its folder. A folder
// without one gives an empty classification.
func ReadChanges(dir fs.FS) (Classification, []Finding, error) {
	data, err := readFile(dir, ChangesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Classification{Classes: map[string]string{}}, nil, nil
	}
	if err != nil {
		return Classification{}, nil, err
	}
	return ParseChanges(data)
}

// ParseChanges reads a classification from the bytes of its file.
func ParseChanges(data []byte) (Classification, []Finding, error) {
	c := Classification{Classes: map[string]string{}}
	tree, err := parseTree(data)
	if err != nil {
		return c, nil, fmt.Errorf("read %s: %w", ChangesFile, err)
	}
	var found findings
	f := mapping(ChangesFile+":", tree, &found)
	c.Against = f.word("against")
	for i, v := range f.list("changes") {
		entry := mapping(fmt.Sprintf("%s changes[%d]", f.path, i+1), v, &found)
		variable, class := entry.word("variable"), entry.word("class")
		if !slices.Contains([]string{ClassNew, ClassKeepsMeaning, ClassBreaksTrend}, class) {
			found.add(entry.at("class"), RuleBadValue, "a class is %s, %s or %s", ClassNew, ClassKeepsMeaning, ClassBreaksTrend)
		}
		if c.Classes[variable] != "" {
			found.add(entry.at("variable"), RuleDuplicateCode, "%s is classified twice", variable)
		}
		c.Classes[variable] = class
		entry.done()
	}
	c.Checked = readChecked(f)
	f.done()
	return c, found, nil
}

// readChecked reads the translations that need no change, by place.
func readChecked(f *fields) map[string][]string {
	v, ok := f.take("translations")
	if !ok {
		return nil
	}
	checked := map[string][]string{}
	places := mapping(f.at("translations"), v, f.found)
	for _, place := range slices.Sorted(maps.Keys(places.values)) {
		for _, lang := range places.words(place) {
			if !slices.Contains(Languages, lang) {
				f.found.add(places.at(place), RuleBadValue, "a language is one of %v", Languages)
				continue
			}
			checked[place] = append(checked[place], lang)
		}
	}
	return checked
}

// Unclassified gives the changes that the author has not classified, by
// variable or by question. A version with any cannot be published. Words around
// the questions need no class.
func (c Classification) Unclassified(changes []Change) []Change {
	var open []Change
	for _, x := range changes {
		if x.Question != "" && c.Of(x) == "" {
			open = append(open, x)
		}
	}
	return open
}

// Allowed gives the classes that a change may have.
func (x Change) Allowed() []string {
	switch x.Kind {
	case "added", "check_added":
		return []string{ClassNew, ClassBreaksTrend}
	case "row_added":
		return []string{ClassNew, ClassKeepsMeaning, ClassBreaksTrend}
	}
	return []string{ClassKeepsMeaning, ClassBreaksTrend}
}

// Write gives the bytes of the file that ReadChanges reads, the variables in the
// order of the changes; classes of anything else are left out, what was said of
// translations stays.
func (c Classification) Write(changes []Change) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# What changed against %s, and what each change does to the trend.\nagainst: %s\nchanges:", c.Against, c.Against)
	written := map[string]bool{}
	for _, x := range changes {
		for _, name := range []string{x.Question, x.Variable} {
			if class := c.Classes[name]; class != "" && x.Question != "" && !written[name] {
				written[name] = true
				fmt.Fprintf(&b, "\n  - {variable: %s, class: %s}", name, class)
			}
		}
	}
	if len(written) == 0 {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	if len(c.Checked) > 0 {
		b.WriteString("translations:\n")
	}
	for _, place := range slices.Sorted(maps.Keys(c.Checked)) {
		fmt.Fprintf(&b, "  %s: [%s]\n", place, strings.Join(c.Checked[place], ", "))
	}
	return []byte(b.String())
}

// Of gives the class of one change, or "".
func (c Classification) Of(x Change) string {
	class := c.Classes[x.Variable]
	if class == "" {
		class = c.Classes[x.Question]
	}
	added := x.Kind == "added" || x.Kind == "check_added"
	if x.Kind == "row_added" && class == ClassNew && c.Classes[x.Variable] == ClassNew {
		return class // a row of its own name is a variable of its own
	}
	if (class == ClassNew) != added && !(added && class == ClassBreaksTrend) {
		return ""
	}
	return class
}
