package identity

import (
	"context"
	"log/slog"
	"time"

	"rondo/storage/db"
)

// MessageReturned begins the kinds under which it is noted that a message of the kind that follows
// came back, or that its address is no longer the one it went to.
const MessageReturned = "returned "

// CodeCorrected stands at messages to an address that was corrected, or whose link was made anew, since.
const CodeCorrected = "corrected"

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
// it has, the stop links stay, too. ErrConflict, and nothing changed, where the link was issued anew in
// the meantime, the questionnaire was handed over, the participant is done, or somebody else of the
// population has got this address.
func (s *Store) Correct(ctx context.Context, c Correction) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		in := New(tx)
		if tx.Postgres() { // of two who get one address, the second must see the first
			if _, err := tx.Exec(ctx, "SELECT 1 FROM populations q JOIN participants p ON q.wave_id = p.wave_id AND q.name = p.population WHERE p.id = ? FOR UPDATE OF q", c.ID); err != nil {
				return err
			}
		}
		err := in.changeOne(ctx, "change address", db.ErrConflict,
			`UPDATE participants SET email = ?, language = ?, token_hash = ?, epoch = epoch + 1, state = 'open',
				corrections = corrections + CASE WHEN LOWER(email) = LOWER(CAST(? AS TEXT)) THEN 0 ELSE 1 END
			WHERE id = ? AND epoch = ? AND colleague = '' AND state IN ('open', 'undeliverable')
				AND (LOWER(email) = LOWER(CAST(? AS TEXT)) OR NOT EXISTS (SELECT 1 FROM participants o WHERE o.wave_id = participants.wave_id
					AND o.population = participants.population AND LOWER(o.email) = LOWER(CAST(? AS TEXT))))`,
			c.Address, c.Language, c.New, c.Address, c.ID, c.Epoch, c.Address, c.Address)
		if err != nil {
			return err
		}
		for _, query := range []string{
			`UPDATE nominations SET email = (SELECT p.email FROM participants p WHERE p.id = nominations.participant_id),
				language = (SELECT p.language FROM participants p WHERE p.id = nominations.participant_id) WHERE participant_id = ?`,
			"DELETE FROM soft_returns WHERE participant_id = ?",
		} {
			if _, err := tx.Exec(ctx, query, c.ID); err != nil {
				return err
			}
		}
		return in.inviteAnew(ctx, c)
	})
	return wrap("correct address", err)
}

// CountCorrection counts a correction that was tried in vain, as long as there were fewer than most of either; ErrConflict.
func (s *Store) CountCorrection(ctx context.Context, id string, most int) error {
	return s.changeOne(ctx, "count correction", db.ErrConflict,
		"UPDATE participants SET corrections = corrections + ? WHERE id = ? AND corrections % ? + corrections / ? < ?", vain, id, vain, vain, most)
}

// inviteAnew ends all messages to the address of a participant so far and queues one invitation.
func (s *Store) inviteAnew(ctx context.Context, c Correction) error {
	before, err := s.messagesTo(ctx, c.ID)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `UPDATE messages SET state = 'cancelled', code = ?
		WHERE participant_id = ? AND state IN ('queued', 'retry', 'claimed', 'unknown', 'failed') AND kind <> ? AND kind NOT LIKE ?`,
		CodeCorrected, c.ID, MessageRelease, MessageReturned+"%")
	if err != nil {
		return err
	}
	if err := s.notAgain(ctx, "participant_id = ? AND kind <> ?", c.ID, MessageRelease); err != nil {
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
		if m.State == "sent" || m.State == Transmitting || before[id].State == "unknown" {
			notes = append(notes, Message{WaveID: m.WaveID, ParticipantID: c.ID, Kind: MessageReturned + m.Kind, Number: m.Number, State: "cancelled", Code: CodeCorrected})
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

// SoftReturn is a message that was not delivered for now.
type SoftReturn struct {
	ID            string `gorm:"primaryKey"` // the same for the same report
	WaveID        string
	ParticipantID string
	Kind          string // of the message
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
// where it is empty, on which Day it was not delivered for now.
type Unreached struct {
	ID, Population, Code, Name, Town, Email, Language string
	Status                                            string // enhanced or SMTP code of the message
	Day                                               int64
}

// LogValue hides who it is.
func (Unreached) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Unreached lists the participants of an office whose invitation did not arrive, several times where
// several messages did not; officeID "" gives the offices themselves and the employers that belong to
// none. No employer leaves the list by declining or handing over, which a letter makes possible: that is
// nobody's business here. Nor does anybody come onto it whose reminder came back, since that would say
// who has not answered; and once a population is closed nobody is, since those who have answered are
// done then and would be missing.
func (s *Store) Unreached(ctx context.Context, waveID, officeID string) ([]Unreached, error) {
	// The language of who has handed over is the colleague's.
	const who = `SELECT p.id, p.population, p.code, p.name, p.town, p.email, CASE WHEN p.colleague = '' THEN p.language ELSE
		COALESCE((SELECT MIN(n.language) FROM nominations n WHERE n.participant_id = p.id), (SELECT o.language FROM participants o WHERE o.id = p.office_id), p.language) END AS language, `
	const where = " WHERE p.wave_id = ? AND p.office_id = ? AND " + notClosedSQL
	all, err := db.Query[Unreached](ctx, s.db, who+"m.code AS status, 0 AS day FROM participants p JOIN messages m ON m.wave_id = p.wave_id AND m.participant_id = p.id"+
		where+" AND "+didNotArrive+`
		UNION ALL `+who+"'' AS status, r.day FROM participants p JOIN soft_returns r ON r.wave_id = p.wave_id AND r.participant_id = p.id"+
		where+" AND "+isLate+" ORDER BY 4, 1, 9", waveID, officeID, waveID, officeID)
	return all, wrap("list who was not reached", err)
}

// didNotArrive is true for a message m that says that the last invitation of a participant p came back,
// or that the relay refused it for the address: a policy, too, makes it fail, and changes no state. Of an
// employer only the former is known without its state.
const didNotArrive = "m.state = 'failed' AND (m.kind = '" + MessageReturned + "invitation' AND p.population = 'employer' OR m.kind IN ('invitation', '" + MessageReturned + `invitation')
		AND p.state = 'undeliverable' AND p.colleague = '')
	AND m.number = (SELECT MAX(i.number) FROM messages i WHERE i.wave_id = p.wave_id AND i.participant_id = p.id AND i.kind = 'invitation')`

// isLate is true for a delay r that says that an invitation of a participant p did not arrive for now.
const isLate = "r.kind = 'invitation' AND (p.population = 'employer' OR p.state = 'open' AND p.colleague = '')"

// SettleReturns takes a participant off the list of Unreached although nothing is sent to another
// address: somebody answers for it, or does not wish to, and nobody is told so. The office goes on seeing
// the address it has entered; "" where none was.
func (s *Store) SettleReturns(ctx context.Context, participantID, address string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		if address != "" {
			if _, err := tx.Exec(ctx, "UPDATE nominations SET email = ? WHERE participant_id = ?", address, participantID); err != nil {
				return err
			}
		}
		for _, query := range []string{
			"UPDATE messages SET state = 'cancelled' WHERE participant_id = ? AND state = 'failed' AND kind = '" + MessageReturned + "invitation'",
			"DELETE FROM soft_returns WHERE participant_id = ? AND kind = 'invitation'",
		} {
			if _, err := tx.Exec(ctx, query, participantID); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("settle what came back", err)
}
