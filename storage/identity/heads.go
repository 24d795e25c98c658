package identity

import (
	"context"
	"time"

	"rondo/storage/db"
)

// Kinds of the messages about answers that the head of an office has to release.
const (
	MessageRelease   = "release"    // to the head: answers are put forward
	MessageGivenBack = "given_back" // to the office: the head gave them back
)

// SetHead keeps the address of the head of an office; hash is the one under which the list of
// suppressed addresses would have it. ErrConflict where it is the office's own, to which the link
// of its questionnaire goes, where it wants no messages, or nobody is an office of this id.
func (s *Store) SetHead(ctx context.Context, officeID, head string, hash []byte) error {
	return s.changeOne(ctx, "set head of an office", db.ErrConflict, `UPDATE participants SET head = ?
		WHERE id = ? AND population = 'office' AND LOWER(email) <> LOWER(?) AND LOWER(colleague) <> LOWER(?)
			AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.email_hash = ?)`, head, officeID, head, head, hash)
}

// QueueNext queues one more message of a kind to an office, while its population answers. hash is
// the one under which the list of suppressed addresses would have the recipient. ErrState where the
// recipient wants no messages, most messages of the kind were made, or nobody answers now.
func (s *Store) QueueNext(ctx context.Context, officeID, kind string, hash []byte, most int) error {
	return s.queueNext(ctx, officeID, kind, hash, most, 0)
}

// QueueAgain is QueueNext for who was written to before: ErrState, too, where a message of the kind
// was due within apart, unless it was cancelled.
func (s *Store) QueueAgain(ctx context.Context, officeID, kind string, hash []byte, most int, apart time.Duration) error {
	return s.queueNext(ctx, officeID, kind, hash, most, apart)
}

func (s *Store) queueNext(ctx context.Context, officeID, kind string, hash []byte, most int, apart time.Duration) error {
	now := s.db.NowSQL()
	return s.changeOne(ctx, "queue message", db.ErrState, `
		INSERT INTO messages (id, wave_id, participant_id, kind, number, state, not_after, due_at, lease_until, owner, fence, attempts, code)
		SELECT CAST(? AS TEXT), p.wave_id, p.id, CAST(? AS TEXT),
			COALESCE((SELECT MAX(m.number) FROM messages m WHERE m.wave_id = p.wave_id AND m.participant_id = p.id AND m.kind = ?), 0) + 1,
			'queued', q.closes, `+now+`, 0, '', 0, 0, ''
		FROM participants p JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
		WHERE p.id = ? AND p.population = 'office' AND q.state = 'open' AND q.opens <= `+now+` AND q.closes > `+now+`
			AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.email_hash = ?)
			AND (SELECT COUNT(*) FROM messages m WHERE m.wave_id = p.wave_id AND m.participant_id = p.id AND m.kind = ?) < ?
			AND (CAST(? AS BIGINT) = 0 OR NOT EXISTS (SELECT 1 FROM messages m WHERE m.wave_id = p.wave_id AND m.participant_id = p.id
				AND m.kind = ? AND m.state <> 'cancelled' AND m.due_at > `+now+` - CAST(? AS BIGINT)))
		ON CONFLICT (wave_id, participant_id, kind, number) DO NOTHING`,
		db.NewID(), kind, kind, officeID, hash, kind, most, int64(apart/time.Second), kind, int64(apart/time.Second))
}

// CancelKind cancels what of a kind has not begun to leave for one participant.
func (s *Store) CancelKind(ctx context.Context, participantID, kind string) error {
	_, err := s.db.Exec(ctx, `UPDATE messages SET state = 'cancelled', code = 'withdrawn'
		WHERE participant_id = ? AND kind = ? AND state IN ('queued', 'retry', 'claimed')`, participantID, kind)
	return wrap("cancel messages", err)
}
