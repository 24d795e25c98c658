package exports

import (
	"bytes"
	"context"
	"fmt"

	"rondo/exports/verify"
	"rondo/questionnaires"
)

// check has the separate reader look at a finished bundle: at all that a receiver can see and, for
// what leaves the house, at the frozen answers beside it.
func check(ctx context.Context, src Source, s Snapshot, plan Plan, bundle []byte) error {
	if !plan.Profile.Release() {
		_, err := verify.Bundle(bytes.NewReader(bundle), int64(len(bundle)))
		return wrong(err)
	}
	frozen := verify.Snapshot{Options: map[string][]string{}}
	for _, c := range plan.Choices {
		if c.Treatment != Coarse {
			continue
		}
		for _, o := range c.Column.Question.Options {
			if o.Missing == 0 {
				frozen.Options[c.Column.Name] = append(frozen.Options[c.Column.Name], o.Code)
			}
		}
	}
	err := src.Records(ctx, s, func(r Record) error {
		r, err := r.read()
		frozen.Records = append(frozen.Records, given(r.Answers))
		return err
	})
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	_, err = verify.Against(bytes.NewReader(bundle), int64(len(bundle)), frozen)
	return wrong(err)
}

func wrong(err error) error {
	if err != nil {
		return fmt.Errorf("verify the bundle just built: %w", err)
	}
	return nil
}

// given is what somebody answered, as the separate reader takes it: before any rule of a dataset.
func given(a questionnaires.Answers) verify.Answers {
	out := verify.Answers{}
	for name, v := range a {
		switch {
		case v.Missing != 0:
			out[name] = []string{v.Missing.Cell()}
		case len(v.Codes) > 0:
			out[name] = v.Codes
		case v.Number != nil:
			out[name] = []string{questionnaires.FormatNumber(*v.Number)}
		case v.Text != "":
			out[name] = []string{v.Text}
		}
	}
	return out
}
