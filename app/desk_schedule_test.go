package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rondo/app/desk"
	"rondo/app/i18n"
)

func TestAScheduleSetAtTheDeskQueuesByItselfAndIsJournalled(t *testing.T) {
	s, h := thanked(t)
	ctx, d := t.Context(), deskSchedules{h}
	h.Config.MailRate = 5
	entries, err := d.Schedule(ctx, "2026", "office")
	must(t, err)
	for i := range entries {
		entries[i].Automatic, entries[i].Hour = true, 0
	}
	problems, err := d.SetSchedule(ctx, "2026", "office", entries)
	must(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	again, err := d.Schedule(ctx, "2026", "office")
	must(t, err)
	if len(again) != 6 || again[1].Name != "reminder1" || !again[3].Automatic || again[3].Name != "last_call" {
		t.Errorf("schedule %+v", again)
	}
	h.Log = slog.New(slog.DiscardHandler)
	sched := h.scheduler()
	for range 2 {
		must(t, sched.Look(ctx))
	}
	journal, err := h.Store.Staff.Entries(ctx, 50)
	must(t, err)
	n := 0
	for _, e := range journal {
		if e.Actor == byItself && e.Action == "mail.queue" && e.Object == "2026" && e.Detail == "office invitation 1" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d entries of the schedule in the journal:\n%v", n, journal)
	}
	outlook, err := d.Outlook(ctx, "2026")
	must(t, err)
	if len(outlook.Progress) != 1 || outlook.Progress[0].Waiting != 1 || outlook.Progress[0].Takes != 200*time.Millisecond || len(outlook.Entries) != 12 {
		t.Errorf("outlook %+v", outlook)
	}
	if n, err := d.CancelMail(ctx, "2026", "office", "invitation"); n != 1 || err != nil {
		t.Errorf("cancelled %d, %v", n, err)
	}
	if out := s.do("mail", "plan", "--wave=2026"); !strings.Contains(out, "office    invitation: 1 to queue") || !strings.Contains(out, "office   invitation  by hand    may be sent now, 1\n") {
		t.Errorf("mail plan:\n%s", out)
	}
}

// TestTheNextWaveTakesScheduleAndTextsOver: its days, but not that anything goes out by itself.
func TestTheNextWaveTakesScheduleAndTextsOver(t *testing.T) {
	s, h := thanked(t)
	ctx, d := t.Context(), deskSchedules{h}
	_, err := d.SetSchedule(ctx, "2026", "employer", []desk.ScheduleEntry{{Name: "invitation", Hour: 9}, {Name: "reminder1", Days: 10, Hour: 9, Automatic: true}, {Name: "results"}})
	must(t, err)
	_, err = d.SetText(ctx, "2026", "employer", "invitation", "de", desk.Text{Subject: "Neu", Body: "{{link}}"})
	must(t, err)
	s.do("wave", "repeat", "2026", "--as=2030")
	entries, err := d.Schedule(ctx, "2030", "employer")
	must(t, err)
	if len(entries) != 3 || entries[1].Days != 10 || entries[1].Hour != 9 || entries[1].Automatic {
		t.Errorf("schedule %+v", entries)
	}
	text, err := d.Text(ctx, "2030", "employer", "invitation", "de")
	must(t, err)
	if !text.Own || text.Subject != "Neu" || strings.Join(text.Allowed, " ") != "closes contact link name why" || strings.Join(text.Must, " ") != "link" {
		t.Errorf("text %+v", text)
	}
}

func TestATestMessageGoesTheWayAllMessagesGo(t *testing.T) {
	_, h := thanked(t)
	ctx, d := t.Context(), deskSchedules{h}
	h.Config.Database = "sqlite:" + filepath.Join(t.TempDir(), "x.db") // the folder of messages is beside it
	for _, lang := range i18n.Languages {
		text, err := d.Text(ctx, "2026", "office", "last_call", lang)
		must(t, err)
		problems, err := d.TestText(ctx, "2026", "office", "last_call", lang, "lead@bsv.example.ch", text)
		must(t, err)
		if len(problems) > 0 {
			t.Errorf("%s: %v", lang, problems)
		}
	}
	problems, err := d.TestText(ctx, "2026", "office", "last_call", "de", "lead@bsv.example.ch", desk.Text{Subject: "S", Body: "Ohne Link"})
	if len(problems) != 1 || err != nil {
		t.Errorf("a text with a problem was sent: %v, %v", problems, err)
	}
	files, err := filepath.Glob(filepath.Join(h.Config.mailFolder(), "*.eml"))
	must(t, err)
	more, err := filepath.Glob(filepath.Join(h.Config.mailFolder(), "*", "*.eml"))
	must(t, err)
	if files = append(files, more...); len(files) != 4 {
		t.Fatalf("%d messages in %s", len(files), h.Config.mailFolder())
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		must(t, err)
		if !strings.Contains(string(raw), "/r/demonstration") || !strings.Contains(string(raw), "To: <lead@bsv.example.ch>") {
			t.Errorf("%s:\n%s", file, raw)
		}
	}
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	if counts, err := h.Store.Identity.MessageCounts(ctx, w.ID); err != nil || len(counts) > 0 {
		t.Errorf("a test message left rows: %v, %v", counts, err)
	}
}
