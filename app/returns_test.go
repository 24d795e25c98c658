package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage/identity"
)

// Messages that waited for hours may lie in a copy of a database that goes on elsewhere.
func TestAServiceThatStartsWithOldMessagesAsksAndSaysSoInTheJournal(t *testing.T) {
	s, h := thanked(t)
	ctx := t.Context()
	s.do("mail", "send", "--wave=2026", "--kind=thanks", "--population=employer")
	must(t, h.pauseStale(ctx))
	if w, err := h.Waves.ByLabel(ctx, "2026"); err != nil || w.MailPaused {
		t.Fatalf("what was queued just now is paused: %v", err)
	}
	h.Store.DB.SetOffset(2 * time.Hour)
	must(t, h.pauseStale(ctx))
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	journal, err := h.Store.Staff.Entries(ctx, 20)
	must(t, err)
	if !w.MailPaused || !strings.Contains(fmt.Sprint(journal), "waited for more than an hour") {
		t.Errorf("paused %v, journal %v", w.MailPaused, journal)
	}
}

func TestTheFolderOfReturnedMessagesIsEmptiedOfReportsOnly(t *testing.T) {
	_, h := thanked(t)
	ctx := t.Context()
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	must(t, h.Store.Identity.SetPopulationState(ctx, w.ID, "employer", "closed", "open"))
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	undone := employers[len(employers)-1]
	_, err = h.Store.Identity.QueueMessages(ctx, []identity.Message{{ID: "abcdefghijklmnopqrstuvwxyz", WaveID: w.ID, ParticipantID: undone.ID, Kind: "invitation", Number: 1, State: "sent"}})
	must(t, err)
	ours := "<" + h.Outbox.Sender.MessageID("abcdefghijklmnopqrstuvwxyz") + ">"
	folder := t.TempDir()
	for _, part := range []string{"new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(folder, part), 0o700))
	}
	for name, text := range map[string]string{
		"bounce":   "From: MAILER-DAEMON@x\n\n550 5.1.1 unknown\n" + ours,
		"absence":  "From: marta@firma.ch\nAuto-Submitted: auto-replied\nIn-Reply-To: " + ours + "\n\nweg",
		"question": "From: marta@firma.ch\nIn-Reply-To: " + ours + "\n\nWas ist das?",
		"foreign":  "From: MAILER-DAEMON@x\n\n550 5.1.1 unknown\n",
		"garbage":  "\x00\x01 no message",
	} {
		must(t, os.WriteFile(filepath.Join(folder, "new", name), []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o600))
	}
	n, err := (mail.Maildir{Path: folder}).Take(ctx, h.takeReturn(ctx))
	if n != 5 || err != nil {
		t.Fatalf("Take = %d, %v", n, err)
	}
	for name, flags := range map[string]string{"bounce": ":2,ST", "absence": ":2,ST", "question": ":2,S", "foreign": ":2,S", "garbage": ":2,S"} {
		if _, err := os.Stat(filepath.Join(folder, "cur", name+flags)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := h.Store.Identity.ParticipantByID(ctx, undone.ID); err != nil || p.State != "undeliverable" {
		t.Errorf("the participant is %s, %v", p.State, err)
	}
}

// What the mail server gives to the command and the command takes is gone: what a person wrote must not be.
func TestTheCommandTakesReportsAndRefusesWhatAPersonWrote(t *testing.T) {
	s, h := thanked(t)
	ctx := t.Context()
	w, err := h.Waves.ByLabel(ctx, "2026")
	must(t, err)
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	_, err = h.Store.Identity.QueueMessages(ctx, []identity.Message{{ID: "abcdefghijklmnopqrstuvwxyz", WaveID: w.ID, ParticipantID: employers[11].ID, Kind: "invitation", Number: 1, State: "sent"}})
	must(t, err)
	ours := "<" + h.Outbox.Sender.MessageID("abcdefghijklmnopqrstuvwxyz") + ">"
	for _, c := range []struct{ name, text, out, said string }{
		{"a report, as Postfix gives it to a command", "From MAILER-DAEMON  Mon Mar  2 09:00:00 2026\nFrom: MAILER-DAEMON@x\n\n550 5.1.1 unknown\n" + ours, "hard 5.1.1\n", ""},
		{"an absence note", "From: marta@firma.ch\nAuto-Submitted: auto-replied\nIn-Reply-To: " + ours + "\n\nweg", "auto-reply \n", ""},
		{"a question", "From: marta@firma.ch\nIn-Reply-To: " + ours + "\n\nWas ist das?", "", "a person must read it"},
		{"about nothing of ours", "From: MAILER-DAEMON@x\n\n550 5.1.1 unknown\n", "", "no message of ours"},
	} {
		var out, said bytes.Buffer
		code := run(ctx, []string{"mail", "bounce", "--database=" + s.database, "--secret-file=" + s.secret, "--mail-from=Study <study@localhost.localdomain>"}, nil,
			Streams{In: strings.NewReader(strings.ReplaceAll(c.text, "\n", "\r\n")), Out: &out, Err: &said})
		if out.String() != c.out || (code == 0) != (c.said == "") || !strings.Contains(said.String(), c.said) {
			t.Errorf("%s: exit %d, %q, %q", c.name, code, &out, &said)
		}
	}
}
