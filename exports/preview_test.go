package exports

import (
	"context"
	"errors"
	"testing"
)

func TestPreviewShowsTheWayThatIsReleasedAndTheBestOthers(t *testing.T) {
	seen := 0
	for seed := range uint64(8) {
		m := wave(t, "employer/2", 160, seed)
		request := Request{Wave: "2026", Population: "employer", Profile: Scientific}
		p, err := PreviewOf(context.Background(), m, request, []byte("key"))
		if err != nil {
			t.Fatal(err)
		}
		if p.Records != 160 || p.Capacity != 32 {
			t.Errorf("%d records, capacity %d", p.Records, p.Capacity)
		}
		if p.Why != nil {
			continue
		}
		seen++
		v, err := versionOf(context.Background(), m, m.snapshot, Scientific, []byte("key"), nil)
		if err != nil {
			t.Fatal(err)
		}
		released := 0
		for i, w := range p.Ways {
			if i > 0 && w.NCP < p.Ways[i-1].NCP-1e-9 {
				t.Errorf("way %d loses less than the one before", i)
			}
			if w.MinClass < 5 {
				t.Errorf("a way with a class of %d", w.MinClass)
			}
			for _, k := range w.Keys {
				if k.Shown < 1 || k.Shown > k.Of || k.Label.In("de") == "" || float64(k.Suppressed) > .05*160 {
					t.Errorf("key %+v", k)
				}
			}
			if w.Released {
				released++
				if w.NCP != v.done.ncp || w.Classes != v.done.released.Classes || w.MinClass != v.done.released.MinClass {
					t.Errorf("shown as released: %+v; released: ncp %v, %d classes", w, v.done.ncp, v.done.released.Classes)
				}
			}
		}
		if released > 1 {
			t.Errorf("%d ways are shown as the released one", released)
		}
	}
	if seen == 0 {
		t.Error("no wave could be released: the test proves nothing")
	}
}

func TestPreviewSaysWhyThereIsNoFile(t *testing.T) {
	few := wave(t, "employer/2", 4, 1)
	p, err := PreviewOf(context.Background(), few, Request{Wave: "2026", Population: "employer", Profile: Scientific}, []byte("key"))
	if err != nil || !errors.Is(p.Why, ErrTooFew) || p.Capacity != 0 {
		t.Errorf("4 answers: %+v, %v", p, err)
	}
	offices := wave(t, "office/2", 23, 1)
	p, err = PreviewOf(context.Background(), offices, Request{Wave: "2026", Population: "office", Profile: Scientific}, []byte("key"))
	if !errors.Is(err, ErrProfile) || p.Capacity != 4 {
		t.Errorf("offices: capacity %d, %v; want 4 and ErrProfile", p.Capacity, err)
	}
}
