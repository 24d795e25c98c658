package wave

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rondo/app/mail"
	"rondo/app/nominate"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// wishKey leads to somebody's wish to be asked again next time.
func (s *Service) wishKey(p identity.Population, id string) keys.DraftKey {
	return s.Store.Secret.DraftKey(p.LinkSalt, "panel "+id)
}

// WishPanel keeps an employer's wish to be asked again next time. Until close it rests sealed
// among the drafts, where it looks like one of them: a row of the panel that was written right
// after a response would tell whose response that is, by its age and its place on disk.
func (s *Service) WishPanel(ctx context.Context, h identity.Holder, lang string) error {
	p := h.Population
	window, err := s.Store.Answers.Window(ctx, p.WaveID, p.Name)
	if err != nil {
		return fmt.Errorf("window: %w", err)
	}
	sealer, err := s.Store.Secret.Sealer(window.AnswerSalt)
	if err != nil {
		return err
	}
	key := s.wishKey(p, h.ID)
	err = s.Store.Answers.SaveDraft(ctx, p.WaveID, p.Name, key, 0, sealer.Seal([]byte(lang), key.ID()))
	if errors.Is(err, storage.ErrConflict) {
		return nil // wished before
	}
	return err
}

// wishes are the new members of the panel, in the order of the participants' ids.
func (s *Service) wishes(ctx context.Context, w identity.Wave, p identity.Population) ([]identity.PanelMember, error) {
	if p.Name != "employer" || len(p.LinkSalt) == 0 {
		return nil, nil
	}
	open, err := s.opener(ctx, w.ID, p.Name)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Identity.Participants(ctx, w.ID, p.Name)
	if err != nil {
		return nil, fmt.Errorf("participants: %w", err)
	}
	var members []identity.PanelMember
	for _, one := range all {
		key := s.wishKey(p, one.ID)
		sitting, err := s.Store.Answers.Find(ctx, w.ID, p.Name, key)
		if err != nil {
			return nil, fmt.Errorf("wish for the panel: %w", err)
		}
		if sitting.Draft == nil {
			continue
		}
		lang, err := open(sitting.Draft.Body, key.ID())
		if err != nil { // damaged, but its key alone says that the wish is there: closing goes on
			lang = []byte(one.Language)
		}
		members = append(members, identity.PanelMember{Name: one.Name, Email: one.Address(), Language: string(lang), Year: w.RefTo})
	}
	return members, nil
}

// Candidate is a member of the panel, as seen from a wave.
type Candidate struct {
	Member identity.PanelMember
	Why    string // it cannot be taken: invited, nominated, stopped; or ""
	Like   string // name of an employer of the wave that may be the same; staff decide
}

// Candidates are the members of the panel, by name, with what speaks against taking them into a wave.
func (s *Service) Candidates(ctx context.Context, waveID string) ([]Candidate, error) {
	members, err := s.Store.Identity.Panel(ctx)
	if err != nil {
		return nil, err
	}
	employers, err := s.Store.Identity.Participants(ctx, waveID, "employer")
	if err != nil {
		return nil, err
	}
	nominations, err := s.Store.Identity.Nominations(ctx, waveID, "")
	if err != nil {
		return nil, err
	}
	all := make([]string, len(members))
	for i, m := range members {
		all[i] = m.Email
	}
	stopped, err := s.Stopped(ctx, all)
	if err != nil {
		return nil, err
	}
	why := map[string]string{}
	for _, n := range nominations {
		if nominate.Counts(n) {
			why[mail.Normal(n.Email)] = "nominated"
		}
	}
	for _, e := range employers {
		why[mail.Normal(e.Email)] = "invited" // not of colleagues: that somebody handed over is told nobody
	}
	like := nominate.Namesakes(nominations, employers)
	candidates := make([]Candidate, len(members))
	for i, m := range members {
		address := mail.Normal(m.Email)
		candidates[i] = Candidate{Member: m, Why: why[address]}
		if stopped(address) {
			candidates[i].Why = "stopped"
		}
		if candidates[i].Why == "" {
			candidates[i].Like = like(m.Name, m.Email)
		}
	}
	return candidates, nil
}

// TakePanel brings members of the panel into a wave as employers of their own, of no office, all or
// none, and says how many. One that cannot be taken is passed over.
func (s *Service) TakePanel(ctx context.Context, label string, ids []string) (int, error) {
	w, p, err := s.population(ctx, label, "employer")
	if err != nil {
		return 0, err
	}
	taken := 0
	err = s.alone(ctx, p, func(t *Service) error {
		candidates, err := t.Candidates(ctx, w.ID)
		if err != nil {
			return err
		}
		var employers []identity.Participant
		for _, c := range candidates {
			if c.Why == "" && slices.Contains(ids, c.Member.ID) {
				employers = append(employers, t.linked(p, identity.Participant{
					WaveID: w.ID, Population: "employer", Name: c.Member.Name, Email: c.Member.Email, Language: c.Member.Language,
					Selection: "panel", State: "open",
				}))
			}
		}
		if taken = len(employers); taken == 0 {
			return nil
		}
		if employers, err = t.late(ctx, w, p, employers); err != nil {
			return err
		}
		return t.Store.Identity.AddParticipants(ctx, employers)
	})
	if err != nil {
		return 0, fmt.Errorf("take panel: %w", err)
	}
	return taken, nil
}
