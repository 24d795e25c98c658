package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// CreateWave stores a wave with its populations and, on the answer side, their
// windows, all or none. ErrDuplicate when the label is taken.
func (s *Store) CreateWave(ctx context.Context, w identity.Wave, populations []identity.Population) (identity.Wave, error) {
	err := s.DB.InTx(ctx, func(tx *db.DB) (err error) {
		t := s.With(tx)
		if w, err = t.Identity.CreateWave(ctx, w, populations); err != nil {
			return err
		}
		for _, p := range populations {
			if err := t.Answers.CreateWindow(ctx, answers.Window{
				WaveID: w.ID, Population: p.Name, Terms: answers.Terms{Opens: p.Opens, Closes: p.Closes},
				Questionnaire: p.Questionnaire, Hash: p.Hash,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return w, err
}

// OpenPopulation lets a planned population answer, and its wave run; ErrState.
func (s *Store) OpenPopulation(ctx context.Context, waveID, population string) error {
	return s.DB.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		if err := t.Identity.SetPopulationState(ctx, waveID, population, "planned", "open"); err != nil {
			return err
		}
		if err := t.Answers.OpenWindow(ctx, waveID, population); err != nil {
			return err
		}
		w, err := t.Identity.WaveByID(ctx, waveID)
		if err != nil {
			return err
		}
		switch w.State {
		case "running":
			return nil
		case "setup":
			return t.Identity.SetWaveState(ctx, waveID, "setup", "running")
		}
		return fmt.Errorf("open %s: %w", population, ErrState)
	})
}

// SetWindow moves the dates of a population that is not closed, on both sides; ErrState.
func (s *Store) SetWindow(ctx context.Context, waveID, population string, opens, closes time.Time) error {
	if !closes.After(opens) {
		return fmt.Errorf("move window: %w", ErrState)
	}
	return s.DB.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		return errors.Join(t.Identity.SetWindow(ctx, waveID, population, opens, closes),
			t.Answers.SetWindow(ctx, waveID, population, opens, closes))
	})
}

// SetQuestionnaire pins another version of a planned population, on both sides; ErrState.
func (s *Store) SetQuestionnaire(ctx context.Context, waveID, population, ref, hash string) error {
	return s.DB.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		return errors.Join(t.Identity.SetQuestionnaire(ctx, waveID, population, ref, hash),
			t.Answers.SetQuestionnaire(ctx, waveID, population, ref, hash))
	})
}

// ClosePopulation ends a population for good: nobody can save any more, done marks
// all given participants as done at once, joining become members of the panel, drafts
// and receipt hashes go, and with an anonymous promise the link salt, after which nobody
// can tell again which marker was whose. done and joining are computed after
// Answers.CloseWindow, which it repeats. The caller scrubs (Scrub) and mixes
// (Answers.Mix, force) when this has returned. ErrState.
func (s *Store) ClosePopulation(ctx context.Context, waveID, population string, done []string, joining []identity.PanelMember) error {
	return s.DB.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		if err := t.Answers.CloseWindow(ctx, waveID, population); err != nil {
			return err
		}
		if err := t.Identity.SetPopulationState(ctx, waveID, population, "open", "closed"); err != nil {
			return err
		}
		if err := t.Identity.MarkDone(ctx, waveID, population, done); err != nil {
			return err
		}
		for _, m := range joining {
			if err := t.Identity.AddPanel(ctx, m); err != nil {
				return err
			}
		}
		if err := t.Answers.EraseDrafts(ctx, waveID, population); err != nil {
			return err
		}
		w, err := t.Answers.Window(ctx, waveID, population)
		if err != nil || w.Promise != answers.Anonymous {
			return err
		}
		return t.Identity.EraseLinkSalt(ctx, waveID, population)
	})
}

// Archive erases what a closed or released wave still holds: answer salts,
// responses, markers, link salts, contact data and messages. Its releases stay, and
// outcomes, which is what became of its invitations. ErrState from any other state.
func (s *Store) Archive(ctx context.Context, waveID string, outcomes []identity.Outcomes) error {
	err := s.DB.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		w, err := t.Identity.WaveByID(ctx, waveID)
		if err != nil {
			return err
		}
		if w.State != "closed" && w.State != "released" {
			return ErrState
		}
		populations, err := t.Identity.Populations(ctx, waveID)
		if err != nil {
			return err
		}
		for _, p := range populations {
			if err := errors.Join(t.Answers.EraseWindow(ctx, waveID, p.Name), t.Identity.EraseLinkSalt(ctx, waveID, p.Name)); err != nil {
				return err
			}
		}
		if err := t.Identity.KeepNonResponse(ctx, outcomes); err != nil {
			return err
		}
		if err := t.Identity.EraseContacts(ctx, waveID); err != nil {
			return err
		}
		return t.Identity.SetWaveState(ctx, waveID, w.State, "archived")
	})
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if _, err = s.Answers.Mix(ctx, true); err != nil { // rewrites the tables, so that nothing erased stays on disk
		return err
	}
	return s.Scrub(ctx)
}

// Scrub rewrites the tables from which close and archive erase salts, drafts and contact data:
// PostgreSQL keeps the old rows in the file, and samples of them in its statistics, until then.
// SQLite overwrites what it deletes; only its log has to go. It gives up with ErrBusy where
// somebody reads for long.
func (s *Store) Scrub(ctx context.Context) error {
	if !s.DB.Postgres() {
		return s.DB.Checkpoint(ctx)
	}
	conn, err := s.DB.Conn().Conn(ctx)
	if err != nil {
		return fmt.Errorf("scrub: %w", db.Refusal(err))
	}
	defer conn.Close()
	for _, query := range []string{
		"SET lock_timeout = '2s'", // who waits for these locks keeps everybody behind it waiting
		"VACUUM (FULL, ANALYZE) drafts, populations, windows, participants, nominations, exclusions, messages, soft_returns, taken_back, free_texts, release_parts",
		"VACUUM (FULL) pg_statistic", // the samples of before
		"RESET lock_timeout",
	} {
		if _, err := conn.ExecContext(ctx, query); err != nil {
			_, reset := conn.ExecContext(context.WithoutCancel(ctx), "RESET lock_timeout")
			return fmt.Errorf("scrub: %w", errors.Join(db.Refusal(err), reset))
		}
	}
	return nil
}
