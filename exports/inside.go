package exports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rondo/exports/anonymise"
	"rondo/exports/formats"
	"rondo/questionnaires"
)

// insideMost is up to how many records the internal report also tries the
// profiles that leave the house.
const insideMost = 5000

// inside is the report on protection that stays in the house, beside the data
// that do: which records stand out before anything is done, and what each
// profile would do about it, with every count as it is. Only the bundle of the
// profile internal holds it.
type inside struct {
	Wave       string              `json:"wave"`
	Population string              `json:"population"`
	Label      questionnaires.Text `json:"label"`
	Synthetic  bool                `json:"synthetic"`
	Records    int                 `json:"records"`
	Keys       []string            `json:"keys"`
	Before     insideCounts        `json:"before"`
	Subsets    []insideSubset      `json:"combinations"`
	Standing   []insideUnique      `json:"minimal_uniques"` // what singles a record out, where no part of it does (SUDA2)
	Profiles   []insideProfile     `json:"profiles,omitempty"`
}

// insideCounts are counts over classes of equal keys.
type insideCounts struct {
	Classes    int            `json:"classes"`
	MinClass   int            `json:"min_class"`
	Uniques    int            `json:"uniques"`
	Expected   float64        `json:"expected_reidentifications"`
	Individual float64        `json:"individual_risk"` // sum of Benedetti and Franconi, as if those who answered were a sample of the invited: for comparison
	Violations map[string]int `json:"violations"`      // k → records in classes smaller than k
}

type insideSubset struct {
	Keys []string `json:"keys"`
	insideCounts
}

type insideUnique struct {
	Keys   []string `json:"keys"`
	Values []string `json:"values"`
}

type insideProfile struct {
	Profile   string                 `json:"profile"`
	Refused   string                 `json:"refused,omitempty"`
	Node      map[string]int         `json:"node,omitempty"`
	Ways      map[string]string      `json:"hierarchies,omitempty"`
	NCP       float64                `json:"ncp"`
	Nodes     int                    `json:"nodes_searched"`
	Reachable int                    `json:"nodes_reaching_k"`
	Tried     int                    `json:"nodes_tried"`
	LeftOut   int                    `json:"suppressed_records"`
	After     *insideCounts          `json:"after,omitempty"`
	Classes   []insideClass          `json:"classes,omitempty"`
	Hidden    map[string]insideCells `json:"hidden,omitempty"`
	Compared  []Compared             `json:"compared,omitempty"` // with the wildcard method
	insideLoss
}

type insideClass struct {
	Values  []string `json:"values"`
	Records int      `json:"records"`
}

// insideCells are the cells of a column that protection took.
type insideCells struct {
	Rare    int `json:"merged_rare"`
	Local   int `json:"suppressed_local"`
	Routing int `json:"suppressed_routing"`
}

// insideKs are the k that records are counted below.
var insideKs = []int{2, 3, 5, 10}

// countsOf counts classes; each record stands for weight of those invited.
func countsOf(cells [][]string, weight float64) insideCounts {
	e := anonymise.Expose(cells, nil)
	out := insideCounts{Classes: e.Classes, MinClass: e.MinClass, Uniques: e.Uniques, Violations: map[string]int{}}
	if len(cells) > 0 {
		out.Expected = e.Expected()
		out.Individual = anonymise.Expose(cells, slices.Repeat([]float64{weight}, len(cells))).Expected()
	}
	for _, k := range insideKs {
		out.Violations[fmt.Sprint(k)] = e.Below(k)
	}
	return out
}

// insideFiles makes the internal report; a population without keys has none.
func insideFiles(ctx context.Context, src Source, s Snapshot, sh *sheet, rowKey []byte) ([]formats.File, error) {
	r := inside{Wave: s.Wave, Population: s.Population, Label: labels[Internal], Synthetic: s.MadeUp(), Records: len(sh.rows)}
	var at []int
	for j, c := range sh.choices {
		if _, key := kindOf(c.Column.Role()); key {
			at = append(at, j)
			r.Keys = append(r.Keys, c.Column.Name)
		}
	}
	if len(at) == 0 {
		return nil, nil
	}
	weight := weightOf(s)
	r.Before = countsOf(sh.picked(at), weight)
	r.look(sh, at, weight)
	if len(sh.rows) <= insideMost {
		for _, profile := range []string{Scientific, Public} {
			p, err := tried(ctx, src, s, profile, sh, rowKey)
			if err != nil {
				return nil, err
			}
			r.Profiles = append(r.Profiles, p)
		}
	}
	return r.files()
}

// picked gives the cells of some columns.
func (sh *sheet) picked(at []int) [][]string {
	out := make([][]string, len(sh.rows))
	for r, row := range sh.rows {
		for _, j := range at {
			out[r] = append(out[r], row[j])
		}
	}
	return out
}

// look counts every combination of up to three keys and lists what singles a
// record out.
func (r *inside) look(sh *sheet, at []int, weight float64) {
	alone := make([][]uint, len(sh.rows)) // combinations in which a record stands alone
	subsets := make([]uint, 0, 1<<len(at))
	for set := uint(1); set < 1<<len(at); set++ {
		subsets = append(subsets, set)
	}
	slices.SortStableFunc(subsets, func(a, b uint) int { return len(members(a, at)) - len(members(b, at)) })
	for _, set := range subsets {
		columns := members(set, at)
		if len(columns) > 3 {
			break
		}
		var names []string
		for _, j := range columns {
			names = append(names, sh.choices[j].Column.Name)
		}
		cells := sh.picked(columns)
		r.Subsets = append(r.Subsets, insideSubset{names, countsOf(cells, weight)})
		for row, size := range anonymise.Expose(cells, nil).Sizes {
			part := slices.ContainsFunc(alone[row], func(smaller uint) bool { return smaller&set == smaller })
			if size == 1 && !part {
				alone[row] = append(alone[row], set)
				r.Standing = append(r.Standing, insideUnique{names, cells[row]})
			}
		}
	}
	slices.SortFunc(r.Standing, func(a, b insideUnique) int { // the order tells nothing of that of the rows
		return strings.Compare(fmt.Sprintf("%d%q%q", len(a.Keys), a.Keys, a.Values), fmt.Sprintf("%d%q%q", len(b.Keys), b.Keys, b.Values))
	})
}

func members(set uint, at []int) []int {
	var out []int
	for i, j := range at {
		if set>>i&1 == 1 {
			out = append(out, j)
		}
	}
	return out
}

// weightOf is how many of the invited each answer stands for.
func weightOf(s Snapshot) float64 { return max(1, float64(s.Invited)/float64(max(1, s.N))) }

// tried protects the snapshot as a profile would; raw are the answers as they were given.
func tried(ctx context.Context, src Source, s Snapshot, profile string, raw *sheet, rowKey []byte) (insideProfile, error) {
	out := insideProfile{Profile: profile}
	v, err := versionOf(ctx, src, s, profile, rowKey, nil)
	sh, done := v.sheet, v.done
	if errors.Is(err, ErrTooFew) || errors.Is(err, ErrUnreachable) {
		out.Refused = err.Error()
		return out, nil
	} else if err != nil {
		return out, err
	}
	out.Node, out.Ways, out.NCP, out.LeftOut = done.levels, done.ways, done.ncp, done.left
	out.Nodes, out.Reachable, out.Tried = done.nodes, done.reachable, done.tried
	if out.Compared, err = done.compare(v.plan.Profile, steps(ctx, nil)); err != nil {
		return out, err
	}
	cells := sh.picked(sh.keys())
	after := countsOf(cells, weightOf(s))
	out.After, out.Hidden = &after, map[string]insideCells{}
	sizes := map[string]*insideClass{}
	for _, row := range cells {
		name := strings.Join(row, "\x00")
		if sizes[name] == nil {
			sizes[name] = &insideClass{Values: row}
		}
		sizes[name].Records++
	}
	for _, name := range sorted(sizes) {
		out.Classes = append(out.Classes, *sizes[name])
	}
	for j, c := range sh.choices {
		var n insideCells
		for _, row := range sh.rows {
			switch row[j] {
			case cellRare:
				n.Rare++
			case cellLocal:
				n.Local++
			case cellRoute:
				n.Routing++
			}
		}
		if n != (insideCells{}) {
			out.Hidden[c.Column.Name] = n
		}
	}
	out.insideLoss = lossOf(raw, v)
	return out, nil
}

func (r inside) files() ([]formats.File, error) {
	page := struct {
		inside
		inAll
		Ks []string
	}{r, inAllLanguages(insideWords), nil}
	for _, k := range insideKs {
		page.Ks = append(page.Ks, fmt.Sprint(k))
	}
	return reportFiles("internal", r, insidePage, page)
}
