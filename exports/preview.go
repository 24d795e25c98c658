package exports

import (
	"context"
	"fmt"

	"rondo/exports/anonymise"
	"rondo/questionnaires"
)

// mostShown is how many ways to protect a file a preview shows.
const mostShown = 10

// Preview is what a release would be, before anybody asks for it. It is for staff: unlike the
// report of a release it holds counts as they are.
type Preview struct {
	Profile  Profile
	Records  int
	Capacity int     // most combinations of keys that so many records can carry at k
	Uniques  int     // records alone with their keys, before
	Expected float64 // re-identifications to expect before
	Nodes    int     // ways to coarsen that were looked at
	Ways     []Way   // that reach k with single cells suppressed, the best ten
	Whole    *Way    // the best that leaves whole records out instead; nil where there is none
	Compared []Compared
	Why      error // ErrTooFew or ErrUnreachable where no file can be released
}

// Way is one way to protect the file and what it costs.
type Way struct {
	Keys     []KeyView
	NCP      float64 // information lost in the keys, 0 to 1
	Classes  int
	MinClass int
	LeftOut  int
	Released bool // it is the one that would be released: answers, too, are protected at least loss
}

// KeyView is how a way shows one key.
type KeyView struct {
	Label      questionnaires.Text
	Shown, Of  int                   // classes shown, of so many options; 1 means that the key is not shown
	Suppressed int                   // cells
	Classes    []questionnaires.Text // shown, in words; none where the key is not shown
}

// PreviewOf says what the release of a snapshot under a profile would be; it writes nothing. A
// population or profile that can never be released is ErrProfile.
func PreviewOf(ctx context.Context, src Source, req Request, rowKey []byte) (Preview, error) {
	profile, err := ProfileOf(req.Profile)
	if err != nil {
		return Preview{}, err
	}
	s, err := src.Snapshot(ctx, req.Wave, req.Population)
	if err != nil {
		return Preview{}, fmt.Errorf("open snapshot: %w", err)
	}
	p := Preview{Profile: profile, Records: s.N}
	if profile.K > 0 {
		p.Capacity = s.N / profile.K
	}
	if err := profile.allows(req.Population); err != nil {
		return p, err
	}
	plan, err := PlanFor(s.Questionnaire, req.Profile)
	if err != nil {
		return p, err
	}
	sh, err := gather(ctx, src, s, plan, rowKey)
	if err != nil || !profile.Release() {
		return p, err
	}
	return p, p.look(sh, plan, steps(ctx, req.Tell))
}

// look tries the ways to protect a sheet.
func (p *Preview) look(sh *sheet, plan Plan, at step) error {
	_, done, err := protect(sh, plan, at)
	switch {
	case refusal(err):
		p.Why = err
	case err != nil:
		return err
	}
	if done.from == nil { // fewer than k
		return nil
	}
	left := len(sh.rows) - len(done.from.rows)
	sh = done.from
	p.Nodes, p.Uniques, p.Expected = done.nodes, done.raw.Below(2), done.raw.Expected()
	for i, c := range done.found[:min(mostShown, len(done.found))] {
		if err := at("ways", i, mostShown); err != nil {
			return err
		}
		way, err := sh.way(c)
		if err != nil {
			return err
		}
		way.LeftOut += left
		way.Released = p.Why == nil && done.is(sh, c)
		p.Ways = append(p.Ways, way)
	}
	if p.Compared, err = done.compare(p.Profile, at); err != nil {
		return err
	}
	if spare := int(p.Profile.DropMax*float64(len(sh.rows)+left)) - left; spare > 0 {
		var out outcome
		whole, err := sh.search(p.Profile, spare, &out, at)
		if err != nil {
			return err
		}
		if len(whole) > 0 {
			way, err := sh.way(whole[0])
			if err != nil {
				return err
			}
			way.LeftOut += left
			p.Whole = &way
		}
	}
	return nil
}

// is says whether the outcome came from a candidate.
func (o outcome) is(sh *sheet, c candidate) bool {
	for i, j := range sh.keys() {
		name := sh.choices[j].Column.Name
		if o.levels[name] != c.node.Levels[i] || o.ways[name] != c.names[i] {
			return false
		}
	}
	return o.ncp == c.node.Loss
}

// way tells a candidate.
func (sh *sheet) way(c candidate) (Way, error) {
	cells, truth := c.shown()
	exposed := anonymise.Expose(cells, nil)
	w := Way{NCP: c.node.Loss, Classes: exposed.Classes, MinClass: exposed.MinClass}
	if c.keep != nil {
		w.LeftOut = c.node.Suppressed
	}
	for i, j := range sh.keys() {
		question := sh.choices[j].Column.Question
		view := KeyView{Label: question.Label}
		for _, o := range question.Options {
			if o.Missing == 0 {
				view.Of++
				view.Classes = append(view.Classes, o.Label)
			}
		}
		if level := c.node.Levels[i]; level > 0 {
			view.Classes = nil
			for _, category := range coarse(sh.choices[j], nil, c.names[i], level) {
				view.Classes = append(view.Classes, category.Label)
			}
		}
		if view.Shown = len(view.Classes); view.Shown < 2 {
			view.Shown, view.Classes = 1, nil
		}
		for r := range cells {
			if cells[r][i] != truth[r][i] {
				view.Suppressed++
			}
		}
		w.Keys = append(w.Keys, view)
	}
	return w, nil
}
