package identity

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rondo/storage/db"
)

// MessageReturned begins the kinds under which it is noted that a message of the kind that follows
// came back, or that its address is no longer the one it went to.
const MessageReturned = "returned "

// codeCorrected stands at messages to an address that was corrected, or whose link was made anew, since.
const codeCorrected = "corrected"

// Correction is a better address for a participant whom messages do not reach.
type Correction struct {
	ID       string // of the participant
	Epoch    int    // of the link as it was when this was decided
	Address  string
	Language string
	New      []byte // SHA-256 of the link of the next epoch
	Due      time.Time
	NotAfter time.Time
}

// Correct gives a participant another address: the link that went to the old one is unknown at once,
// what was on its way to it is cancelled, a report that comes back from it later changes nothing, and
// one new invitation is queued. The participant stays the same, and so does a draft; with the address
// it has, the stop links stay, too. Of an employer that has declined or handed over only the nomination
// gets the address, and nothing is sent: whoever corrects it shall not learn that. ErrConflict, and
// nothing changed, where the link was issued anew in the meantime, an office has handed over, the participant is
// done, or somebody else of the population has got this address.
func (s *Store) Correct(ctx context.Context, c Correction) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		in := New(tx)
		if tx.Postgres() { // of two who get one address, the second must see the first
			if _, err := tx.Exec(ctx, "SELECT 1 FROM populations q JOIN participants p ON q.wave_id = p.wave_id AND q.name = p.population WHERE p.id = ? FOR UPDATE OF q", c.ID); err != nil {
				return err
			}
		}
		quiet, err := in.readdress(ctx, c)
		if err != nil {
			return err
		}
		// A new link to the address so far takes no quiet correction back.
		if _, err := tx.Exec(ctx, `UPDATE nominations SET email = ? WHERE participant_id = ?
			AND (? = 0 OR NOT EXISTS (SELECT 1 FROM participants p WHERE p.id = nominations.participant_id AND LOWER(p.email) = LOWER(CAST(? AS TEXT))))`,
			c.Address, c.ID, map[bool]int{true: 1}[quiet], c.Address); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM soft_returns WHERE participant_id = ?", c.ID); err != nil {
			return err
		}
		return in.inviteAnew(ctx, c, quiet)
	})
	return wrap("correct address", err)
}

// readdress changes the address and the link, or, quiet, counts only that it was tried.
func (s *Store) readdress(ctx context.Context, c Correction) (quiet bool, err error) {
	const counted = "corrections = corrections + CASE WHEN LOWER(email) = LOWER(CAST(? AS TEXT)) THEN 0 ELSE CAST(? AS BIGINT) END"
	err = s.changeOne(ctx, "change address", db.ErrConflict,
		"UPDATE participants SET email = ?, language = ?, token_hash = ?, epoch = epoch + 1, state = 'open', "+counted+`
		WHERE id = ? AND epoch = ? AND colleague = '' AND state IN ('open', 'undeliverable')
			AND (LOWER(email) = LOWER(CAST(? AS TEXT)) OR NOT EXISTS (SELECT 1 FROM participants o WHERE o.wave_id = participants.wave_id
				AND o.population = participants.population AND LOWER(o.email) = LOWER(CAST(? AS TEXT))))`,
		c.Address, c.Language, c.New, c.Address, 1, c.ID, c.Epoch, c.Address, c.Address)
	if !errors.Is(err, db.ErrConflict) {
		return false, err
	}
	return true, s.changeOne(ctx, "count correction", db.ErrConflict,
		"UPDATE participants AS p SET "+counted+" WHERE p.id = ? AND p.epoch = ? AND "+quietSQL, c.Address, vain, c.ID, c.Epoch)
}

// CountCorrection counts a correction that was tried in vain, as long as there were fewer than most of either; ErrConflict.
func (s *Store) CountCorrection(ctx context.Context, id string, most int) error {
	return s.changeOne(ctx, "count correction", db.ErrConflict,
		"UPDATE participants SET corrections = corrections + ? WHERE id = ? AND corrections % ? + corrections / ? < ?", vain, id, vain, vain, most)
}

// inviteAnew ends all messages to the address of a participant so far and queues one invitation. Quiet it
// ends invitations alone, since the others go to whoever answers; this one is not needed once it is claimed.
func (s *Store) inviteAnew(ctx context.Context, c Correction, quiet bool) error {
	before, err := s.messagesTo(ctx, c.ID)
	if err != nil {
		return err
	}
	earlier := "participant_id = ? AND kind <> '" + MessageRelease + "' AND kind NOT LIKE '" + MessageReturned + "%'"
	if quiet {
		earlier = "participant_id = ? AND kind = 'invitation'"
	}
	_, err = s.db.Exec(ctx, "UPDATE messages SET state = 'cancelled', code = ? WHERE state IN ('queued', 'retry', 'claimed', 'unknown', 'failed') AND "+earlier,
		codeCorrected, c.ID)
	if err != nil {
		return err
	}
	if err := s.notAgain(ctx, earlier, c.ID); err != nil {
		return err
	}
	after, err := s.messagesTo(ctx, c.ID) // what was claimed before may have begun to leave
	if err != nil {
		return err
	}
	p, err := s.ParticipantByID(ctx, c.ID)
	if err != nil {
		return err
	}
	number, notes := 0, []Message(nil)
	for id, m := range after {
		if m.Kind == "invitation" {
			number = max(number, m.Number)
		}
		if quiet && m.Kind != "invitation" {
			continue
		}
		if m.State == "sent" || m.State == Transmitting || before[id].State == "unknown" {
			notes = append(notes, Message{WaveID: m.WaveID, ParticipantID: c.ID, Kind: MessageReturned + m.Kind, Number: m.Number, State: "cancelled", Code: codeCorrected})
		}
	}
	if _, err := s.QueueMessages(ctx, notes); err != nil {
		return err
	}
	added, err := s.QueueMessages(ctx, []Message{{WaveID: p.WaveID, ParticipantID: c.ID, Kind: "invitation", Number: number + 1, DueAt: c.Due, NotAfter: c.NotAfter}})
	if err == nil && added != 1 {
		return db.ErrConflict
	}
	return err
}

// messagesTo are the messages to the address of a participant, by id.
func (s *Store) messagesTo(ctx context.Context, participantID string) (map[string]Message, error) {
	var all []Message
	err := s.db.Gorm(ctx).Where("participant_id = ? AND kind <> ? AND kind NOT LIKE ?", participantID, MessageRelease, MessageReturned+"%").Find(&all).Error
	byID := make(map[string]Message, len(all))
	for _, m := range all {
		byID[m.ID] = m
	}
	return byID, err
}

// notAgain lets messages that are with the relay come to their end there, but does not let them be
// tried once more: others take their place.
func (s *Store) notAgain(ctx context.Context, which string, args ...any) error {
	_, err := s.db.Exec(ctx, "UPDATE messages SET not_after = "+s.db.NowSQL()+" WHERE state = 'transmitting' AND "+which, args...)
	return err
}

// NoteReturn keeps the note that a message came back for good, and with it, in one step, makes a
// participant who is then out of reach undeliverable, unless its state says more. A note that is
// there already changes nothing: the address may have been corrected since. Where the questionnaire
// was handed over, only the last message about that is known to have gone to whoever answers now. After
// the close no state changes: what became of the invitations is told already.
func (s *Store) NoteReturn(ctx context.Context, note Message, unreached bool) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		in := New(tx)
		if tx.Postgres() { // who corrects an address begins with the participant, too: the two cannot wait for each other
			if _, err := tx.Exec(ctx, "SELECT id FROM participants WHERE id = ? FOR UPDATE", note.ParticipantID); err != nil {
				return err
			}
		}
		added, err := in.QueueMessages(ctx, []Message{note})
		if err != nil || added == 0 || !unreached {
			return err
		}
		number := -1 // of no hand-over
		if note.Kind == MessageReturned+MessageHandOver {
			number = note.Number
		}
		_, err = tx.Exec(ctx, `UPDATE participants SET state = 'undeliverable' WHERE id = ? AND state = 'open'
			AND NOT EXISTS (SELECT 1 FROM populations c WHERE c.wave_id = participants.wave_id AND c.name = participants.population AND c.state = 'closed') AND (colleague = ''
			OR CAST(? AS BIGINT) = (SELECT MAX(m.number) FROM messages m WHERE m.wave_id = participants.wave_id AND m.participant_id = participants.id AND m.kind = ?))`,
			note.ParticipantID, number, MessageHandOver)
		return err
	})
	return wrap("note a return", err)
}

// MessageLost begins the kinds under which it is noted that a message was given up, though not for its address.
const MessageLost = "lost "

// SoftReturn is a message that was not delivered for now.
type SoftReturn struct {
	ID            string `gorm:"primaryKey"` // the same for the same report
	WaveID        string
	ParticipantID string
	Kind          string // of the message, behind MessageLost where it will not be tried again
	Day           int64  // since 1970
}

// AddSoftReturn takes note of one; the same again changes nothing.
func (s *Store) AddSoftReturn(ctx context.Context, r SoftReturn) error {
	_, err := s.db.Exec(ctx, "INSERT INTO soft_returns (id, wave_id, participant_id, kind, day) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
		r.ID, r.WaveID, r.ParticipantID, r.Kind, r.Day)
	return wrap("note a delay", err)
}

// SoftReturns gives those of a wave by participant and day.
func (s *Store) SoftReturns(ctx context.Context, waveID string) ([]SoftReturn, error) {
	all, err := db.Query[SoftReturn](ctx, s.db, "SELECT id, wave_id, participant_id, kind, day FROM soft_returns WHERE wave_id = ? ORDER BY participant_id, day", waveID)
	return all, wrap("list delays", err)
}

// Unreached is a participant whose invitation did not arrive: Status says why it never will, or,
// where it is empty, on which Day it was not delivered for now, or that it was given up for another reason: then Day is -1.
type Unreached struct {
	ID, Population, Code, Name, Town, Email, Language string
	Status                                            string // enhanced or SMTP code of the message
	Day                                               int64
}

// LogValue hides who it is.
func (Unreached) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Unreached lists the participants of an office whose invitation did not arrive, several times where
// several messages did not; officeID "" gives the offices themselves and the employers that belong to
// none. That an employer declined or handed over changes nothing of it, since that is nobody's business
// here. Nobody is among them whose reminder came back, since that would say who has not answered; and once a population is closed
// nobody is, since those who have answered are done then and would be missing.
func (s *Store) Unreached(ctx context.Context, waveID, officeID string) ([]Unreached, error) {
	const who = `SELECT p.id, p.population, p.code, p.name, p.town, p.email,
		CASE WHEN p.colleague = '' THEN p.language ELSE COALESCE((SELECT n.language FROM nominations n WHERE n.participant_id = p.id), p.language) END AS language, `
	const where = " WHERE p.wave_id = ? AND p.office_id = ? AND " + notClosedSQL
	all, err := db.Query[Unreached](ctx, s.db, who+"m.code AS status, 0 AS day FROM participants p JOIN messages m ON m.wave_id = p.wave_id AND m.participant_id = p.id"+
		where+" AND "+hardSQL+" AND "+cameBackSQL+`
		UNION ALL `+who+"'' AS status, CASE WHEN r.kind = 'invitation' THEN r.day ELSE -1 END AS day FROM participants p JOIN soft_returns r ON r.wave_id = p.wave_id AND r.participant_id = p.id"+
		where+" AND "+softSQL+" AND r.kind IN ('invitation', '"+MessageLost+"invitation') ORDER BY 4, 1, 9", waveID, officeID, waveID, officeID)
	return all, wrap("list who was not reached", err)
}

// SettleReturns takes an employer off the list of Unreached although nothing is sent to its own address,
// as where whoever it has handed over to gets a new link.
func (s *Store) SettleReturns(ctx context.Context, participantID string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, query := range []string{
			"UPDATE messages SET state = 'cancelled' WHERE participant_id = ? AND state = 'failed' AND kind IN ('invitation', '" + MessageReturned + "invitation')",
			"DELETE FROM soft_returns WHERE participant_id = ? AND kind IN ('invitation', '" + MessageLost + "invitation')",
		} {
			if _, err := tx.Exec(ctx, query, participantID); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("settle what came back", err)
}
