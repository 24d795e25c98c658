package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"rondo/questionnaires"
)

// previewFolder is a folder that somebody is working on. It is read anew whenever a file of it
// has changed; until then what was read last is kept.
type previewFolder struct {
	path string

	lock sync.Mutex
	last previewState
	good *questionnaires.Questionnaire // what could be shown last
}

// previewState is what a folder held at one moment.
type previewState struct {
	Revision      string                        // over the bytes of all files
	Questionnaire *questionnaires.Questionnaire // nil: the files cannot be shown
	Findings      []questionnaires.Finding
}

// look reads the folder if it has changed. The files are small: comparing their bytes is quick,
// and does not depend on the clock of the file system.
func (f *previewFolder) look() previewState {
	f.lock.Lock()
	defer f.lock.Unlock()
	dir := os.DirFS(f.path)
	files, err := questionnaires.FolderFiles(dir)
	revision := revisionOf(files, err)
	if revision == f.last.Revision {
		return f.last
	}
	f.last = previewState{Revision: revision}
	if err != nil {
		f.last.Findings = []questionnaires.Finding{{Path: f.path, Rule: "unreadable", Sentence: err.Error()}}
		return f.last
	}
	v := questionnaires.Judge(files, questionnaires.Builtins())
	f.last.Questionnaire, f.last.Findings = v.Questionnaire, v.Findings
	if v.Questionnaire != nil {
		if err := tried(v.Questionnaire); err != nil {
			f.last.Questionnaire = nil
			f.last.Findings = append(f.last.Findings, questionnaires.Finding{Path: questionnaires.StructureFile, Rule: "unreadable", Sentence: err.Error()})
		}
	}
	if f.last.Questionnaire != nil {
		f.good = f.last.Questionnaire
	}
	return f.last
}

// shown is the questionnaire that could be shown last: a page under way while somebody saves a
// half-written file is finished with it.
func (f *previewFolder) shown() *questionnaires.Questionnaire {
	f.look()
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.good
}

func revisionOf(files map[string][]byte, err error) string {
	sum := sha256.New()
	for _, name := range append(questionnaires.Files(), questionnaires.ChangesFile) {
		data, ok := files[name]
		fmt.Fprintf(sum, "%s %t %d\n%s\n", name, ok, len(data), data)
	}
	fmt.Fprint(sum, err)
	return fmt.Sprintf("%x", sum.Sum(nil)[:12])
}

// tried walks through a questionnaire as its pages will. One with findings may be half made, and
// an author between two key strokes gets a sentence, not a failure.
func tried(q *questionnaires.Questionnaire) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the questionnaire cannot be shown before the other findings are mended (%v)", p)
		}
	}()
	for _, p := range q.Pages {
		q.Shown(p.Code, nil)
		q.Check(p.Code, nil, questionnaires.Setting{})
	}
	q.Settle(nil, questionnaires.Setting{})
	q.Columns()
	if len(q.Pages) == 0 || len(q.Path(nil)) == 0 {
		return fmt.Errorf("the questionnaire has no page that is asked at the beginning")
	}
	return nil
}

// broken gives the findings of a folder that cannot be shown.
func (s previewState) broken() []questionnaires.Finding {
	if s.Questionnaire != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f questionnaires.Finding) bool { return f.Warning })
}

// holdsQuestionnaire says whether there is anything to preview.
func (f *previewFolder) holdsQuestionnaire() error {
	if _, err := fs.Stat(os.DirFS(f.path), questionnaires.StructureFile); err != nil {
		return fmt.Errorf("%s holds no %s", strings.TrimSuffix(f.path, "/"), questionnaires.StructureFile)
	}
	return nil
}
