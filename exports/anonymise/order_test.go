package anonymise

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSuppressionDoesNotDependOnTheOrderOfRows: the same records in another order lose the same cells.
func TestSuppressionDoesNotDependOnTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(t, "k")
		cells := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 3, 3), k, 40).Draw(t, "cells")
		other := slices.Clone(cells)
		for i, j := range rapid.Permutation(indices(len(cells))).Draw(t, "order") {
			other[i] = cells[j]
		}
		h := &Hierarchy{Name: "h", Leaves: []string{"a", "b", "c", "d"}, Up: map[string][]string{}}
		for _, leaf := range h.Leaves {
			h.Up[leaf] = []string{leaf, Suppressed}
		}
		strict := func(rows [][]string) []string {
			f, err := NewFrame(transpose(rows, 3), []Key{{Name: "x", Hierarchy: h}, {Name: "y", Hierarchy: h}, {Name: "z", Hierarchy: h}})
			if err != nil {
				t.Fatal(err)
			}
			return sortedRows(masked(rows, f.Strict([]int{0, 0, 0}, k)))
		}
		wildcard := func(rows [][]string) []string { return sortedRows(masked(rows, WildcardMasks(rows, k))) }
		for name, method := range map[string]func([][]string) []string{"strict": strict, "wildcard": wildcard} {
			if a, b := method(cells), method(other); !slices.Equal(a, b) {
				t.Fatalf("%s:\n%v\n%v", name, a, b)
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func sortedRows(rows [][]string) []string {
	var out []string
	for _, row := range rows {
		out = append(out, join(row))
	}
	slices.Sort(out)
	return out
}
