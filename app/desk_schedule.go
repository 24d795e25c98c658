package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rondo/app/desk"
	"rondo/app/outbox"
	"rondo/storage/identity"
)

// deskSchedules answers the desk's questions about when messages go out and in which words.
type deskSchedules struct{ *House }

// Outlook is what goes out when.
func (d deskSchedules) Outlook(ctx context.Context, label string) (desk.Outlook, error) {
	var shown desk.Outlook
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return shown, err
	}
	all, err := d.Outbox.Forecast(ctx, w)
	if err != nil {
		return shown, err
	}
	for _, l := range all {
		shown.Entries = append(shown.Entries, desk.Planned{
			Population: l.Population, Kind: l.Kind, Name: outbox.EntryName(l.Kind, l.Number), Due: l.Due, State: l.State,
			N: l.N, Floored: l.Floored, AtMost: l.AtMost, Automatic: l.Automatic, Takes: l.Takes(d.Config.MailRate),
		})
	}
	under, err := d.Outbox.Progress(ctx, w)
	for _, p := range under {
		shown.Progress = append(shown.Progress, desk.Progress{
			Population: p.Population, Kind: p.Kind, Name: outbox.EntryName(p.Kind, p.Number), Waiting: p.Waiting, All: p.All,
			Floored: p.Floored, Takes: p.Takes(d.Config.MailRate),
		})
	}
	return shown, err
}

// Schedule is the schedule of a population.
func (d deskSchedules) Schedule(ctx context.Context, label, population string) ([]desk.ScheduleEntry, error) {
	w, p, err := d.population(ctx, label, population)
	if err != nil {
		return nil, err
	}
	entries, err := d.Outbox.Schedule(ctx, w.ID, population)
	var shown []desk.ScheduleEntry
	for _, e := range entries {
		one := desk.ScheduleEntry{Name: outbox.EntryName(e.Kind, e.Number), Days: e.Days, Hour: e.Hour, Automatic: e.Automatic}
		if due, fits := outbox.Due(e, entries, p); fits {
			one.Due = due
		}
		shown = append(shown, one)
	}
	return shown, err
}

func (d deskSchedules) population(ctx context.Context, label, name string) (identity.Wave, identity.Population, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return w, identity.Population{}, err
	}
	p, err := d.Store.Identity.Population(ctx, w.ID, name)
	return w, p, err
}

// SetSchedule keeps a whole schedule.
func (d deskSchedules) SetSchedule(ctx context.Context, label, population string, entries []desk.ScheduleEntry) ([]desk.Problem, error) {
	w, _, err := d.population(ctx, label, population)
	if err != nil {
		return nil, err
	}
	var kept []outbox.Entry
	for _, e := range entries {
		kind, number := e.Name, 0
		if n, found := strings.CutPrefix(e.Name, "reminder"); found {
			kind = "reminder"
			if number, err = strconv.Atoi(n); err != nil {
				return nil, err
			}
		}
		if e.Name == "last_call" {
			kind, number = "reminder", outbox.LastCall
		}
		kept = append(kept, outbox.Entry{Kind: kind, Number: number, Days: e.Days, Hour: e.Hour, Automatic: e.Automatic})
	}
	problems, err := d.Outbox.SetSchedule(ctx, w.ID, population, kept)
	return deskProblems(problems), err
}

func deskProblems(problems []outbox.Problem) (shown []desk.Problem) {
	for _, p := range problems {
		shown = append(shown, desk.Problem(p))
	}
	return shown
}

// CancelMail cancels what of a kind has not begun to leave.
func (d deskSchedules) CancelMail(ctx context.Context, label, population, kind string) (int, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return 0, err
	}
	n, _, err := d.Outbox.CancelQueued(ctx, w, population, kind)
	return n, err
}

// OwnTexts names the texts that staff wrote for the wave.
func (d deskSchedules) OwnTexts(ctx context.Context, label string) (map[string]bool, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	texts, err := d.Store.Identity.MessageTexts(ctx, w.ID)
	own := map[string]bool{}
	for _, t := range texts {
		own[t.Population+" "+t.Kind+" "+t.Language] = true
	}
	return own, err
}

// Text is the subject and the body of a kind in one language.
func (d deskSchedules) Text(ctx context.Context, label, population, kind, lang string) (desk.Text, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Text{}, err
	}
	t, err := d.Outbox.Text(ctx, w.ID, population, kind, lang)
	shown := desk.Text{Subject: t.Subject, Body: t.Body, Own: t.Own}
	for name, must := range outbox.Placeholders(population, kind) {
		shown.Allowed = append(shown.Allowed, name)
		if must {
			shown.Must = append(shown.Must, name)
		}
	}
	slices.Sort(shown.Allowed)
	return shown, err
}

// CheckText says what is wrong with a text and how it would look.
func (d deskSchedules) CheckText(ctx context.Context, label, population, kind, lang string, t desk.Text) ([]desk.Problem, desk.Letter, error) {
	_, p, err := d.population(ctx, label, population)
	if err != nil {
		return nil, desk.Letter{}, err
	}
	text := outbox.Text{Subject: t.Subject, Body: t.Body}
	subject, blocks, err := d.Outbox.Preview(p, kind, lang, text)
	preview := desk.Letter{Subject: subject}
	for _, b := range blocks {
		preview.Blocks = append(preview.Blocks, desk.Block(b))
	}
	return deskProblems(d.Outbox.CheckText(population, kind, lang, text)), preview, err
}

// SetText keeps a text for the wave.
func (d deskSchedules) SetText(ctx context.Context, label, population, kind, lang string, t desk.Text) ([]desk.Problem, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	problems, err := d.Outbox.SetText(ctx, w.ID, population, kind, lang, outbox.Text{Subject: t.Subject, Body: t.Body})
	return deskProblems(problems), err
}

// DropText goes back to the usual words.
func (d deskSchedules) DropText(ctx context.Context, label, population, kind, lang string) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	return d.Outbox.DropText(ctx, w.ID, population, kind, lang)
}

// TestText sends a text once to an address of staff, the way the messages of waves go.
func (d deskSchedules) TestText(ctx context.Context, label, population, kind, lang, to string, t desk.Text) ([]desk.Problem, error) {
	_, p, err := d.population(ctx, label, population)
	if err != nil {
		return nil, err
	}
	text := outbox.Text{Subject: t.Subject, Body: t.Body}
	if problems := d.Outbox.CheckText(population, kind, lang, text); len(problems) > 0 {
		return deskProblems(problems), nil
	}
	transport, err := d.transport()
	if err != nil {
		return nil, err
	}
	err = d.Outbox.SendTest(ctx, transport, p, kind, lang, to, text)
	if errors.Is(err, outbox.ErrTest) {
		return []desk.Problem{{Field: "test", Key: "test", Args: map[string]any{"code": strings.TrimPrefix(err.Error(), outbox.ErrTest.Error()+": ")}}}, nil
	}
	return nil, err
}
