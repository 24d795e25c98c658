package anonymise

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAWitness_has_a_class_as_large_as_when_all_are_counted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someFrame(t)
		s, err := f.newSearch(2, 0, "ncp")
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 8).Draw(t, "nodes") {
			levels := s.levels(rapid.IntRange(0, f.Size()-1).Draw(t, "node"))
			k, most := rapid.IntRange(1, 12).Draw(t, "k"), rapid.IntRange(0, 4).Draw(t, "most")
			groups := s.table.groups(f, levels)
			for i, g := range groups {
				if n := s.small.size(s.table.reps[i], levels, math.MaxInt); n != g.n {
					t.Fatalf("class %d at %v has %d records, counted %d", i, levels, g.n, n)
				}
			}
			if s.small.tell(levels, k, most) && suppressed(groups, k) <= most {
				t.Fatalf("a witness says that %v fails, but only %d records are in classes below %d", levels, suppressed(groups, k), k)
			}
			s.small.add(groups, s.table.reps, k, most)
			if len(s.small.known) > mostWitnesses {
				t.Fatalf("%d witnesses", len(s.small.known))
			}
		}
	})
}
