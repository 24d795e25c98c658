package desk

import (
	"context"
	"slices"

	"rondo/storage/db"
	"rondo/storage/staff"
)

// texts are those of a study on paper: in 2015 one to redact, one that waits for a second reader, one released and one rejected.
type texts struct{ *paper }

func (p *texts) TextQuestions(_ context.Context, _, label string) (TextQuestions, error) {
	q := TextQuestion{Variable: "e_comment", Label: "Haben Sie Bemerkungen?"}
	if label == "2009" {
		return TextQuestions{Frozen: true, Questions: []TextQuestion{q}}, nil
	}
	if label != "2015" {
		return TextQuestions{Questions: []TextQuestion{q}}, nil
	}
	q.Flagged, q.Redacted, q.Released, q.Rejected = 1, 1, 1, 1
	filed := TextQuestion{Variable: "e_role_other", Label: "Funktion", Released: 12, Release: "approved"}
	decided := TextQuestion{Variable: "e_branch_other", Label: "Branche", Released: 12}
	return TextQuestions{Frozen: true, Begun: !p.bareTexts, Questions: []TextQuestion{q, filed, decided}}, nil
}

func (p *texts) BeginTexts(_ context.Context, label string) error {
	return p.change("begin texts ", label)
}

func (p *texts) FreeTexts(_ context.Context, _, variable string) ([]FreeText, error) {
	if variable != "e_comment" {
		return nil, nil
	}
	typed := []Piece{{"Wir danken ", ""}, {"Frau Keller", "person"}, {" sehr.\nAuch ", ""}, {"Bäckerei Muster", "name"}, {".", ""}}
	return []FreeText{
		{ID: "t1", State: "flagged", Revision: 1, Typed: typed, TypedIn: "de"},
		{ID: "t2", State: "redacted", Revision: 2, Typed: typed, TypedIn: "de", Redacted: []Piece{{"Wir danken ", ""}, {"Frau Keller", "person"}}, Language: "fr", RedactedBy: "lead@bsv.example"},
		{ID: "t3", State: "released", Revision: 3, Typed: typed, TypedIn: "de", Redacted: []Piece{{"Danke.", ""}}, Language: "de", RedactedBy: "lead@bsv.example", ReadBy: "reviewer@bsv.example"},
		{ID: "t4", State: "rejected", Revision: 2, Typed: typed, TypedIn: "it", ReadBy: "lead@bsv.example", Reason: "Passt nur auf einen Betrieb."},
	}, nil
}

func (p *texts) StepText(ctx context.Context, label, variable, id string, revision int, step TextStep) ([]Problem, error) {
	all, _ := p.FreeTexts(ctx, label, variable)
	t := all[slices.IndexFunc(all, func(t FreeText) bool { return t.ID == id })]
	switch {
	case t.Revision != revision:
		return nil, db.ErrConflict
	case step.Do == "release" && t.RedactedBy == step.By:
		return nil, staff.ErrOwn
	case step.Do == "redact" && step.Text == "Frau Keller" && !step.Sure:
		return []Problem{{Field: "sure", Key: "text_marked", Args: map[string]any{"parts": "«Frau Keller»"}}}, nil
	}
	return nil, p.change(step.Do, " ", label, " ", variable, " ", id, " by ", step.By, ": ", step.Text, step.Language, step.Reason)
}

func (p *texts) ProposeTexts(_ context.Context, label, variable, by string) (Release, error) {
	return Release{ID: "r8"}, p.change("propose ", label, " ", variable, " by ", by)
}
