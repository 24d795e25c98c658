package desk

import (
	"context"
	"fmt"

	"rondo/storage/db"
)

// ownEntry is proposed by the analyst, the others by the lead.
const ownEntry = "s3"

func (p *paper) Corrections(_ context.Context, _, label string) ([]Correction, error) {
	if label != "2015" {
		return nil, nil
	}
	entry := func(id, state, by string) Correction {
		return Correction{ID: id, Population: "office", State: state, ProposedBy: by, Variable: "o_role_other", Label: "Rolle", Reason: "<b>steht</b> in der Liste",
			From: CorrectableValue{Cell: `Leitung "Mitte" & Co`}, To: CorrectableValue{Cell: "management", Label: "Leitung"}}
	}
	list := []Correction{entry("s1", "proposed", "lead@bsv.example"), entry("s2", "confirmed", "lead@bsv.example"), entry(ownEntry, "proposed", "analyst@bsv.example"), entry("s4", "rejected", "lead@bsv.example"), entry("s5", "confirmed", "lead@bsv.example")}
	list[1].DecidedBy, list[3].DecidedBy, list[1].Office, list[4].Fixed = "reviewer@bsv.example", "reviewer@bsv.example", "BE", true
	return list, nil
}

func (p *paper) Correctable(context.Context, string, string, string) ([]CorrectableVariable, error) {
	return []CorrectableVariable{{Name: "o_role", Label: "Ihre Rolle"}, {Name: "o_role_other", Label: "Ihre Rolle", Other: true}}, nil
}

func (p *paper) CorrectableValues(_ context.Context, _, _, population, variable string) (CorrectableValues, error) {
	v := CorrectableValues{CorrectableVariable: CorrectableVariable{Name: variable, Label: "Ihre Rolle", Other: variable == "o_role_other"}, Floored: population == "employer"}
	switch variable {
	case "o_days":
		v.Kind, v.Offices = "number", []string{"AG", "BE"}
		for i := range 450 {
			v.Values = append(v.Values, CorrectableValue{Cell: fmt.Sprint(i), N: 1})
		}
	case "o_role_other", "o_role":
		v.Kind, v.Values = "code", []CorrectableValue{{`Leitung "Mitte" & Co`, "", 0}, {"management", "Leitung", 20}}
		v.Options = []CorrectableValue{{Cell: "management", Label: "Leitung"}, {Cell: "several", Label: "Mehrere"}}
	default:
		return v, db.ErrNotFound
	}
	return v, nil
}

func (p *paper) ProposeCorrections(_ context.Context, label, population string, x Proposal) ([]Problem, error) {
	if x.To == "9999" {
		return []Problem{{Field: "to", Key: "correct_above_max", Args: map[string]any{"max": "365"}}}, nil
	}
	if len(x.From) == 0 {
		return []Problem{{Field: "from", Key: "correct_choose"}}, nil
	}
	return nil, p.change("propose ", label, " ", population, " ", x.Variable, " ", x.From, " → ", x.To, " ", x.Office, " by ", x.By, ": ", x.Reason)
}

func (p *paper) DecideCorrection(_ context.Context, _, id string, confirm bool, by string) error {
	return p.change("decide ", id, " ", confirm, " by ", by)
}
