package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rondo/app/synthetic"
	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage/identity"
)

// How many answer over HTTP while the demo fills.
const (
	officesOverHTTP   = 2
	employersOverHTTP = 10
)

// wave2015 is the whole course of the first wave: set up, answered, closed, released.
func (d *demo) wave2015(ctx context.Context) error {
	books, err := d.instruments(1)
	if err != nil {
		return err
	}
	study := synthetic.Make(synthetic.Seed, books)
	if err := d.at("2015-09-01T08:00"); err != nil {
		return err
	}
	opens, _ := moment("2015-09-01", false)
	closes, _ := moment("2015-11-30", true)
	if _, err := d.Waves.Create(ctx, wave.Plan{
		Label: "2015", RefFrom: 2010, RefTo: 2015, Opens: opens, Closes: closes,
		Office: "office/1", Employer: "employer/1", Discussion: "discussion/1", Synthetic: true,
	}); err != nil {
		return err
	}
	if err := d.field(ctx, "2015", study); err != nil {
		return err
	}
	if err := d.answers(ctx, "2015", study); err != nil {
		return err
	}
	if err := d.at("2015-12-01T09:00"); err != nil {
		return err
	}
	return d.end2015(ctx, study)
}

// instruments are the questionnaires of one version.
func (d *demo) instruments(version int) (synthetic.Instruments, error) {
	var books [3]*questionnaires.Questionnaire
	for i, key := range []string{"office", "employer", "discussion"} {
		q, err := d.Waves.Questionnaire(fmt.Sprintf("%s/%d", key, version), "")
		if err != nil {
			return synthetic.Instruments{}, err
		}
		books[i] = q
	}
	return synthetic.Instruments{Office: books[0], Employer: books[1], Discussion: books[2]}, nil
}

// field brings a wave into the field: offices invited, employers nominated, approved and invited.
func (d *demo) field(ctx context.Context, label string, study synthetic.Study) error {
	for _, step := range []func() error{
		func() error { return d.offices(ctx, label, study.Offices) },
		func() error { return d.Waves.Open(ctx, label, "office") },
		func() error { return d.mail(ctx, label, "office", "invitation") },
		func() error { return d.nominate(ctx, label, study.Employers) },
		func() error { return d.Waves.Open(ctx, label, "employer") },
		func() error { return d.mail(ctx, label, "employer", "invitation") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// answers lets everybody who has answers submit them, the first ones over HTTP.
func (d *demo) answers(ctx context.Context, label string, study synthetic.Study) error {
	byOffice, byEmail := map[string]questionnaires.Answers{}, map[string]questionnaires.Answers{}
	for _, o := range study.Offices {
		byOffice[o.Code] = o.Answers
	}
	for _, e := range study.Employers {
		byEmail[e.Email] = e.Answers
	}
	err := d.population(ctx, label, "office", officesOverHTTP, func(one identity.Participant) questionnaires.Answers { return byOffice[one.Code] })
	if err != nil {
		return err
	}
	return d.population(ctx, label, "employer", employersOverHTTP, func(one identity.Participant) questionnaires.Answers { return byEmail[one.Email] })
}

// population submits the answers of everybody in a population who has some.
func (d *demo) population(ctx context.Context, label, name string, overHTTP int, of func(identity.Participant) questionnaires.Answers) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	p, err := d.Store.Identity.Population(ctx, w.ID, name)
	if err != nil {
		return err
	}
	all, err := d.Store.Identity.Participants(ctx, w.ID, name)
	if err != nil {
		return err
	}
	for _, one := range all {
		a := of(one)
		if a == nil {
			continue
		}
		if err := d.submit(ctx, p, one, a, overHTTP > 0); err != nil {
			return fmt.Errorf("%s %s: %w", name, one.Code, err)
		}
		overHTTP--
	}
	return nil
}

// end2015 closes the wave, records the discussions, and releases the datasets.
func (d *demo) end2015(ctx context.Context, study synthetic.Study) error {
	ends, _ := moment("2015-12-31", true)
	protocols := map[string]questionnaires.Answers{}
	for _, o := range study.Offices {
		protocols[o.Code] = o.Protocol
	}
	for _, step := range []func() error{
		func() error { return d.Waves.Close(ctx, "2015", "office") },
		func() error { return d.Waves.Close(ctx, "2015", "employer") },
		func() error { return d.Waves.MoveEnd(ctx, "2015", "discussion", ends) },
		func() error { return d.at("2015-12-20T09:00") },
		func() error { return d.Waves.Open(ctx, "2015", "discussion") },
		func() error {
			return d.population(ctx, "2015", "discussion", 0, func(one identity.Participant) questionnaires.Answers { return protocols[one.Code] })
		},
		func() error { return d.Waves.Close(ctx, "2015", "discussion") },
		func() error { return d.at("2016-05-09T09:00") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, population := range wave.Populations {
		if _, err := d.build(ctx, bundleOrder{label: "2015", population: population, profile: "internal", by: demoLead}); err != nil {
			return err
		}
	}
	r, err := d.build(ctx, bundleOrder{label: "2015", population: "employer", profile: "scientific", by: demoLead})
	if err != nil {
		return err
	}
	return d.approve(ctx, r.ID, demoReviewer)
}

// wave2026 is a wave in the field: some have answered, most have not.
func (d *demo) wave2026(ctx context.Context) error {
	books, err := d.instruments(2)
	if err != nil {
		return err
	}
	now, err := d.Store.DB.Now(ctx)
	if err != nil {
		return err
	}
	if _, err := d.Waves.Create(ctx, wave.Plan{
		Label: "2026", RefFrom: 2021, RefTo: 2026, Opens: now.Add(-time.Hour), Closes: now.AddDate(0, 2, 0), Synthetic: true,
	}); err != nil {
		return err
	}
	study := synthetic.Invite(synthetic.Seed + 11)
	if err := d.field(ctx, "2026", study); err != nil {
		return err
	}
	if err := d.some(ctx, books); err != nil {
		return err
	}
	return d.note(ctx)
}

// some lets a third of the offices and a quarter of the employers answer.
func (d *demo) some(ctx context.Context, books synthetic.Instruments) error {
	r := rand.New(rand.NewPCG(synthetic.Seed, 26))
	for name, every := range map[string]int{"office": 3, "employer": 4} {
		q := map[string]*questionnaires.Questionnaire{"office": books.Office, "employer": books.Employer}[name]
		n := 0
		err := d.population(ctx, "2026", name, 0, func(one identity.Participant) questionnaires.Answers {
			if n++; n%every != 0 {
				return nil
			}
			return q.Random(r, questionnaires.Setting{RefFrom: 2021, RefTo: 2026, Prefill: map[string]string{"o_canton": one.Code}}, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// note remembers one employer's and one office's link to print.
func (d *demo) note(ctx context.Context) error {
	w, err := d.Waves.ByLabel(ctx, "2026")
	if err != nil {
		return err
	}
	for _, name := range []string{"employer", "office"} {
		p, err := d.Store.Identity.Population(ctx, w.ID, name)
		if err != nil {
			return err
		}
		all, err := d.Store.Identity.Participants(ctx, w.ID, name)
		if err != nil {
			return err
		}
		done, err := d.Waves.Done(ctx, w.ID, name)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(one identity.Participant) bool { return !done[one.ID] && one.Language == "de" })
		d.links = append(d.links, d.Waves.Link(p, all[max(i, 0)]))
		if name == "office" {
			return d.returned(ctx, w, all[max(i, 0)])
		}
	}
	return nil
}
