package answers_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

// submitMany submits n employers one after the other and gives their bodies' order.
func (f field) submitMany(t *testing.T, n int) (bodies []string, markers [][]byte) {
	t.Helper()
	for i := range n {
		sub := f.submission("employer", fmt.Sprintf("p%03d", i))
		if err := f.Answers.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
		bodies, markers = append(bodies, string(sub.Body)), append(markers, sub.Key.Spent())
	}
	return bodies, markers
}

// places gives, for each of the items in the order of submission, the place it
// has among the rows on disk.
func places[T any](column []any, items []T, same func(any, T) bool) []int {
	var out []int
	for _, item := range items {
		out = append(out, slices.IndexFunc(column, func(v any) bool { return same(v, item) }))
	}
	return out
}

func table(t *testing.T, s *storage.Store, name string) storagetest.Table {
	t.Helper()
	for _, table := range storagetest.Dump(t, s) {
		if table.Name == name {
			return table
		}
	}
	t.Fatalf("no table %s", name)
	return storagetest.Table{}
}

func sameBody(v any, body string) bool     { return string(v.([]byte)) == body }
func sameMarker(v any, marker []byte) bool { return bytes.Equal(v.([]byte), marker) }

// correlation is Spearman's rank correlation with the order of submission.
func correlation(places []int) float64 {
	n, d := float64(len(places)), 0.0
	for i, p := range places {
		d += float64(i-p) * float64(i-p)
	}
	return 1 - 6*d/(n*(n*n-1))
}

// ranks gives the place of each number among all.
func ranks(numbers []int) []int {
	sorted := slices.Sorted(slices.Values(numbers))
	out := make([]int, len(numbers))
	for i, n := range numbers {
		out[i], _ = slices.BinarySearch(sorted, n)
	}
	return out
}

func TestMixLeavesNoOrder(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f := open(t, s)
		bodies, markers := f.submitMany(t, 200)
		if mixed, err := f.Answers.Mix(t.Context(), false); err != nil || !mixed {
			t.Fatalf("Mix = %v, %v", mixed, err)
		}
		responses, spent := table(t, s, "responses"), table(t, s, "spent")
		inResponses := places(responses.Column("body"), bodies, sameBody)
		inSpent := places(spent.Column("marker"), markers, sameMarker)
		between := make([]int, len(inSpent)) // order of markers seen from the order of responses
		for i, place := range inResponses {
			between[place] = inSpent[i]
		}
		onDisk := storagetest.RawBytes(t, s)
		var inFile []int
		for i, body := range bodies {
			if n := bytes.Count(onDisk, []byte(body)); n != 1 {
				t.Fatalf("body %d is %d times on disk, want once", i, n)
			}
			inFile = append(inFile, bytes.Index(onDisk, []byte(body)))
		}
		// At chance the correlation has a standard deviation of 1/√199 = 0.07.
		for name, r := range map[string]float64{"responses": correlation(inResponses), "markers": correlation(inSpent), "responses to markers": correlation(between), "bytes in the files": correlation(ranks(inFile))} {
			if math.Abs(r) > 0.32 {
				t.Errorf("order on disk of %s still tells the order of submission: %.2f", name, r)
			}
		}
		for _, rows := range []storagetest.Table{responses, spent} {
			if ages := rows.Column("xmin"); len(slices.Compact(ages)) > 1 {
				t.Errorf("%s: rows of different age: %v", rows.Name, ages)
			}
			if s.DB.Dialect() == "sqlite" && rows.Column("rowid") != nil {
				t.Errorf("%s has a rowid", rows.Name)
			}
		}
	})
}

func TestMixKeepsEverything(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		bodies, _ := f.submitMany(t, 30)
		if _, err := f.Answers.Mix(ctx, true); err != nil {
			t.Fatal(err)
		}
		var kept []string
		err := f.Answers.Responses(ctx, f.wave, "employer", func(_ string, body []byte) error {
			kept = append(kept, string(body))
			return nil
		})
		slices.Sort(kept)
		if err != nil || !slices.Equal(kept, bodies) {
			t.Errorf("after mixing %d of %d responses are there: %v", len(kept), len(bodies), err)
		}
		wantErr(t, "submit again after mixing", f.Answers.Submit(ctx, answers.Submission{WaveID: f.wave, Population: "employer",
			Key: f.key("employer", "p007"), Body: []byte("x")}), storage.ErrSpent)
		sub := f.submission("employer", "p007")
		wantErr(t, "the same receipt after mixing", f.Answers.Submit(ctx, sub), nil)
		wantErr(t, "withdraw after mixing", f.Answers.Withdraw(ctx, sub.ReceiptHash), nil)
	})
}

func TestMixWaitsForTenNew(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		mix := func(want bool) {
			t.Helper()
			before := raw(t, s)
			mixed, err := f.Answers.Mix(ctx, false)
			if err != nil || mixed != want {
				t.Errorf("Mix = %v, %v; want %v", mixed, err, want)
			}
			if !mixed && !bytes.Equal(before, raw(t, s)) {
				t.Error("Mix wrote although there was nothing to mix")
			}
		}
		mix(false)
		f.submitMany(t, 9)
		mix(false)
		wantErr(t, "submit", f.Answers.Submit(ctx, f.submission("employer", "tenth")), nil)
		mix(true)
		mix(false)
	})
}

func TestMixIsRepeatedUntilTheLogIsCleared(t *testing.T) {
	s := storagetest.Open(t, "sqlite")
	f, ctx := open(t, s), t.Context()
	f.submitMany(t, 20)
	err := s.DB.InSnapshot(ctx, func(tx *db.DB) error { // somebody who reads for long
		if _, err := tx.CountRows(ctx, "responses"); err != nil {
			return err
		}
		mixed, err := f.Answers.Mix(ctx, false)
		if mixed {
			t.Error("Mix says that it is done although the log still tells the order")
		}
		wantErr(t, "mix beside a long reader", err, storage.ErrBusy)
		return nil
	})
	wantErr(t, "the reader", err, nil)
	if mixed, err := f.Answers.Mix(ctx, false); err != nil || !mixed {
		t.Errorf("Mix afterwards = %v, %v", mixed, err)
	}
	if mixed, err := f.Answers.Mix(ctx, false); err != nil || mixed {
		t.Errorf("Mix once more = %v, %v", mixed, err)
	}
}

// raw is what is on disk of a quiet SQLite database; PostgreSQL writes in the
// background, so that nothing can be said there.
func raw(t *testing.T, s *storage.Store) []byte {
	if s.DB.Postgres() {
		return nil
	}
	return storagetest.RawBytes(t, s)
}

func TestErasedLeavesNoBytes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		canary := bytes.Repeat([]byte("canary-of-a-draft "), 40)
		for i := range 20 {
			err := f.Answers.SaveDraft(ctx, f.wave, "employer", f.key("employer", fmt.Sprint(i)), 0, canary)
			wantErr(t, "save", err, nil)
		}
		wantErr(t, "close", f.Answers.CloseWindow(ctx, f.wave, "employer"), nil)
		wantErr(t, "erase", f.Answers.EraseDrafts(ctx, f.wave, "employer"), nil)
		if _, err := f.Answers.Mix(ctx, true); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(storagetest.RawBytes(t, s), canary) {
			t.Error("an erased draft is still on disk")
		}
	})
}

func TestSubmitsDuringMixing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		done := make(chan error)
		go func() {
			for range 20 {
				if _, err := f.Answers.Mix(ctx, true); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		n := 0
		for mixing := true; mixing; n++ {
			select {
			case err := <-done:
				mixing = false
				wantErr(t, "mix", err, nil)
			default:
			}
			name := fmt.Sprint(n)
			wantErr(t, "save", f.save(ctx, "employer", name, 0), nil)
			wantErr(t, "submit", f.Answers.Submit(ctx, f.submission("employer", name)), nil)
			if set, err := f.Answers.SpentSet(ctx, f.wave, "employer"); err != nil || len(set) != n+1 {
				t.Fatalf("after %d submissions %d markers are seen: %v", n+1, len(set), err)
			}
		}
		f.wantCount(t, "employer", n, n)
	})
}

func TestFreeze(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f, ctx := open(t, s), t.Context()
		parts := [][]byte{[]byte("one"), []byte("two"), make([]byte, 1<<20)}
		_, err := f.Answers.Freeze(ctx, f.wave, "employer", "hash", 2, parts, nil)
		wantErr(t, "freeze an open window", err, storage.ErrState)
		wantErr(t, "close", s.ClosePopulation(ctx, f.wave, "employer", nil, nil), nil)
		wantErr(t, "close", s.ClosePopulation(ctx, f.wave, "office", nil, nil), nil)

		frozen, err := f.Answers.Freeze(ctx, f.wave, "employer", "hash", 2, parts, nil)
		if err != nil || frozen.N != 2 || frozen.Hash != "hash" {
			t.Fatalf("Freeze = %+v, %v", frozen, err)
		}
		again, err := f.Answers.Freeze(ctx, f.wave, "employer", "hash", 2, parts, nil)
		if err != nil || again != frozen {
			t.Errorf("Freeze again = %+v, %v; want the first", again, err)
		}
		_, err = f.Answers.Freeze(ctx, f.wave, "employer", "other", 2, nil, nil)
		wantErr(t, "freeze something else", err, storage.ErrImmutable)

		var got [][]byte
		err = f.Answers.SnapshotParts(ctx, frozen.ID, func(body []byte) error { got = append(got, bytes.Clone(body)); return nil })
		if err != nil || !slices.EqualFunc(got, parts, bytes.Equal) {
			t.Errorf("SnapshotParts gives %d parts, %v", len(got), err)
		}
		stop := errors.New("stop")
		wantErr(t, "an error of the reader", f.Answers.SnapshotParts(ctx, frozen.ID, func([]byte) error { return stop }), stop)

		for _, change := range []string{
			"UPDATE snapshots SET responses = 3", "UPDATE snapshot_parts SET body = body", "DELETE FROM snapshots", "DELETE FROM snapshot_parts",
			"INSERT INTO snapshot_parts (snapshot_id, part, body) SELECT id, 9, CAST('x' AS " + s.DB.Bytes() + ") FROM snapshots",
		} {
			_, err := s.DB.Exec(ctx, change)
			wantErr(t, change, err, storage.ErrImmutable)
		}

		wantErr(t, "archive", f.Answers.EraseWindow(ctx, f.wave, "employer"), nil)
		w, err := f.Answers.Window(ctx, f.wave, "employer")
		if err != nil || w.AnswerSalt != nil {
			t.Errorf("the answer salt outlives the archive: %v", err)
		}
		if n := len(table(t, s, "snapshot_parts").Rows); n != 0 {
			t.Errorf("%d parts outlive the archive", n)
		}
		if left, err := f.Answers.Snapshot(ctx, f.wave, "employer"); err != nil || left != frozen {
			t.Errorf("of the snapshot %+v remains, %v", left, err)
		}
		_, err = f.Answers.Freeze(ctx, f.wave, "office", "hash", 0, nil, nil)
		wantErr(t, "freeze another population", err, nil)
	})
}

func TestCorrelationSeesOrder(t *testing.T) {
	ordered := make([]int, 200)
	for i := range ordered {
		ordered[i] = i
	}
	if correlation(ordered) < 0.99 {
		t.Error("the statistic does not see an order")
	}
	if r := correlation(rand.Perm(200)); math.Abs(r) > 0.32 {
		t.Errorf("the statistic sees an order of %.2f where there is none", r)
	}
}
