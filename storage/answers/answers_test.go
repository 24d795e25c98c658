package answers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// field is a running wave with an anonymous and a confidential population open.
type field struct {
	*storage.Store
	wave string
	salt map[string][]byte
}

func open(t *testing.T, s *storage.Store) field {
	t.Helper()
	ctx := t.Context()
	now, err := s.DB.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f := field{Store: s, salt: map[string][]byte{}}
	var populations []identity.Population
	for _, name := range []string{"office", "employer"} {
		f.salt[name] = bytes.Repeat([]byte(name[:1]), 32)
		populations = append(populations, identity.Population{Name: name, Questionnaire: name + "/2", Hash: "h",
			Opens: now.Add(-time.Hour), Closes: now.Add(time.Hour), LinkSalt: f.salt[name]})
	}
	w, err := s.CreateWave(ctx, identity.Wave{Label: "2026"}, populations)
	if err != nil {
		t.Fatal(err)
	}
	f.wave = w.ID
	for _, p := range populations {
		if err := s.OpenPopulation(ctx, w.ID, p.Name); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f field) key(population, participant string) keys.DraftKey {
	return f.Secret.DraftKey(f.salt[population], participant)
}

func (f field) submission(population, participant string) answers.Submission {
	return answers.Submission{WaveID: f.wave, Population: population, Key: f.key(population, participant),
		Body: []byte("sealed " + participant), ReceiptHash: keys.HashToken("receipt " + participant)}
}

// correction is what an office submits, the first time or again.
func (f field) correction(population, participant string) answers.Submission {
	sub := f.submission(population, participant)
	sub.Replace, sub.ID = true, sub.Key.ResponseID()
	return sub
}

func (f field) find(t *testing.T, population, participant string) answers.Sitting {
	t.Helper()
	sitting, err := f.Answers.Find(t.Context(), f.wave, population, f.key(population, participant))
	if err != nil {
		t.Fatal(err)
	}
	return sitting
}

func (f field) save(ctx context.Context, population, participant string, expect int) error {
	return f.Answers.SaveDraft(ctx, f.wave, population, f.key(population, participant), expect, fmt.Appendf(nil, "draft %d", expect+1))
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestDraft(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()

		if sitting := f.find(t, "employer", "a"); sitting.Draft != nil || sitting.Spent || !sitting.Open() {
			t.Errorf("Find before anything = %+v", sitting)
		}
		wantErr(t, "first save", f.save(ctx, "employer", "a", 0), nil)
		wantErr(t, "first save again", f.save(ctx, "employer", "a", 0), storage.ErrConflict)
		wantErr(t, "second save", f.save(ctx, "employer", "a", 1), nil)
		wantErr(t, "save of a stale form", f.save(ctx, "employer", "a", 1), storage.ErrConflict)
		wantErr(t, "save of a draft that is not there", f.save(ctx, "employer", "b", 3), storage.ErrConflict)

		draft := f.find(t, "employer", "a").Draft
		if draft == nil || draft.Revision != 2 || string(draft.Body) != "draft 2" {
			t.Errorf("draft = %+v, want revision 2", draft)
		}
		_, err := f.Answers.Find(ctx, "no wave", "employer", f.key("employer", "a"))
		wantErr(t, "Find in no wave", err, storage.ErrNotFound)
	})
}

func TestOneStatementEach(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"find", func() error { f.find(t, "employer", "a"); return nil }},
			{"first save", func() error { return f.save(ctx, "employer", "a", 0) }},
			{"later save", func() error { return f.save(ctx, "employer", "a", 1) }},
			{"submit", func() error { return f.Answers.Submit(ctx, f.submission("employer", "a")) }},
			{"submit of an office", func() error { return f.Answers.Submit(ctx, f.correction("office", "o")) }},
			{"correction by an office", func() error { return f.Answers.Submit(ctx, f.correction("office", "o")) }},
		} {
			before := s.DB.Statements()
			if err := step.do(); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
			if n := s.DB.Statements() - before; n != 1 {
				t.Errorf("%s takes %d statements, want 1", step.name, n)
			}
		}
	})
}

func TestSubmit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		wantErr(t, "save", f.save(ctx, "employer", "a", 0), nil)

		stale := f.submission("employer", "a")
		stale.Revision = 7
		wantErr(t, "submit of another revision", f.Answers.Submit(ctx, stale), storage.ErrConflict)
		sub := f.submission("employer", "a")
		sub.Revision = 1
		wantErr(t, "submit", f.Answers.Submit(ctx, sub), nil)
		wantErr(t, "the same submit again", f.Answers.Submit(ctx, sub), nil)
		other := sub
		other.ReceiptHash = keys.HashToken("another")
		wantErr(t, "another submit", f.Answers.Submit(ctx, other), storage.ErrSpent)
		wantErr(t, "save after submit", f.save(ctx, "employer", "a", 0), storage.ErrSpent)
		wantErr(t, "later save after submit", f.save(ctx, "employer", "a", 1), storage.ErrSpent)

		if sitting := f.find(t, "employer", "a"); sitting.Draft != nil || !sitting.Spent {
			t.Errorf("Find after submit = %+v, want spent and no draft", sitting)
		}
		f.wantCount(t, "employer", 1, 1)
		set, err := f.Answers.SpentSet(ctx, f.wave, "employer")
		if err != nil || len(set) != 1 || !set[[32]byte(f.key("employer", "a").Spent())] {
			t.Errorf("SpentSet = %d markers, %v", len(set), err)
		}
		_, err = f.Answers.ResponseByKey(ctx, f.wave, "employer", f.key("employer", "a"))
		wantErr(t, "an anonymous response by its key", err, storage.ErrNotFound)
	})
}

func (f field) wantCount(t *testing.T, population string, responses, spent int) {
	t.Helper()
	r, m, err := f.Answers.Count(t.Context(), f.wave, population)
	if err != nil || r != responses || m != spent {
		t.Errorf("Count = %d, %d, %v; want %d, %d", r, m, err, responses, spent)
	}
}

func TestWithdraw(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		sub := f.submission("employer", "a")
		wantErr(t, "submit", f.Answers.Submit(ctx, sub), nil)
		wantErr(t, "submit", f.Answers.Submit(ctx, f.submission("employer", "b")), nil)

		wantErr(t, "withdraw with an unknown receipt", f.Answers.Withdraw(ctx, keys.HashToken("x")), storage.ErrNotFound)
		wantErr(t, "withdraw", f.Answers.Withdraw(ctx, sub.ReceiptHash), nil)
		f.wantCount(t, "employer", 1, 2)
		wantErr(t, "withdraw again", f.Answers.Withdraw(ctx, sub.ReceiptHash), storage.ErrNotFound)
		wantErr(t, "submit again", f.Answers.Submit(ctx, sub), storage.ErrSpent)

		s.DB.SetOffset(2 * time.Hour)
		wantErr(t, "withdraw after the window", f.Answers.Withdraw(ctx, keys.HashToken("receipt b")), storage.ErrClosed)
		s.DB.SetOffset(0)
		wantErr(t, "close", f.Answers.CloseWindow(ctx, f.wave, "employer"), nil)
		wantErr(t, "withdraw after close", f.Answers.Withdraw(ctx, keys.HashToken("receipt b")), storage.ErrNotFound)
	})
}

func TestConfidential(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		sub := f.submission("office", "o")
		sub.ID, sub.Replace = sub.Key.ResponseID(), true
		wantErr(t, "submit", f.Answers.Submit(ctx, sub), nil)
		wantErr(t, "save after submit, to correct it", f.save(ctx, "office", "o", 0), nil)

		sub.Body, sub.Revision = []byte("second"), 1
		wantErr(t, "submit again", f.Answers.Submit(ctx, sub), nil)
		body, err := f.Answers.ResponseByKey(ctx, f.wave, "office", sub.Key)
		if err != nil || string(body) != "second" {
			t.Errorf("ResponseByKey = %q, %v", body, err)
		}
		f.wantCount(t, "office", 1, 1)
		if f.find(t, "office", "o").Draft != nil {
			t.Error("the draft is still there after the second submit")
		}
		anonymous := f.submission("employer", "a")
		anonymous.Replace = true
		wantErr(t, "writing over an anonymous response", f.Answers.Submit(ctx, anonymous), storage.ErrState)
	})
}

func TestWindowIsCheckedByTheDatabaseClock(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		wantErr(t, "save", f.save(ctx, "employer", "a", 0), nil)
		confidential := f.submission("office", "o")
		confidential.ID, confidential.Replace = confidential.Key.ResponseID(), true
		for _, at := range []time.Duration{-2 * time.Hour, time.Hour, 2 * time.Hour} {
			s.DB.SetOffset(at)
			wantErr(t, "first save", f.save(ctx, "employer", "b", 0), storage.ErrClosed)
			wantErr(t, "later save", f.save(ctx, "employer", "a", 1), storage.ErrClosed)
			wantErr(t, "submit", f.Answers.Submit(ctx, f.submission("employer", "b")), storage.ErrClosed)
			wantErr(t, "replacing submit", f.Answers.Submit(ctx, confidential), storage.ErrClosed)
			if f.find(t, "employer", "a").Open() {
				t.Errorf("at %v the sitting is open", at)
			}
		}
		s.DB.SetOffset(59 * time.Minute)
		wantErr(t, "save a minute before the end", f.save(ctx, "employer", "a", 1), nil)
		if err := s.SetWindow(ctx, f.wave, "employer", time.Now().Add(-time.Hour), time.Now().Add(5*time.Hour)); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(2 * time.Hour)
		wantErr(t, "save after the end was moved", f.save(ctx, "employer", "a", 2), nil)
	})
}

func TestCloseErases(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		wantErr(t, "save", f.save(ctx, "employer", "a", 0), nil)
		wantErr(t, "save", f.save(ctx, "office", "o", 0), nil)
		wantErr(t, "submit", f.Answers.Submit(ctx, f.submission("employer", "b")), nil)
		wantErr(t, "close", f.Answers.CloseWindow(ctx, f.wave, "employer"), nil)
		wantErr(t, "close again", f.Answers.CloseWindow(ctx, f.wave, "employer"), nil)
		if f.find(t, "employer", "a").Draft == nil {
			t.Error("closing the window took the draft away before anybody could read the wishes in it")
		}
		wantErr(t, "erase", f.Answers.EraseDrafts(ctx, f.wave, "employer"), nil)

		if f.find(t, "employer", "a").Draft != nil {
			t.Error("the draft outlives the close")
		}
		if f.find(t, "office", "o").Draft == nil {
			t.Error("the draft of another population is gone")
		}
		wantErr(t, "save after close", f.save(ctx, "employer", "a", 0), storage.ErrClosed)
		_, err := f.Answers.ResponseByReceipt(ctx, keys.HashToken("receipt b"))
		wantErr(t, "a response by its receipt after close", err, storage.ErrNotFound)
		wantErr(t, "open again", f.Answers.OpenWindow(ctx, f.wave, "employer"), storage.ErrState)
	})
}

func TestTwoSubmitsAtOnceMakeOneResponse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		for i := range 10 {
			name := fmt.Sprintf("p%d", i)
			wantErr(t, "save", f.save(ctx, "employer", name, 0), nil)
			var wait sync.WaitGroup
			errs := make([]error, 8)
			for j := range errs {
				wait.Go(func() {
					sub := f.submission("employer", name)
					sub.Revision = 1
					if j%2 == 1 { // half of them are not the same post, but another device
						sub.ReceiptHash = keys.HashToken(fmt.Sprint(name, j))
					}
					errs[j] = f.Answers.Submit(ctx, sub)
				})
			}
			wait.Wait()
			stored := 0
			for _, err := range errs {
				if err == nil {
					stored++
				} else if !errors.Is(err, storage.ErrSpent) {
					t.Errorf("submit = %v, want nil or %v", err, storage.ErrSpent)
				}
			}
			if stored != 1 && stored != 4 {
				t.Errorf("%d submissions succeed, want one, or the four equal ones", stored)
			}
		}
		f.wantCount(t, "employer", 10, 10)
	})
}

func TestParallelSavesLoseNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		wantErr(t, "save", f.save(ctx, "employer", "a", 0), nil)
		var wait sync.WaitGroup
		var lock sync.Mutex
		kept := 0
		for range 8 {
			wait.Go(func() {
				for range 10 {
					sitting, err := f.Answers.Find(ctx, f.wave, "employer", f.key("employer", "a"))
					if err == nil {
						err = f.save(ctx, "employer", "a", sitting.Draft.Revision)
					}
					lock.Lock()
					if err == nil {
						kept++
					} else if !errors.Is(err, storage.ErrConflict) {
						t.Error(err)
					}
					lock.Unlock()
				}
			})
		}
		wait.Wait()
		if got := f.find(t, "employer", "a").Draft.Revision; got != kept+1 {
			t.Errorf("revision %d after %d acknowledged saves", got, kept+1)
		}
	})
}

func TestNothingArrivesAfterClose(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		var wait sync.WaitGroup
		var lock sync.Mutex
		acknowledged := 0
		for worker := range 6 {
			wait.Go(func() {
				for i := 0; ; i++ {
					err := f.Answers.Submit(ctx, f.submission("employer", fmt.Sprint(worker, "-", i)))
					if errors.Is(err, storage.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					lock.Lock()
					acknowledged++
					lock.Unlock()
					_ = f.save(ctx, "employer", fmt.Sprint("draft", worker, "-", i), 0)
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		wantErr(t, "close", f.Answers.CloseWindow(ctx, f.wave, "employer"), nil)
		wantErr(t, "erase", f.Answers.EraseDrafts(ctx, f.wave, "employer"), nil)
		at, _, err := f.Answers.Count(ctx, f.wave, "employer")
		if err != nil {
			t.Error(err)
		}
		wait.Wait()
		f.wantCount(t, "employer", at, at)
		if acknowledged != at {
			t.Errorf("%d acknowledged, %d stored", acknowledged, at)
		}
		for _, table := range storagetest.Dump(t, s) {
			if table.Name == "drafts" && len(table.Rows) > 0 {
				t.Errorf("%d drafts arrived after the close", len(table.Rows))
			}
		}
	})
}
