package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
	"rondo/storage/storagetest"
)

// TestAnOfficeWhoseAnswersWaitForItsHeadIsNotReminded: the head is, unless written to within three
// days; and once the answers are given back, the office is again.
func TestAnOfficeWhoseAnswersWaitForItsHeadIsNotReminded(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			g := serveStore(t, storagetest.Open(t, dialect))
			_, head := g.headed() // Zürich's answers are put forward, Bern has not answered
			d, ctx := &demo{House: g.House}, t.Context()
			remind := func(days int) {
				g.Store.DB.SetOffset(time.Duration(days) * 24 * time.Hour)
				g.must(d.mail(ctx, "2030", "office", "reminder"))
				w, err := g.Waves.ByLabel(ctx, "2030")
				g.must(err)
				g.must(d.transmit(ctx, w)) // what reminding has led to
			}
			g.must(d.mail(ctx, "2030", "office", "invitation"))

			remind(0)
			g.messagesAre("reminder BE sent", "reminder ZH cancelled", "release ZH sent")
			remind(8)
			g.messagesAre("reminder BE sent", "reminder BE sent", "reminder ZH cancelled", "reminder ZH cancelled", "release ZH sent", "release ZH sent")

			b := webtest.NewBrowser(t).Open(head)
			b.Form("form#start").Submit()
			b.Form("form#return").Fill("remark", "Bitte Frage 2 noch einmal ansehen").Submit()
			remind(15)
			g.messagesAre("reminder BE sent", "reminder BE sent", "reminder BE sent", "reminder ZH cancelled", "reminder ZH cancelled", "reminder ZH sent",
				"release ZH sent", "release ZH sent")
		})
	}
}

// messagesAre compares reminders, and messages to heads, of the wave 2030 with what is wanted.
func (g *ground) messagesAre(want ...string) {
	g.t.Helper()
	w, err := g.Waves.ByLabel(g.t.Context(), "2030")
	g.must(err)
	offices, err := g.Store.Identity.Participants(g.t.Context(), w.ID, "office")
	g.must(err)
	code := map[string]string{}
	for _, o := range offices {
		code[o.ID] = o.Code
	}
	messages, err := g.Store.Identity.Messages(g.t.Context(), w.ID)
	g.must(err)
	var got []string
	for _, m := range messages {
		if m.Kind == "reminder" || m.Kind == "release" {
			got = append(got, fmt.Sprintf("%s %s %s", m.Kind, code[m.ParticipantID], m.State))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		g.t.Errorf("messages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
