package exports

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// released is a made-up wave that can be released under a profile.
func released(t *testing.T, profile string) memory {
	t.Helper()
	for seed := range uint64(20) {
		m := wave(t, "employer/2", 160, seed)
		if _, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("key"), nil); err == nil {
			return m
		}
	}
	t.Fatal("no wave can be released: the test proves nothing")
	return memory{}
}

func TestAReleaseTellsHowFarItsSearchIs(t *testing.T) {
	m := released(t, Scientific)
	all, err := Lattice(m.snapshot.Questionnaire, Scientific)
	if err != nil || all < 10 {
		t.Fatalf("%d ways to coarsen, %v", all, err)
	}
	told, last := 0, 0
	request := Request{Wave: "2026", Population: "employer", Profile: Scientific, Tell: func(doing string, done, of int) {
		if doing != "search" {
			return
		}
		if told++; of != all || done < last || done > of {
			t.Errorf("%d of %d after %d; the lattice has %d", done, of, last, all)
		}
		last = done
	}}
	if _, err := Build(context.Background(), m, request, []byte("key"), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if told < 3 || last == 0 {
		t.Errorf("told %d times, at last %d", told, last)
	}
}

// TestWhatNobodyWaitsForIsNotBuilt ends a build and a preview at each place where they say how far
// they are: nothing is written.
func TestWhatNobodyWaitsForIsNotBuilt(t *testing.T) {
	m := released(t, Scientific)
	for _, work := range []struct {
		name string
		do   func(context.Context, Request, *bytes.Buffer) error
	}{
		{"build", func(ctx context.Context, r Request, out *bytes.Buffer) error {
			_, err := Build(ctx, m, r, []byte("key"), out)
			return err
		}},
		{"preview", func(ctx context.Context, r Request, _ *bytes.Buffer) error {
			_, err := PreviewOf(ctx, m, r, []byte("key"))
			return err
		}},
	} {
		places := 0
		for at := 1; at <= places || places == 0; at += max(1, places/20) {
			ctx, cancel := context.WithCancel(context.Background())
			calls := 0
			request := Request{Wave: "2026", Population: "employer", Profile: Scientific, Tell: func(string, int, int) {
				if calls++; calls == at && places > 0 {
					cancel()
				}
			}}
			var out bytes.Buffer
			err := work.do(ctx, request, &out)
			cancel()
			if places == 0 {
				if places, at = calls, 0; places < 3 || err != nil {
					t.Fatalf("%s: %d places to end at, %v", work.name, places, err)
				}
				continue
			}
			if !errors.Is(err, context.Canceled) || out.Len() > 0 {
				t.Errorf("%s ended at place %d of %d: %v, %d bytes", work.name, at, places, err, out.Len())
			}
		}
	}
}

func TestTheWildcardMethodLeavesRecordsThatTheStrictOneProtects(t *testing.T) {
	m := released(t, Scientific)
	p, err := PreviewOf(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Scientific}, []byte("key"))
	if err != nil || len(p.Compared) != 2 {
		t.Fatalf("%d comparisons, %v", len(p.Compared), err)
	}
	for _, c := range p.Compared {
		t.Logf("finest %v: strict %+v, wildcard %+v", c.Finest, c.Strict, c.Wildcard)
		if c.Strict.Below > 0 || c.Strict.Fewest < 5 {
			t.Errorf("strict, finest %v: %+v", c.Finest, c.Strict)
		}
	}
	if w := p.Compared[0].Wildcard; w.Below == 0 || w.Fewest >= 5 || w.Cells >= p.Compared[0].Strict.Cells {
		t.Errorf("the wildcard method does as well: %+v", w)
	}
}
