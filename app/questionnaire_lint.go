package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"rondo/questionnaires"
)

// QuestionnaireLint checks folders.
type QuestionnaireLint struct {
	Dirs []string `arg:"" name:"dir" type:"existingdir" help:"Folders of versions, or folders holding many."`
}

// linted is one folder of a version and what is found in it.
type linted struct {
	dir   string
	q     *questionnaires.Questionnaire // nil where it cannot be read
	found []questionnaires.Finding
}

// Run is the command. Each version is also compared with the ones before it:
// those in the folders given, and else the built-in ones.
func (l QuestionnaireLint) Run(_ context.Context, _ *Config, s Streams) error {
	var all []*linted
	for _, root := range l.Dirs {
		versions, err := versionsIn(root)
		if err != nil {
			return err
		}
		for _, dir := range versions {
			all = append(all, lintFolder(dir))
		}
	}
	bad := 0
	for _, v := range all {
		v.against(all)
		for _, f := range v.found {
			mark := ""
			if f.Warning {
				mark = " (a warning)"
			} else {
				bad++
			}
			fmt.Fprintf(s.Out, "%s%s\n", filepath.Join(v.dir, f.String()), mark)
		}
	}
	if bad == 1 {
		return errors.New("1 finding to mend")
	}
	if bad > 1 {
		return fmt.Errorf("%d findings to mend", bad)
	}
	return nil
}

// lintFolder reads and lints one version.
func lintFolder(dir string) *linted {
	v := &linted{dir: dir}
	q, found, err := questionnaires.ReadDir(os.DirFS(dir))
	if err != nil {
		v.unreadable(err)
		return v
	}
	v.q, v.found = q, append(found, questionnaires.Lint(q)...)
	return v
}

func (v *linted) unreadable(err error) {
	v.found = append(v.found, questionnaires.Finding{Path: questionnaires.StructureFile, Rule: questionnaires.RuleUnreadable, Sentence: err.Error()})
}

// against compares a version with those of its key that come before it.
func (v *linted) against(all []*linted) {
	if v.q == nil {
		return
	}
	byVersion := map[int]*questionnaires.Questionnaire{}
	for _, q := range questionnaires.Builtins() {
		if q.Key == v.q.Key && q.Version < v.q.Version {
			byVersion[q.Version] = q
		}
	}
	for _, other := range all {
		if other.q != nil && other.q.Key == v.q.Key && other.q.Version < v.q.Version {
			byVersion[other.q.Version] = other.q
		}
	}
	var earlier []*questionnaires.Questionnaire
	for _, q := range byVersion {
		earlier = append(earlier, q)
	}
	slices.SortFunc(earlier, func(a, b *questionnaires.Questionnaire) int { return cmp.Compare(a.Version, b.Version) })
	classes, found, err := questionnaires.ReadChanges(os.DirFS(v.dir))
	if err != nil {
		v.unreadable(err)
		return
	}
	v.found = append(v.found, found...)
	v.found = append(v.found, questionnaires.LintAgainst(v.q, earlier, classes)...)
}
