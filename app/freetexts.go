package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rondo/app/desk"
	"rondo/app/wave"
	"rondo/exports/freetext"
	"rondo/questionnaires"
)

// deskTexts answers the desk's questions about the texts that employers typed.
type deskTexts struct{ *House }

// TextQuestions says where the texts of each question stand.
func (d deskTexts) TextQuestions(ctx context.Context, lang, label string) (desk.TextQuestions, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.TextQuestions{}, err
	}
	all, frozen, begun, err := d.Waves.AllTexts(ctx, label)
	if err != nil {
		return desk.TextQuestions{}, err
	}
	releases, err := d.Store.Staff.Releases(ctx, w.ID)
	if err != nil {
		return desk.TextQuestions{}, err
	}
	states := map[string]string{}
	for _, r := range releases {
		if r.Profile == wave.TextsProfile && r.State != "rejected" {
			states[r.Variable] = r.State
		}
	}
	shown := desk.TextQuestions{Frozen: frozen, Begun: begun}
	setting := questionnaires.Setting{RefFrom: w.RefFrom, RefTo: w.RefTo}
	for _, texts := range all {
		n := texts.Counts
		shown.Questions = append(shown.Questions, desk.TextQuestion{
			Variable: texts.Column.Name, Label: texts.Label(lang, setting), Release: states[texts.Column.Name],
			Flagged: n["flagged"], Redacted: n["redacted"], Released: n["released"], Rejected: n["rejected"],
		})
	}
	return shown, nil
}

// BeginTexts takes the texts out of the frozen answers.
func (d deskTexts) BeginTexts(ctx context.Context, label string) error {
	return d.Waves.BeginTexts(ctx, label)
}

// FreeTexts are the texts of a question, cut where they are marked.
func (d deskTexts) FreeTexts(ctx context.Context, label, variable string) ([]desk.FreeText, error) {
	all, err := d.Waves.FreeTexts(ctx, label, variable)
	var shown []desk.FreeText
	for _, t := range all {
		shown = append(shown, desk.FreeText{
			ID: t.ID, State: t.State, Revision: t.Revision, Typed: pieces(t.Typed, t.Marks), Redacted: pieces(t.Redacted, t.Left),
			TypedIn: t.TypedIn, Language: t.Language, RedactedBy: t.RedactedBy, ReadBy: t.ReadBy, Reason: t.Reason,
		})
	}
	return shown, err
}

// pieces cuts a text where it is marked.
func pieces(text string, marks []freetext.Mark) []desk.Piece {
	var all []desk.Piece
	at := 0
	for _, m := range marks {
		if m.From > at {
			all = append(all, desk.Piece{Text: text[at:m.From]})
		}
		all = append(all, desk.Piece{Text: text[m.From:m.To], Kind: string(m.Kind)})
		at = m.To
	}
	if at < len(text) {
		all = append(all, desk.Piece{Text: text[at:]})
	}
	return all
}

// StepText does something with a text.
func (d deskTexts) StepText(ctx context.Context, label, variable, id string, revision int, step desk.TextStep) ([]desk.Problem, error) {
	left, err := d.Waves.StepText(ctx, label, variable, id, revision, wave.TextStep{
		Do: step.Do, By: step.By, Text: step.Text, Language: step.Language, Reason: step.Reason, Sure: step.Sure,
	})
	switch {
	case errors.Is(err, wave.ErrMarked):
		return []desk.Problem{{Field: "sure", Key: "text_marked", Args: map[string]any{"parts": parts(left)}}}, nil
	case errors.Is(err, wave.ErrNoText):
		return []desk.Problem{{Field: "text", Key: "required"}}, nil
	}
	return nil, err
}

// parts lists what is marked, each once.
func parts(marked []string) string {
	var all []string
	for _, part := range marked {
		if quoted := "«" + part + "»"; !slices.Contains(all, quoted) {
			all = append(all, quoted)
		}
	}
	return strings.Join(all, ", ")
}

// ProposeTexts makes the file of a question.
func (d deskTexts) ProposeTexts(ctx context.Context, label, variable, by string) (desk.Release, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Release{}, err
	}
	name := strings.TrimSuffix(fileName(w, "employer", "freetext-"+variable), ".zip") + ".csv"
	r, err := d.Waves.ProposeTexts(ctx, label, variable, by, name)
	return deskRelease(r), err
}
