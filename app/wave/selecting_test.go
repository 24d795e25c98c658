package wave

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"rondo/app/nominate"
	"rondo/storage"
	"rondo/storage/storagetest"
)

// together runs all of them at the same time and gives what each answers.
func together(all ...func() error) []error {
	errs := make([]error, len(all))
	var start, done sync.WaitGroup
	start.Add(1)
	for i, do := range all {
		done.Go(func() {
			start.Wait()
			errs[i] = do()
		})
	}
	start.Done()
	done.Wait()
	return errs
}

func TestOfTwoDrawsAtOnceOneCountsAndIsTheOneInTheJournal(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s, ctx := newStand(t, store, "2026"), t.Context()
		draw := func(firms int) func() error {
			return func() error { return s.Select(ctx, s.holder("ZH"), "drawn", firms) }
		}
		good := 0
		for _, err := range together(draw(340), draw(341), draw(342), draw(343)) {
			if err == nil {
				good++
			} else if !errors.Is(err, ErrSelected) {
				t.Error(err)
			}
		}
		is, err := store.Identity.SelectionOf(ctx, s.offices["ZH"].ID)
		must(t, err)
		entries, err := store.Staff.Entries(ctx, 10)
		must(t, err)
		noted := ""
		for _, e := range entries {
			if e.Action == "selection.drawn" {
				noted += e.Detail
			}
		}
		rows := nominate.DrawnOf(is, 40, nil, nil).Rows
		if want := fmt.Sprintf("firms=%d seed=%s rows=%s", is.Firms, is.Seed, commas(rows)); good != 1 || noted != want {
			t.Errorf("%d draws; the journal says %q, want %q", good, noted, want)
		}
	})
}

func TestOnceAWaveLeavesNoChoiceNoOfficeBeginsOtherwiseAndNoDrawIsLost(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s, ctx := newStand(t, store, "2026"), t.Context()
		for round := range 12 {
			must(t, s.SetSelectionMode(ctx, "2026", "either"))
			seen := map[string]string{}
			errs := together(
				func() error { return s.Select(ctx, s.holder("ZH"), "picked", 40) },
				func() error { return s.Select(ctx, s.holder("BE"), "drawn", 40) },
				func() error {
					if err := s.SetSelectionMode(ctx, "2026", "drawn"); err != nil {
						return err
					}
					all, err := store.Identity.Selections(ctx, s.w.ID)
					for _, is := range all {
						seen[is.OfficeID] = is.Mode
					}
					return err
				},
				func() error { return store.Identity.SetWaveSetting(ctx, s.w.ID, "other", fmt.Sprint(round)) },
			)
			if errs[0] != nil && !errors.Is(errs[0], ErrSelected) || errs[1] != nil || errs[2] != nil || errs[3] != nil {
				t.Fatal(errs)
			}
			if errs[0] == nil && seen[s.offices["ZH"].ID] != "picked" {
				t.Error("an office has begun to pick after all were to be drawn")
			}
			w, err := s.ByLabel(ctx, "2026")
			must(t, err)
			if SelectionMode(w) != "drawn" || w.Settings["other"] != fmt.Sprint(round) {
				t.Errorf("of two settings set at once one is lost: %v", w.Settings)
			}
			is, err := store.Identity.SelectionOf(ctx, s.offices["BE"].ID)
			if err != nil || is.Mode != "drawn" || is.Seed == "" {
				t.Errorf("the draw is %+v, %v", is, err)
			}
			must(t, store.Identity.Unselect(ctx, s.offices["ZH"].ID))
			must(t, store.Identity.Unselect(ctx, s.offices["BE"].ID))
		}
		must(t, store.Identity.SetWaveState(ctx, s.w.ID, "running", "closed"))
		must(t, store.Identity.SetWaveState(ctx, s.w.ID, "closed", "archived"))
		if err := s.SetSelectionMode(ctx, "2026", "picked"); !errors.Is(err, storage.ErrState) {
			t.Errorf("in an archived wave: %v", err)
		}
	})
}

// What was decided of the rows of a first draw says nothing of the rows of a second one: the list may
// have been numbered anew, and the journal alone must repeat what the office sees.
func TestASecondDrawStartsFromItsSeedAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s, ctx := newStand(t, store, "2026"), t.Context()
		must(t, s.Select(ctx, s.holder("ZH"), "drawn", 41))
		first := s.propose("ZH", "a@firma.ch", "b@firma.ch")
		for i, id := range first {
			_, err := store.DB.Exec(ctx, "UPDATE nominations SET selection = 'drawn', list_row = ? WHERE id = ?", i+1, id)
			must(t, err)
		}
		_, err := s.Reject(ctx, "2026", first[:1], "gone")
		must(t, err)
		must(t, s.Withdraw(ctx, s.holder("ZH"), first[1]))
		must(t, s.Unselect(ctx, "2026", "ZH"))
		must(t, s.Select(ctx, s.holder("ZH"), "drawn", 40)) // as many as the quota: row 1 is among them
		is, err := s.Selecting(ctx, s.holder("ZH"))
		must(t, err)
		mine, err := store.Identity.Nominations(ctx, s.w.ID, s.offices["ZH"].ID)
		must(t, err)
		drawn := nominate.DrawnOf(is.Selection, 40, is.Exclusions, mine)
		if want := nominate.Order(is.Selection.Seed, 40); !slices.Equal(drawn.Rows, want) || len(drawn.Out) > 0 {
			t.Errorf("shown %v, left out %v; the seed gives %v", drawn.Rows, drawn.Out, want)
		}
	})
}
