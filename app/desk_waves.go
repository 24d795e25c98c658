package main

import (
	"context"
	"errors"
	"time"

	"rondo/app/desk"
	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/identity"
)

// deskWaves answers the desk's questions about the course of a wave.
type deskWaves struct{ *House }

// Waves lists all waves.
func (d deskWaves) Waves(ctx context.Context) ([]desk.Wave, error) {
	waves, err := d.Store.Identity.Waves(ctx)
	var list []desk.Wave
	for _, w := range waves {
		list = append(list, deskWave(w))
	}
	return list, err
}

func deskWave(w identity.Wave) desk.Wave {
	return desk.Wave{
		Label: w.Label, RefFrom: w.RefFrom, RefTo: w.RefTo, State: w.State,
		Synthetic: w.Synthetic, Rehearsal: w.Rehearsal, MailPaused: w.MailPaused,
		HeadReleases: wave.HeadReleases(w.Settings),
	}
}

// Wave is one wave with its populations.
func (d deskWaves) Wave(ctx context.Context, label string) (desk.Wave, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Wave{}, err
	}
	now, err := d.Store.DB.Now(ctx)
	if err != nil {
		return desk.Wave{}, err
	}
	populations, err := d.Store.Identity.Populations(ctx, w.ID)
	if err != nil {
		return desk.Wave{}, err
	}
	invited, err := d.Store.Identity.CountParticipants(ctx, w.ID)
	if err != nil {
		return desk.Wave{}, err
	}
	shown := deskWave(w)
	for _, p := range populations {
		one, err := d.population(ctx, w, p, invited[p.Name], now)
		if err != nil {
			return desk.Wave{}, err
		}
		shown.Populations = append(shown.Populations, one)
	}
	return shown, nil
}

func (d deskWaves) population(ctx context.Context, w identity.Wave, p identity.Population, invited int, now time.Time) (desk.Population, error) {
	may, err := d.House.Waves.MayOpen(ctx, w.ID, p.Name)
	if err != nil {
		return desk.Population{}, err
	}
	one := desk.Population{
		Name: p.Name, Questionnaire: p.Questionnaire, State: p.State, Opens: p.Opens, Closes: p.Closes,
		Ended: p.State == "open" && !now.Before(p.Closes), Participants: invited,
		MayOpen: may, MayClose: p.State == "open", MayFreeze: p.State == "closed" && w.State != "archived",
	}
	frozen, err := d.Store.Answers.Snapshot(ctx, w.ID, p.Name)
	switch {
	case err == nil:
		one.Frozen, one.Snapshot, one.MayFreeze = true, frozen.Hash, false
	case !errors.Is(err, storage.ErrNotFound):
		return one, err
	}
	return one, nil
}

// Questionnaires lists the published references of an instrument.
func (d deskWaves) Questionnaires(ctx context.Context, population string) ([]string, error) {
	return d.House.Waves.Refs(ctx, population)
}

// CreateWave makes a wave; what the form can correct comes back as problems.
func (d deskWaves) CreateWave(ctx context.Context, w desk.NewWave) ([]desk.Problem, error) {
	_, err := d.House.Waves.Create(ctx, plan(w))
	return waveProblems(err)
}

// RepeatWave makes the next wave from an earlier one.
func (d deskWaves) RepeatWave(ctx context.Context, label string, w desk.NewWave) ([]desk.Problem, error) {
	_, err := d.House.Waves.Repeat(ctx, label, plan(w))
	return waveProblems(err)
}

func plan(w desk.NewWave) wave.Plan {
	return wave.Plan{
		Label: w.Label, RefFrom: w.RefFrom, RefTo: w.RefTo, Opens: w.Opens, Closes: w.Closes,
		Office: w.Office, Employer: w.Employer, Discussion: w.Discussion, Rehearsal: w.Rehearsal, HeadReleases: w.HeadReleases,
	}
}

// waveProblems says which field of the form an error is about.
func waveProblems(err error) ([]desk.Problem, error) {
	for _, p := range []struct {
		err        error
		field, key string
	}{
		{wave.ErrLabel, "label", "label"}, {wave.ErrTaken, "label", "taken"},
		{wave.ErrYears, "ref_to", "years_order"}, {wave.ErrDates, "closes", "times_order"},
	} {
		if errors.Is(err, p.err) {
			return []desk.Problem{{Field: p.field, Key: p.key}}, nil
		}
	}
	return nil, err
}

// OpenPopulation lets a population answer.
func (d deskWaves) OpenPopulation(ctx context.Context, label, population string) error {
	return d.House.Waves.Open(ctx, label, population)
}

// ClosePopulation ends the answering of a population.
func (d deskWaves) ClosePopulation(ctx context.Context, label, population string) error {
	return d.House.Waves.Close(ctx, label, population)
}

// MoveEnd sets another end.
func (d deskWaves) MoveEnd(ctx context.Context, label, population string, closes time.Time) ([]desk.Problem, error) {
	err := d.House.Waves.MoveEnd(ctx, label, population, closes)
	if errors.Is(err, wave.ErrDates) {
		return []desk.Problem{{Field: "closes", Key: "past"}}, nil
	}
	return nil, err
}

// Freeze makes the snapshot of a closed population.
func (d deskWaves) Freeze(ctx context.Context, label, population string) error {
	_, err := d.House.Waves.Freeze(ctx, label, population)
	return err
}

// Archive erases what must not stay.
func (d deskWaves) Archive(ctx context.Context, label string) error {
	return d.House.Waves.Archive(ctx, label)
}

// Offices lists the offices with their exact state.
func (d deskWaves) Offices(ctx context.Context, label string) ([]desk.Office, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	states, err := d.House.Waves.Offices(ctx, w.ID, "office")
	var list []desk.Office
	for _, s := range states {
		p := s.Participant
		list = append(list, desk.Office{
			Code: p.Code, Name: p.Name, Language: p.Language, State: s.State, Nominated: s.Nominated, Quota: p.Quota,
			Head: masked(p.Head), Waiting: s.Forward,
		})
	}
	return list, err
}

// masked is an address as the desk shows it; "" where there is none.
func masked(address string) string {
	if address == "" {
		return ""
	}
	return mail.Masked(address)
}

// SetHead keeps the address of the head of an office.
func (d deskWaves) SetHead(ctx context.Context, label, code, email string) ([]desk.Problem, error) {
	_, o, err := d.House.Waves.Office(ctx, label, code)
	if err != nil {
		return nil, err
	}
	err = d.Outbox.SetHead(ctx, o.ID, email)
	if errors.Is(err, outbox.ErrHead) {
		return []desk.Problem{{Field: "email", Key: "head"}}, nil
	}
	return nil, err
}

// Groups lists the feedback groups and strata.
func (d deskWaves) Groups(ctx context.Context, label string) ([]desk.Group, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	groups, err := d.House.Waves.Preview(ctx, w.ID)
	var list []desk.Group
	for _, g := range groups {
		shown := desk.Group{Name: g.Name, Offices: g.Offices, Invited: g.Invited, Small: g.Invited < wave.LeastGroup}
		for _, s := range g.Strata {
			shown.Strata = append(shown.Strata, desk.Stratum{Attributes: s.Attributes, Invited: s.Invited})
		}
		list = append(list, shown)
	}
	return list, err
}

// Counts are the employers' floored counts.
func (d deskWaves) Counts(ctx context.Context, label string) (desk.Counts, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Counts{}, err
	}
	counts, err := d.House.Waves.Counts(ctx, w.ID)
	shown := desk.Counts{Invited: counts.Invited, Responses: counts.Responses}
	for _, g := range counts.Groups {
		shown.Groups = append(shown.Groups, desk.GroupCount(g))
	}
	if err != nil {
		return shown, err
	}
	p, _, err := d.predict(ctx, w, counts)
	shown.Low, shown.High = p.Low, p.High
	return shown, err
}

// NonResponse is what became of the employers' invitations.
func (d deskWaves) NonResponse(ctx context.Context, lang, label string) ([]desk.Outcomes, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	cells, err := d.House.Waves.NonResponse(ctx, w.ID)
	var list []desk.Outcomes
	for _, c := range cells {
		value := c.Value
		if c.Dimension == "branch" {
			value = branchName(lang, value)
		}
		list = append(list, desk.Outcomes{
			Dimension: c.Dimension, Value: value, Invited: c.Invited,
			Submitted: c.Submitted, Refused: c.Refused, Undeliverable: c.Undeliverable, Silent: c.Silent,
		})
	}
	return list, err
}

// branchName is a branch group in words, as the employers' questionnaire has them; what is none
// stays as it is.
func branchName(lang, code string) string {
	if q := questionnaires.Newest("employer"); q != nil {
		if asked := q.Question("e_branch"); asked != nil {
			for _, o := range asked.Options {
				if o.Code == code {
					return o.Label.In(lang)
				}
			}
		}
	}
	return code
}

// Discussions lists the group discussions with their exact state.
func (d deskWaves) Discussions(ctx context.Context, label string) ([]desk.Discussion, error) {
	w, err := d.House.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	p, err := d.Store.Identity.Population(ctx, w.ID, "discussion")
	if err != nil {
		return nil, err
	}
	states, err := d.House.Waves.Offices(ctx, w.ID, "discussion")
	var list []desk.Discussion
	for _, s := range states {
		list = append(list, desk.Discussion{Code: s.Participant.Code, Office: s.Participant.Name, State: s.State, MayRecord: p.State == "open"})
	}
	return list, err
}
