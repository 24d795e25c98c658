package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"rondo/storage/db"
)

// CodeNotNeeded stands at a message that was cancelled when it was claimed, because its participant had
// answered, or wishes to take no part: the two are not told apart.
const CodeNotNeeded = "not_needed"

const messageColumns = "id, wave_id, participant_id, kind, number, state, not_after, due_at, lease_until, owner, fence, attempts, code"

// into is where the columns of messageColumns go, in that order.
func (m *Message) into() []any {
	return []any{
		&m.ID, &m.WaveID, &m.ParticipantID, &m.Kind, number{&m.Number}, &m.State, stamp{&m.NotAfter}, stamp{&m.DueAt}, stamp{&m.LeaseUntil}, &m.Owner, &m.Fence, number{&m.Attempts}, &m.Code,
	}
}

// QueueMessages stores what is to be sent and says how many were new: a message
// of the same wave, participant, kind and number is not queued twice.
func (s *Store) QueueMessages(ctx context.Context, messages []Message) (added int, err error) {
	for i := range messages {
		m := &messages[i]
		if m.ID == "" {
			m.ID = db.NewID()
		}
		if m.State == "" {
			m.State = "queued"
		}
	}
	err = s.db.InTx(ctx, func(tx *db.DB) error {
		for _, part := range chunks(messages) {
			done := tx.Gorm(ctx).Clauses(clause.OnConflict{
				Columns:   []clause.Column{{Name: "wave_id"}, {Name: "participant_id"}, {Name: "kind"}, {Name: "number"}},
				DoNothing: true,
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

// ClaimMessages takes up to n due messages for owner until the lease ends, in
// one statement; two claimers never get the same one. Nothing is claimed of a
// paused wave, before its NotBefore or after a message's NotAfter, and nothing to
// an address of a busy domain (lower case, ASCII). What is due for another try
// comes first.
func (s *Store) ClaimMessages(ctx context.Context, owner string, n int, lease time.Duration, busy ...string) (messages []Message, err error) {
	skip, now := "", s.db.NowSQL()
	if s.db.Postgres() {
		skip = " FOR UPDATE OF m SKIP LOCKED"
	}
	due, args := " AND m.due_at <= "+now+" AND m.not_after > "+now+" AND w.mail_paused = ? AND w.not_before <= "+now, []any{false}
	for _, domain := range busy {
		due += ` AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.id = m.participant_id
			AND lower(CASE WHEN p.colleague <> '' THEN p.colleague ELSE p.email END) LIKE ?)`
		args = append(args, "%@"+domain)
	}
	// One state at a time: then the index gives the next one, and nothing is sorted.
	const from = "FROM messages m JOIN waves w ON w.id = m.wave_id WHERE m.state = "
	err = db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		var m Message
		err := scan(m.into()...)
		messages = append(messages, m)
		return err
	}, `
		UPDATE messages SET state = 'claimed', owner = ?, fence = fence + 1, lease_until = `+now+` + ?
		WHERE id IN (
			SELECT m.id `+from+"(SELECT CASE WHEN EXISTS (SELECT 1 "+from+"'retry'"+due+") THEN 'retry' ELSE 'queued' END)"+due+`
			ORDER BY m.due_at, m.id LIMIT ?`+skip+`)
		RETURNING `+messageColumns, slices.Concat([]any{owner, seconds(lease)}, args, args, []any{n})...)
	return messages, wrap("claim messages", err)
}

// RenewLease prolongs a claim that is still ours; ErrConflict when it is not.
func (s *Store) RenewLease(ctx context.Context, id, owner string, fence int64, lease time.Duration) error {
	return s.changeOne(ctx, "renew lease", db.ErrConflict,
		"UPDATE messages SET lease_until = "+s.db.NowSQL()+` + ?
		WHERE id = ? AND owner = ? AND fence = ? AND state IN ('claimed', 'transmitting')`,
		seconds(lease), id, owner, fence)
}

// ResolveMessage is the decision of staff on an unknown message: count it as
// sent, or queue it again although it may arrive twice; ErrState.
func (s *Store) ResolveMessage(ctx context.Context, id, to string, notAfter time.Time) error {
	if to != "sent" && to != "queued" {
		return wrap("resolve message", db.ErrState)
	}
	return s.changeOne(ctx, "resolve message", db.ErrState,
		`UPDATE messages SET state = ?, owner = '', code = 'resolved', due_at = `+s.db.NowSQL()+`,
			not_after = CASE WHEN ? = 'queued' THEN ? ELSE not_after END
		WHERE id = ? AND state = 'unknown'`, to, to, db.Seconds(notAfter), id)
}

// ReapLeases ends claims whose lease is over: one not yet transmitting returns
// to the queue, one transmitting becomes unknown. Messages past their NotAfter
// are cancelled. It writes nothing when there is nothing to do, and leaves what
// somebody is changing at this moment to the next look.
func (s *Store) ReapLeases(ctx context.Context) (requeued, unknown int, err error) {
	skip, now := "", s.db.NowSQL()
	if s.db.Postgres() {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	states, err := db.Query[string](ctx, s.db, `
		UPDATE messages SET
			state = CASE state WHEN 'claimed' THEN 'queued' WHEN 'transmitting' THEN 'unknown' ELSE 'cancelled' END,
			code = CASE WHEN state IN ('queued', 'retry') THEN 'expired' ELSE code END, lease_until = 0
		WHERE id IN (SELECT m.id FROM messages m
			WHERE (m.state IN ('claimed', 'transmitting') AND m.lease_until <= `+now+`)
				OR (m.state IN ('queued', 'retry') AND m.not_after <= `+now+`)`+skip+`)
		RETURNING state`)
	for _, state := range states {
		switch state {
		case "queued":
			requeued++
		case "unknown":
			unknown++
		}
	}
	return requeued, unknown, wrap("reap leases", err)
}

// DoubtMessages makes unknown whatever had not come to an end, as after a restore: nobody can
// know what has been sent since the backup was made, and nothing is sent twice by machine.
func (s *Store) DoubtMessages(ctx context.Context) error {
	_, err := s.db.Exec(ctx, `UPDATE messages SET state = 'unknown', code = 'restored', owner = '', lease_until = 0
		WHERE state IN ('queued', 'retry', 'claimed', 'transmitting')`)
	return wrap("doubt messages", err)
}

// CancelMessages cancels what of a kind has not begun to leave, and says how
// many; kind "" means every kind.
func (s *Store) CancelMessages(ctx context.Context, waveID, kind string) (int, error) {
	n, err := s.db.Exec(ctx, `UPDATE messages SET state = 'cancelled', code = 'withdrawn'
		WHERE wave_id = ? AND (kind = ? OR ? = '') AND state IN ('queued', 'retry', 'claimed')`, waveID, kind, kind)
	return int(n), wrap("cancel messages", err)
}

// CancelFor cancels what has not begun to leave for one participant; what goes to the head of an
// office stays, see CancelKind.
func (s *Store) CancelFor(ctx context.Context, participantID string) error {
	_, err := s.db.Exec(ctx, `UPDATE messages SET state = 'cancelled', code = 'withdrawn'
		WHERE participant_id = ? AND kind <> ? AND state IN ('queued', 'retry', 'claimed')`, participantID, MessageRelease)
	return wrap("cancel messages", err)
}

// MessageCounts counts a wave's messages by kind and state.
func (s *Store) MessageCounts(ctx context.Context, waveID string) (map[string]map[string]int, error) {
	type row struct {
		Kind, State string
		N           int
	}
	rows, err := db.Query[row](ctx, s.db, "SELECT kind, state, COUNT(*) AS n FROM messages WHERE wave_id = ? GROUP BY kind, state", waveID)
	counts := map[string]map[string]int{}
	for _, r := range rows {
		kind := strings.Clone(r.Kind)
		if counts[kind] == nil {
			counts[kind] = map[string]int{}
		}
		counts[kind][r.State] = r.N
	}
	return counts, wrap("count messages", err)
}

// Messages gives a wave's messages by kind, number and participant.
func (s *Store) Messages(ctx context.Context, waveID string) ([]Message, error) {
	var messages []Message
	err := s.db.Gorm(ctx).Where("wave_id = ?", waveID).Order("kind, number, participant_id").Find(&messages).Error
	return messages, wrap("list messages", err)
}

// MessageByID finds a message; ErrNotFound.
func (s *Store) MessageByID(ctx context.Context, id string) (Message, error) {
	var m Message
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&m).Error
	return m, wrap("find message", err)
}

// MessageAbout finds the message of another kind with the same participant and number as m.
func (s *Store) MessageAbout(ctx context.Context, m Message, kind string) (about Message, found bool, err error) {
	var all []Message
	err = s.db.Gorm(ctx).Where("wave_id = ? AND participant_id = ? AND kind = ? AND number = ?", m.WaveID, m.ParticipantID, kind, m.Number).Limit(1).Find(&all).Error
	if len(all) > 0 {
		about, found = all[0], true
	}
	return about, found, wrap("find message", err)
}

// Followed says whether another message of its kind to its participant follows m.
func (s *Store) Followed(ctx context.Context, m Message) (bool, error) {
	m.Number++
	_, found, err := s.MessageAbout(ctx, m, m.Kind)
	return found, err
}

// seconds is a lease in whole seconds, rounded up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
