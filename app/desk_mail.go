package main

import (
	"context"
	"errors"

	"rondo/app/desk"
	"rondo/app/outbox"
	"rondo/storage"
)

// deskMail answers the desk's questions about messages.
type deskMail struct{ *House }

// PlanMail says what queueing would add, as far as the desk may know it.
func (d deskMail) PlanMail(ctx context.Context, label, population, kind string) (desk.Plan, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.Plan{}, err
	}
	plan, err := d.Outbox.Plan(ctx, w, population, kind)
	p := plan.Told()
	shown := desk.Plan{
		Population: p.Population, Kind: p.Kind, Name: outbox.EntryName(p.Kind, p.Number), Queue: p.Queue, Already: p.Already,
		Takes:      p.Forecast(d.Config.MailRate),
		Suppressed: p.Suppressed, Unreachable: p.Unreachable, Languages: p.Languages, Blocked: p.Blocked, Floored: p.Floored,
	}
	for _, f := range p.Faults {
		shown.Faults = append(shown.Faults, desk.Fault(f))
	}
	return shown, err
}

// QueueMail queues what is due; the number is told as far as the desk may know it.
func (d deskMail) QueueMail(ctx context.Context, label, population, kind string) (int, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return 0, err
	}
	added, _, err := d.queue(ctx, w, population, kind)
	told, _ := outbox.Told(population, kind, added)
	return told, err
}

// PauseMail stops or lets go on the sending of one wave.
func (d deskMail) PauseMail(ctx context.Context, label string, paused bool) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	return d.Store.Identity.SetMailPaused(ctx, w.ID, paused)
}

// MailState is the state of all messages of a wave.
func (d deskMail) MailState(ctx context.Context, label string) (desk.MailState, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.MailState{}, err
	}
	s, err := d.Outbox.State(ctx, w)
	if err != nil {
		return desk.MailState{}, err
	}
	shown := desk.MailState{Paused: s.Paused}
	for _, c := range s.Counts {
		shown.Rows = append(shown.Rows, desk.MailCount(c))
	}
	for _, t := range s.Trouble {
		shown.Trouble = append(shown.Trouble, desk.Trouble{
			ID: t.MessageID, Population: t.Population, Kind: t.Kind, Name: t.Name, Email: t.Email, State: t.State, Code: t.Code, Again: t.Again,
			Correctable: t.Correctable,
		})
	}
	return shown, nil
}

// CountAsSent settles an unknown message as sent.
func (d deskMail) CountAsSent(ctx context.Context, label, messageID string) error {
	if err := d.ofWave(ctx, label, messageID); err != nil {
		return err
	}
	return d.Outbox.CountAsSent(ctx, messageID)
}

// CorrectColleague sends a questionnaire that was handed over to a mistyped address to the right one.
func (d deskMail) CorrectColleague(ctx context.Context, label, wrong, right string) ([]desk.Problem, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	err = d.Outbox.CorrectColleague(ctx, w, wrong, right)
	switch {
	case errors.Is(err, outbox.ErrWrongAddress):
		return []desk.Problem{{Field: "wrong", Key: "mistyped"}}, nil
	case errors.Is(err, outbox.ErrColleague):
		return []desk.Problem{{Field: "right", Key: "colleague"}}, nil
	}
	return nil, err
}

// Resend queues a message once more.
func (d deskMail) Resend(ctx context.Context, label, messageID string) error {
	if err := d.ofWave(ctx, label, messageID); err != nil {
		return err
	}
	return d.Outbox.Resend(ctx, messageID)
}

// FindParticipants looks for participants.
func (d deskMail) FindParticipants(ctx context.Context, label, typed string) ([]desk.Found, bool, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, false, err
	}
	all, more, err := d.Outbox.Find(ctx, w.ID, typed)
	var found []desk.Found
	for _, f := range all {
		found = append(found, desk.Found{ID: f.ID, Population: f.Population, Code: f.Code, Name: f.Name, Town: f.Town, Email: f.Masked})
	}
	return found, more, err
}

// NewLink ends a link and sends another.
func (d deskMail) NewLink(ctx context.Context, label, id string) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	return d.Outbox.Anew(ctx, w.ID, id)
}

// Tasks lists who of those that belong to no office is not reached.
func (d deskMail) Tasks(ctx context.Context, label string) ([]desk.Task, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	all, err := d.Outbox.Tasks(ctx, w.ID, "")
	var tasks []desk.Task
	for _, t := range all {
		tasks = append(tasks, desk.Task{ID: t.ID, Population: t.Population, Name: t.Name, Email: t.Email, Language: t.Language, Soft: t.Soft, Status: t.Status})
	}
	return tasks, err
}

// Correct gives one of them another address.
func (d deskMail) Correct(ctx context.Context, label, participantID, address, lang string) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	return d.Outbox.Correct(ctx, w.ID, "", participantID, address, lang)
}

func (d deskMail) ofWave(ctx context.Context, label, messageID string) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	m, err := d.Store.Identity.MessageByID(ctx, messageID)
	if err == nil && m.WaveID != w.ID {
		err = storage.ErrNotFound
	}
	return err
}
