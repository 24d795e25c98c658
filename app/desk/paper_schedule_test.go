package desk

import (
	"context"
	"fmt"
	"rondo/app/outbox"
	"strings"
	"time"
)

// The part of paper that says when messages go out and in which words.

func (p *paper) Outlook(context.Context, string) (Outlook, error) {
	return Outlook{
		Entries: []Planned{
			{Population: "office", Kind: "invitation", Name: "invitation", Due: p.now, State: "done", N: 26},
			{Population: "office", Kind: "reminder", Name: "reminder1", Due: p.now, State: "faulty", N: 3, Automatic: true},
			{Population: "employer", Kind: "invitation", Name: "invitation", Due: p.now, State: "due", N: 1234, Takes: 4 * time.Minute},
			{Population: "employer", Kind: "reminder", Name: "reminder1", Due: p.now.AddDate(0, 0, 7), State: "ahead", N: 1230, Floored: true, Automatic: true, Takes: 4 * time.Hour},
			{Population: "employer", Kind: "reminder", Name: "reminder2", State: "outside"},
			{Population: "employer", Kind: "reminder", Name: "last_call", Due: p.now.AddDate(0, 0, 37), State: "ahead", N: 0, Floored: true, Automatic: true},
			{Population: "employer", Kind: "thanks", Name: "thanks", Due: p.now.AddDate(0, 0, 41), State: "ahead", N: 1234, AtMost: true},
			{Population: "employer", Kind: "results", Name: "results", State: "waits", N: 1234, AtMost: true},
		},
		Progress: []Progress{{Population: "employer", Kind: "invitation", Name: "invitation", Waiting: 2000, All: 10000, Takes: 400 * time.Second},
			{Population: "employer", Kind: "reminder", Name: "reminder0", Waiting: 0, All: 15, Floored: true}},
	}, nil
}

func (p *paper) Schedule(context.Context, string, string) ([]ScheduleEntry, error) {
	return []ScheduleEntry{{Name: "invitation", Hour: 8, Due: p.now}, {Name: "reminder1", Days: 7, Hour: 8, Automatic: true, Due: p.now.AddDate(0, 0, 7)},
		{Name: "reminder2", Days: 60, Hour: 8}, {Name: "last_call", Days: 3, Hour: 9, Due: p.now.AddDate(0, 0, 37)}, {Name: "thanks", Days: 1, Hour: 8, Due: p.now.AddDate(0, 0, 41)}, {Name: "results", Hour: 8}}, nil
}

func (p *paper) SetSchedule(_ context.Context, label, population string, entries []ScheduleEntry) ([]Problem, error) {
	var names []string
	for _, e := range entries {
		names = append(names, fmt.Sprint(e.Name, e.Days))
		if e.Name == "reminder2" && e.Days < 10 {
			return []Problem{{Field: "reminder2.days", Key: "days_apart", Args: map[string]any{"n": 3}}}, nil
		}
	}
	return nil, p.change("schedule ", label, " ", population, " ", names)
}

func (p *paper) CancelMail(_ context.Context, label, population, kind string) (int, error) {
	return 5, p.change("cancel ", label, " ", population, " ", kind)
}

func (p *paper) OwnTexts(context.Context, string) (map[string]bool, error) {
	return map[string]bool{"employer last_call fr": true}, nil
}

func (p *paper) Text(_ context.Context, _, _, kind, lang string) (Text, error) {
	return Text{Subject: "Subject in " + lang, Body: "Words of " + kind + "\n\n{{link}}", Own: kind == "last_call", Allowed: []string{"closes", "contact", "link", "name", "why"}, Must: []string{"link"}}, nil
}

func (p *paper) CheckText(_ context.Context, _, _, _, _ string, t Text) ([]Problem, Letter, error) {
	preview := Letter{Subject: t.Subject, Blocks: []Block{{Lines: strings.Split(t.Body, "\n")}, {Link: "https://rondo.example.ch/r/demonstration"}}}
	if !strings.Contains(t.Body, "{{link}}") {
		return []Problem{{Field: "body", Key: "text_missing", Args: map[string]any{"name": "{{link}}"}}}, preview, nil
	}
	return nil, preview, nil
}

func (p *paper) SetText(ctx context.Context, label, population, kind, lang string, t Text) ([]Problem, error) {
	if problems, _, _ := p.CheckText(ctx, label, population, kind, lang, t); len(problems) > 0 {
		return problems, nil
	}
	return nil, p.change("text ", population, " ", kind, " ", lang, ": ", t.Subject)
}

func (p *paper) DropText(_ context.Context, _, population, kind, lang string) error {
	return p.change("usual ", population, " ", kind, " ", lang)
}

func (p *paper) TestText(_ context.Context, _, _, kind, lang, to string, t Text) ([]Problem, error) {
	if t.Subject == "550" {
		return []Problem{{Field: "test", Key: "test", Args: map[string]any{"code": "rcpt 550 5.1.1"}}}, nil
	}
	return nil, p.change("test ", kind, " ", lang, " to ", to)
}

func (p *paper) FindParticipants(_ context.Context, _, typed string) ([]Found, bool, error) {
	if typed != "muster" {
		return nil, false, nil
	}
	return []Found{{"p9", "employer", "", "Bäckerei Muster", "Aarau", "v…@baeckerei.example"}, {"p8", "office", "AG", "IV-Stelle Muster", "", "i…@ag.example"}}, true, nil
}

func (p *paper) NewLink(_ context.Context, label, id string) error {
	if id == "stopped" {
		return outbox.ErrNoMessages
	}
	return p.change("new link ", label, " ", id)
}
