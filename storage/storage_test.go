package storage_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// running makes a wave with three populations that are open, and people in them.
func running(t *testing.T, s *storage.Store) (identity.Wave, []identity.Participant) {
	t.Helper()
	ctx := t.Context()
	now, err := s.DB.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var populations []identity.Population
	for _, name := range []string{"office", "employer", "discussion"} {
		populations = append(populations, identity.Population{Name: name, Questionnaire: name + "/2", Hash: "h", Opens: now.Add(-time.Hour), Closes: now.Add(time.Hour)})
	}
	w, err := s.CreateWave(ctx, identity.Wave{Label: "2026", RefFrom: 2023, RefTo: 2025}, populations)
	if err != nil {
		t.Fatal(err)
	}
	people := []identity.Participant{{WaveID: w.ID, Population: "office", Code: "ZH", Name: "IV-Stelle Zürich", Email: "zh@office.example", Language: "de",
		TokenHash: keys.HashToken("zh"), Quota: 10, Names: map[string]string{"fr": "Office AI Zurich"}}}
	if err := s.Identity.AddParticipants(ctx, people); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"e1", "e2", "e3"} {
		people = append(people, identity.Participant{WaveID: w.ID, Population: "employer", Code: code, Name: "Firma " + code, Email: code + "@firm.example",
			Language: "de", Town: "Uster", OfficeID: people[0].ID, TokenHash: keys.HashToken(code), Stratum: map[string]string{"mode": "nominated"}})
	}
	if err := s.Identity.AddParticipants(ctx, people[1:]); err != nil {
		t.Fatal(err)
	}
	for _, p := range populations {
		if err := s.OpenPopulation(ctx, w.ID, p.Name); err != nil {
			t.Fatal(err)
		}
	}
	return w, people
}

func TestOneSecretForOneDatabase(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			ctx, address, secret := t.Context(), storagetest.URL(t, dialect), storagetest.SecretFile(t)
			open := func(address, secret string) error {
				s, err := storage.Open(ctx, address, secret)
				if err == nil {
					err = s.Close()
				}
				return err
			}
			wantErr(t, "first open", open(address, secret), nil)
			info, err := os.Stat(secret)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the new secret file has mode %v, %v", info.Mode(), err)
			}
			wantErr(t, "open again", open(address, secret), nil)

			missing := storagetest.SecretFile(t)
			wantErr(t, "open with a file that is not there", open(address, missing), storage.ErrNoSecret)
			if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
				t.Error("a second secret was made for a database that has one")
			}
			if _, err := keys.Create(missing); err != nil {
				t.Fatal(err)
			}
			wantErr(t, "open with another secret", open(address, missing), storage.ErrWrongSecret)
			if err := os.Chmod(secret, 0o644); err != nil {
				t.Fatal(err)
			}
			wantErr(t, "open with a secret that others may read", open(address, secret), storage.ErrOpenSecret)
		})
	}
}

func TestSecretBesideSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rondo.db")
	s, err := storage.Open(t.Context(), "sqlite:"+path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "rondo.secret")); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database file has mode %v, %v", info.Mode(), err)
	}
	_, err = storage.Open(t.Context(), "postgres://nobody@localhost:1/none", "")
	wantErr(t, "PostgreSQL without a secret file", err, storage.ErrNoSecret)
	_, err = storage.Open(t.Context(), "mysql://x", "")
	if err == nil {
		t.Error("another kind of database is accepted")
	}
}

func TestClosePopulation(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, people := running(t, s)
		employer, err := s.Identity.Population(ctx, w.ID, "employer")
		if err != nil || len(employer.LinkSalt) != 32 {
			t.Fatalf("Population = %+v, %v", employer, err)
		}
		wantErr(t, "archive a running wave", s.Archive(ctx, w.ID, nil), storage.ErrState)
		wantErr(t, "close", s.ClosePopulation(ctx, w.ID, "employer", []string{people[1].ID, people[3].ID}, nil), nil)
		wantErr(t, "close again", s.ClosePopulation(ctx, w.ID, "employer", nil, nil), storage.ErrState)

		states := map[string]string{}
		list, err := s.Identity.Participants(ctx, w.ID, "")
		for _, p := range list {
			states[p.Code] = p.State
		}
		if err != nil || states["e1"] != "done" || states["e2"] != "open" || states["e3"] != "done" || states["ZH"] != "open" {
			t.Errorf("states after close: %v, %v", states, err)
		}
		employer, err = s.Identity.Population(ctx, w.ID, "employer")
		if err != nil || employer.State != "closed" || employer.LinkSalt != nil {
			t.Errorf("after close the population is %+v, %v; want closed and without salt", employer, err)
		}
		wantErr(t, "close offices", s.ClosePopulation(ctx, w.ID, "office", nil, nil), nil)
		office, err := s.Identity.Population(ctx, w.ID, "office")
		if err != nil || office.LinkSalt == nil {
			t.Errorf("the offices' salt is gone at close, %v", err)
		}
		wantErr(t, "open a closed population", s.OpenPopulation(ctx, w.ID, "office"), storage.ErrState)
		wantErr(t, "move the window of a closed population", s.SetWindow(ctx, w.ID, "office", time.Now(), time.Now().Add(time.Hour)), storage.ErrState)
	})
}

func TestArchiveForgets(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, people := running(t, s)
		if _, err := s.Identity.QueueMessages(ctx, []identity.Message{{WaveID: w.ID, ParticipantID: people[1].ID, Kind: "invitation"}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.AddNominations(ctx, []identity.Nomination{{WaveID: w.ID, OfficeID: people[0].ID, Name: "Firma canary", Email: "canary@firm.example"}}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"office", "employer", "discussion"} {
			wantErr(t, "close", s.ClosePopulation(ctx, w.ID, name, nil, nil), nil)
		}
		wantErr(t, "close wave", s.Identity.SetWaveState(ctx, w.ID, "running", "closed"), nil)
		wantErr(t, "archive", s.Archive(ctx, w.ID, nil), nil)

		for _, table := range storagetest.Dump(t, s) {
			if strings.Contains("messages responses spent drafts", table.Name) && len(table.Rows) > 0 {
				t.Errorf("%s has %d rows after archive", table.Name, len(table.Rows))
			}
			for _, row := range table.Rows {
				for _, value := range row {
					text, _ := value.(string)
					if strings.Contains(text, "firm.example") || strings.Contains(text, "Firma") || strings.Contains(text, "Uster") {
						t.Errorf("%s still says %q", table.Name, text)
					}
				}
			}
			for _, salt := range append(table.Column("link_salt"), table.Column("answer_salt")...) {
				if salt != nil {
					t.Errorf("%s still has a salt", table.Name)
				}
			}
		}
		_, err := s.Identity.HolderByToken(ctx, keys.HashToken("e1"))
		wantErr(t, "a link after archive", err, storage.ErrNotFound)
	})
}

func TestNothingSecretRests(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		w, people := running(t, s)
		p, err := s.Identity.Population(ctx, w.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		window, err := s.Answers.Window(ctx, w.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		token := s.Secret.Link(p.LinkSalt, people[1].ID, 1)
		wantErr(t, "reissue", s.Identity.Reissue(ctx, people[1].ID, keys.HashToken(token), 1), nil)
		sealer, err := s.Secret.Sealer(window.AnswerSalt)
		if err != nil {
			t.Fatal(err)
		}
		key := s.Secret.DraftKey(p.LinkSalt, people[1].ID)
		body := sealer.Seal([]byte("answer canary 4711"), nil)
		wantErr(t, "save", s.Answers.SaveDraft(ctx, w.ID, "employer", s.Secret.DraftKey(p.LinkSalt, people[2].ID), 0, body), nil)
		wantErr(t, "submit", s.Answers.Submit(ctx, answers.Submission{WaveID: w.ID, Population: "employer", Key: key, Body: body}), nil)

		onDisk := string(storagetest.RawBytes(t, s))
		for name, canary := range map[string]string{"token": token, "draft key": string(key[:]), "answer": "canary 4711"} {
			if strings.Contains(onDisk, canary) {
				t.Errorf("the %s rests on disk", name)
			}
		}
		if !strings.Contains(onDisk, "e1@firm.example") {
			t.Error("the search finds nothing at all")
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			address, secret := storagetest.URL(t, dialect), storagetest.SecretFile(t)
			s, err := storage.Open(t.Context(), address, secret)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.DB.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			_, err = storage.Open(t.Context(), address, secret)
			wantErr(t, "open a newer database", err, storage.ErrNewer)
		})
	}
}

func TestManyInstancesStartAtOnce(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			address, secret := storagetest.EmptyURL(t, dialect), storagetest.SecretFile(t)
			errs := make(chan error)
			for range 4 {
				go func() {
					s, err := storage.Open(t.Context(), address, secret)
					if err == nil {
						err = s.Close()
					}
					errs <- err
				}()
			}
			for range 4 {
				wantErr(t, "open", <-errs, nil)
			}
		})
	}
}
