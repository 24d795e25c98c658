package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"rondo/storage/db"
)

// Step is what a claimed message comes to: transmitting, or a state in which its claim ends. Due is
// when a retry or requeued message is due again.
type Step struct {
	ID          string
	Fence       int64
	State, Code string
	Due         time.Time
	Epoch       int // to be transmitted: of the participant's link when the message was written, or AnyLink
}

// AnyLink is the Epoch of a message that holds whatever became of its participant's link.
const AnyLink = -1

// Transmitting is the state of a message that the relay may have.
const Transmitting = "transmitting"

// ends are the states in which a claim ends.
var ends = []string{"sent", "failed", "retry", "unknown", "queued", "cancelled"}

// StepMessages lets the claims of owner take their steps, all in one statement, and gives the ids of
// those that did; a claim that is lost, and to be transmitted also one that is cancelled, paused or
// over, or whose message waited too long or was written with a link that has ended since, takes none. A retry counts as an attempt, also where nothing was transmitted. Of several
// steps PostgreSQL leaves out those from a claim that somebody else is changing at this moment, such
// as who cancels: two who change several could wait for each other. What is being transmitted is
// never left out.
func (s *Store) StepMessages(ctx context.Context, owner string, steps []Step) (taken []string, err error) {
	if len(steps) == 0 {
		return nil, nil
	}
	const row = "(CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT))"
	rows := row + strings.Repeat(", "+row, len(steps)-1)
	var args []any
	for _, step := range steps {
		args = append(args, step.ID, step.Fence, step.State, step.Code, db.Seconds(step.Due), step.Epoch)
	}
	free, now := "", s.db.NowSQL()
	if s.db.Postgres() && len(steps) > 1 {
		free = ` AND (state <> 'claimed' OR id IN (SELECT m.id FROM messages m
			WHERE m.id IN (SELECT message FROM step) AND m.state = 'claimed' FOR UPDATE SKIP LOCKED))`
	}
	err = db.Each(ctx, s.db, func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		taken = append(taken, id)
		return nil
	}, `WITH step (message, held, next, said, later, written) AS (VALUES `+rows+`)
		UPDATE messages SET state = next,
			code = CASE next WHEN 'transmitting' THEN code ELSE said END,
			lease_until = CASE next WHEN 'transmitting' THEN lease_until ELSE 0 END,
			attempts = attempts + CASE WHEN next = 'transmitting' OR next = 'retry' AND state = 'claimed' THEN 1 ELSE 0 END,
			due_at = CASE WHEN next IN ('retry', 'queued') THEN later ELSE due_at END
		FROM step
		WHERE id = message AND owner = ? AND fence = held AND CASE next
				WHEN 'transmitting' THEN state = 'claimed' AND lease_until > `+now+` AND not_after > `+now+`
					AND EXISTS (SELECT 1 FROM waves w WHERE w.id = wave_id AND w.mail_paused = ?)
					AND (written < 0 OR EXISTS (SELECT 1 FROM participants p WHERE p.id = participant_id AND p.epoch = written))
				WHEN 'sent' THEN state IN ('transmitting', 'unknown')
				WHEN 'failed' THEN state IN ('claimed', 'transmitting', 'unknown')
				WHEN 'retry' THEN state IN ('claimed', 'transmitting')
				WHEN 'unknown' THEN state = 'transmitting'
				ELSE state = 'claimed' END`+free+`
		RETURNING id`, append(args, owner, false)...)
	return taken, wrap("step messages", err)
}

// MarkTransmitting notes, before the first byte leaves, that a claimed message
// is being sent; ErrConflict when the claim is lost, cancelled, paused or over, the message waited
// too long, or the link of its participant is not that of epoch any more.
func (s *Store) MarkTransmitting(ctx context.Context, id, owner string, fence int64, epoch int) error {
	return s.step(ctx, owner, Step{ID: id, Fence: fence, State: Transmitting, Epoch: epoch})
}

// FinishMessage ends a claim with its result; ErrConflict when the claim is no longer ours, ErrState
// for a state in which no claim ends.
func (s *Store) FinishMessage(ctx context.Context, id, owner string, fence int64, state, code string, due time.Time) error {
	if !slices.Contains(ends, state) {
		return wrap("finish message", db.ErrState)
	}
	return s.step(ctx, owner, Step{ID: id, Fence: fence, State: state, Code: code, Due: due})
}

// FailUnreachable ends a claim as failed because the address of p is wrong, and with it, in one step,
// makes p undeliverable, unless its state says more or somebody has given it another address since.
// ErrConflict, and nothing changed, when the claim is no longer ours.
func (s *Store) FailUnreachable(ctx context.Context, id, owner string, fence int64, code string, p Participant) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		// The participant first, as who corrects an address does: the two cannot wait for each other.
		if _, err := tx.Exec(ctx, "UPDATE participants SET state = 'undeliverable' WHERE id = ? AND state = 'open' AND email = ? AND colleague = ?", p.ID, p.Email, p.Colleague); err != nil {
			return err
		}
		return New(tx).step(ctx, owner, Step{ID: id, Fence: fence, State: "failed", Code: code})
	})
	return wrap("fail message", err)
}

func (s *Store) step(ctx context.Context, owner string, step Step) error {
	taken, err := s.StepMessages(ctx, owner, []Step{step})
	return one("step message", db.ErrConflict, int64(len(taken)), err)
}
