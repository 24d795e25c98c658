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

// Source hands frozen snapshots to exports: records, which have no field for an identity, with the
// corrections of the sheet applied.
type Source struct {
	Service *Service
	Terms   string // of use, for what leaves the house; empty: the built-in ones

	frozen    answers.Snapshot
	corrector *questionnaires.Corrector
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
	invited, err := s.Service.Store.Identity.CountParticipants(ctx, w.ID)
	if err != nil {
		return exports.Snapshot{}, fmt.Errorf("participants: %w", err)
	}
	corrections, corrected, err := s.corrections(ctx, w.ID, name, q)
	if err != nil {
		return exports.Snapshot{}, err
	}
	return exports.Snapshot{
		Wave: w.Label, Population: name, Hash: s.frozen.Hash, Questionnaire: q,
		Setting: questionnaires.Setting{RefFrom: w.RefFrom, RefTo: w.RefTo},
		Strata:  StratumOrder, N: s.frozen.N, Invited: invited[name], Synthetic: w.Synthetic, Rehearsal: w.Rehearsal,
		RefFrom: w.RefFrom, RefTo: w.RefTo, Terms: s.Terms,
		Corrections: corrections, Corrected: corrected,
	}, nil
}

// corrections makes ready the confirmed sheet of the snapshot, and counts what it changes: how many
// responses each entry met, and in how many the cell of a column is another than was answered.
func (s *Source) corrections(ctx context.Context, waveID, name string, q *questionnaires.Questionnaire) ([]exports.Correction, map[string]int, error) {
	s.corrector = nil
	sheet, err := s.Service.sheet(ctx, waveID, name)
	if err != nil {
		return nil, nil, err
	}
	sheet, _ = confirmed(sheet)
	if len(sheet) == 0 {
		return nil, nil, nil
	}
	var list []exports.Correction
	for _, e := range sheet {
		list = append(list, exports.Correction{Correction: e.Correction})
	}
	s.corrector = correctorOf(q, sheet)
	columns, changed := q.Columns(), map[string]int{}
	err = s.Service.records(ctx, s.frozen, wholeRecords, func(r kept) error {
		corrected, met := s.corrector.Correct(r.Record)
		if len(met) == 0 {
			return nil
		}
		for _, i := range met {
			list[i].Responses++
		}
		before := q.Row(r.Answers)
		for i, cell := range q.Row(corrected.Answers) {
			if cell != before[i] {
				changed[columns[i].Name]++
			}
		}
		return nil
	})
	return list, changed, err
}

// Records reads the snapshot that was described last.
func (s *Source) Records(ctx context.Context, described exports.Snapshot, each func(exports.Record) error) error {
	if described.Hash != s.frozen.Hash {
		return fmt.Errorf("records of another snapshot: %w", storage.ErrNotFound)
	}
	lines := heads
	if s.corrector != nil {
		lines = lineReader{s.readCorrected, wholeRecords.batch}
	}
	return s.Service.records(ctx, s.frozen, lines, func(r kept) error {
		return each(exports.Record{Answers: r.Answers, Written: r.answers, Stratum: r.Stratum, Language: r.Language, Office: r.Office, Shuffle: r.Shuffle})
	})
}

// readCorrected reads a line and corrects it. Where no correction meets it, it gives the answers as
// they are written, as ReadHead does: answers that are read take memory while they wait.
func (s *Source) readCorrected(line []byte) (questionnaires.Record, []byte, error) {
	r, answers, err := questionnaires.ReadRecord(line)
	if err != nil {
		return r, nil, err
	}
	corrected, met := s.corrector.Correct(r)
	if len(met) == 0 && answers != nil {
		corrected.Answers = nil
		return corrected, answers, nil
	}
	return corrected, nil, nil
}

// ErrRehearsal says that a rehearsal never becomes a real release.
var ErrRehearsal = errors.New("a rehearsal can never enter a release")
