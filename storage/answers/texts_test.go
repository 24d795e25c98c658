package answers_test

import (
	"fmt"
	"slices"
	"testing"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

func TestFreeTextsAreKeptOnceWhileTheirWindowIsClosed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, f := t.Context(), open(t, s)
		var texts []answers.FreeText
		for i := range 9 {
			texts = append(texts, answers.FreeText{ID: db.NewID(), Variable: fmt.Sprint("v", i%2), State: "flagged", Body: []byte{byte(i)}})
		}
		wantErr(t, "while people answer", s.Answers.AddTexts(ctx, f.wave, "employer", texts), storage.ErrState)
		wantErr(t, "close", s.ClosePopulation(ctx, f.wave, "employer", nil, nil), nil)
		wantErr(t, "keep", s.Answers.AddTexts(ctx, f.wave, "employer", texts), nil)
		wantErr(t, "again", s.Answers.AddTexts(ctx, f.wave, "employer", texts[:1]), storage.ErrDuplicate)

		list, err := s.Answers.Texts(ctx, f.wave, "employer", "v1")
		if err != nil || len(list) != 4 || !slices.IsSortedFunc(list, func(a, b answers.FreeText) int { return map[bool]int{true: -1, false: 1}[a.ID < b.ID] }) {
			t.Fatalf("%d texts, %v", len(list), err)
		}
		one := list[0]
		one.State, one.Body = "released", []byte("sealed anew")
		wantErr(t, "change", s.Answers.KeepText(ctx, one), nil)
		wantErr(t, "change what somebody else has changed", s.Answers.KeepText(ctx, one), storage.ErrConflict)
		counts, err := s.Answers.CountTexts(ctx, f.wave, "employer")
		if err != nil || counts["v0"]["flagged"] != 5 || counts["v1"]["flagged"] != 3 || counts["v1"]["released"] != 1 || len(counts) != 2 {
			t.Errorf("counts: %v, %v", counts, err)
		}

		wantErr(t, "archive", s.Answers.EraseWindow(ctx, f.wave, "employer"), nil)
		if n, err := s.DB.CountRows(ctx, "free_texts"); err != nil || n != 0 {
			t.Errorf("%d texts outlive the archive, %v", n, err)
		}
		wantErr(t, "after the archive", s.Answers.AddTexts(ctx, f.wave, "employer", texts), storage.ErrState)
	})
}
