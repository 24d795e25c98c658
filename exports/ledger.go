package exports

import (
	"context"
	"errors"
	"fmt"

	"rondo/exports/anonymise"
)

// Why a further release of a snapshot is refused. Whoever has two files of the same people can link
// their rows by the answers, so what both say together has to hold as one file does
// (shared reference on anonymisation, 1.12; Fung et al. 2008, correspondence attacks).
var (
	// ErrFiner says that a key would be shown finer, or in other classes, than before.
	ErrFiner = errors.New("finer than an earlier release of the same answers")
	// ErrDifference says that fewer than k records stand in one of the files only.
	ErrDifference = errors.New("too few records would stand in one of two releases only")
	// ErrJoint says that the keys of both files together single out fewer than k records.
	ErrJoint = errors.New("together with an earlier release the records would be too few alike")
	// ErrTogether says that the new file would show answers that the earlier one had to hide.
	ErrTogether = errors.New("answers hidden in an earlier release would be shown")
)

// version is one protected file of a snapshot.
type version struct {
	plan Plan
	done outcome
	*sheet
}

// versionOf protects the records of a snapshot under a profile, the same way each time; tell may be nil.
func versionOf(ctx context.Context, src Source, s Snapshot, profile string, rowKey []byte, tell Tell) (version, error) {
	v := version{}
	var err error
	if v.plan, err = PlanFor(s.Questionnaire, profile); err != nil {
		return v, err
	}
	if v.sheet, err = gather(ctx, src, s, v.plan, rowKey); err != nil {
		return v, err
	}
	if v.plan.Profile.Release() {
		v.sheet, v.done, err = protect(v.sheet, v.plan, steps(ctx, tell))
	}
	return v, err
}

// besideAll makes the releases that were made of the same answers before again, and refuses a version
// that does not go beside each of them.
func (v version) besideAll(ctx context.Context, src Source, s Snapshot, req Request, rowKey []byte) error {
	for _, profile := range req.Earlier {
		earlier, err := versionOf(ctx, src, s, profile, rowKey, req.Tell)
		if err != nil {
			return fmt.Errorf("make the release %s again: %w", profile, err)
		}
		if err := v.beside(earlier); err != nil {
			return err
		}
	}
	return nil
}

// beside refuses a version whose release would undo the protection of an earlier one. The k that
// holds for whoever has both is the smaller of the two.
func (v version) beside(earlier version) error {
	k, name := min(v.plan.Profile.K, earlier.plan.Profile.K), earlier.plan.Profile.Name
	for key, level := range v.done.levels {
		before, had := earlier.done.levels[key]
		if !had || earlier.done.ways[key] != v.done.ways[key] || level < before {
			return fmt.Errorf("%w: the release %s does not show %s as finely, or in other classes", ErrFiner, name, key)
		}
	}
	mine, theirs := v.byRecord(), earlier.byRecord()
	for _, only := range []int{missingIn(mine, theirs), missingIn(theirs, mine)} {
		if only > 0 && only < k {
			return fmt.Errorf("%w: fewer than %d records would stand in this release or in the release %s only", ErrDifference, k, name)
		}
	}
	p := v.plan.Profile
	p.L, p.RareMin = min(p.L, earlier.plan.Profile.L), min(p.RareMin, earlier.plan.Profile.RareMin)
	joints := []*sheet{v.joined(earlier, theirs), earlier.joined(v, mine)}
	for _, joint := range joints {
		if small := anonymise.Expose(joint.keyCells(), nil).Below(k); small > 0 {
			return fmt.Errorf("%w: with the release %s, %s would stand in classes of fewer than %d", ErrJoint, name, atLeast(small, k), k)
		}
	}
	for _, joint := range joints {
		if gone := joint.veil(p, joint.classes()) + joint.merge(p.RareMin); gone > 0 {
			return fmt.Errorf("%w: with the release %s, %s would tell what a whole class or a rare few answered", ErrTogether, name, cells(gone, k))
		}
	}
	return nil
}

// byRecord gives the row of each record by its number in the snapshot.
func (sh *sheet) byRecord() map[int]int {
	at := make(map[int]int, len(sh.ids))
	for r, id := range sh.ids {
		at[id] = r
	}
	return at
}

func missingIn(of, in map[int]int) (n int) {
	for id := range of {
		if _, ok := in[id]; !ok {
			n++
		}
	}
	return n
}

// joined is what whoever has both files knows of the records in this one: the keys of both, and of
// each answer what either shows. Of a record that the other file lacks it is known that it does: one
// is left out for its keys, so who knows them knows whom to look for among the rows without a twin.
func (v version) joined(earlier version, theirs map[int]int) *sheet {
	column := map[string]int{}
	for j, c := range earlier.choices {
		column[c.Column.Name] = j
	}
	joint := *v.sheet
	joint.rows, joint.before, joint.ids, joint.veiled = nil, nil, nil, nil
	keys := v.keys()
	extra := earlier.keys()
	for r, id := range v.ids {
		row := append([]string(nil), v.rows[r]...)
		other, ok := theirs[id]
		if !ok {
			if len(keys) > 0 {
				row[keys[0]] += "\x00only here"
			}
			joint.rows, joint.ids = append(joint.rows, row), append(joint.ids, id)
			continue
		}
		for j, c := range v.choices {
			if o, ok := column[c.Column.Name]; ok && c.Treatment == Open && hidden(row[j]) && !hidden(earlier.rows[other][o]) {
				row[j] = earlier.rows[other][o]
			}
		}
		if len(keys) > 0 { // the keys of the earlier file ride in the first key
			for _, j := range extra {
				row[keys[0]] += "\x00" + earlier.rows[other][j]
			}
		}
		joint.rows, joint.ids = append(joint.rows, row), append(joint.ids, id)
	}
	return &joint
}

// keyCells are the cells of the keys, row by row.
func (sh *sheet) keyCells() [][]string {
	out := make([][]string, len(sh.rows))
	for r, row := range sh.rows {
		for _, j := range sh.keys() {
			out[r] = append(out[r], row[j])
		}
	}
	return out
}

// atLeast tells a number of records without telling a small one.
func atLeast(n, k int) string {
	if n < k {
		return fmt.Sprintf("fewer than %d records", k)
	}
	return fmt.Sprintf("%d records", n)
}

// cells is the same for cells.
func cells(n, k int) string {
	if n < k {
		return fmt.Sprintf("fewer than %d cells", k)
	}
	return fmt.Sprintf("%d cells", n)
}
