package storage_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// filled is a store with something in every table.
func filled(t *testing.T, dialect, secret string) *storage.Store {
	t.Helper()
	ctx := t.Context()
	s, err := storage.Open(ctx, storagetest.URL(t, dialect), secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, people := running(t, s)
	key := func(i int) keys.DraftKey { return s.Secret.DraftKey([]byte("salt"), people[i].ID) }
	_, queued := s.Identity.QueueMessages(ctx, []identity.Message{{WaveID: w.ID, ParticipantID: people[1].ID, Kind: "invitation"}})
	account, added := s.Staff.AddAccount(ctx, staff.Account{Email: "Lead@FSIO.example", Role: "lead", TOTPSecret: []byte{0, 1, 255}})
	_, released := s.Staff.AddRelease(ctx, staff.Release{WaveID: w.ID, Population: "office", Profile: "public", ProposedBy: account.Email},
		bytes.NewReader(make([]byte, 3<<20/2)))
	for i, err := range []error{
		queued, added, released,
		s.Identity.AddNominations(ctx, []identity.Nomination{{WaveID: w.ID, OfficeID: people[0].ID, Name: "Bäckerei \"Zum\" <Bären>\n"}}),
		s.Identity.Select(ctx, identity.Selection{OfficeID: people[0].ID, WaveID: w.ID, Mode: "drawn", Firms: 340, Seed: "seed"}),
		s.Identity.Exclude(ctx, identity.Exclusion{OfficeID: people[0].ID, ListRow: 17, Reason: "gone"}),
		s.Identity.AddSoftReturn(ctx, identity.SoftReturn{ID: "r", WaveID: w.ID, ParticipantID: people[1].ID, Kind: "invitation", Day: 20_000}),
		s.Identity.AddParticipants(ctx, []identity.Participant{{ID: "gone", WaveID: w.ID, Population: "employer", Code: "gone", TokenHash: []byte{4, 0, 255}}}),
		s.Identity.RemoveEmployer(ctx, "gone"),
		s.Identity.Suppress(ctx, []byte{1, 2, 3}, "wish"),
		s.Identity.AddPanel(ctx, identity.PanelMember{Name: "P", Email: "p@firm.example", Language: "it", Year: 2026}),
		s.Identity.SetSchedule(ctx, w.ID, "employer", []identity.ScheduleEntry{{Kind: "reminder", Number: 1, Days: 7, Hour: 8, Automatic: true}}),
		s.Identity.SetMessageText(ctx, identity.MessageText{WaveID: w.ID, Population: "employer", Kind: "last_call", Language: "fr", Subject: "À <bientôt>", Body: "a\n\nb"}),
		s.Answers.Submit(ctx, answers.Submission{WaveID: w.ID, Population: "employer", Key: key(1), Body: []byte{0, 255}, ReceiptHash: []byte("r")}),
		s.Answers.SaveDraft(ctx, w.ID, "employer", key(2), 0, []byte("draft")),
		s.ClosePopulation(ctx, w.ID, "discussion", nil, nil),
		s.Staff.Journal(ctx, staff.Entry{Actor: "a", Action: "b"}), s.Staff.Journal(ctx, staff.Entry{Actor: "c", Action: "d"}),
		s.Staff.SetSetting(ctx, "k", "v"),
		s.Identity.KeepNonResponse(ctx, []identity.Outcomes{{WaveID: w.ID, Dimension: "size", Value: "1-9", Invited: 12, Submitted: 5}}),
		s.Staff.KeepDraft(ctx, staff.QuestionnaireDraft{Ref: "employer/10", Hash: "h", Files: "{}", EditedBy: "x"}, ""),
		s.Staff.Publish(ctx, staff.Questionnaire{Ref: "employer/9", Hash: "h", Files: "{}", PublishedBy: "x"}),
	} {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	for _, err := range []error{
		s.Answers.Propose(ctx, w.ID, "discussion", []answers.Correction{{ID: "c1", Slot: []byte("slot"), ProposedBy: "x", Body: []byte("sealed")}}),
		s.Answers.ConfirmCorrection(ctx, w.ID, "discussion", "c1", "y"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Answers.Freeze(ctx, w.ID, "discussion", "h", 0, [][]byte{[]byte("part")}, []string{"c1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Answers.AddTexts(ctx, w.ID, "discussion", []answers.FreeText{{ID: "t", Variable: "d_comment", State: "flagged", Body: []byte{0, 255}}}); err != nil {
		t.Fatal(err)
	}
	return s
}

// content is all rows without their places, and without what a restore changes.
func content(t *testing.T, s *storage.Store) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Backup(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	tables, now := map[string]string{}, ""
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, `"table":`) {
			now = strings.Split(line, `"`)[3]
		}
		if strings.Contains(line, `"row":`) {
			tables[now] += line
		}
	}
	return tables
}

func TestBackupCanBeRestoredAnywhere(t *testing.T) {
	for _, from := range storagetest.Dialects {
		for _, to := range storagetest.Dialects {
			t.Run(from+"_to_"+to, func(t *testing.T) {
				ctx, secret := t.Context(), storagetest.SecretFile(t)
				s := filled(t, from, secret)
				if err := errors.Join(s.Identity.PauseAllMail(ctx), s.Identity.DoubtMessages(ctx), s.Identity.HandSchedules(ctx)); err != nil { // as a restore does
					t.Fatal(err)
				}
				var backup bytes.Buffer
				if err := s.Backup(ctx, &backup); err != nil {
					t.Fatal(err)
				}
				address := storagetest.EmptyURL(t, to)
				wantErr(t, "restore", storage.Restore(ctx, address, secret, bytes.NewReader(backup.Bytes())), nil)
				restored, err := storage.Open(ctx, address, secret)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = restored.Close() })
				want := content(t, s)
				if diff := cmp.Diff(want, content(t, restored)); diff != "" {
					t.Errorf("restored content differs (-before +after):\n%s", diff)
				}
				if len(want) != len(backedUp(t, s)) {
					t.Errorf("only %d tables of %d hold something: the test proves too little", len(want), len(backedUp(t, s)))
				}
				if _, err := restored.Staff.VerifyJournal(ctx); err != nil {
					t.Errorf("journal after restore: %v", err)
				}
				wantErr(t, "restore over it", storage.Restore(ctx, address, secret, bytes.NewReader(backup.Bytes())), storage.ErrNotEmpty)
			})
		}
	}
}

// backedUp are the tables a backup must hold: all but those that stay behind.
func backedUp(t *testing.T, s *storage.Store) []string {
	t.Helper()
	var all []string
	for _, table := range storagetest.Dump(t, s) {
		if !strings.Contains("goose_db_version sessions sign_in_links failures", table.Name) {
			all = append(all, table.Name)
		}
	}
	return all
}

func TestRestorePausesMailAndDoubtsWhatWasQueued(t *testing.T) {
	secret := storagetest.SecretFile(t)
	s := filled(t, "sqlite", secret)
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	address := storagetest.EmptyURL(t, "sqlite")
	wantErr(t, "restore", storage.Restore(t.Context(), address, secret, &backup), nil)
	restored, err := storage.Open(t.Context(), address, secret)
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	w, err := restored.Identity.WaveByLabel(t.Context(), "2026")
	if err != nil || !w.MailPaused {
		t.Errorf("mail is not paused after a restore: %v", err)
	}
	counts, err := restored.Identity.MessageCounts(t.Context(), w.ID)
	if err != nil || counts["invitation"]["queued"] != 0 || counts["invitation"]["unknown"] == 0 {
		t.Errorf("what was queued may have been sent since, yet it is %v (%v)", counts, err)
	}
	schedule, err := restored.Identity.Schedule(t.Context(), w.ID)
	if err != nil || len(schedule) != 1 || schedule[0].Automatic {
		t.Errorf("the schedule may have sent it since, yet it would do so by itself: %+v (%v)", schedule, err)
	}
}

// TestABackupOfTheFirstSchemaCanBeRestored holds what an older program has written, before the
// tables and columns that came later.
func TestABackupOfTheFirstSchemaCanBeRestored(t *testing.T) {
	older, err := os.ReadFile("testdata/backup-schema1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	secret := storagetest.SecretFile(t)
	if err := os.WriteFile(secret, []byte("286095615a716270cf286d5bb030bf2fbf0fc8044a11970c5f77d39673e9b245\n"), 0o600); err != nil { // of the test that wrote it
		t.Fatal(err)
	}
	for _, dialect := range storagetest.Dialects {
		address := storagetest.EmptyURL(t, dialect)
		wantErr(t, "restore into "+dialect, storage.Restore(t.Context(), address, secret, bytes.NewReader(older)), nil)
		restored, err := storage.Open(t.Context(), address, secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := restored.Staff.PublishedByRef(t.Context(), "employer/9"); err != nil {
			t.Errorf("what was published is lost: %v", err)
		}
		if releases, err := restored.Staff.Releases(t.Context(), ""); err != nil || len(releases) != 1 || releases[0].Variable != "" {
			t.Errorf("releases after the restore: %+v, %v", releases, err)
		}
		if _, err := restored.DB.Exec(t.Context(), "DELETE FROM releases"); !errors.Is(err, storage.ErrImmutable) {
			t.Errorf("a release of before can be deleted: %v", err)
		}
		if drafts, err := restored.Staff.Drafts(t.Context()); err != nil || len(drafts) != 0 {
			t.Errorf("drafts after the restore: %v, %v", drafts, err)
		}
		wantErr(t, "close", restored.Close(), nil)
	}
}

func TestDamagedBackupIsRefused(t *testing.T) {
	secret := storagetest.SecretFile(t)
	s := filled(t, "sqlite", secret)
	var out bytes.Buffer
	if err := s.Backup(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	whole := out.Bytes()
	damaged := map[string][]byte{
		"cut short": whole[:len(whole)-5], "empty": nil, "not one of ours": []byte("PGDMP"), "without its sum": whole[:bytes.LastIndexByte(whole[:len(whole)-1], '\n')+1],
	}
	for _, at := range []int{10, len(whole) / 3, len(whole) / 2, len(whole) - 20} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 4
		damaged["a bit flipped at "+string(rune('0'+len(damaged)))] = flipped
	}
	for name, backup := range damaged {
		t.Run(name, func(t *testing.T) {
			address := storagetest.EmptyURL(t, "sqlite")
			wantErr(t, "restore", storage.Restore(t.Context(), address, secret, bytes.NewReader(backup)), storage.ErrBackup)
			wantErr(t, "restore of the whole one afterwards", storage.Restore(t.Context(), address, secret, bytes.NewReader(whole)), nil)
		})
	}
	other := storagetest.SecretFile(t)
	wantErr(t, "restore without a secret", storage.Restore(t.Context(), storagetest.EmptyURL(t, "sqlite"), other, bytes.NewReader(whole)), storage.ErrNoSecret)
	if _, err := keys.Create(other); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "restore with another secret", storage.Restore(t.Context(), storagetest.EmptyURL(t, "sqlite"), other, bytes.NewReader(whole)), storage.ErrWrongSecret)
}
