package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net"
	"strings"
	"time"

	"rondo/app/auth"
	"rondo/app/loadtest/respondent"
	"rondo/app/outbox"
	"rondo/app/synthetic"
	"rondo/questionnaires"
	"rondo/storage/identity"
	"rondo/storage/staff"
)

// The two people at the desk of the demo: one proposes, the other approves.
const (
	demoLead     = "lead@demo.example"
	demoReviewer = "reviewer@demo.example"
)

// listen serves the pages on a free port while the demo fills, so that some answer over HTTP.
func (d *demo) listen() (stop func(), err error) {
	app, err := d.app()
	if err != nil {
		return nil, err
	}
	socket, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.base = "http://" + socket.Addr().String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := app.Listener(socket); err != nil {
			d.Log.Error("demo pages", "error", err)
		}
	}()
	return func() {
		if err := app.ShutdownWithTimeout(time.Second); err != nil {
			d.Log.Warn("demo pages", "error", err)
		}
		<-ended
	}, nil
}

// staff makes the two accounts.
func (d *demo) staff(ctx context.Context) error {
	var raw [10]byte
	_, _ = rand.Read(raw[:]) // never fails
	d.password = strings.ToLower(base32.StdEncoding.EncodeToString(raw[:]))
	hash, err := auth.Hash(ctx, d.password)
	if err != nil {
		return err
	}
	for _, a := range []staff.Account{
		{Email: demoLead, Name: "Lea Lead (synthetic)", Role: "admin", PasswordHash: hash},
		{Email: demoReviewer, Name: "Rea Review (synthetic)", Role: "reviewer", PasswordHash: hash},
	} {
		if _, err := d.Store.Staff.AddAccount(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// offices brings the made-up offices into a wave.
func (d *demo) offices(ctx context.Context, label string, list []*synthetic.Office) error {
	var offices []identity.Participant
	for _, o := range list {
		names := map[string]string{}
		for _, lang := range questionnaires.Languages {
			names[lang] = o.Name
		}
		offices = append(offices, identity.Participant{Code: o.Code, Name: o.Name, Names: names, Email: o.Email, Language: o.Language})
	}
	return d.Waves.AddOffices(ctx, label, offices)
}

// mail queues a kind of message for a population and hands everything over.
func (d *demo) mail(ctx context.Context, label, population, kind string) error {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	if _, plan, err := d.Outbox.Queue(ctx, w, population, kind); err != nil || plan.Blocked != "" {
		return fmt.Errorf("queue %s for %s: %s %w", kind, population, plan.Blocked, err)
	}
	return d.transmit(ctx, w)
}

// transmit hands over everything of a wave that is queued.
func (d *demo) transmit(ctx context.Context, w identity.Wave) error {
	transport, err := d.transport()
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	worker := &outbox.Worker{Outbox: d.Outbox, Transport: transport, Done: d.Waves.DoneAmong, Waits: d.Waves.WithHead, Rate: 2000, PerDomain: 4, Log: d.Log}
	go func() { ended <- worker.Run(working) }()
	for pending := 1; pending > 0 && err == nil && ctx.Err() == nil; {
		time.Sleep(5 * time.Millisecond)
		pending, _, err = d.Outbox.Pending(ctx, w.ID)
	}
	stop()
	if failed := <-ended; err == nil {
		err = failed
	}
	return err
}

// submit brings in a whole set of answers by the rules of the pages, or over HTTP.
func (d *demo) submit(ctx context.Context, p identity.Population, one identity.Participant, a questionnaires.Answers, http bool) error {
	if !http {
		return d.answer.Deliver(ctx, d.Waves.Token(p, one), one.Language, a)
	}
	person := respondent.Respondent{
		Base: d.base, Public: d.Config.PublicURL, HTTP: respondent.Client(1), Fill: respondent.From(a), Clock: time.Now,
	}
	_, err := person.Answer(ctx, d.Waves.Link(p, one))
	return err
}
