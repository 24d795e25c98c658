package wave

import (
	"context"
	"errors"
	"fmt"

	"rondo/exports"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
)

// Source hands frozen snapshots to exports: records, which have no field for an identity.
type Source struct {
	Service *Service
	Terms   string // of use, for what leaves the house; empty: the built-in ones

	frozen answers.Snapshot
}

// Snapshot describes the snapshot of a population, freezing it if nobody has.
func (s *Source) Snapshot(ctx context.Context, label, name string) (exports.Snapshot, error) {
	w, p, err := s.Service.population(ctx, label, name)
	if err != nil {
		return exports.Snapshot{}, err
	}
	if s.frozen, err = s.Service.Freeze(ctx, label, name); err != nil {
		return exports.Snapshot{}, err
	}
	q, err := s.Service.Questionnaire(p.Questionnaire, p.Hash)
	if err != nil {
		return exports.Snapshot{}, err
	}
	invited, err := s.Service.Store.Identity.Participants(ctx, w.ID, name)
	if err != nil {
		return exports.Snapshot{}, fmt.Errorf("participants: %w", err)
	}
	return exports.Snapshot{
		Wave: w.Label, Population: name, Hash: s.frozen.Hash, Questionnaire: q,
		Setting: questionnaires.Setting{RefFrom: w.RefFrom, RefTo: w.RefTo},
		Strata:  StratumOrder, N: s.frozen.N, Invited: len(invited), Synthetic: w.Synthetic, Rehearsal: w.Rehearsal,
		RefFrom: w.RefFrom, RefTo: w.RefTo, Terms: s.Terms,
	}, nil
}

// Records reads the snapshot that was described last.
func (s *Source) Records(ctx context.Context, described exports.Snapshot, each func(exports.Record) error) error {
	if described.Hash != s.frozen.Hash {
		return fmt.Errorf("records of another snapshot: %w", storage.ErrNotFound)
	}
	return s.Service.records(ctx, s.frozen, func(r kept) error {
		return each(exports.Record{Answers: r.Answers, Written: r.answers, Stratum: r.Stratum, Language: r.Language, Office: r.Office, Shuffle: r.Shuffle})
	})
}

// ErrRehearsal says that a rehearsal never becomes a real release.
var ErrRehearsal = errors.New("a rehearsal can never enter a release")
