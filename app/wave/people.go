package wave

import (
	"context"
	"errors"
	"fmt"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

func notFound(err error) bool { return errors.Is(err, storage.ErrNotFound) }

// DefaultQuota is how many employers an office may nominate unless the wave says otherwise.
const DefaultQuota = 10

// AddOffices brings offices into a wave, all or none, and with each a discussion to be held
// with it. The names in the four languages come from the register where the office is in it.
func (s *Service) AddOffices(ctx context.Context, label string, offices []identity.Participant) error {
	w, p, err := s.population(ctx, label, "office")
	if err != nil {
		return err
	}
	if p.State == "closed" {
		return ErrNotOpen
	}
	discussions, err := s.Store.Identity.Population(ctx, w.ID, "discussion")
	if err != nil {
		return fmt.Errorf("population discussion: %w", err)
	}
	var all []identity.Participant
	for _, o := range offices {
		o.Population, o.WaveID, o.State = "office", w.ID, "open"
		if o.Quota == 0 {
			o.Quota = DefaultQuota
		}
		if known, ok := OfficeByCode(o.Code); ok && len(o.Names) == 0 && !w.Synthetic {
			o.Names = known.Names
		}
		o = s.linked(p, o)
		discussion := s.linked(discussions, identity.Participant{
			WaveID: w.ID, Population: "discussion", Code: o.Code, Name: o.Name, Names: o.Names,
			Language: o.Language, OfficeID: o.ID, State: "open",
		})
		all = append(all, o, discussion)
	}
	return s.Store.Identity.AddParticipants(ctx, all)
}

// AddEmployers brings employers straight into a wave, approved and outside quotas, all or none.
func (s *Service) AddEmployers(ctx context.Context, label string, employers []identity.Participant) error {
	w, p, err := s.population(ctx, label, "employer")
	if err != nil {
		return err
	}
	for i := range employers {
		employers[i].WaveID, employers[i].Population, employers[i].State = w.ID, "employer", "open"
		if employers[i].Selection == "" {
			employers[i].Selection = "imported"
		}
		employers[i] = s.linked(p, employers[i])
	}
	return s.alone(ctx, p, func(t *Service) error {
		settled, err := t.late(ctx, w, p, employers)
		if err != nil {
			return err
		}
		return t.Store.Identity.AddParticipants(ctx, settled)
	})
}

// linked gives a participant its id and the hash of its link.
func (s *Service) linked(p identity.Population, one identity.Participant) identity.Participant {
	if one.ID == "" {
		one.ID = db.NewID()
	}
	one.TokenHash = keys.HashToken(s.Token(p, one))
	return one
}

// late settles what employers who come after the opening will carry.
func (s *Service) late(ctx context.Context, w identity.Wave, p identity.Population, employers []identity.Participant) ([]identity.Participant, error) {
	switch p.State {
	case "planned":
		return employers, nil
	case "closed":
		return nil, ErrNotOpen
	}
	offices, present, err := s.frame(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	full, err := s.attributes(ctx, p, offices, employers)
	if err != nil {
		return nil, err
	}
	existing := make([]map[string]string, len(present))
	for i, e := range present {
		existing[i] = e.Stratum
	}
	strata, ok := AssignLate(existing, full)
	if !ok {
		return nil, ErrFewLate
	}
	for i := range employers {
		employers[i].Stratum = strata[i]
	}
	return employers, nil
}

// Approve makes participants of proposed nominations, all or none, and says how many.
func (s *Service) Approve(ctx context.Context, label string, ids []string) (int, error) {
	w, p, err := s.population(ctx, label, "employer")
	if err != nil {
		return 0, err
	}
	var employers []identity.Participant
	var nominations []identity.Nomination
	for _, id := range ids {
		n, err := s.Store.Identity.NominationByID(ctx, id)
		if err != nil || n.WaveID != w.ID {
			return 0, fmt.Errorf("nomination: %w", storage.ErrNotFound)
		}
		if n.State != "proposed" {
			continue
		}
		nominations = append(nominations, n)
		employers = append(employers, s.linked(p, identity.Participant{
			WaveID: w.ID, Population: "employer", Name: n.Name, Email: n.Email, Language: n.Language,
			Size: n.Size, Branch: n.Branch, Town: n.Town, OfficeID: n.OfficeID, Selection: "picked", State: "open",
		}))
	}
	if len(employers) == 0 {
		return 0, nil
	}
	err = s.alone(ctx, p, func(t *Service) error {
		settled, err := t.late(ctx, w, p, employers)
		if err != nil {
			return err
		}
		if err := t.Store.Identity.AddParticipants(ctx, settled); err != nil {
			return err
		}
		for i, n := range nominations {
			if err := t.Store.Identity.SetNominationState(ctx, n.ID, "proposed", "approved", "", settled[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("approve nominations: %w", err)
	}
	return len(employers), nil
}

// Reissue gives a participant a new link; the old one dies at once and the draft stays.
func (s *Service) Reissue(ctx context.Context, p identity.Population, one identity.Participant) (identity.Participant, error) {
	one.Epoch++
	one.TokenHash = keys.HashToken(s.Token(p, one))
	return one, s.Store.Identity.Reissue(ctx, one.ID, one.TokenHash, one.Epoch)
}

// Repeat makes the next wave: newest published questionnaires, the same offices, quotas, languages
// and heads, who release again where they did before; never answers, and never the employers of the wave before.
func (s *Service) Repeat(ctx context.Context, label string, next Plan) (identity.Wave, error) {
	before, err := s.ByLabel(ctx, label)
	if err != nil {
		return identity.Wave{}, err
	}
	if before.State == "archived" {
		return identity.Wave{}, ErrArchived // its offices' addresses are erased
	}
	// Made-up offices and addresses make a made-up wave.
	next.Synthetic, next.Rehearsal = next.Synthetic || before.Synthetic, next.Rehearsal || before.Rehearsal
	next.HeadReleases = next.HeadReleases || HeadReleases(before.Settings)
	offices, err := s.Store.Identity.Participants(ctx, before.ID, "office")
	if err != nil {
		return identity.Wave{}, fmt.Errorf("offices: %w", err)
	}
	w, err := s.Create(ctx, next)
	if err != nil {
		return w, err
	}
	if err := s.Store.Identity.CopySchedule(ctx, before.ID, w.ID); err != nil {
		return w, err
	}
	var again []identity.Participant
	for _, o := range offices {
		again = append(again, identity.Participant{
			Code: o.Code, Name: o.Name, Names: o.Names, Email: o.Email, Language: o.Language, Quota: o.Quota, Head: o.Head,
		})
	}
	if len(again) == 0 {
		return w, nil
	}
	return w, s.AddOffices(ctx, next.Label, again)
}

// Reject refuses proposed nominations with a reason their office will read, all or none.
func (s *Service) Reject(ctx context.Context, label string, ids []string, reason string) (int, error) {
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
			if err := in.SetNominationState(ctx, id, "proposed", "rejected", reason, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("reject nominations: %w", err)
	}
	return len(ids), nil
}

// DiscussionToken is the link of the discussion with an office; staff who record it carry it.
func (s *Service) DiscussionToken(ctx context.Context, label, code string) (string, error) {
	w, p, err := s.population(ctx, label, "discussion")
	if err != nil {
		return "", err
	}
	one, err := s.Store.Identity.ParticipantByCode(ctx, w.ID, "discussion", code)
	if err != nil {
		return "", fmt.Errorf("discussion with %s: %w", code, err)
	}
	return s.Token(p, one), nil
}
