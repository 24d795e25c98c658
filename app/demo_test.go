package main

import (
	"testing"

	"rondo/app/nominate"
	"rondo/storage/storagetest"
)

// TestTheDemoHasOfficesWhoseEmployersAreDrawn: they have drawn as the pages do it, named only rows
// that were drawn, and left one out.
func TestTheDemoHasOfficesWhoseEmployersAreDrawn(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			g, _ := filled(t, storagetest.Open(t, dialect))
			ctx, in := t.Context(), g.Store.Identity
			w, err := g.Waves.ByLabel(ctx, "2026")
			g.must(err)
			selections, err := in.Selections(ctx, w.ID)
			g.must(err)
			drawing, picking := 0, 0
			for _, is := range selections {
				mine, err := in.Nominations(ctx, w.ID, is.OfficeID)
				g.must(err)
				if is.Mode == "picked" {
					picking++
					continue
				}
				drawing++
				out, err := in.Exclusions(ctx, is.OfficeID)
				g.must(err)
				drawn := nominate.DrawnOf(is, 0, out, mine)
				rows := map[int]bool{}
				for _, row := range drawn.Rows {
					rows[row] = true
				}
				for _, n := range mine {
					if n.Selection != "drawn" || !rows[n.ListRow] || n.State != "approved" {
						t.Errorf("row %d, %s, %s", n.ListRow, n.Selection, n.State)
					}
				}
				if len(out) != 1 || len(mine) < 2 {
					t.Errorf("%d rows are left out, %d named", len(out), len(mine))
				}
			}
			if drawing != 2 || picking < 10 {
				t.Errorf("%d offices draw, %d pick", drawing, picking)
			}
		})
	}
}
