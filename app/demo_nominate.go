package main

import (
	"context"
	"fmt"

	"rondo/app/nominate"
	"rondo/app/synthetic"
	"rondo/storage/identity"
)

// demoDraws are the offices of the demo whose employers are drawn, by wave: the others pick.
var demoDraws = map[string]map[string]bool{"2026": {"BE": true, "VD": true}}

// nominate lets each office propose its employers as a list, and FSIO approve them.
func (d *demo) nominate(ctx context.Context, label string, list []*synthetic.Employer) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	offices, err := d.Store.Identity.Participants(ctx, w.ID, "office")
	if err != nil {
		return err
	}
	of := map[string][]nominate.Employer{}
	for _, e := range list {
		of[e.Office] = append(of[e.Office], nominate.Employer{Name: e.Name, Email: e.Email, Language: e.Language, Size: e.Size, Branch: e.Branch, Town: e.Town})
	}
	for _, o := range offices {
		if len(of[o.Code]) == 0 {
			continue
		}
		if err := d.propose(ctx, w, o, of[o.Code], demoDraws[label][o.Code]); err != nil {
			return fmt.Errorf("nominations of %s: %w", o.Code, err)
		}
	}
	proposed, err := d.Store.Identity.Nominations(ctx, w.ID, "")
	if err != nil {
		return err
	}
	var ids []string
	for _, n := range proposed {
		ids = append(ids, n.ID)
	}
	_, err = d.Waves.Approve(ctx, label, ids)
	return err
}

// propose lets one office say how it selects, and propose its employers.
func (d *demo) propose(ctx context.Context, w identity.Wave, o identity.Participant, employers []nominate.Employer, draws bool) error {
	h := identity.Holder{ID: o.ID, Code: o.Code, Quota: o.Quota, Wave: identity.HolderWave{ID: w.ID}}
	frame := nominate.FrameOf([]identity.Participant{o}, nil, nil, true)
	mode := "picked"
	if draws {
		mode = "drawn"
	}
	if err := d.Waves.Select(ctx, h, mode, 20*len(employers)); err != nil {
		return err
	}
	if draws {
		var err error
		if frame.Drawn, err = d.drawn(ctx, h, o); err != nil {
			return err
		}
		employers = employers[:min(len(employers), len(frame.Drawn.Rows))]
	}
	var verdicts []nominate.Verdict
	for i := range employers {
		if draws {
			employers[i].Row = frame.Drawn.Rows[i]
		}
		one, problems := nominate.Understand(employers[i], o.Code)
		employers[i] = one
		verdicts = append(verdicts, nominate.Verdict{Line: i + 1, Name: one.Name, Problems: problems})
	}
	for _, v := range nominate.Decide(employers, verdicts, frame) {
		if !v.Good() {
			return fmt.Errorf("line %d: %s", v.Line, v.Sentence("en"))
		}
	}
	return d.Store.Identity.AddNominations(ctx, nominate.Nominations(employers, w.ID, o.ID, draws))
}

// drawn is the draw of an office whose first row has gone out of business: the next one takes its place.
func (d *demo) drawn(ctx context.Context, h identity.Holder, o identity.Participant) (*nominate.Drawn, error) {
	is, err := d.Waves.Selecting(ctx, h)
	if err != nil {
		return nil, err
	}
	first := nominate.DrawnOf(is.Selection, o.Quota, nil, nil).Rows[0]
	if err := d.Waves.Exclude(ctx, h, first, "gone"); err != nil {
		return nil, err
	}
	return nominate.DrawnOf(is.Selection, o.Quota, []identity.Exclusion{{OfficeID: o.ID, ListRow: first}}, nil), nil
}
