package main

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rondo/app/desk"
	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage"
)

// deskCorrections answers the desk's questions about correction sheets.
type deskCorrections struct{ *House }

// Corrections lists the sheets of a wave.
func (d deskCorrections) Corrections(ctx context.Context, lang, label string) ([]desk.Correction, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	var list []desk.Correction
	for _, name := range wave.Populations {
		sheet, err := d.Waves.Sheet(ctx, label, name)
		if err != nil {
			return nil, err
		}
		if len(sheet) == 0 {
			continue
		}
		p, err := d.Store.Identity.Population(ctx, w.ID, name)
		if err != nil {
			return nil, err
		}
		q, err := d.Waves.Questionnaire(p.Questionnaire, p.Hash)
		if err != nil {
			return nil, err
		}
		_, _, err = d.Waves.Correcting(ctx, label, name)
		fixed := errors.Is(err, wave.ErrSheetClosed)
		if err != nil && !fixed {
			return nil, err
		}
		for _, e := range sheet {
			column, _ := q.CorrectableColumn(e.Variable)
			list = append(list, desk.Correction{
				ID: e.ID, Population: name, State: e.State, ProposedBy: e.ProposedBy, DecidedBy: e.DecidedBy,
				Variable: e.Variable, Label: correctableLabel(lang, column), Office: e.Office, Reason: e.Reason, Fixed: fixed,
				From: cellValue(lang, column, e.From, !column.Other), To: cellValue(lang, column, e.To, true),
			})
		}
	}
	return list, nil
}

// correctableLabel is what a column asks: the words of its question, and of its row.
func correctableLabel(lang string, c questionnaires.Column) string {
	switch {
	case c.Question == nil:
		return ""
	case c.Row != nil:
		return c.Label().In(lang) + " – " + c.Row.Label.In(lang)
	}
	return c.Label().In(lang)
}

// cellValue is a cell in words: those of its option, where it is one.
func cellValue(lang string, c questionnaires.Column, cell string, option bool) desk.CorrectableValue {
	v := desk.CorrectableValue{Cell: cell}
	if cell == questionnaires.CellNoAnswer {
		v.Label = i18n.T(lang, "desk.corrections.no_answer", nil)
		return v
	}
	if c.Question == nil || !option {
		return v
	}
	for _, o := range c.Question.Options {
		if o.Missing == 0 && o.Code == cell || o.Missing != 0 && o.Missing.Cell() == cell {
			v.Label = o.Label.In(lang)
		}
	}
	return v
}

// Correctable lists what can be corrected, the texts beside "other" first: most corrections are theirs.
func (d deskCorrections) Correctable(ctx context.Context, lang, label, population string) ([]desk.CorrectableVariable, error) {
	q, _, err := d.Waves.Correcting(ctx, label, population)
	if err != nil {
		return nil, err
	}
	var list []desk.CorrectableVariable
	for _, c := range q.Correctable() {
		list = append(list, desk.CorrectableVariable{Name: c.Name, Label: correctableLabel(lang, c), Other: c.Other})
	}
	slices.SortStableFunc(list, func(a, b desk.CorrectableVariable) int { return cmp.Compare(rank(a), rank(b)) })
	return list, nil
}

func rank(v desk.CorrectableVariable) int {
	if v.Other {
		return 0
	}
	return 1
}

// CorrectableValues are the values of a variable and what they may become.
func (d deskCorrections) CorrectableValues(ctx context.Context, lang, label, population, variable string) (desk.CorrectableValues, error) {
	q, anonymous, err := d.Waves.Correcting(ctx, label, population)
	if err != nil {
		return desk.CorrectableValues{}, err
	}
	c, can := q.CorrectableColumn(variable)
	if !can {
		return desk.CorrectableValues{}, storage.ErrNotFound
	}
	shown := desk.CorrectableValues{CorrectableVariable: desk.CorrectableVariable{Name: c.Name, Label: correctableLabel(lang, c), Other: c.Other}, Kind: c.Type, Floored: anonymous}
	there, err := d.Waves.ValuesOf(ctx, label, population, variable, "")
	if err != nil {
		return shown, err
	}
	for _, v := range there {
		value := cellValue(lang, c, v.Cell, !c.Other)
		if value.N = v.N; anonymous {
			value.N -= v.N % 5
		}
		shown.Values = append(shown.Values, value)
	}
	for _, o := range c.CorrectTo() {
		shown.Options = append(shown.Options, desk.CorrectableValue{Cell: o.Code, Label: o.Label.In(lang)})
	}
	if shown.Options != nil && !c.Other {
		shown.Options = append(shown.Options, cellValue(lang, c, questionnaires.CellNoAnswer, true))
	}
	if !anonymous {
		shown.Offices, err = d.officesOf(ctx, label, population)
	}
	return shown, err
}

func (d deskCorrections) officesOf(ctx context.Context, label, population string) ([]string, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Identity.Participants(ctx, w.ID, population)
	var codes []string
	for _, one := range all {
		codes = append(codes, one.Code)
	}
	slices.Sort(codes)
	return codes, err
}

// ProposeCorrections puts entries on the sheet.
func (d deskCorrections) ProposeCorrections(ctx context.Context, label, population string, p desk.Proposal) ([]desk.Problem, error) {
	found, err := d.Waves.Propose(ctx, label, population, p.From, questionnaires.Correction{Variable: p.Variable, Office: p.Office, To: p.To, Reason: p.Reason}, p.By)
	var problems []desk.Problem
	for _, f := range found {
		for name, arg := range f.Args {
			if n, number := arg.(float64); number {
				f.Args[name] = questionnaires.FormatNumber(n)
			}
		}
		problems = append(problems, desk.Problem{Field: f.Field, Key: "correct_" + f.Rule, Args: f.Args})
	}
	return problems, err
}

// DecideCorrection confirms an entry or takes it off the sheet.
func (d deskCorrections) DecideCorrection(ctx context.Context, label, id string, confirm bool, by string) error {
	for _, name := range wave.Populations {
		sheet, err := d.Waves.Sheet(ctx, label, name)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(sheet, func(e wave.SheetEntry) bool { return e.ID == id }) {
			return d.Waves.Decide(ctx, label, name, id, confirm, by)
		}
	}
	return storage.ErrNotFound
}
