package wave

import (
	"context"
	"errors"
	"fmt"

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
