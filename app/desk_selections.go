package main

import (
	"context"

	"rondo/app/desk"
	"rondo/app/mail"
	"rondo/app/wave"
	"rondo/storage/identity"
)

// Selections says how the offices of a wave select.
func (d deskLists) Selections(ctx context.Context, label string) (desk.Selections, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Selections{}, err
	}
	states, err := d.Waves.Offices(ctx, w.ID, "office")
	if err != nil {
		return desk.Selections{}, err
	}
	selections, err := d.Store.Identity.Selections(ctx, w.ID)
	if err != nil {
		return desk.Selections{}, err
	}
	excluded, err := d.Store.Identity.ExclusionsOf(ctx, w.ID)
	if err != nil {
		return desk.Selections{}, err
	}
	by := map[string]identity.Selection{}
	for _, s := range selections {
		by[s.OfficeID] = s
	}
	shown := desk.Selections{Mode: wave.SelectionMode(w)}
	for _, s := range states {
		office, is := s.Participant, by[s.Participant.ID]
		one := desk.OfficeSelection{
			Code: office.Code, Mode: is.Mode, Firms: is.Firms, Seed: is.Seed, Nominated: s.Nominated, Quota: office.Quota,
			Excluded: map[string]int{}, MayReset: is.Mode != "" && s.Nominated == 0,
		}
		for _, e := range excluded {
			if e.OfficeID == office.ID {
				one.Excluded[e.Reason]++
			}
		}
		shown.Offices = append(shown.Offices, one)
	}
	return shown, nil
}

// SelectOffices sets how the offices of a wave select.
func (d deskLists) SelectOffices(ctx context.Context, label, mode string) error {
	return d.Waves.SetSelectionMode(ctx, label, mode)
}

// Unselect lets an office say anew how it selects.
func (d deskLists) Unselect(ctx context.Context, label, code string) error {
	return d.Waves.Unselect(ctx, label, code)
}

// Panel lists the members of the panel as seen from a wave.
func (d deskLists) Panel(ctx context.Context, label string) ([]desk.PanelMember, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	candidates, err := d.Waves.Candidates(ctx, w.ID)
	var list []desk.PanelMember
	for _, c := range candidates {
		list = append(list, desk.PanelMember{
			ID: c.Member.ID, Name: c.Member.Name, Email: mail.Masked(c.Member.Email), Language: c.Member.Language, Year: c.Member.Year, Why: c.Why, Like: c.Like,
		})
	}
	return list, err
}

// TakePanel brings members of the panel into a wave.
func (d deskLists) TakePanel(ctx context.Context, label string, ids []string) (int, error) {
	return d.Waves.TakePanel(ctx, label, ids)
}
