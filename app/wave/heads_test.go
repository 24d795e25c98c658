package wave

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"rondo/questionnaires/boundtest"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

func TestAMarkComesOffTheDraftItStandsBefore(t *testing.T) {
	for _, draft := range [][]byte{{1, 2, 3}, {1}, bytes.Repeat([]byte{1}, 4000)} {
		for _, m := range []Mark{{}, {Revision: 1}, {Revision: 1 << 20}, {Remark: "Frage 3, bitte"}, {7, strings.Repeat("ü", 500)}} {
			got, rest, err := ReadMark(m.Before(bytes.Clone(draft)))
			if err != nil || got != m || !bytes.Equal(rest, draft) {
				t.Errorf("%+v before %d bytes comes back as %+v before %d, %v", m, len(draft), got, len(rest), err)
			}
		}
	}
	if !bytes.Equal(Mark{}.Before([]byte{1, 9}), []byte{1, 9}) {
		t.Error("no mark takes space")
	}
	for _, m := range []struct {
		Mark
		revision int
		want     bool
	}{{Mark{}, 0, false}, {Mark{}, 3, false}, {Mark{Revision: 3}, 3, true}, {Mark{Revision: 3}, 4, false}, {Mark{Remark: "x"}, 1, false}} {
		if m.Forward(m.revision) != m.want {
			t.Errorf("%+v with revision %d is put forward: %t", m.Mark, m.revision, !m.want)
		}
	}
}

func FuzzReadMark(f *testing.F) {
	for _, seed := range [][]byte{nil, {1}, {markForm}, {markForm, 3}, {markForm, 3, 200}, {markForm, 3, 1, 'x', 1}, {markForm, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		var m Mark
		var rest []byte
		var err error
		boundtest.Quick(t, func() { m, rest, err = ReadMark(bytes.Clone(plain)) })
		if err != nil || m == (Mark{}) {
			return
		}
		again, left, err := ReadMark(m.Before(bytes.Clone(rest)))
		if err != nil || again != m || !bytes.Equal(left, rest) || m.Revision < 0 {
			t.Errorf("%v reads as %+v, written again as %+v, %v", plain, m, again, err)
		}
	})
}

func TestARepeatedWaveKeepsItsHeads(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx, waves := context.Background(), &Service{Store: s, PublicURL: "https://rondo.example"}
		now, err := s.DB.Now(ctx)
		if err != nil {
			t.Fatal(err)
		}
		plan := func(label string, heads bool) Plan {
			return Plan{Label: label, RefFrom: 2021, RefTo: 2026, Opens: now, Closes: now.Add(time.Hour), HeadReleases: heads}
		}
		for label, heads := range map[string]bool{"2026": true, "2027": false} {
			if _, err := waves.Create(ctx, plan(label, heads)); err != nil {
				t.Fatal(err)
			}
			err := waves.AddOffices(ctx, label, []identity.Participant{{Code: "ZH", Name: "IV-Stelle Zürich", Email: "zh@iv.ch", Language: "de", Head: "chefin@iv.ch"}})
			if err != nil {
				t.Fatal(err)
			}
			w, err := waves.Repeat(ctx, label, plan(label+"b", false))
			if err != nil || HeadReleases(w.Settings) != heads {
				t.Errorf("after a wave with heads that release (%t) the next: %v, %v", heads, w.Settings, err)
			}
			if _, o, err := waves.Office(ctx, label+"b", "ZH"); err != nil || o.Head != "chefin@iv.ch" {
				t.Errorf("the head of the next wave is %q, %v", o.Head, err)
			}
		}
	})
}
