package answers_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/storagetest"
)

func TestEveryAcknowledgedSaveSurvivesBrokenConnections(t *testing.T) {
	s := storagetest.Open(t, "postgres")
	f, ctx := open(t, s), t.Context()
	stop := make(chan struct{})
	var cutting sync.WaitGroup
	cutting.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				// The server ends every connection but the one that asks.
				_, _ = s.DB.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
			}
		}
	})
	var saving sync.WaitGroup
	acknowledged := make([]int, 8)
	for i := range acknowledged {
		saving.Go(func() { acknowledged[i] = f.insist(t, fmt.Sprint(i)) })
	}
	saving.Wait()
	close(stop)
	cutting.Wait()
	for i, want := range acknowledged {
		got := f.find(t, "employer", fmt.Sprint(i)).Draft
		if got == nil || got.Revision < want {
			t.Errorf("respondent %d: draft %+v after %d acknowledged saves", i, got, want)
		}
	}
	f.wantCount(t, "employer", 8, 8)
}

// insist saves 60 pages and submits, again and again while the database is away,
// and gives the last revision that was acknowledged.
func (f field) insist(t *testing.T, name string) (acknowledged int) {
	ctx := t.Context()
	for revision := 0; revision < 60; {
		err := f.save(ctx, "employer", name, revision)
		switch {
		case err == nil:
			revision++
			acknowledged = revision
		case errors.Is(err, storage.ErrConflict): // an unanswered save was kept
			sitting, err := f.Answers.Find(ctx, f.wave, "employer", f.key("employer", name))
			if err == nil && sitting.Draft != nil {
				revision = sitting.Draft.Revision
			}
		case !errors.Is(err, storage.ErrBusy):
			t.Errorf("save = %v", err)
			return acknowledged
		}
	}
	for {
		err := f.Answers.Submit(ctx, f.submission("employer", "s"+name))
		if err == nil {
			return acknowledged
		}
		if !errors.Is(err, storage.ErrBusy) {
			t.Errorf("submit = %v", err)
			return acknowledged
		}
	}
}
