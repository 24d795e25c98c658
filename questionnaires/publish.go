package questionnaires

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
)

// Verdict is what publishing the files of a version comes to.
type Verdict struct {
	Questionnaire *Questionnaire // nil where the files cannot be read at all
	Before        *Questionnaire // the newest published version below it; nil: this is the first
	Classes       Classification
	Changes       []Change  // against Before
	Open          []Change  // those of Changes that are not classified
	Findings      []Finding // of reading, linting, numbering and classifying, warnings among them
}

// Refusals gives the findings that keep the version from being published.
func (v Verdict) Refusals() []Finding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f Finding) bool { return f.Warning })
}

// Publishable says whether nothing keeps the version from being published.
func (v Verdict) Publishable() bool { return v.Questionnaire != nil && len(v.Refusals()) == 0 }

// FolderFiles reads the files of a version that matter for publishing: those in
// Files and, where there is one, the classification. A missing file is no error
// here; Judge names it.
func FolderFiles(dir fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range append(Files(), ChangesFile) {
		data, err := readFile(dir, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}

// Judge decides whether the files of a version may be published after the
// versions that are published already, of which those of other keys do not
// matter. It is the only place that decides this.
func Judge(files map[string][]byte, published []*Questionnaire) Verdict {
	v := Verdict{Classes: Classification{Classes: map[string]string{}}}
	found := unreadable(files)
	if len(found) == 0 {
		q, inside, err := ReadFiles(files)
		if err != nil {
			found.add(StructureFile, RuleUnreadable, "%s", err)
		} else {
			v.Questionnaire = q
			found = append(found, inside...)
			found = append(found, Lint(q)...)
		}
	}
	if data, ok := files[ChangesFile]; ok {
		classes, inside, err := ParseChanges(data)
		if err != nil {
			found.add(ChangesFile, RuleUnreadable, "%s", err)
		} else {
			v.Classes, found = classes, append(found, inside...)
		}
	}
	if v.Questionnaire != nil && v.number(published, &found) {
		v.classify(&found)
		found = append(found, LintAgainst(v.Questionnaire, v.earlier(published), v.Classes)...)
	}
	v.Findings = found
	return v
}

// unreadable reports the files that are missing or no YAML.
func unreadable(files map[string][]byte) findings {
	var found findings
	for _, name := range Files() {
		data, ok := files[name]
		if !ok {
			found.add(name, RuleMissingFile, "the version has no such file")
			continue
		}
		if len(data) > maxFileSize {
			found.add(name, RuleTooLarge, "a file has at most %d KB", maxFileSize>>10)
		} else if _, err := parseTree(data); err != nil {
			found.add(name, RuleUnreadable, "%s", err)
		}
	}
	return found
}

// number finds the version before, and refuses a number that is taken or passed:
// the changes of such a one are not worth a look.
func (v *Verdict) number(published []*Questionnaire, found *findings) bool {
	q, before := v.Questionnaire, len(*found)
	for _, p := range published {
		switch {
		case p.Key != q.Key:
		case p.Version == q.Version:
			found.add(StructureFile+": version", RulePublishedAlready, "%s is published; a new version needs a new number", q.Ref())
		case p.Version > q.Version:
			found.add(StructureFile+": version", RuleNumberPassed, "%s is published already; a new version comes after it", p.Ref())
		case v.Before == nil || p.Version > v.Before.Version:
			v.Before = p
		}
	}
	return len(*found) == before
}

// earlier gives the published versions below, the oldest first.
func (v *Verdict) earlier(published []*Questionnaire) []*Questionnaire {
	below := slices.DeleteFunc(slices.Clone(published), func(p *Questionnaire) bool { return p.Key != v.Questionnaire.Key })
	slices.SortFunc(below, func(a, b *Questionnaire) int { return a.Version - b.Version })
	return below
}

// classify compares with the version before and reports what the author has not
// classified, one finding for each variable.
func (v *Verdict) classify(found *findings) {
	if v.Before == nil {
		if v.Classes.Against != "" {
			found.add(ChangesFile+": against", RuleWrongAgainst, "%s is the first version of its key: there is nothing to classify against", v.Questionnaire.Ref())
		}
		return
	}
	if against := v.Classes.Against; against != "" && against != v.Before.Ref() {
		found.add(ChangesFile+": against", RuleWrongAgainst, "the changes are compared with %s, not with %s", v.Before.Ref(), against)
		v.Classes.Classes = map[string]string{} // they speak of other changes
	}
	v.Changes = Compare(v.Before, v.Questionnaire)
	v.Open = v.Classes.Unclassified(v.Changes)
	said, about := map[string]bool{}, map[string]bool{}
	for _, x := range v.Open {
		if !said[x.Variable] {
			said[x.Variable] = true
			found.add(ChangesFile+": "+x.Variable, RuleUnclassified, "%s: say what this does to the trend: %s", x.What(Languages[len(Languages)-1]), alternatives(x.Allowed()))
		}
	}
	for _, x := range v.Changes {
		about[x.Variable], about[x.Question] = true, true
	}
	for _, name := range slices.Sorted(maps.Keys(v.Classes.Classes)) {
		if !about[name] {
			found.add(ChangesFile+": "+name, RuleNothingChanged, "nothing changed at %s since %s: the line says more than is true", name, v.Before.Ref())
		}
	}
}

// alternatives prints "a, b or c".
func alternatives(words []string) string {
	out := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			out += " or "
		default:
			out += ", "
		}
		out += w
	}
	return out
}

// Next gives the files of a version as the beginning of the one after before, which
// is the newest published one: another number, the same everything else, and no
// classification yet. It is how an author starts a change.
func Next(files map[string][]byte, before *Questionnaire) (map[string][]byte, error) {
	structure := files[StructureFile]
	at := versionLine.FindSubmatchIndex(structure)
	if at == nil {
		return nil, fmt.Errorf("the structure has no line version: to be changed: %w", fs.ErrNotExist)
	}
	out := map[string][]byte{}
	for _, name := range Files() {
		out[name] = slices.Clone(files[name])
	}
	out[StructureFile] = slices.Concat(structure[:at[2]], fmt.Appendf(nil, "%d", before.Version+1), structure[at[3]:])
	out[ChangesFile] = Classification{Against: before.Ref()}.Write(nil)
	return out, nil
}

var versionLine = regexp.MustCompile(`(?m)^version:[ \t]*(\d+)[ \t]*(?:#.*)?$`)
