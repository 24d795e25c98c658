package identity

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"rondo/storage/db"
)

// MessageHandOver is the kind of the message that brings a colleague the new link.
const MessageHandOver = "handover"

const daySeconds = 24 * 60 * 60

// HandOverNumber is the number of the message of somebody's n-th hand-over. Between two of them there
// is room for what staff send again.
func HandOverNumber(n int) int { return 10 * n }

// Alone are the messages m, with their participants p, that were written for one participant alone and
// so tell when somebody handed over or got another link or address: the message that brings it, those
// that ended with it, and the notes that one came back; once nothing moves them but a person or a late
// answer of the relay.
const Alone = "FROM messages m JOIN participants p ON p.id = m.participant_id WHERE m.state IN ('sent', 'failed', 'cancelled', 'unknown') AND " + aloneSQL

const aloneSQL = "(m.kind = '" + MessageHandOver + "' OR m.kind LIKE '" + MessageReturned + "%' OR m.code = '" + codeCorrected + "' OR " + anotherInvitation + ")"

const anotherInvitation = "m.kind = 'invitation' AND m.number > 1"

// HandOver is a participant's questionnaire on its way to a colleague.
type HandOver struct {
	Holder    Holder
	Old, New  []byte // SHA-256 of the link that ends, and of the one of the next epoch
	Colleague string // address
	Language  string
	Hash      []byte // under which the list of suppressed addresses would have the colleague
	Corrected bool   // the last hand-over went to a wrong address: this is the same one, to the right one
}

// number is that of its message; of a corrected one it follows those of before.
func (h HandOver) number() (sql string, args []any) {
	if !h.Corrected {
		return "CAST(? AS BIGINT)", []any{HandOverNumber(h.Holder.Handovers + 1)}
	}
	return "(SELECT MAX(m.number) + 1 FROM messages m WHERE m.wave_id = p.wave_id AND m.participant_id = p.id AND m.kind = '" + MessageHandOver + "')", nil
}

// HandOver gives a questionnaire to a colleague: the old link is unknown at once, the new one is
// queued to be sent once, and whoever declined has not (a corrected address undoes only that nobody
// was reached, and takes the place of what still waits to be sent to the wrong one). ErrConflict, and nothing changed, where the
// link is no longer the participant's, the population does not answer now, or the colleague wants no
// messages.
//
// All rows of the population are written in one statement. A row of an anonymous participant that
// was written alone would be younger than the rest, and the response that comes next is younger
// still (see storage.HideHandOvers, which takes away the rest).
func (s *Store) HandOver(ctx context.Context, h HandOver) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if err := New(tx).queueHandOver(ctx, h); err != nil {
			return err
		}
		bytes := tx.Bytes()
		after := h.Holder.Handovers + 1
		if h.Corrected {
			after = h.Holder.Handovers
		}
		_, err := tx.Exec(ctx, `UPDATE participants SET
				token_hash = CASE WHEN id = ? THEN CAST(? AS `+bytes+`) ELSE token_hash END,
				epoch = CASE WHEN id = ? THEN epoch + 1 ELSE epoch END,
				handovers = CASE WHEN id = ? THEN CAST(? AS BIGINT) ELSE handovers END,
				colleague = CASE WHEN id = ? THEN CAST(? AS TEXT) ELSE colleague END,
				language = CASE WHEN id = ? THEN CAST(? AS TEXT) ELSE language END,
				state = CASE WHEN id = ? AND (state = 'undeliverable' OR CAST(? AS BIGINT) = 0) THEN 'open' ELSE state END
			WHERE wave_id = ? AND population = ?`,
			h.Holder.ID, h.New, h.Holder.ID, h.Holder.ID, after, h.Holder.ID, h.Colleague, h.Holder.ID, h.Language, h.Holder.ID, h.Holder.Handovers+1-after,
			h.Holder.Wave.ID, h.Holder.Population.Name)
		if err != nil || !h.Corrected {
			return err // what waits of an earlier hand-over is cancelled when it is claimed
		}
		// What waits of the same one would bring the same new link, or has been written with the dead one.
		const earlier = "participant_id = ? AND kind = ? AND number < (" +
			"SELECT MAX(m.number) FROM messages m WHERE m.wave_id = messages.wave_id AND m.participant_id = messages.participant_id AND m.kind = messages.kind)"
		if err := New(tx).notAgain(ctx, earlier, h.Holder.ID, MessageHandOver); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE messages SET state = 'cancelled', code = ? WHERE state IN ('queued', 'retry', 'claimed') AND "+earlier,
			codeCorrected, h.Holder.ID, MessageHandOver)
		return err
	})
	return wrap("hand over", err)
}

// queueHandOver queues the message. Its number makes sure that of two hand-overs at once one
// succeeds; the row of the population makes those of two participants wait for one another. There is
// room for as many corrections as numbers are left before the next hand-over.
func (s *Store) queueHandOver(ctx context.Context, h HandOver) error {
	lock, now := "", s.db.NowSQL()
	if s.db.Postgres() {
		lock = " FOR UPDATE OF q, p" // who gives p another link at this moment is waited for
	}
	number, args := h.number()
	args = append(append([]any{db.NewID(), MessageHandOver}, args...), h.Holder.ID, h.Old, h.Holder.Handovers, h.Holder.Epoch, h.Hash)
	if h.Corrected {
		lock = " AND " + number + " < " + strconv.Itoa(HandOverNumber(h.Holder.Handovers+1)) + lock
	}
	return s.changeOne(ctx, "queue its message", db.ErrConflict, `
		INSERT INTO messages (id, wave_id, participant_id, kind, number, state, not_after, due_at, lease_until, owner, fence, attempts, code)
		SELECT CAST(? AS TEXT), p.wave_id, p.id, CAST(? AS TEXT), `+number+`, 'queued', q.closes, `+now+`, 0, '', 0, 0, ''
		FROM participants p JOIN populations q ON q.wave_id = p.wave_id AND q.name = p.population
		WHERE p.id = ? AND p.token_hash = ? AND p.handovers = ? AND p.epoch = ?
			AND q.state = 'open' AND q.opens <= `+now+` AND q.closes > `+now+`
			AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.email_hash = ?)`+lock+`
		ON CONFLICT (wave_id, participant_id, kind, number) DO NOTHING`,
		args...)
}

// HandedOverAfter says whether the message about the n-th hand-over of a participant is on its way, or
// was due when m was or later. Once it is written anew (HideHandOvers) nobody knows the latter.
func (s *Store) HandedOverAfter(ctx context.Context, m Message, n int) (bool, error) {
	after, err := db.One[int64](ctx, s.db, `SELECT COUNT(*) FROM messages WHERE wave_id = ? AND participant_id = ? AND kind = ? AND number >= ?
		AND (due_at >= ? OR state IN ('queued', 'retry', 'claimed', 'transmitting'))`,
		m.WaveID, m.ParticipantID, MessageHandOver, HandOverNumber(n), db.Seconds(m.DueAt))
	return after > 0, wrap("look for a hand-over", err)
}

// HandOversToHide says of which populations an ended message still says when somebody handed over or
// got another link.
func (s *Store) HandOversToHide(ctx context.Context) ([]Population, error) {
	all, err := db.Query[Population](ctx, s.db, "SELECT DISTINCT p.wave_id, p.population AS name "+Alone+` AND m.due_at <> 0
		AND (m.kind = '`+MessageHandOver+"' OR "+anotherInvitation+" AND m.due_at % ? <> 0)", daySeconds)
	return all, wrap("look for hand-overs", err)
}

// HideHandOvers writes what says when somebody of a population handed over, or got another link or
// address, anew: all participants, and all nominations, in one statement, and the ended messages about
// it in random order and without their times. It says nothing new and changes nothing a person sees.
func (s *Store) HideHandOvers(ctx context.Context, waveID, population string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, query := range []string{
			"UPDATE populations SET state = state WHERE wave_id = ? AND name = ?", // makes hand-overs wait
			"UPDATE participants SET state = state WHERE wave_id = ? AND population = ?",
			"UPDATE nominations SET state = state WHERE wave_id = ? AND ? = 'employer'",
		} {
			if _, err := tx.Exec(ctx, query, waveID, population); err != nil {
				return err
			}
		}
		messages, err := db.Query[Message](ctx, tx, "DELETE FROM messages WHERE id IN (SELECT m.id "+Alone+" AND p.wave_id = ? AND p.population = ?) RETURNING "+messageColumns,
			waveID, population)
		if err != nil || len(messages) == 0 {
			return err
		}
		rand.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
		for i := range messages {
			messages[i].hide()
		}
		return tx.Gorm(ctx).Create(messages).Error
	})
	return wrap("hide hand-overs", err)
}

// hide takes the times away. Of another invitation the end of its day stays, so that nothing follows
// it on the next one; what is as old as the whole round, an ended first invitation or a reminder, keeps its own.
func (m *Message) hide() {
	switch {
	case m.Kind == "invitation" && m.Number > 1:
		m.DueAt = db.FromSeconds((db.Seconds(m.DueAt) + daySeconds - 1) / daySeconds * daySeconds)
	case m.Kind == "invitation", m.Kind == "reminder":
		return
	default:
		m.DueAt = time.Time{}
	}
	m.NotAfter, m.LeaseUntil = time.Time{}, time.Time{}
}
