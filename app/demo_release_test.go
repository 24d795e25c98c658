package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/app/desk"
	"rondo/storage/storagetest"
)

// TestTheDemoReleaseBesideTheWildcardMethod prints what the scientific release of the demo's 109
// employers of 2015 keeps, loses and risks, beside a method that counts a suppressed cell as equal to
// anything, and holds docs/releases.md to it. -update writes the page's figures anew.
func TestTheDemoReleaseBesideTheWildcardMethod(t *testing.T) {
	page := filepath.Join("..", "docs", "releases.md")
	g, _ := filled(t, storagetest.Open(t, "sqlite"))
	p, err := deskReleases{g.House}.PreviewRelease(t.Context(), "en", "2015", "employer", "scientific", nil)
	must(t, err)
	told := figuresOf(p)
	t.Log("\n" + told)
	if len(p.Compared) != 2 || p.Records != 109 || p.Capacity != 21 {
		t.Fatalf("%d records, at most %d groups, %d comparisons", p.Records, p.Capacity, len(p.Compared))
	}
	for _, c := range p.Compared {
		if c.Strict.Below != 0 || c.Strict.Fewest < p.K {
			t.Errorf("the strict method leaves %d records with fewer than %d candidates, the fewest %d", c.Strict.Below, p.K, c.Strict.Fewest)
		}
		if c.Wildcard.Below == 0 || c.Wildcard.Fewest >= p.K {
			t.Errorf("the wildcard method does as well: %+v", c.Wildcard)
		}
	}
	raw, err := os.ReadFile(page)
	must(t, err)
	before, rest, ok := strings.Cut(string(raw), "```text\n")
	_, after, end := strings.Cut(rest, "```\n")
	if !ok || !end {
		t.Fatalf("%s has no block of figures", page)
	}
	now := before + "```text\n" + told + "```\n" + after
	if *update {
		must(t, os.WriteFile(page, []byte(now), 0o600))
	} else if now != string(raw) {
		t.Errorf("%s tells other figures: go test ./app -run DemoReleaseBeside -update", page)
	}
}

// figuresOf tells a preview in words and figures.
func figuresOf(p desk.ReleasePreview) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records, k = %d: at most %d groups. Before: %d records alone with their keys, %d re-identifications to expect.\n", p.Records, p.K, p.Capacity, p.Uniques, p.Expected)
	for _, way := range p.Ways {
		if !way.Released {
			continue
		}
		fmt.Fprintf(&b, "The release keeps, of %d ways looked at:\n", p.Nodes)
		for _, key := range way.Keys {
			shown := "not shown"
			if key.Shown > 1 {
				shown = strings.Join(key.Classes, " | ")
			}
			fmt.Fprintf(&b, "  %s\n    %s; %d cells suppressed\n", key.Label, shown, key.Suppressed)
		}
		fmt.Fprintf(&b, "It loses %d %% of what the keys tell (NCP), has %d groups, the smallest of %d, and leaves out %d records.\n", way.Lost, way.Classes, way.Smallest, way.LeftOut)
	}
	fmt.Fprintf(&b, "\n%-30s %6s %6s %15s %12s %6s\n", "keys, count", "cells", "NCP", "below k", "fewest", "risk")
	fmt.Fprintf(&b, "%-30s %6s %6s %15s %12s\n", "", "gone", "", "candidates", "candidates")
	for _, c := range p.Compared {
		where := "as released"
		if c.Finest {
			where = "as answered"
		}
		for _, m := range []struct {
			name string
			desk.Measured
		}{{"strict (Rondo)", c.Strict}, {"wildcard", c.Wildcard}} {
			fmt.Fprintf(&b, "%-30s %6d %4d %% %15d %12d %4d %%\n", where+", "+m.name, m.Cells, m.Lost, m.Below, m.Fewest, m.Risk)
		}
	}
	return b.String()
}
