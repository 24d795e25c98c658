package questionnaires

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestBuiltinsHaveTheItemsOfTheInstruments(t *testing.T) {
	want := map[string]int{"office/1": 41, "office/2": 47, "employer/1": 27, "employer/2": 36, "discussion/1": 15, "discussion/2": 23}
	for _, q := range Builtins() {
		if got := len(q.Questions()); got != want[q.Ref()] {
			t.Errorf("%s has %d questions, want %d", q.Ref(), got, want[q.Ref()])
		}
		delete(want, q.Ref())
	}
	if len(want) > 0 {
		t.Errorf("not built in: %v", want)
	}
}

func TestBuiltinsAreOrderedAndFoundByReference(t *testing.T) {
	var refs []string
	for _, q := range Builtins() {
		refs = append(refs, q.Ref())
		if got, err := Builtin(q.Ref()); err != nil || got != q {
			t.Errorf("Builtin(%s) = %v, %v", q.Ref(), got, err)
		}
	}
	want := []string{"discussion/1", "discussion/2", "employer/1", "employer/2", "office/1", "office/2"}
	if len(refs) != len(want) {
		t.Fatalf("Builtins() = %v, want %v", refs, want)
	}
	for i := range want {
		if refs[i] != want[i] {
			t.Errorf("Builtins() = %v, want %v", refs, want)
		}
	}
	for _, ref := range []string{"employer/3", "employer", "", "nobody/1"} {
		if _, err := Builtin(ref); !errors.Is(err, ErrUnknown) {
			t.Errorf("Builtin(%q) gives %v, want ErrUnknown", ref, err)
		}
	}
	if q := Newest("employer"); q == nil || q.Version != 2 {
		t.Errorf("Newest(employer) = %v, want version 2", q)
	}
	if q := Newest("nobody"); q != nil {
		t.Errorf("Newest(nobody) = %v, want none", q)
	}
}

func TestBuiltinsLintClean(t *testing.T) {
	for _, q := range Builtins() {
		for _, f := range Lint(q) {
			t.Errorf("%s: %v", q.Ref(), f)
		}
	}
}

func TestPublishedFilesAreUnchanged(t *testing.T) {
	found, err := Published(Definitions())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func TestPublishedNamesEveryKindOfTampering(t *testing.T) {
	dir := fstest.MapFS{}
	err := fs.WalkDir(Definitions(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Definitions(), name)
		dir[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir["employer/1/text.de.yaml"].Data = append(dir["employer/1/text.de.yaml"].Data, ' ')
	delete(dir, "employer/2/text.fr.yaml")
	dir["employer/3/text.fr.yaml"] = &fstest.MapFile{Data: []byte("title: x")}
	found, err := Published(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"employer/1/text.de.yaml": "published_changed",
		"employer/2/text.fr.yaml": "published_missing",
		"employer/3/text.fr.yaml": "not_published",
	}
	for _, f := range found {
		if want[f.Path] != f.Rule {
			t.Errorf("unexpected finding %v", f)
		}
		delete(want, f.Path)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func TestSecondVersionsClassifyEveryChange(t *testing.T) {
	for _, key := range []string{"office", "employer", "discussion"} {
		dir, err := fs.Sub(Definitions(), key+"/2")
		if err != nil {
			t.Fatal(err)
		}
		classes, found, err := ReadChanges(dir)
		if err != nil || len(found) > 0 {
			t.Fatalf("%s: %v %v", key, found, err)
		}
		old, err := Builtin(classes.Against)
		if err != nil {
			t.Fatal(err)
		}
		changes := Compare(old, Newest(key))
		for _, x := range classes.Unclassified(changes) {
			t.Errorf("%s/2: not classified: %+v", key, x)
		}
		for _, x := range changes {
			if x.Question != "" && classes.Of(x) != ClassNew {
				t.Errorf("%s/2: %+v is %s; version 2 only adds", key, x, classes.Of(x))
			}
		}
		if len(changes) < len(classes.Classes) {
			t.Errorf("%s/2: %d changes, but %d are classified", key, len(changes), len(classes.Classes))
		}
	}
}
