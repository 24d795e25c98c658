package wave

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/keys"
)

// Refusals of the correction sheet.
var (
	ErrWaiting     = answers.ErrUndecided
	ErrSheetClosed = errors.New("these answers are frozen; nothing can be corrected any more")
	ErrCorrected   = errors.New("this value is being corrected already")
)

// SheetEntry is one entry of a correction sheet. State: proposed, confirmed, rejected.
type SheetEntry struct {
	ID, State, ProposedBy, DecidedBy string
	questionnaires.Correction
}

// AnswerValue is one value that a variable has, and how many responses have it.
type AnswerValue struct {
	Cell string
	N    int
}

// SheetProblem is what is wrong with a proposal. Field: from, to, office, reason.
type SheetProblem struct {
	Field, Rule string
	Args        map[string]any
}

// Limits of a proposal.
const (
	longestReason  = 500
	mostCorrecting = 200 // values at once
)

// Sheet lists the correction sheet of a population by variable and value, as long as the wave is
// not archived.
func (s *Service) Sheet(ctx context.Context, label, name string) ([]SheetEntry, error) {
	w, _, err := s.population(ctx, label, name)
	if err != nil {
		return nil, err
	}
	return s.sheet(ctx, w.ID, name)
}

func (s *Service) sheet(ctx context.Context, waveID, name string) ([]SheetEntry, error) {
	kept, err := s.Store.Answers.Corrections(ctx, waveID, name)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	open, err := s.opener(ctx, waveID, name)
	if err != nil {
		return nil, err
	}
	list := make([]SheetEntry, 0, len(kept))
	for _, c := range kept {
		plain, err := open(c.Body, sheetEntry(waveID, name, c.ID))
		if err != nil {
			return nil, fmt.Errorf("a correction cannot be opened: %w", err)
		}
		e := SheetEntry{ID: c.ID, State: c.State, ProposedBy: c.ProposedBy, DecidedBy: c.DecidedBy}
		if err := json.Unmarshal(plain, &e.Correction); err != nil {
			return nil, fmt.Errorf("a correction cannot be read: %w", err)
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b SheetEntry) int {
		return cmp.Or(cmp.Compare(a.Variable, b.Variable), cmp.Compare(a.From, b.From), cmp.Compare(a.Office, b.Office), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// sheetEntry binds a sealed entry to its place.
func sheetEntry(waveID, name, id string) []byte {
	return fmt.Appendf(nil, "correction %s %s %s", waveID, name, id)
}

// confirmed are the entries that hold, and their ids in the order of the store.
func confirmed(list []SheetEntry) ([]SheetEntry, []string) {
	list = slices.DeleteFunc(slices.Clone(list), func(e SheetEntry) bool { return e.State != "confirmed" })
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return list, ids
}

// sheetLines are the confirmed entries as the hash of a snapshot covers them, sorted by their bytes.
func sheetLines(list []SheetEntry) ([][]byte, error) {
	var lines [][]byte
	for _, e := range list {
		line, err := json.Marshal(struct {
			questionnaires.Correction
			ProposedBy  string `json:"proposed_by"`
			ConfirmedBy string `json:"confirmed_by"`
		}{e.Correction, e.ProposedBy, e.DecidedBy})
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, slices.Compare)
	return lines, nil
}

// correctedRecords reads a snapshot with its sheet applied.
func (s *Service) correctedRecords(ctx context.Context, frozen answers.Snapshot, q *questionnaires.Questionnaire, each func(questionnaires.Record) error) error {
	sheet, err := s.sheet(ctx, frozen.WaveID, frozen.Population)
	if err != nil {
		return err
	}
	corrector := correctorOf(q, sheet)
	return s.records(ctx, frozen, wholeRecords, func(r kept) error {
		corrected, _ := corrector.Correct(r.Record)
		return each(corrected)
	})
}

// correctorOf makes ready the confirmed entries of a sheet.
func correctorOf(q *questionnaires.Questionnaire, sheet []SheetEntry) *questionnaires.Corrector {
	sheet, _ = confirmed(sheet)
	var rules []questionnaires.Correction
	for _, e := range sheet {
		rules = append(rules, e.Correction)
	}
	return q.Corrector(rules)
}

// Correcting says what of a closed population can be corrected: its questionnaire, and whether it
// was promised anonymity. ErrFrozenNot while it is open, ErrSheetClosed once it is frozen.
func (s *Service) Correcting(ctx context.Context, label, name string) (q *questionnaires.Questionnaire, anonymous bool, err error) {
	w, p, err := s.population(ctx, label, name)
	switch {
	case err != nil:
		return nil, false, err
	case w.State == "archived":
		return nil, false, ErrArchived
	case p.State != "closed":
		return nil, false, ErrFrozenNot
	}
	if _, err := s.Store.Answers.Snapshot(ctx, w.ID, name); err == nil {
		return nil, false, ErrSheetClosed
	} else if !errors.Is(err, storage.ErrNotFound) {
		return nil, false, fmt.Errorf("look for a snapshot: %w", err)
	}
	window, err := s.Store.Answers.Window(ctx, w.ID, name)
	if err != nil {
		return nil, false, fmt.Errorf("window: %w", err)
	}
	q, err = s.Questionnaire(p.Questionnaire, p.Hash)
	return q, window.Promise == answers.Anonymous, err
}

// ValuesOf lists the values that a variable has among the responses of a closed population, or of
// one office in it, by value: never which response has which, and nothing beside them.
func (s *Service) ValuesOf(ctx context.Context, label, name, variable, office string) ([]AnswerValue, error) {
	q, _, err := s.Correcting(ctx, label, name)
	if err != nil {
		return nil, err
	}
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(q.Columns(), func(c questionnaires.Column) bool { return c.Name == variable })
	if _, can := q.CorrectableColumn(variable); !can || at < 0 {
		return nil, storage.ErrNotFound
	}
	counts := map[string]int{}
	err = s.responses(ctx, w.ID, name, func(r questionnaires.Record) error {
		if cell := q.Row(r.Answers)[at]; (office == "" || r.Office == office) && cell != questionnaires.CellNotAsked && cell != questionnaires.CellNoAnswer {
			counts[cell]++
		}
		return nil
	})
	var list []AnswerValue
	for cell, n := range counts {
		list = append(list, AnswerValue{cell, n})
	}
	slices.SortFunc(list, func(a, b AnswerValue) int { return byNumber(a.Cell, b.Cell) })
	return list, err
}

// byNumber orders numbers by what they are, and all else by letters.
func byNumber(a, b string) int {
	x, numberA := questionnaires.ParseNumber(a)
	y, numberB := questionnaires.ParseNumber(b)
	if numberA && numberB {
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

// Propose adds corrections of one variable to the sheet: each of the values from becomes to. On
// problems nothing is kept. ErrCorrected where one of them is being corrected already.
func (s *Service) Propose(ctx context.Context, label, name string, from []string, c questionnaires.Correction, by string) ([]SheetProblem, error) {
	q, anonymous, err := s.Correcting(ctx, label, name)
	if err != nil {
		return nil, err
	}
	column, can := q.CorrectableColumn(c.Variable)
	if !can {
		return nil, storage.ErrNotFound
	}
	there, err := s.ValuesOf(ctx, label, name, c.Variable, c.Office)
	if err != nil {
		return nil, err
	}
	to, problems := checked(column, there, from, c, anonymous)
	if len(problems) > 0 {
		return problems, nil
	}
	c.To, c.Reason = to, strings.TrimSpace(c.Reason)

	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	entries, err := s.sealed(ctx, w.ID, name, from, c, by)
	if err != nil {
		return nil, err
	}
	err = s.Store.Answers.Propose(ctx, w.ID, name, entries)
	return nil, sheetRefusal(err)
}

// checked reads a proposal by the rules of its variable.
func checked(column questionnaires.Column, there []AnswerValue, from []string, c questionnaires.Correction, anonymous bool) (string, []SheetProblem) {
	var problems []SheetProblem
	wrong := func(field, rule string, args map[string]any) {
		problems = append(problems, SheetProblem{field, rule, args})
	}
	to, rule, args := column.CorrectedCell(c.To)
	if rule != "" {
		wrong("to", rule, args)
	}
	switch {
	case anonymous && c.Office != "":
		wrong("office", "unknown", nil)
	case len(from) == 0:
		wrong("from", "choose", nil)
	case len(from) > mostCorrecting:
		wrong("from", "too_many", map[string]any{"n": mostCorrecting})
	}
	for i, cell := range from {
		switch {
		case !slices.ContainsFunc(there, func(v AnswerValue) bool { return v.Cell == cell }) || slices.Contains(from[:i], cell):
			wrong("from", "not_there", nil)
		case cell == to && rule == "" && !column.Other:
			wrong("to", "same", nil)
		}
	}
	if reason := strings.TrimSpace(c.Reason); reason == "" || utf8.RuneCountInString(reason) > longestReason {
		wrong("reason", "why", nil)
	}
	return to, problems
}

// sealed makes the entries of a proposal.
func (s *Service) sealed(ctx context.Context, waveID, name string, from []string, c questionnaires.Correction, by string) ([]answers.Correction, error) {
	window, err := s.Store.Answers.Window(ctx, waveID, name)
	if err != nil {
		return nil, fmt.Errorf("window: %w", err)
	}
	var sealer *keys.Sealer
	if sealer, err = s.Store.Secret.Sealer(window.AnswerSalt); err != nil {
		return nil, err
	}
	var entries []answers.Correction
	for _, c.From = range from {
		plain, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		id := db.NewID()
		entries = append(entries, answers.Correction{
			ID: id, ProposedBy: by, Body: sealer.Seal(plain, sheetEntry(waveID, name, id)),
			Slot: s.Store.Secret.Slot(window.AnswerSalt, waveID, name, c.Variable, c.Office, c.From),
		})
	}
	return entries, nil
}

// Decide confirms or takes off one entry of a sheet; storage.ErrOwn when a person confirms their own.
func (s *Service) Decide(ctx context.Context, label, name, id string, confirm bool, by string) error {
	w, _, err := s.population(ctx, label, name)
	if err != nil {
		return err
	}
	decide := s.Store.Answers.RejectCorrection
	if confirm {
		decide = s.Store.Answers.ConfirmCorrection
	}
	return sheetRefusal(decide(ctx, w.ID, name, id, by))
}

func sheetRefusal(err error) error {
	switch {
	case errors.Is(err, storage.ErrImmutable):
		return ErrSheetClosed
	case errors.Is(err, storage.ErrDuplicate):
		return ErrCorrected
	}
	return err
}
