package wave

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// field brings a wave with one office and n employers into the field.
func field(t *testing.T, s *Service, n int) identity.Wave {
	t.Helper()
	ctx := context.Background()
	now, err := s.Store.DB.Now(ctx)
	must(t, err)
	w, err := s.Create(ctx, Plan{Label: "2026", RefFrom: 2021, RefTo: 2026, Opens: now.Add(-time.Hour), Closes: now.AddDate(0, 1, 0)})
	must(t, err)
	must(t, s.AddOffices(ctx, "2026", []identity.Participant{{Code: "ZH", Name: "Zürich", Email: "zh@example.ch", Language: "de"}}))
	offices, err := s.Store.Identity.Participants(ctx, w.ID, "office")
	must(t, err)
	must(t, s.Open(ctx, "2026", "office"))
	var employers []identity.Participant
	for range n {
		employers = append(employers, identity.Participant{Name: "Muster AG", Email: "a@example.ch", Language: "de", OfficeID: offices[0].ID})
	}
	must(t, s.AddEmployers(ctx, "2026", employers))
	must(t, s.Open(ctx, "2026", "employer"))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// submit keeps an unreadable response of every employer.
func submit(t *testing.T, s *Service, w identity.Wave) {
	t.Helper()
	ctx := context.Background()
	p, err := s.Store.Identity.Population(ctx, w.ID, "employer")
	must(t, err)
	all, err := s.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	for _, one := range all {
		must(t, s.Store.Answers.Submit(ctx, answers.Submission{WaveID: w.ID, Population: "employer", Key: s.DraftKey(p, one), Body: []byte("sealed")}))
	}
}

// answer keeps a response of each of these employers.
func (s *stand) answer(who map[string]bool) {
	s.t.Helper()
	p, err := s.Store.Identity.Population(s.t.Context(), s.w.ID, "employer")
	must(s.t, err)
	for _, one := range s.employers() {
		if who[one.ID] {
			must(s.t, s.Store.Answers.Submit(s.t.Context(), answers.Submission{WaveID: s.w.ID, Population: "employer", Key: s.DraftKey(p, one), Body: []byte("sealed")}))
		}
	}
}

func TestAClosingThatACrashInterruptedIsFinished(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		w := field(t, s, 3)
		submit(t, s, w)
		done, err := s.Done(ctx, w.ID, "employer")
		must(t, err)
		var ids []string
		for id := range done {
			ids = append(ids, id)
		}
		must(t, store.ClosePopulation(ctx, w.ID, "employer", ids, nil)) // and here the process died: nothing was mixed
		before, err := store.Answers.Window(ctx, w.ID, "employer")
		must(t, err)
		if before.Mixed >= 0 { // closing has noted that mixing is due
			t.Fatalf("%d were mixed before", before.Mixed)
		}
		_, err = s.CloseOverdue(ctx)
		must(t, err)
		after, err := store.Answers.Window(ctx, w.ID, "employer")
		must(t, err)
		if after.Mixed != 3 {
			t.Errorf("%d of 3 are mixed", after.Mixed)
		}
		must(t, s.Close(ctx, "2026", "employer")) // closing twice is no harm
	})
}

func TestWhoIsDoneIsTheSameBeforeAndAfterClose(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		w := field(t, s, 12)
		submit(t, s, w)
		before, err := store.Identity.Population(ctx, w.ID, "employer")
		must(t, err)
		all, err := store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		whole, err := s.Done(ctx, w.ID, "employer")
		must(t, err)
		some, err := s.DoneAmong(ctx, before, all[3:])
		must(t, err)
		for _, one := range all[3:] {
			if some[one.ID] != whole[one.ID] {
				t.Errorf("asked among some, done is %t; among all, %t", some[one.ID], whole[one.ID])
			}
		}
		open, err := s.Counts(ctx, w.ID)
		must(t, err)
		must(t, s.Close(ctx, "2026", "employer"))
		closed, err := s.Counts(ctx, w.ID)
		must(t, err)
		if open.Responses != 10 || closed.Responses != 10 || open.Invited != 12 {
			t.Errorf("12 of 12 submitted; shown %+v, then %+v", open, closed)
		}
		p, err := store.Identity.Population(ctx, w.ID, "employer")
		must(t, err)
		if len(p.LinkSalt) != 0 {
			t.Error("the employers' link salt is still there after close")
		}
	})
}

func TestPopulationsOpenInTheirOrder(t *testing.T) {
	store := storagetest.Open(t, "sqlite")
	ctx := context.Background()
	s := &Service{Store: store}
	now, err := store.DB.Now(ctx)
	must(t, err)
	_, err = s.Create(ctx, Plan{Label: "2026", RefFrom: 2021, RefTo: 2026, Opens: now, Closes: now.AddDate(0, 1, 0)})
	must(t, err)
	for name, want := range map[string]error{"office": ErrEmpty, "employer": ErrOrder, "discussion": ErrOrder} {
		if got := s.Open(ctx, "2026", name); !errors.Is(got, want) {
			t.Errorf("opening %s: %v, want %v", name, got, want)
		}
	}
}

func TestUpkeepWritesNothingWhenThereIsNothingToDo(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		field(t, s, 3)
		must(t, s.Close(ctx, "2026", "employer")) // nobody has answered
		before := storagetest.Dump(t, store)
		statements := store.DB.Statements()
		_, err := s.CloseOverdue(ctx)
		must(t, err)
		if n := store.DB.Statements() - statements; n > 8 {
			t.Errorf("upkeep with nothing to do makes %d statements", n)
		}
		if diff := cmp.Diff(before, storagetest.Dump(t, store)); diff != "" {
			t.Errorf("upkeep with nothing to do changed (-before +after):\n%s", diff)
		}
	})
}

func TestRepeatingAMadeUpWaveMakesAMadeUpWave(t *testing.T) {
	store := storagetest.Open(t, "sqlite")
	ctx := context.Background()
	s := &Service{Store: store}
	now, err := store.DB.Now(ctx)
	must(t, err)
	plan := Plan{Label: "2015", RefFrom: 2010, RefTo: 2015, Opens: now, Closes: now.AddDate(0, 1, 0), Rehearsal: true}
	_, err = s.Create(ctx, plan)
	must(t, err)
	plan.Label, plan.Rehearsal = "2021", false
	next, err := s.Repeat(ctx, "2015", plan)
	must(t, err)
	if !next.Synthetic || !next.Rehearsal {
		t.Errorf("the wave after a rehearsal is %+v", next)
	}
}

func TestEmployersWhoComeWhileTheirPopulationOpensAreSettledWithTheFrame(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		now, err := store.DB.Now(ctx)
		must(t, err)
		w, err := s.Create(ctx, Plan{Label: "2026", RefFrom: 2021, RefTo: 2026, Opens: now.Add(-time.Hour), Closes: now.AddDate(0, 1, 0)})
		must(t, err)
		must(t, s.AddOffices(ctx, "2026", []identity.Participant{{Code: "ZH", Name: "Zürich", Email: "zh@example.ch", Language: "de"}}))
		offices, err := store.Identity.Participants(ctx, w.ID, "office")
		must(t, err)
		must(t, s.Open(ctx, "2026", "office"))
		var all sync.WaitGroup
		add := func(n int) error {
			var employers []identity.Participant
			for range n {
				employers = append(employers, identity.Participant{Name: "Muster AG", Email: "a@example.ch", Language: "de", OfficeID: offices[0].ID})
			}
			return s.AddEmployers(ctx, "2026", employers)
		}
		must(t, add(12))
		for range 4 {
			all.Go(func() {
				if err := add(1); err != nil && !errors.Is(err, storage.ErrState) && !errors.Is(err, storage.ErrBusy) {
					t.Error(err)
				}
			})
		}
		must(t, s.Open(ctx, "2026", "employer"))
		all.Wait()
		employers, err := store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		for _, e := range employers {
			if e.Stratum["group"] == "" {
				t.Errorf("an employer of %d carries %v alone", len(employers), e.Stratum)
			}
		}
	})
}
