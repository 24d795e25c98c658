package anonymise

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func isStar(cell string) bool { return cell == Suppressed }

func TestWildcard_without_missing_cells_counts_classes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 3, 3), 1, 60).Draw(t, "cells")
		if got, want := Wildcard(cells, isStar), Expose(cells, nil).Sizes; !slices.Equal(got, want) {
			t.Fatalf("%v, classes are %v", got, want)
		}
		star := slices.Clone(cells)
		r := rapid.IntRange(0, len(cells)-1).Draw(t, "row")
		star[r] = []string{Suppressed, cells[r][1], cells[r][2]}
		for i, n := range Wildcard(star, isStar) {
			if i != r && n < Expose(star, nil).Sizes[i] {
				t.Fatalf("row %d matches %d rows, fewer than its class", i, n)
			}
		}
	})
}

func TestVariation_is_a_distance_between_shares(t *testing.T) {
	f := strings.Fields
	for _, c := range []struct {
		raw, released string
		want          float64
	}{
		{"a a b b", "a b a b", 0}, {"a a b b", "a a a a", .5}, {"a a", "b b", 1}, {"a b", "a * b *", 0}, {"a b c d", "ab ab cd cd", 0}, {"a a c d", "ab ab cd cd", .25},
	} {
		leaves := func(cell string) []string { return strings.Split(cell, "") }
		if got := Variation(f(c.raw), f(c.released), isStar, leaves); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%q to %q: %v, want %v", c.raw, c.released, got, c.want)
		}
	}
	if got := Variation(f("a"), f("*"), isStar, nil); !math.IsNaN(got) {
		t.Errorf("a column that says nothing: %v", got)
	}
}

func TestCramer_of_known_tables(t *testing.T) {
	f := strings.Fields
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"x x y y", "1 1 2 2", 1}, {"x x y y", "1 2 1 2", 0}, {"x x x x", "1 2 1 2", 0}, {"x x y y *", "1 1 2 2 1", 1},
		{"x x x y y y", "1 1 2 1 2 2", 1.0 / 3}, // a 2×2 table: |ad - bc| / √(product of the margins)
	} {
		if got := Cramer(f(c.a), f(c.b), isStar); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	columns := [][]string{f("x x y y"), f("1 1 2 2"), f("p q p q")}
	got := Associations(columns, [][]string{f("x x y y"), f("1 2 2 2"), f("p q p q")}, isStar, 10)
	if len(got) != 1 || got[0].A != 0 || got[0].B != 1 || got[0].Before != 1 || math.Abs(got[0].After-1/math.Sqrt(3)) > 1e-12 {
		t.Errorf("%+v", got)
	}
}
