package wave

import (
	"context"
	"fmt"
	"slices"

	"rondo/app/mail"
	"rondo/app/nominate"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// Settled is what became of nominations, as numbers: approved ones are on the list now, duplicates
// are invited another way, the addresses of stopped ones want no messages.
type Settled struct{ Approved, Duplicates, Stopped int }

// Approve settles proposed nominations, all or none. Of several with one address the one of the
// office with the fewest nominations is approved, whichever of them was chosen.
func (s *Service) Approve(ctx context.Context, label string, ids []string) (settled Settled, err error) {
	w, p, err := s.population(ctx, label, "employer")
	if err != nil {
		return settled, err
	}
	err = s.alone(ctx, p, func(t *Service) error {
		all, err := t.Store.Identity.Nominations(ctx, w.ID, "")
		if err != nil {
			return err
		}
		if !known(ids, all) {
			return fmt.Errorf("nomination: %w", storage.ErrNotFound)
		}
		employers, err := t.Store.Identity.Participants(ctx, w.ID, "employer")
		if err != nil {
			return err
		}
		stopped, err := t.Stopped(ctx, addresses(all))
		if err != nil {
			return err
		}
		settled, err = t.settle(ctx, w, p, nominate.Settle(ids, all, employers, stopped))
		return err
	})
	if err != nil {
		return Settled{}, fmt.Errorf("approve nominations: %w", err)
	}
	return settled, nil
}

// settle keeps what was decided about nominations.
func (s *Service) settle(ctx context.Context, w identity.Wave, p identity.Population, outcomes []nominate.Outcome) (settled Settled, err error) {
	var employers []identity.Participant
	for _, o := range outcomes {
		n := o.Nomination
		if o.State != "approved" {
			continue
		}
		employers = append(employers, s.linked(p, identity.Participant{
			WaveID: w.ID, Population: "employer", Name: n.Name, Email: n.Email, Language: n.Language,
			Size: n.Size, Branch: n.Branch, Town: n.Town, OfficeID: n.OfficeID, Selection: n.Selection, State: "open",
		}))
	}
	if len(employers) > 0 {
		if employers, err = s.late(ctx, w, p, employers); err != nil {
			return settled, err
		}
		if err := s.Store.Identity.AddParticipants(ctx, employers); err != nil {
			return settled, err
		}
	}
	for _, o := range outcomes {
		id := ""
		switch o.State {
		case "approved":
			id = employers[settled.Approved].ID
			settled.Approved++
		case "duplicate":
			settled.Duplicates++
		default:
			settled.Stopped++
		}
		if err := s.Store.Identity.SetNominationState(ctx, o.Nomination.ID, "proposed", o.State, "", id); err != nil {
			return settled, err
		}
	}
	return settled, nil
}

func known(ids []string, all []identity.Nomination) bool {
	there := map[string]bool{}
	for _, n := range all {
		there[n.ID] = true
	}
	return !slices.ContainsFunc(ids, func(id string) bool { return !there[id] })
}

func addresses(all []identity.Nomination) []string {
	list := make([]string, len(all))
	for i, n := range all {
		list[i] = n.Email
	}
	return list
}

// Stopped finds out which of these addresses want no messages, by the keyed hash that is kept of
// them over all waves; the answer takes addresses as mail.Normal writes them.
func (s *Service) Stopped(ctx context.Context, addresses []string) (func(address string) bool, error) {
	hashes := make([][]byte, len(addresses))
	for i, address := range addresses {
		hashes[i] = s.Store.Secret.AddressHash(mail.Normal(address))
	}
	found, err := s.Store.Identity.SuppressedAmong(ctx, hashes)
	if err != nil {
		return nil, err
	}
	return func(address string) bool { return len(found) > 0 && found[string(s.Store.Secret.AddressHash(address))] }, nil
}

// stopRefused keeps, over this wave, that employers who said that they do not take part, and did not
// answer after all, are not asked again. done are those who have answered.
func (s *Service) stopRefused(ctx context.Context, p identity.Population, done map[string]bool) error {
	if p.Name != "employer" {
		return nil // an office is asked again
	}
	all, err := s.Store.Identity.Participants(ctx, p.WaveID, p.Name)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.State != "refused" || done[one.ID] {
			continue
		}
		for _, address := range []string{one.Email, one.Colleague} { // it is the employer who declines, whoever said so
			if address == "" {
				continue
			}
			if err := s.Store.Identity.Suppress(ctx, s.Store.Secret.AddressHash(mail.Normal(address)), "refused"); err != nil {
				return err
			}
			if err := s.Store.Identity.LeavePanel(ctx, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// Duplicates settles proposed nominations which staff know to be employers that are invited another
// way, all or none, and says how many; their offices may name others.
func (s *Service) Duplicates(ctx context.Context, label string, ids []string) (int, error) {
	return s.turnDown(ctx, label, ids, "duplicate", "")
}

// Reject refuses proposed nominations with a reason their office will read, all or none.
func (s *Service) Reject(ctx context.Context, label string, ids []string, reason string) (int, error) {
	return s.turnDown(ctx, label, ids, "rejected", reason)
}

func (s *Service) turnDown(ctx context.Context, label string, ids []string, state, reason string) (int, error) {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return 0, err
	}
	err = s.Store.DB.InTx(ctx, func(tx *db.DB) error {
		in := s.Store.Identity.With(tx)
		for _, id := range ids {
			n, err := in.NominationByID(ctx, id)
			if err != nil || n.WaveID != w.ID {
				return fmt.Errorf("nomination: %w", storage.ErrNotFound)
			}
			if err := in.SetNominationState(ctx, id, "proposed", state, reason, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("turn nominations down: %w", err)
	}
	return len(ids), nil
}
