package anonymise

import (
	"testing"

	"pgregory.net/rapid"
)

// masked gives cells with some of them suppressed.
func masked(cells [][]string, masks []uint64) [][]string {
	out := make([][]string, len(cells))
	for r, row := range cells {
		for j, cell := range row {
			if masks[r]>>j&1 == 1 {
				cell = Suppressed
			}
			out[r] = append(out[r], cell)
		}
	}
	return out
}

func ones(masks []uint64) (n int) {
	for _, m := range masks {
		for ; m != 0; m &= m - 1 {
			n++
		}
	}
	return n
}

func star(cell string) bool { return cell == Suppressed }

// TestWildcardSuppression_satisfies_its_own_count: whatever the file, each row matches k rows as
// sdcMicro counts, and each matches them as Wildcard counts them anew.
func TestWildcardSuppression_satisfies_its_own_count(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 6).Draw(t, "k")
		cells := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 3, 3), 0, 30).Draw(t, "cells")
		masks := WildcardMasks(cells, k)
		if len(cells) < k {
			if masks != nil {
				t.Fatal("fewer rows than k")
			}
			return
		}
		for r, n := range Wildcard(masked(cells, masks), star) {
			if n < k {
				t.Fatalf("row %d matches %d, fewer than %d", r, n, k)
			}
		}
	})
}

// TestWildcardSuppression_beside_sdcMicro prints the cells that it takes beside those that sdcMicro
// 5.8.0 takes on the same files (C6), and what an attacker is left with.
func TestWildcardSuppression_beside_sdcMicro(t *testing.T) {
	for _, c := range []struct {
		data string
		keys []string
		k    int
		took int // by sdcMicro
	}{
		{"sdcMicro-testdata2.csv", seven, 2, 97}, {"sdcMicro-testdata2.csv", seven, 3, 117}, {"sdcMicro-testdata2.csv", seven, 5, 157},
		{"sdcMicro-francdat.csv", franc, 2, 4}, {"sdcMicro-francdat.csv", franc, 3, 9},
	} {
		file := table(t, c.data)
		columns, err := file.columns(c.keys)
		if err != nil {
			t.Fatal(err)
		}
		cells := transpose(columns, len(file.Rows))
		masks := WildcardMasks(cells, c.k)
		below, least := 0, len(cells)
		for _, n := range Candidates(cells, masked(cells, masks)) {
			least = min(least, n)
			if n < c.k {
				below++
			}
		}
		t.Logf("%s k=%d: %d cells (sdcMicro %d); %d of %d records with fewer candidates than k, the fewest %d", c.data, c.k, ones(masks), c.took, below, len(cells), least)
		if took := ones(masks); 3*took < 2*c.took || 3*took > 4*c.took {
			t.Errorf("%s k=%d: %d cells are another method than the %d of sdcMicro", c.data, c.k, took, c.took)
		}
		if below == 0 {
			t.Errorf("%s k=%d: the wildcard count would be as good as the strict one", c.data, c.k)
		}
	}
}
