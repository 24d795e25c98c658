package main

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/app/desk"
	"rondo/storage/identity"
)

// thanked is a site whose employers' population is closed: 7 of 12 have answered.
func thanked(t *testing.T) (*site, *House) {
	t.Helper()
	s := newSite(t, "sqlite")
	s.createWave()
	s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\n"), "--wave=2026", "--population=office")
	s.do("wave", "open", "2026", "--population=office", "--yes")
	list := "office,name,email,language,size,branch\n"
	for i := range 12 {
		list += fmt.Sprintf("ZH,Firma %c,firma%d@firma.example.ch,de,1-9,A\n", 'A'+rune(i), i)
	}
	s.do("participants", "import", s.file("e.csv", list), "--wave=2026", "--population=employer")
	s.do("wave", "open", "2026", "--population=employer", "--yes")

	ctx := t.Context()
	h, err := openHouse(ctx, &Config{Database: s.database, SecretFile: s.secret, Contact: "+41 58 000 00 00", MailFrom: "Study <study@localhost.localdomain>",
		PublicURL: s.url}, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, h.Store.Close()) })
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	var done []string
	for _, p := range employers[:7] {
		done = append(done, p.ID)
	}
	must(t, h.Store.Identity.SetPopulationState(ctx, w.ID, "employer", "open", "closed"))
	must(t, h.Store.Identity.MarkDone(ctx, w.ID, "employer", done))
	return s, h
}

func TestCommandsTellNoExactNumberOfThanks(t *testing.T) {
	s, h := thanked(t)
	of := []string{"--wave=2026", "--kind=thanks", "--population=employer"}
	for _, c := range []struct {
		command string
		want    string
	}{
		{"plan", "employer  thanks: at least 5 to queue\n"},
		{"send", "employer  thanks: at least 5 to queue\nat least 5 messages queued\n"},
		{"send", "employer  thanks: fewer than 5 to queue\nfewer than 5 messages queued\n"},
	} {
		out := s.do(append([]string{"mail", c.command}, of...)...)
		said, ahead, _ := strings.Cut(out, "schedule (Swiss time):\n")
		if said != c.want {
			t.Errorf("mail %s: %q, want %q", c.command, said, c.want)
		}
		if thanks := regexp.MustCompile(`employer thanks .*\n`).FindString(ahead); c.command == "plan" && !strings.HasSuffix(thanks, "to come, at most 12\n") {
			t.Errorf("mail plan says of the thanks to come %q", thanks)
		}
	}
	if out, want := s.do("mail", "status", "--wave=2026"), "employer  thanks     handled      at least 5\n"; out != want {
		t.Errorf("mail status: %q, want %q", out, want)
	}
	journal, err := h.Store.Staff.Entries(t.Context(), 10)
	must(t, err)
	if text := fmt.Sprint(journal); !strings.Contains(text, "thanks at least 5") || strings.Contains(text, "thanks 7") {
		t.Errorf("journal %s", text)
	}
}

func TestTheDeskIsToldNoExactNumberOfThanks(t *testing.T) {
	_, h := thanked(t)
	ctx, d := t.Context(), deskMail{h}
	plan, err := d.PlanMail(ctx, "2026", "employer", "thanks")
	must(t, err)
	if diff := cmp.Diff(desk.Plan{Population: "employer", Kind: "thanks", Name: "thanks", Takes: plan.Takes, Queue: 5, Floored: true}, plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if n, err := d.QueueMail(ctx, "2026", "employer", "thanks"); n != 5 || err != nil {
		t.Errorf("queued %d, %v", n, err)
	}
	state, err := d.MailState(ctx, "2026")
	must(t, err)
	if diff := cmp.Diff([]desk.MailCount{{Population: "employer", Kind: "thanks", State: "handled", N: 5, Floored: true}}, state.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestStatusPrintsNoAddressOfAnEmployerWhoseReminderCameBack(t *testing.T) {
	s, h := thanked(t)
	ctx := t.Context()
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	must(t, h.Store.Identity.SetPopulationState(ctx, w.ID, "employer", "closed", "open"))
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	for i, kind := range []string{"invitation", "returned reminder"} {
		p := employers[len(employers)-1-i]
		must(t, h.Store.Identity.SetParticipantState(ctx, p.ID, []string{"open"}, "undeliverable"))
		_, err := h.Store.Identity.QueueMessages(ctx, []identity.Message{{WaveID: w.ID, ParticipantID: p.ID, Kind: kind, Number: 1, State: "failed", Code: "5.1.1"}})
		must(t, err)
	}
	out := s.do("mail", "status", "--wave=2026")
	if !strings.Contains(out, "to settle: employer invitation failed f…@firma.example.ch 5.1.1\n") || !strings.Contains(out, "to settle: employer reminder returned 5.1.1\n") {
		t.Errorf("mail status:\n%s", out)
	}
}

// TestWaitingTellsNoNumberOfWhatSomebodyElseSends: an invitation may be waited for while reminders of
// the same wave are under way, and their number says how many have not answered.
func TestWaitingTellsNoNumberOfWhatSomebodyElseSends(t *testing.T) {
	s, h := thanked(t)
	ctx := t.Context()
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	var waiting []identity.Message
	for i, p := range employers[:7] {
		waiting = append(waiting, identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "thanks", Number: 1, State: "retry"})
		if i == 0 {
			waiting = append(waiting, identity.Message{WaveID: w.ID, ParticipantID: p.ID, Kind: "invitation", Number: 1, State: "retry"})
		}
	}
	_, err = h.Store.Identity.QueueMessages(ctx, waiting)
	must(t, err)
	if _, _, said := s.run("mail", "send", "--wave=2026", "--population=employer", "--wait"); said != "waiting until everything is handed over\n" {
		t.Errorf("while thanks are under way: %q", said)
	}
	_, err = h.Store.DB.Exec(ctx, "UPDATE messages SET state = 'sent' WHERE kind = 'thanks'")
	must(t, err)
	if _, _, said := s.run("mail", "send", "--wave=2026", "--population=employer", "--wait"); said != "1 waiting, 1 of them for another try\n" {
		t.Errorf("an invitation alone: %q", said)
	}
}

func TestWhatWasQueuedForOnePopulationIsJournalledThoughTheOtherIsRefused(t *testing.T) {
	s := newSite(t, "sqlite")
	s.createWave()
	s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\n"), "--wave=2026", "--population=office")
	s.do("wave", "open", "2026", "--population=office", "--yes")
	s.do("participants", "import", s.file("e.csv", "office,name,email,language,size,branch\nZH,Firma,a@firma.example.ch,de,1-9,A\n"), "--wave=2026", "--population=employer")
	s.do("wave", "open", "2026", "--population=employer", "--yes")
	h, err := openHouse(t.Context(), &Config{Database: s.database, SecretFile: s.secret, MailFrom: "Study <study@localhost.localdomain>", PublicURL: s.url}, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, h.Store.Close()) })
	w, err := h.Waves.ByLabel(t.Context(), "2026")
	must(t, err)
	must(t, h.Store.Identity.SetMessageText(t.Context(), identity.MessageText{ // as a restore or another program may leave it
		WaveID: w.ID, Population: "employer", Kind: "invitation", Language: "de", Subject: "Umfrage", Body: "{{lnik}}"}))
	said, out := s.refused("mail", "plan", "--wave=2026")
	if !strings.Contains(said, "would be wrong") || !strings.Contains(out, "\n  fault: placeholder\n") || !strings.Contains(out, "schedule (Swiss time):\n") {
		t.Errorf("a dry run with a fault: %q after\n%s", said, out)
	}
	said, out = s.refused("mail", "send", "--wave=2026")
	if !strings.HasPrefix(said, "employer: ") || !strings.HasSuffix(out, "\n1 messages queued\n") {
		t.Errorf("%q after\n%s", said, out)
	}
	if again, out := s.refused("mail", "send", "--wave=2026", "--population=employer", "--kind=invitation"); again != said || strings.Contains(out, "queued") {
		t.Errorf("nothing queued at all: %q after\n%s", again, out)
	}
	journal, err := h.Store.Staff.Entries(t.Context(), 10)
	must(t, err)
	var queued []string
	for _, e := range journal {
		if e.Action == "mail.queue" {
			queued = append(queued, e.Detail)
		}
	}
	if diff := cmp.Diff([]string{"invitation 1"}, queued); diff != "" {
		t.Errorf("journalled (-want +got):\n%s", diff)
	}
}
