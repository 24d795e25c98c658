package wave

import (
	"context"
	"fmt"

	"rondo/storage/keys"
)

// InsideBundle seals and opens the parts of a bundle of the profile internal. It holds every answer,
// so it rests as the answers do, and goes with them.
type InsideBundle struct {
	sealer             *keys.Sealer
	waveID, population string
}

// Inside gives what seals the internal bundles of a population; ErrArchived.
func (s *Service) Inside(ctx context.Context, waveID, population string) (InsideBundle, error) {
	window, err := s.Store.Answers.Window(ctx, waveID, population)
	if err != nil {
		return InsideBundle{}, fmt.Errorf("window: %w", err)
	}
	if len(window.AnswerSalt) == 0 {
		return InsideBundle{}, ErrArchived
	}
	sealer, err := s.Store.Secret.Sealer(window.AnswerSalt)
	return InsideBundle{sealer, waveID, population}, err
}

// Seal gives what is stored of a part.
func (b InsideBundle) Seal(part int, body []byte) []byte { return b.sealer.Seal(body, b.place(part)) }

// Open gives a part back; keys.ErrSealed where it is none of this population, or of another place.
func (b InsideBundle) Open(part int, sealed []byte) ([]byte, error) {
	return b.sealer.Open(sealed, b.place(part))
}

func (b InsideBundle) place(part int) []byte {
	return fmt.Appendf(nil, "bundle %s %s %d", b.waveID, b.population, part)
}
