package identity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rondo/storage/db"
)

// AddParticipants stores all or none; ids, empty codes and states are filled in
// place. ErrDuplicate when a code or token is there already.
func (s *Store) AddParticipants(ctx context.Context, participants []Participant) error {
	for i := range participants {
		p := &participants[i]
		if p.ID == "" {
			p.ID = db.NewID()
		}
		if p.Code == "" {
			p.Code = p.ID
		}
		if p.State == "" {
			p.State = "open"
		}
		if p.Stratum == nil {
			p.Stratum = map[string]string{}
		}
		if p.Names == nil {
			p.Names = map[string]string{}
		}
	}
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, part := range chunks(participants) {
			if err := tx.Gorm(ctx).Create(part).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("add participants", err)
}

// participantSQL reads participants, in the order of Participant.into.
var participantSQL = "SELECT " + strings.ReplaceAll(participantColumns, " ", ", ") + " FROM participants "

// Participants gives those of one population, by code; population "" gives all.
func (s *Store) Participants(ctx context.Context, waveID, population string) ([]Participant, error) {
	return s.participants(ctx, "WHERE wave_id = ? AND (population = ? OR ? = '') ORDER BY population, code", waveID, population, population)
}

// ParticipantsOf gives the participants of a population that belong to an office, by code.
func (s *Store) ParticipantsOf(ctx context.Context, officeID, population string) ([]Participant, error) {
	return s.participants(ctx, "WHERE office_id = ? AND population = ? ORDER BY code", officeID, population)
}

// participants reads rows by hand, as entry does: lists have thousands.
func (s *Store) participants(ctx context.Context, where string, args ...any) ([]Participant, error) {
	var all []Participant
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		all = append(all, Participant{})
		return scan(all[len(all)-1].into()...)
	}, participantSQL+where, args...)
	return all, wrap("list participants", err)
}

// CountParticipants is how many a wave has, by population.
func (s *Store) CountParticipants(ctx context.Context, waveID string) (map[string]int, error) {
	n := map[string]int{}
	err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
		var population string
		var count int
		if err := scan(&population, &count); err != nil {
			return err
		}
		n[population] = count
		return nil
	}, "SELECT population, COUNT(*) FROM participants WHERE wave_id = ? GROUP BY population", waveID)
	return n, wrap("count participants", err)
}

// ParticipantByID finds a participant; ErrNotFound.
func (s *Store) ParticipantByID(ctx context.Context, id string) (Participant, error) {
	var p Participant
	err := s.db.Gorm(ctx).Where("id = ?", id).Take(&p).Error
	return p, wrap("find participant", err)
}

// ParticipantByCode finds a participant by the code people use; ErrNotFound.
func (s *Store) ParticipantByCode(ctx context.Context, waveID, population, code string) (Participant, error) {
	var p Participant
	err := s.db.Gorm(ctx).Where("wave_id = ? AND population = ? AND code = ?", waveID, population, code).Take(&p).Error
	return p, wrap("find participant", err)
}

// SetParticipantState moves a participant from one of several states to another; ErrState.
func (s *Store) SetParticipantState(ctx context.Context, id string, from []string, to string) error {
	return s.changeOne(ctx, "set participant state", db.ErrState,
		"UPDATE participants SET state = ? WHERE id = ? AND state IN ?", to, id, from)
}

// MarkDone sets state done for all given participants of a population at once.
// The whole population is written anew, in the order of ids, so that neither
// order nor age of the rows says more than the state itself.
func (s *Store) MarkDone(ctx context.Context, waveID, population string, ids []string) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, part := range chunks(ids) {
			if _, err := tx.Exec(ctx, "UPDATE participants SET state = 'done' WHERE wave_id = ? AND population = ? AND id IN ?",
				waveID, population, part); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "UPDATE participants SET state = state WHERE wave_id = ? AND population = ?", waveID, population)
		return err
	})
	return wrap("mark done", err)
}

// Reissue gives a participant a new link: the old one is unknown at once.
// ErrConflict when somebody else did so in the meantime (epoch is the new one).
func (s *Store) Reissue(ctx context.Context, id string, newHash []byte, epoch int) error {
	return s.changeOne(ctx, "issue link anew", db.ErrConflict,
		"UPDATE participants SET token_hash = ?, epoch = ? WHERE id = ? AND epoch = ?", newHash, epoch, id, epoch-1)
}

// leftSQL is true for a message m that has left, or may have. One that was not needed counts: else the
// office that proposed somebody would see whose it was, and so who had answered before.
const leftSQL = "(m.state NOT IN ('queued', 'retry', 'claimed', 'cancelled') OR m.state = 'cancelled' AND m.code = '" + CodeNotNeeded + "')"

// Invited says whether a message to a participant has left, or may have, or was not needed.
func (s *Store) Invited(ctx context.Context, id string) (bool, error) {
	n, err := db.One[int64](ctx, s.db, "SELECT COUNT(*) FROM messages m WHERE m.participant_id = ? AND "+leftSQL, id)
	return n > 0, wrap("look for messages", err)
}

// RemoveEmployer takes an employer off the list, as if it had never been on it, and with it what is
// queued for it; ErrState when it is Invited. Its link may have gone out on
// paper all the same: its hash is kept, see TakenBack.
func (s *Store) RemoveEmployer(ctx context.Context, id string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		in := s.With(tx)
		if err := in.CancelFor(ctx, id); err != nil { // after this no claim can become transmitting
			return err
		}
		if invited, err := in.Invited(ctx, id); err != nil || invited {
			return cmp.Or(err, db.ErrState)
		}
		if _, err := tx.Exec(ctx, "DELETE FROM messages WHERE participant_id = ?", id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO taken_back (token_hash, wave_id)
			SELECT token_hash, wave_id FROM participants WHERE id = ? AND token_hash IS NOT NULL`, id); err != nil {
			return err
		}
		return in.changeOne(ctx, "remove employer", db.ErrNotFound, "DELETE FROM participants WHERE id = ? AND population = 'employer'", id)
	})
	return wrap("remove employer", err)
}

// TakenBack says whether a link, by SHA-256(token), was that of an employer who is off the list again.
func (s *Store) TakenBack(ctx context.Context, hash []byte) (bool, error) {
	n, err := db.One[int64](ctx, s.db, "SELECT COUNT(*) FROM taken_back WHERE token_hash = ?", hash)
	return n > 0, wrap("look for a link that was taken back", err)
}

// SetQuota sets how many nominations an office may make; ErrNotFound.
func (s *Store) SetQuota(ctx context.Context, id string, quota int) error {
	return s.changeOne(ctx, "set quota", db.ErrNotFound, "UPDATE participants SET quota = ? WHERE id = ?", quota, id)
}

// SetStrata stores the Stratum of each given participant, all or none.
func (s *Store) SetStrata(ctx context.Context, participants []Participant) error {
	return s.setEach(ctx, "set strata", "Stratum", participants)
}

// SetGroups stores the feedback Group of each given participant, all or none.
func (s *Store) SetGroups(ctx context.Context, participants []Participant) error {
	return s.setEach(ctx, "set feedback groups", "Group", participants)
}

func (s *Store) setEach(ctx context.Context, act, field string, participants []Participant) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, p := range participants {
			done := tx.Gorm(ctx).Model(&Participant{}).Where("id = ?", p.ID).Select(field).Updates(p)
			if err := one(act, db.ErrNotFound, done.RowsAffected, done.Error); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(act, err)
}

// EraseContacts removes names, addresses, links and towns of a wave's
// participants and nominations. The offices keep their names, which are public. Of employers
// nothing stays by which one could be told from another: what became of them all is kept as an
// aggregate (KeepNonResponse).
func (s *Store) EraseContacts(ctx context.Context, waveID string) error {
	err := s.db.InTx(ctx, func(tx *db.DB) error {
		for _, query := range []string{
			`UPDATE participants SET email = '', colleague = '', head = '', town = '', token_hash = NULL,
				name = CASE WHEN population = 'office' THEN name ELSE '' END,
				code = CASE WHEN population = 'employer' THEN id ELSE code END WHERE wave_id = ?`,
			"DELETE FROM exclusions WHERE office_id IN (SELECT id FROM participants WHERE wave_id = ?)",
			`UPDATE participants SET size = '', branch = '', language = '', selection = '', stratum = '{}', state = 'open'
				WHERE wave_id = ? AND population = 'employer'`,
			`UPDATE nominations SET name = '', email = '', town = '', size = '', branch = '', language = '', reason = '',
				selection = '', list_row = 0, told_on = '' WHERE wave_id = ?`,
			"DELETE FROM soft_returns WHERE wave_id = ?",
			"DELETE FROM taken_back WHERE wave_id = ?",
			"DELETE FROM messages WHERE wave_id = ?",
		} {
			if _, err := tx.Exec(ctx, query, waveID); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("erase contacts", err)
}
