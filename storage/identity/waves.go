package identity

import (
	"context"
	"fmt"
	"time"

	"rondo/storage/db"
)

// CreateWave stores a new wave in state setup with its populations in state
// planned; ids, link salts and empty states are filled in. ErrDuplicate when the
// label is taken.
func (s *Store) CreateWave(ctx context.Context, w Wave, populations []Population) (Wave, error) {
	if w.ID == "" {
		w.ID = db.NewID()
	}
	if w.State == "" {
		w.State = "setup"
	}
	if w.Settings == nil {
		w.Settings = map[string]string{}
	}
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := tx.Gorm(ctx).Create(&w).Error; err != nil {
			return err
		}
		for _, p := range populations {
			p.WaveID = w.ID
			if p.State == "" {
				p.State = "planned"
			}
			if p.LinkSalt == nil {
				p.LinkSalt = db.NewSalt()
			}
			if err := tx.Gorm(ctx).Create(&p).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Wave{}, fmt.Errorf("create wave: %w", db.Refusal(err))
	}
	return w, nil
}

// WaveByLabel finds a wave by the label people use; ErrNotFound.
func (s *Store) WaveByLabel(ctx context.Context, label string) (Wave, error) {
	var w Wave
	err := s.db.Gorm(ctx).Where("label = ?", label).Take(&w).Error
	return w, wrap("find wave", err)
}

// WaveByID finds a wave; ErrNotFound.
func (s *Store) WaveByID(ctx context.Context, id string) (Wave, error) {
	var w Wave
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&w).Error
	return w, wrap("find wave", err)
}

// Waves gives all waves, the latest reference years first.
func (s *Store) Waves(ctx context.Context) ([]Wave, error) {
	var waves []Wave
	err := s.db.Gorm(ctx).Order("ref_to DESC, label").Find(&waves).Error
	return waves, wrap("list waves", err)
}

// Population finds one population of a wave; ErrNotFound.
func (s *Store) Population(ctx context.Context, waveID, name string) (Population, error) {
	var p Population
	err := s.db.Gorm(ctx).Where("wave_id = ? AND name = ?", waveID, name).Take(&p).Error
	return p, wrap("find population", err)
}

// Populations gives the populations of a wave in the order in which they open.
func (s *Store) Populations(ctx context.Context, waveID string) ([]Population, error) {
	var populations []Population
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).
		Order("CASE name WHEN 'office' THEN 1 WHEN 'employer' THEN 2 ELSE 3 END").Find(&populations).Error
	return populations, wrap("list populations", err)
}

// SetWaveState moves a wave from one state to another; ErrState when it is in a
// third. Reaching closed notes the time.
func (s *Store) SetWaveState(ctx context.Context, id, from, to string) error {
	return s.changeOne(ctx, "set wave state", db.ErrState,
		"UPDATE waves SET state = ?, closed_at = CASE WHEN ? = 'closed' THEN "+s.db.NowSQL()+" ELSE closed_at END WHERE id = ? AND state = ?",
		to, to, id, from)
}

// SetWaveSetting sets one of the settings of a wave that is not archived; ErrState. The others stay,
// whoever sets them at the same time.
func (s *Store) SetWaveSetting(ctx context.Context, id, key, value string) error {
	defer s.terms.forget() // the next page shows what was just set
	return s.db.InTx(ctx, func(tx *db.DB) error {
		in := New(tx)
		if err := in.HoldWave(ctx, id); err != nil {
			return err
		}
		w, err := in.WaveByID(ctx, id)
		if err != nil {
			return err
		}
		if w.Settings == nil {
			w.Settings = map[string]string{}
		}
		w.Settings[key] = value
		done := tx.Gorm(ctx).Model(&Wave{}).Where("id = ?", id).Select("Settings").Updates(Wave{Settings: w.Settings})
		return one("set wave setting", db.ErrNotFound, done.RowsAffected, done.Error)
	})
}

// HoldWave keeps others from changing a wave, and from holding it, until the transaction ends;
// ErrState where there is none, or it is archived.
func (s *Store) HoldWave(ctx context.Context, id string) error {
	return s.changeOne(ctx, "hold wave", db.ErrState, "UPDATE waves SET state = state WHERE id = ? AND state <> 'archived'", id)
}

// SetMailPaused stops or starts the sending of a wave's messages. Once it starts,
// what waits is due now: somebody has just decided that it may go.
func (s *Store) SetMailPaused(ctx context.Context, waveID string, paused bool) error {
	return s.db.InTx(ctx, func(tx *db.DB) error {
		now := tx.NowSQL()
		if !paused {
			if _, err := tx.Exec(ctx, "UPDATE messages SET due_at = "+now+` WHERE wave_id = ? AND state IN ('queued', 'retry') AND due_at < `+now+`
				AND EXISTS (SELECT 1 FROM waves w WHERE w.id = messages.wave_id AND w.mail_paused = ?)`, waveID, true); err != nil {
				return wrap("start mail", err)
			}
		}
		return New(tx).changeOne(ctx, "pause mail", db.ErrNotFound, "UPDATE waves SET mail_paused = ? WHERE id = ?", paused, waveID)
	})
}

// PauseStaleMail stops the sending of every wave of which messages wait, none of them due as
// lately as age ago, and says which: the service was away for long, or this is a copy of a
// database that goes on elsewhere. Where a sender is at work nothing is stopped.
func (s *Store) PauseStaleMail(ctx context.Context, age time.Duration) (labels []string, err error) {
	now := s.db.NowSQL()
	labels, err = db.Query[string](ctx, s.db, `
		UPDATE waves SET mail_paused = ? WHERE mail_paused <> ? AND id IN (
			SELECT wave_id FROM messages WHERE state IN ('queued', 'retry', 'claimed', 'transmitting') AND not_after > `+now+` AND due_at <= `+now+`
			GROUP BY wave_id HAVING MAX(due_at) <= `+now+` - ? AND MAX(lease_until) <= `+now+`)
		RETURNING label`, true, true, seconds(age))
	return labels, wrap("pause stale mail", err)
}

// PauseAllMail stops the sending of every wave, as after a restore.
func (s *Store) PauseAllMail(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "UPDATE waves SET mail_paused = ? WHERE mail_paused <> ?", true, true)
	return wrap("pause mail", err)
}

// SetPopulationState moves a population from one state to another; ErrState.
func (s *Store) SetPopulationState(ctx context.Context, waveID, population, from, to string) error {
	return s.changeOne(ctx, "set population state", db.ErrState,
		"UPDATE populations SET state = ? WHERE wave_id = ? AND name = ? AND state = ?", to, waveID, population, from)
}

// SetWindow moves the dates of a population that is not closed; ErrState. What may wait until its
// end, the messages that participants cause, waits until the new one: nobody queues them again. The
// answer side has its own copy of the dates: storage.SetWindow moves both.
func (s *Store) SetWindow(ctx context.Context, waveID, population string, opens, closes time.Time) error {
	return s.db.InTx(ctx, func(tx *db.DB) error {
		in := s.With(tx)
		// First, as who hands over does: the two cannot wait for each other.
		err := in.changeOne(ctx, "move window", db.ErrState, "UPDATE populations SET state = state WHERE wave_id = ? AND name = ? AND state <> 'closed'", waveID, population)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE messages SET not_after = ? WHERE wave_id = ? AND kind IN (?, ?, ?) AND state IN ('queued', 'retry', 'claimed', 'transmitting')
			AND not_after = (SELECT q.closes FROM participants p JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
				WHERE p.id = messages.participant_id AND q.name = ?)`,
			db.Seconds(closes), waveID, MessageHandOver, MessageRelease, MessageGivenBack, population); err != nil {
			return wrap("move window", err)
		}
		return in.changeOne(ctx, "move window", db.ErrState, "UPDATE populations SET opens = ?, closes = ? WHERE wave_id = ? AND name = ?",
			db.Seconds(opens), db.Seconds(closes), waveID, population)
	})
}

// SetQuestionnaire pins another version while the population is planned; ErrState.
func (s *Store) SetQuestionnaire(ctx context.Context, waveID, population, ref, hash string) error {
	return s.changeOne(ctx, "pin questionnaire", db.ErrState,
		"UPDATE populations SET questionnaire = ?, hash = ? WHERE wave_id = ? AND name = ? AND state = 'planned'",
		ref, hash, waveID, population)
}

// EraseLinkSalt removes the salt, after which nobody can compute a link, a draft
// key or a marker of this population again.
func (s *Store) EraseLinkSalt(ctx context.Context, waveID, population string) error {
	_, err := s.db.Exec(ctx, "UPDATE populations SET link_salt = NULL WHERE wave_id = ? AND name = ?", waveID, population)
	return wrap("erase link salt", err)
}
