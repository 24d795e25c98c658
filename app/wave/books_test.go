package wave_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// nextEmployer is the files of employer/3: a question reworded, and classified where class is set.
func nextEmployer(t *testing.T, class string) map[string][]byte {
	t.Helper()
	dir, err := fs.Sub(questionnaires.Definitions(), "employer/2")
	if err != nil {
		t.Fatal(err)
	}
	files, err := questionnaires.FolderFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if files, err = questionnaires.Next(files, questionnaires.Newest("employer")); err != nil {
		t.Fatal(err)
	}
	for _, lang := range questionnaires.Languages {
		name := questionnaires.TextFile(lang)
		before := files[name]
		if files[name] = bytes.Replace(before, []byte("  e_since:\n    label: \""), []byte("  e_since:\n    label: \"* "), 1); bytes.Equal(before, files[name]) {
			t.Fatalf("%s was not changed", name)
		}
	}
	if class != "" {
		files[questionnaires.ChangesFile] = []byte("against: employer/2\nchanges: [{variable: e_since, class: " + class + "}]\n")
	}
	return files
}

func TestAPublishedVersionIsAskedAndFrozen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, s := t.Context(), &wave.Service{Store: store}
		v, err := s.Publish(ctx, nextEmployer(t, ""), "a@x.example")
		if !errors.Is(err, wave.ErrUnpublishable) || len(v.Refusals()) != 1 || v.Refusals()[0].Rule != "unclassified" {
			t.Fatalf("published without a class: %v %v", v.Refusals(), err)
		}
		if _, err := store.Staff.PublishedByRef(ctx, "employer/3"); !errors.Is(err, storage.ErrNotFound) {
			t.Fatalf("something was kept of what was refused: %v", err)
		}
		if v, err = s.Publish(ctx, nextEmployer(t, "keeps_meaning"), "a@x.example"); err != nil {
			t.Fatal(v.Refusals(), err)
		}
		if v, err := s.Publish(ctx, nextEmployer(t, "keeps_meaning"), "a@x.example"); !errors.Is(err, wave.ErrUnpublishable) {
			t.Errorf("published twice: %v %v", v.Refusals(), err)
		}
		other := &wave.Service{Store: store} // another instance
		refs, err := other.Refs(ctx, "employer")
		if err != nil || !slices.Equal(refs, []string{"employer/3", "employer/2", "employer/1"}) {
			t.Errorf("Refs = %v, %v", refs, err)
		}
		w, err := other.Create(ctx, wave.Plan{Label: "2031", RefFrom: 2026, RefTo: 2030, Opens: time.Now().Add(-time.Hour), Closes: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		pinned, err := store.Identity.Population(ctx, w.ID, "employer")
		if err != nil || pinned.Questionnaire != "employer/3" || pinned.Hash != v.Questionnaire.Hash {
			t.Errorf("the newest version is not pinned: %+v, %v", pinned, err)
		}
		if got := stateOf(t, other, "employer/3"); got != wave.Published {
			t.Errorf("before anybody may answer it is %s", got)
		}
		if err := other.AddOffices(ctx, "2031", []identity.Participant{{Code: "ZH", Name: "ZH", Email: "zh@x.example", Language: "de"}}); err != nil {
			t.Fatal(err)
		}
		if err := other.Open(ctx, "2031", "office"); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, other, "office/2"); got != wave.Frozen {
			t.Errorf("what a population was opened under is %s", got)
		}
	})
}

func stateOf(t *testing.T, s *wave.Service, ref string) string {
	t.Helper()
	all, err := s.Shelf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if k.Ref == ref {
			return k.State
		}
	}
	t.Fatalf("%s is not on the shelf: %v", ref, all)
	return ""
}

func TestARowThatDoesNotGiveItsHashIsRefused(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, s := t.Context(), &wave.Service{Store: store}
		for ref, row := range map[string]staff.Questionnaire{
			"employer/3": {Hash: "0", Files: "{}"}, "employer/4": {Hash: "0", Files: "no JSON"},
		} {
			row.Ref, row.PublishedBy = ref, "x"
			if err := store.Staff.Publish(ctx, row); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Questionnaire(ref, ""); !errors.Is(err, wave.ErrDamaged) {
				t.Errorf("%s: %v", ref, err)
			}
		}
		if _, err := s.Questionnaire("employer/9", ""); !errors.Is(err, questionnaires.ErrUnknown) {
			t.Errorf("a version that is not there: %v", err)
		}
		if _, err := s.Questionnaire("employer/2", "0000"); !errors.Is(err, questionnaires.ErrUnknown) {
			t.Errorf("other words than those that were pinned: %v", err)
		}
	})
}

func TestADraftBeginsAsACopyAndGoesWithPublishing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, s := t.Context(), &wave.Service{Store: store}
		ref, err := s.NextVersion(ctx, "employer/1", "a@x.example")
		if err != nil || ref != "employer/3" {
			t.Fatalf("next after employer/1: %s, %v", ref, err)
		}
		if _, err := s.NextVersion(ctx, "employer/2", "a@x.example"); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("a second draft of the same number: %v", err)
		}
		if err := s.KeepDraft(ctx, "employer/2", nextEmployer(t, ""), "", "x"); !errors.Is(err, storage.ErrDuplicate) {
			t.Errorf("a draft of what is published: %v", err)
		}
		_, seen, err := s.Draft(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.KeepDraft(ctx, ref, nextEmployer(t, "breaks_trend"), seen, "b@x.example"); err != nil {
			t.Fatal(err)
		}
		files, _, err := s.Draft(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := s.Publish(ctx, files, "b@x.example"); err != nil {
			t.Fatal(v.Refusals(), err)
		}
		if _, _, err := s.Draft(ctx, ref); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("the draft is still there: %v", err)
		}
		series, err := s.Trend(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range series {
			if from := map[string]string{"e_since": "employer/3", "e_contact": "employer/1", "e_role": "employer/2"}[x.Variable]; from != "" && (x.From != from || x.Until != ref) {
				t.Errorf("the trend of %s runs from %s until %s", x.Variable, x.From, x.Until)
			}
		}
	})
}
