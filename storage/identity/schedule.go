package identity

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"rondo/storage/db"
)

// ScheduleEntry says when one message of a wave goes to a population; the meaning of Days is that
// of app/outbox.
type ScheduleEntry struct {
	WaveID     string `gorm:"primaryKey"`
	Population string `gorm:"primaryKey"`
	Kind       string `gorm:"primaryKey"` // invitation reminder thanks results
	Number     int    `gorm:"primaryKey"` // which reminder; 0 for the other kinds
	Days       int
	Hour       int  // 0-23, Swiss local time
	Automatic  bool // else by hand
}

// TableName is GORM's table for entries of a schedule.
func (ScheduleEntry) TableName() string { return "schedule" }

// MessageText is what staff wrote in place of the catalogue's words.
type MessageText struct {
	WaveID     string `gorm:"primaryKey"`
	Population string `gorm:"primaryKey"`
	Kind       string `gorm:"primaryKey"` // invitation reminder last_call thanks results
	Language   string `gorm:"primaryKey"`
	Subject    string
	Body       string
}

// Schedule gives the entries kept for a wave, by population, kind and number; none where nobody
// has set any.
func (s *Store) Schedule(ctx context.Context, waveID string) ([]ScheduleEntry, error) {
	var entries []ScheduleEntry
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).Order("population, kind, number").Find(&entries).Error
	return entries, wrap("read schedule", err)
}

// SetSchedule keeps entries as the whole schedule of one population.
func (s *Store) SetSchedule(ctx context.Context, waveID, population string, entries []ScheduleEntry) error {
	for i := range entries {
		entries[i].WaveID, entries[i].Population = waveID, population
	}
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		return s.With(tx).replaceSchedule(ctx, waveID, population, entries)
	})
	return wrap("set schedule", err)
}

func (s *Store) replaceSchedule(ctx context.Context, waveID, population string, entries []ScheduleEntry) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM schedule WHERE wave_id = ? AND population = ?", waveID, population); err != nil {
		return err
	}
	if len(entries) == 0 {
		return nil
	}
	return s.db.Gorm(ctx).Create(&entries).Error
}

// MessageTexts gives the texts that staff wrote for a wave.
func (s *Store) MessageTexts(ctx context.Context, waveID string) ([]MessageText, error) {
	var texts []MessageText
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).Order("population, kind, language").Find(&texts).Error
	return texts, wrap("read message texts", err)
}

// SetMessageText keeps a text in place of the one before.
func (s *Store) SetMessageText(ctx context.Context, t MessageText) error {
	_, err := s.db.Exec(ctx, `INSERT INTO message_texts (wave_id, population, kind, language, subject, body) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (wave_id, population, kind, language) DO UPDATE SET subject = excluded.subject, body = excluded.body`,
		t.WaveID, t.Population, t.Kind, t.Language, t.Subject, t.Body)
	return wrap("set message text", err)
}

// DropMessageText goes back to the catalogue's words.
func (s *Store) DropMessageText(ctx context.Context, waveID, population, kind, language string) error {
	_, err := s.db.Exec(ctx, "DELETE FROM message_texts WHERE wave_id = ? AND population = ? AND kind = ? AND language = ?",
		waveID, population, kind, language)
	return wrap("drop message text", err)
}

// CopySchedule gives a new wave the schedule and the texts of an earlier one. Days are counted from
// the window, so they fit the new one as they are. All entries are by hand: that a wave sends by
// itself is decided for each wave.
func (s *Store) CopySchedule(ctx context.Context, from, to string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, `INSERT INTO schedule (wave_id, population, kind, number, days, hour, automatic)
			SELECT ?, population, kind, number, days, hour, automatic AND ? FROM schedule WHERE wave_id = ?`, to, false, from); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO message_texts (wave_id, population, kind, language, subject, body)
			SELECT ?, population, kind, language, subject, body FROM message_texts WHERE wave_id = ?`, to, from)
		return err
	})
	return wrap("copy schedule", err)
}

// HandSchedules makes every entry of a schedule wait for somebody's hand, as after a restore: what
// the schedule has queued and sent since the backup was made, it would queue and send once more.
func (s *Store) HandSchedules(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "UPDATE schedule SET automatic = ? WHERE automatic = ?", false, true)
	return wrap("stop schedules", err)
}

// QueueDue is QueueMessages, but a message that was cancelled by staff, or because it had waited
// too long, is queued again under its own number: it was never handed over.
func (s *Store) QueueDue(ctx context.Context, messages []Message) (added int, err error) {
	for i := range messages {
		messages[i].ID, messages[i].State = db.NewID(), "queued"
	}
	// In the order in which they will be claimed: rows that change together lie side by side, and where
	// a row lies tells nothing of whose it is.
	slices.SortFunc(messages, func(a, b Message) int { return strings.Compare(a.ID, b.ID) })
	err = s.db.InTx(ctx, func(tx *db.DB) error {
		for _, part := range chunks(messages) {
			done := tx.Gorm(ctx).Clauses(clause.OnConflict{
				Columns:   []clause.Column{{Name: "wave_id"}, {Name: "participant_id"}, {Name: "kind"}, {Name: "number"}},
				DoUpdates: clause.AssignmentColumns([]string{"state", "due_at", "not_after", "code", "attempts"}),
				Where: clause.Where{Exprs: []clause.Expression{clause.Expr{
					SQL: "messages.state = 'cancelled' AND messages.code IN ('withdrawn', 'expired')"}}},
			}).Create(part)
			if done.Error != nil {
				return done.Error
			}
			added += int(done.RowsAffected)
		}
		return nil
	})
	return added, wrap("queue messages", err)
}

// CancelQueued cancels what of a kind has not begun to leave for a population, and makes its
// entries of the schedule wait for somebody's hand: else they would be queued again. It says how
// many messages it cancelled.
func (s *Store) CancelQueued(ctx context.Context, waveID, population, kind string) (n int, err error) {
	err = s.db.InTx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "UPDATE schedule SET automatic = ? WHERE wave_id = ? AND population = ? AND kind = ? AND automatic = ?",
			false, waveID, population, kind, true); err != nil {
			return err
		}
		changed, err := tx.Exec(ctx, `UPDATE messages SET state = 'cancelled', code = 'withdrawn'
			WHERE wave_id = ? AND kind = ? AND state IN ('queued', 'retry', 'claimed')
				AND participant_id IN (SELECT p.id FROM participants p WHERE p.wave_id = ? AND p.population = ?)`, waveID, kind, waveID, population)
		n = int(changed)
		return err
	})
	return n, wrap("cancel messages", err)
}

// live are the messages that make another one of their kind and number needless.
const live = `(m.state IN ('queued', 'claimed', 'transmitting', 'retry', 'sent', 'unknown')
	OR m.state = 'cancelled' AND m.code = 'not_needed')
	AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.wave_id = m.wave_id AND r.participant_id = m.participant_id
		AND r.kind = ? AND r.number = m.number)`

// Waiting counts the participants in one of the states for whom nothing of a kind is queued, sent or
// settled; number 0 stands for any number. More may wait than are due, never fewer: it is a cheap
// look at whether planning is worth while. back is the kind under which returns are noted.
func (s *Store) Waiting(ctx context.Context, waveID, population, kind, back string, number int, states []string) (int, error) {
	var n int
	err := s.db.Gorm(ctx).Raw(`SELECT COUNT(*) FROM participants p WHERE p.wave_id = ? AND p.population = ? AND p.state IN ?
		AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.wave_id = p.wave_id AND m.participant_id = p.id
			AND m.kind = ? AND (m.number = ? OR ? = 0) AND `+live+`)`,
		waveID, population, states, kind, number, number, back).Scan(&n).Error
	return n, wrap("count waiting", err)
}

// SuppressedSet gives the hashes of all addresses that want no mail.
func (s *Store) SuppressedSet(ctx context.Context) (map[string]bool, error) {
	set := map[string]bool{}
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		var hash []byte
		if err := scan(&hash); err != nil {
			return err
		}
		set[string(hash)] = true
		return nil
	}, "SELECT email_hash FROM suppressions")
	return set, wrap("read suppressions", err)
}

// Progress is how many messages of one population, kind and number there are in a state.
type Progress struct {
	Population, Kind, State string
	Number, N               int
}

// Progress counts a wave's messages that are due by population, kind, number and state.
func (s *Store) Progress(ctx context.Context, waveID string) ([]Progress, error) {
	rows, err := db.Query[Progress](ctx, s.db, `SELECT p.population, m.kind, m.number, m.state, COUNT(*) AS n
		FROM messages m JOIN participants p ON p.id = m.participant_id WHERE m.wave_id = ?
		GROUP BY p.population, m.kind, m.number, m.state ORDER BY 1, 2, 3, 4`, waveID)
	return rows, wrap("count messages", err)
}

// QueueScheduled queues what an automatic entry of a schedule says, as QueueDue does. ErrState where
// the entry was put into somebody's hand, or the wave paused, in the meantime.
func (s *Store) QueueScheduled(ctx context.Context, e ScheduleEntry, messages []Message) (added int, err error) {
	err = s.db.InTx(ctx, func(tx *db.DB) error {
		in := s.With(tx)
		// The row is held until the end: whoever cancels waits, and then cancels what is queued here.
		err := in.changeOne(ctx, "hold entry", db.ErrState, `UPDATE schedule SET automatic = ?
			WHERE wave_id = ? AND population = ? AND kind = ? AND number = ? AND automatic = ?
				AND EXISTS (SELECT 1 FROM waves w WHERE w.id = schedule.wave_id AND w.mail_paused = ?)`,
			true, e.WaveID, e.Population, e.Kind, e.Number, true, false)
		if err != nil {
			return err
		}
		added, err = in.QueueDue(ctx, messages)
		return err
	})
	return added, err
}
