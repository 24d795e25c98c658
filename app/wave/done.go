package wave

import (
	"context"
	"fmt"

	"rondo/storage/identity"
	"rondo/storage/keys"
)

// Done says for each participant of a population whether it has submitted, by participant id.
// While the population is open this is computed in memory from the master secret (design §3.5);
// afterwards it is read from the identity side, where close has written it.
func (s *Service) Done(ctx context.Context, waveID, population string) (map[string]bool, error) {
	p, err := s.Store.Identity.Population(ctx, waveID, population)
	if err != nil {
		return nil, fmt.Errorf("population %s: %w", population, err)
	}
	participants, err := s.Store.Identity.Participants(ctx, waveID, population)
	if err != nil {
		return nil, fmt.Errorf("participants: %w", err)
	}
	return s.done(ctx, p, participants)
}

func (s *Service) done(ctx context.Context, p identity.Population, participants []identity.Participant) (map[string]bool, error) {
	return s.doneBy(p, participants, func() (map[[32]byte]bool, error) {
		return s.Store.Answers.SpentSet(ctx, p.WaveID, p.Name)
	})
}

func (s *Service) doneBy(p identity.Population, participants []identity.Participant, markers func() (map[[32]byte]bool, error)) (map[string]bool, error) {
	done := make(map[string]bool, len(participants))
	if p.State == "closed" || len(p.LinkSalt) == 0 {
		for _, one := range participants {
			done[one.ID] = one.State == "done"
		}
		return done, nil
	}
	spent, err := markers()
	if err != nil {
		return nil, fmt.Errorf("spent markers: %w", err)
	}
	for _, one := range participants {
		done[one.ID] = spent[[32]byte(s.DraftKey(p, one).Spent())]
	}
	return done, nil
}

// DoneAmong says which of some participants of a population have submitted, by id.
func (s *Service) DoneAmong(ctx context.Context, p identity.Population, among []identity.Participant) (map[string]bool, error) {
	return s.doneBy(p, among, func() (map[[32]byte]bool, error) {
		var markers [][]byte
		for _, one := range among {
			markers = append(markers, s.DraftKey(p, one).Spent())
		}
		return s.Store.Answers.SpentAmong(ctx, p.WaveID, p.Name, markers)
	})
}

// DraftKey is the key of a participant's draft; it does not change when the link is issued again.
func (s *Service) DraftKey(p identity.Population, one identity.Participant) keys.DraftKey {
	return s.Store.Secret.DraftKey(p.LinkSalt, one.ID)
}

// Token is the secret of a participant's link.
func (s *Service) Token(p identity.Population, one identity.Participant) string {
	return s.Store.Secret.Link(p.LinkSalt, one.ID, one.Epoch)
}

// Link is a participant's personal URL.
func (s *Service) Link(p identity.Population, one identity.Participant) string {
	return s.PublicURL + "/r/" + s.Token(p, one)
}
