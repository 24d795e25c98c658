package wave

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

func TestNonResponseShowsNoCellOfFewAndNoExactOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		group := map[string]string{"o1": "G1", "o2": "G2", "o3": ""}
		employers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) identity.Participant {
			return identity.Participant{
				WaveID: "w", OfficeID: rapid.SampledFrom([]string{"o1", "o2", "o3"}).Draw(t, "office"),
				Size:     rapid.SampledFrom([]string{"1-9", "10-49", "50-249", "250+"}).Draw(t, "size"),
				Branch:   rapid.SampledFrom([]string{"A", "B", "C", "other"}).Draw(t, "branch"),
				Language: rapid.SampledFrom([]string{"de", "fr", "it"}).Draw(t, "language"), Selection: "picked",
				State: rapid.SampledFrom([]string{"open", "done", "refused", "wrong_person", "undeliverable"}).Draw(t, "state"),
			}
		}), 0, 80).Draw(t, "employers")
		invited, seen := map[string]int{}, map[[2]string]bool{}
		for _, cell := range nonResponse(employers, group) {
			if key := [2]string{cell.Dimension, cell.Value}; seen[key] {
				t.Errorf("two cells %v", key)
			} else {
				seen[key] = true
			}
			if cell.Invited < LeastCell {
				t.Errorf("a cell of %d: %+v", cell.Invited, cell)
			}
			told := 0
			for _, n := range []int{cell.Submitted, cell.Refused, cell.Undeliverable, cell.Silent} {
				if n%5 != 0 || n < 0 {
					t.Errorf("an exact outcome: %+v", cell)
				}
				told += n
			}
			if told > cell.Invited || cell.Invited-told > 4*4 {
				t.Errorf("outcomes %d of %d invited: %+v", told, cell.Invited, cell)
			}
			invited[cell.Dimension] += cell.Invited
		}
		for dimension, n := range invited {
			if n > len(employers) || len(employers)-n >= LeastCell {
				t.Errorf("%s adds up to %d of %d invited", dimension, n, len(employers))
			}
		}
	})
}

func TestNonResponseSurvivesTheArchiveAsAnAggregateOnly(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		w := field(t, s, 24)
		employers, err := store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		must(t, store.Identity.SetParticipantState(ctx, employers[0].ID, []string{"open"}, "refused"))
		early, err := s.NonResponse(ctx, w.ID)
		must(t, err)
		if early != nil {
			t.Errorf("told while employers answer: %+v", early)
		}
		submit(t, s, w)
		must(t, s.Close(ctx, "2026", "employer"))
		must(t, s.Close(ctx, "2026", "office"))
		must(t, s.Open(ctx, "2026", "discussion"))
		must(t, s.Close(ctx, "2026", "discussion"))
		closed, err := s.NonResponse(ctx, w.ID)
		must(t, err)
		want := identity.Outcomes{WaveID: w.ID, Dimension: "all", Value: "all", Invited: 24, Submitted: 20}
		if len(closed) == 0 || closed[0] != want {
			t.Fatalf("after close: %+v, want %+v first", closed, want)
		}
		counts, err := s.Counts(ctx, w.ID)
		must(t, err)
		must(t, s.Archive(ctx, "2026"))
		archived, err := s.NonResponse(ctx, w.ID)
		must(t, err)
		if diff := cmp.Diff(closed, archived); diff != "" {
			t.Errorf("the archive tells otherwise (-before +after):\n%s", diff)
		}
		again, err := s.Counts(ctx, w.ID)
		must(t, err)
		if diff := cmp.Diff(counts, again); diff != "" {
			t.Errorf("counts before and after the archive:\n%s", diff)
		}
		employers, err = store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		for _, e := range employers {
			if e.State != "open" || e.Size+e.Branch+e.Language+e.Selection+e.Name+e.Email != "" {
				t.Errorf("an archived employer can be told from others: %s %s", e.State, e.Selection)
			}
		}
	})
}

func TestSizesAreToldInTheirOrder(t *testing.T) {
	var employers []identity.Participant
	for i := range 60 {
		employers = append(employers, identity.Participant{Size: []string{"250+", "1-9", "50-249", "10-49"}[i%4], Language: "de"})
	}
	var sizes []string
	for _, cell := range nonResponse(employers, nil) {
		if cell.Dimension == "size" {
			sizes = append(sizes, cell.Value)
		}
	}
	if diff := cmp.Diff([]string{"1-9", "10-49", "50-249", "250+"}, sizes); diff != "" {
		t.Error(diff)
	}
}
