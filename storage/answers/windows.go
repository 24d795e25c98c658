package answers

import (
	"context"
	"errors"
	"time"

	"rondo/storage/db"
)

// CreateWindow stores a planned window with a fresh answer salt. Without a
// Promise employers are anonymous and everybody else confidential. ErrDuplicate.
func (s *Store) CreateWindow(ctx context.Context, w Window) error {
	if w.Promise == "" {
		w.Promise = Confidential
		if w.Population == "employer" {
			w.Promise = Anonymous
		}
	}
	if w.State == "" {
		w.State = "planned"
	}
	if w.AnswerSalt == nil {
		w.AnswerSalt = db.NewSalt()
	}
	return wrap("create window", s.db.Gorm(ctx).Create(&w).Error)
}

// Window finds the window of a population; ErrNotFound.
func (s *Store) Window(ctx context.Context, waveID, population string) (Window, error) {
	var w Window
	err := s.db.Gorm(ctx).Where("wave_id = ? AND population = ?", waveID, population).Take(&w).Error
	return w, wrap("find window", err)
}

// SetWindow moves the dates of a window that is not closed; ErrState.
func (s *Store) SetWindow(ctx context.Context, waveID, population string, opens, closes time.Time) error {
	return s.changeWindow(ctx, "move window",
		"UPDATE windows SET opens = ?, closes = ? WHERE wave_id = ? AND population = ? AND state <> 'closed'",
		db.Seconds(opens), db.Seconds(closes), waveID, population)
}

// SetQuestionnaire pins another version while the window is planned; ErrState.
func (s *Store) SetQuestionnaire(ctx context.Context, waveID, population, ref, hash string) error {
	return s.changeWindow(ctx, "pin questionnaire",
		"UPDATE windows SET questionnaire = ?, hash = ? WHERE wave_id = ? AND population = ? AND state = 'planned'",
		ref, hash, waveID, population)
}

// TightenPromise makes a planned window anonymous; a promise is never loosened. ErrState.
func (s *Store) TightenPromise(ctx context.Context, waveID, population string) error {
	return s.changeWindow(ctx, "tighten promise",
		"UPDATE windows SET promise = 'anonymous' WHERE wave_id = ? AND population = ? AND state = 'planned'", waveID, population)
}

// OpenWindow lets a planned window take answers, from its Opens on; ErrState.
func (s *Store) OpenWindow(ctx context.Context, waveID, population string) error {
	return s.changeWindow(ctx, "open window",
		"UPDATE windows SET state = 'open' WHERE wave_id = ? AND population = ? AND state = 'planned'", waveID, population)
}

// CloseWindow shuts an open window for good: it waits for the saves under way, then erases the
// receipt hashes and notes that mixing is due (Mixed is -1), also where nothing was submitted
// since the last time. Drafts stay until EraseDrafts. Closing again is no error; ErrState when
// the window was never open.
func (s *Store) CloseWindow(ctx context.Context, waveID, population string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := lockSaves(ctx, tx); err != nil {
			return err
		}
		t := s.With(tx)
		if err := t.changeWindow(ctx, "close window",
			"UPDATE windows SET state = 'closed', mixed = -1 WHERE wave_id = ? AND population = ? AND state <> 'planned'", waveID, population); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE responses SET receipt = NULL WHERE wave_id = ? AND population = ?", waveID, population)
		return err
	})
	return wrap("close window", err)
}

// EraseDrafts removes the drafts of a population.
func (s *Store) EraseDrafts(ctx context.Context, waveID, population string) error {
	_, err := s.db.Exec(ctx, "DELETE FROM drafts WHERE wave_id = ? AND population = ?", waveID, population)
	return wrap("erase drafts", err)
}

// EraseWindow archives a population: its answer salt, responses, markers, correction
// sheet, free texts and the parts of its snapshot go; the snapshot's hash and number stay. ErrState
// while the window is open.
func (s *Store) EraseWindow(ctx context.Context, waveID, population string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		t := s.With(tx)
		if err := t.changeWindow(ctx, "archive",
			"UPDATE windows SET answer_salt = NULL, state = 'closed', mixed = 0 WHERE wave_id = ? AND population = ? AND state <> 'open'",
			waveID, population); err != nil {
			return err
		}
		for _, query := range []string{
			"DELETE FROM drafts WHERE wave_id = ? AND population = ?",
			"DELETE FROM responses WHERE wave_id = ? AND population = ?",
			"DELETE FROM spent WHERE wave_id = ? AND population = ?",
			"DELETE FROM corrections WHERE wave_id = ? AND population = ?",
			"DELETE FROM free_texts WHERE wave_id = ? AND population = ?",
			"DELETE FROM snapshot_parts WHERE snapshot_id IN (SELECT id FROM snapshots WHERE wave_id = ? AND population = ?)",
		} {
			if _, err := tx.Exec(ctx, query, waveID, population); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("archive", err)
}

func (s *Store) changeWindow(ctx context.Context, act, query string, args ...any) error {
	n, err := s.db.Exec(ctx, query, args...)
	if err == nil && n != 1 {
		err = db.ErrState
	}
	return wrap(act, err)
}

// lockSaves waits until no save is under way and lets none begin before the
// transaction ends. SQLite's transactions do so by themselves.
func lockSaves(ctx context.Context, tx *db.DB) error {
	if !tx.Postgres() {
		return nil
	}
	_, err := tx.Exec(ctx, "LOCK TABLE drafts, responses, spent IN EXCLUSIVE MODE")
	return err
}

// closedOr says ErrClosed when the window is not open now, else what is given.
func (s *Store) closedOr(ctx context.Context, waveID, population string, otherwise error) error {
	w, err := s.Window(ctx, waveID, population)
	if errors.Is(err, db.ErrNotFound) {
		return db.ErrClosed
	}
	if err != nil {
		return err
	}
	now, err := s.db.Now(ctx)
	if err != nil {
		return err
	}
	if !w.Open(now) {
		return db.ErrClosed
	}
	return otherwise
}
