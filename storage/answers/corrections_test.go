package answers_test

import (
	"errors"
	"sync"
	"testing"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/storagetest"
)

const (
	anna = "anna@bsv.example"
	beat = "beat@bsv.example"
)

// proposed is a closed population of employers with one correction by Anna that waits.
func proposed(t *testing.T, s *storage.Store) field {
	t.Helper()
	f, ctx := open(t, s), t.Context()
	wantErr(t, "propose while it is open", s.Answers.Propose(ctx, f.wave, "employer", entries("a")), storage.ErrState)
	wantErr(t, "close", s.ClosePopulation(ctx, f.wave, "employer", nil, nil), nil)
	wantErr(t, "propose", s.Answers.Propose(ctx, f.wave, "employer", entries("a")), nil)
	return f
}

func entries(slots ...string) []answers.Correction {
	var all []answers.Correction
	for _, slot := range slots {
		all = append(all, answers.Correction{ID: "id-" + slot, Slot: []byte(slot), ProposedBy: anna, Body: []byte("sealed " + slot)})
	}
	return all
}

// states are the entries of a sheet by their ids.
func (f field) states(t *testing.T) map[string]string {
	t.Helper()
	all, err := f.Answers.Corrections(t.Context(), f.wave, "employer")
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, c := range all {
		states[c.ID] = c.State
	}
	return states
}

func TestACorrectionIsConfirmedBySomebodyElse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := proposed(t, s), t.Context()
		wantErr(t, "confirm own", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", anna), storage.ErrOwn)
		_, err := s.DB.Exec(ctx, "UPDATE corrections SET state = 'confirmed', decided_by = proposed_by")
		if err == nil || f.states(t)["id-a"] != "proposed" {
			t.Errorf("an own confirmation past the program: %v, %v", err, f.states(t))
		}
		wantErr(t, "confirm in an open population", s.Answers.ConfirmCorrection(ctx, f.wave, "office", "id-a", beat), storage.ErrState)
		wantErr(t, "confirm", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", beat), nil)
		wantErr(t, "confirm again", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", beat), storage.ErrState)
	})
}

func TestAValueIsCorrectedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := proposed(t, s), t.Context()
		second := entries("b", "a")
		second[1].ID = "id-other"
		wantErr(t, "propose a second time", s.Answers.Propose(ctx, f.wave, "employer", second), storage.ErrDuplicate)
		if got := f.states(t); len(got) != 1 {
			t.Errorf("%v stand on the sheet: half of a proposal was kept", got)
		}
		wantErr(t, "take it off", s.Answers.RejectCorrection(ctx, f.wave, "employer", "id-a", anna), nil)
		wantErr(t, "take it off again", s.Answers.RejectCorrection(ctx, f.wave, "employer", "id-a", anna), storage.ErrState)
		wantErr(t, "propose anew", s.Answers.Propose(ctx, f.wave, "employer", second), nil)
		wantErr(t, "confirm what is off", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", beat), storage.ErrState)
	})
}

func TestTheSheetIsClosedWithTheSnapshot(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := proposed(t, s), t.Context()
		parts := [][]byte{[]byte("part")}
		_, err := s.Answers.Freeze(ctx, f.wave, "employer", "hash", 1, parts, nil)
		wantErr(t, "freeze while one waits", err, answers.ErrUndecided)
		wantErr(t, "confirm", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", beat), nil)
		_, err = s.Answers.Freeze(ctx, f.wave, "employer", "hash", 1, parts, nil)
		wantErr(t, "freeze without what was confirmed since", err, storage.ErrConflict)
		_, err = s.Answers.Freeze(ctx, f.wave, "employer", "hash", 1, parts, []string{"id-a"})
		wantErr(t, "freeze", err, nil)

		wantErr(t, "propose", s.Answers.Propose(ctx, f.wave, "employer", entries("b")), storage.ErrImmutable)
		wantErr(t, "take off", s.Answers.RejectCorrection(ctx, f.wave, "employer", "id-a", beat), storage.ErrImmutable)
		for _, change := range []string{
			"UPDATE corrections SET state = 'rejected'", "UPDATE corrections SET body = body", "DELETE FROM corrections",
			"INSERT INTO corrections (id, wave_id, population, slot, state, proposed_by, decided_by, body) SELECT 'x', wave_id, population, CAST('x' AS " + s.DB.Bytes() + "), 'confirmed', 'a', 'b', body FROM corrections",
			"UPDATE snapshots SET hash = 'other'", "DELETE FROM snapshot_parts",
		} {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}
		if got := f.states(t); got["id-a"] != "confirmed" || len(got) != 1 {
			t.Errorf("after all attempts the sheet is %v", got)
		}

		wantErr(t, "archive", s.Answers.EraseWindow(ctx, f.wave, "employer"), nil)
		if n := len(table(t, s, "corrections").Rows); n != 0 {
			t.Errorf("%d entries of the sheet outlive the archive", n)
		}
		wantErr(t, "propose after the archive", s.Answers.Propose(ctx, f.wave, "employer", entries("c")), storage.ErrState)
	})
}

func TestAnEntryIsNotRewritten(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := proposed(t, s), t.Context()
		for _, change := range []string{
			"UPDATE corrections SET body = CAST('x' AS " + s.DB.Bytes() + ")", "UPDATE corrections SET proposed_by = 'beat@bsv.example'",
			"UPDATE corrections SET state = 'proposed'", "DELETE FROM corrections",
		} {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}
		wantErr(t, "confirm", s.Answers.ConfirmCorrection(ctx, f.wave, "employer", "id-a", beat), nil)
		wantErr(t, "take a confirmed one off", s.Answers.RejectCorrection(ctx, f.wave, "employer", "id-a", anna), nil)
		if _, err := s.DB.Exec(ctx, "UPDATE corrections SET state = 'confirmed'"); !errors.Is(err, storage.ErrImmutable) {
			t.Errorf("what was taken off comes back: %v", err)
		}
	})
}

func TestOfAFreezeAndAProposalAtOnceOneIsRefused(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		for _, population := range []string{"office", "employer"} {
			wantErr(t, "close", s.ClosePopulation(ctx, f.wave, population, nil, nil), nil)
			var proposed, frozen error
			var both sync.WaitGroup
			both.Go(func() { proposed = s.Answers.Propose(ctx, f.wave, population, entries(population)) })
			both.Go(func() {
				_, frozen = s.Answers.Freeze(ctx, f.wave, population, "hash", 1, [][]byte{[]byte("part")}, nil)
			})
			both.Wait()
			switch {
			case proposed == nil && errors.Is(frozen, answers.ErrUndecided):
			case errors.Is(proposed, storage.ErrImmutable) && frozen == nil:
			default:
				t.Errorf("%s: proposing gives %v, freezing %v", population, proposed, frozen)
			}
		}
	})
}
