package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

func TestTheDryRunFindsWhatMustNotGoOut(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		pop, err := s.Identity.Population(ctx, s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			spoil func(*identity.Entry)
			want  string
		}{
			"nothing":             {func(*identity.Entry) {}, ""},
			"unknown language":    {func(e *identity.Entry) { e.Participant.Language = "rm" }, "language"},
			"link of an old time": {func(e *identity.Entry) { e.Participant.Epoch = 7 }, "foreign_link"},
			"foreign link":        {func(e *identity.Entry) { e.Participant.Name = "https://boese.example" }, "foreign_link"},
			"another's address":   {func(e *identity.Entry) { e.Participant.Name = "chef@firma.ch" }, "recipient"},
			"two recipients":      {func(e *identity.Entry) { e.Participant.Email = "a@b.ch, c@d.ch" }, "recipient"},
			"placeholder":         {func(e *identity.Entry) { e.Participant.Name = "{{.name}}" }, "placeholder"},
			"salt erased":         {func(e *identity.Entry) { e.Population.LinkSalt = nil }, "unwritable"},
		} {
			t.Run(name, func(t *testing.T) {
				e := identity.Entry{Participant: s.employers[0], Population: pop, Wave: s.wave, Office: &s.office}
				c.spoil(&e)
				faults := s.rehearse(identity.Message{Kind: "invitation"}, e, nil, noon)
				found := c.want == "" && len(faults) == 0
				for _, f := range faults {
					found = found || f.Rule == c.want
				}
				if !found {
					t.Errorf("faults %v, want %q", faults, c.want)
				}
			})
		}
		bad := s.add(t, identity.Participant{Population: "employer", Code: "bad", Name: "www.firma.ch", Email: "x@y.ch", Language: "de"})
		added, plan, err := s.Queue(ctx, s.wave, "employer", "invitation")
		if !errors.Is(err, ErrFaulty) || added != 0 || len(plan.Faults) == 0 || plan.Faults[0].Participant != bad.Code {
			t.Errorf("Queue = %d, %+v, %v", added, plan.Faults, err)
		}
		s.Sender.From = "BSV Studie"
		if plan, err = s.Plan(ctx, s.wave, "employer", "invitation"); err != nil || len(plan.Faults) == 0 || plan.Faults[0].Rule != "unwritable" {
			t.Errorf("a fault of our own sender is laid to the recipients: %v, %v", plan.Faults, err)
		}
	})
}

func TestEveryMessageIsWordedInEveryLanguage(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		for _, kind := range append([]string{identity.MessageHandOver, identity.MessageRelease, identity.MessageGivenBack}, Kinds...) {
			for _, population := range []string{"office", "employer", "discussion"} {
				if kind == identity.MessageHandOver && population == "discussion" || aboutRelease(kind) && population != "office" {
					continue // staff record it; nobody hands it over, and only offices have a head
				}
				for _, lang := range []string{"de", "fr", "it", "en"} {
					name := fmt.Sprintf("%s %s %s", kind, population, lang)
					e := identity.Entry{
						Participant: identity.Participant{ID: s.office.ID, Code: "x", Population: population, Name: "Name", Email: "a@b.ch", Head: "h@b.ch", Language: lang},
						Population:  identity.Population{Name: population, LinkSalt: []byte("s"), Closes: noon}, Office: &s.office,
					}
					e.Participant.TokenHash = keys.HashToken(s.Secret.Link(e.Population.LinkSalt, e.Participant.ID, 0))
					if faults := s.rehearse(identity.Message{Kind: kind}, e, nil, noon); len(faults) > 0 {
						t.Errorf("%s: %v", name, faults)
					}
					m, err := s.word(identity.Message{ID: "x", Kind: kind}, e, nil, noon)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					for _, line := range strings.Split(m.Text, "\n") {
						if line = strings.TrimSpace(line); line != "" && !strings.Contains(strings.NewReplacer("&#39;", "'", "&#43;", "+", "&#34;", `"`).Replace(m.HTML), line) {
							t.Errorf("%s: the HTML lacks %q", name, line)
						}
					}
				}
			}
		}
	})
}

// TestAnEmployerWithdrawnWhileMessagesAreQueuedIsAConflict: its office may do so in the seconds in which
// thousands of messages are written.
func TestAnEmployerWithdrawnWhileMessagesAreQueuedIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		plan, err := s.Plan(ctx, s.wave, "employer", "invitation")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.RemoveEmployer(ctx, s.employers[0].ID); err != nil {
			t.Fatal(err)
		}
		if n, err := s.keep(ctx, plan); n != 0 || !errors.Is(err, db.ErrConflict) {
			t.Errorf("queued %d, %v", n, err)
		}
		s.queue(t, "employer", "invitation", 1)
	})
}
