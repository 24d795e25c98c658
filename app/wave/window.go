package wave

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// ready says why a population may not open yet.
func ready(name string, all map[string]identity.Population, invited int) error {
	switch {
	case all[name].State != "planned":
		return ErrNotPlanned
	case name == "employer" && all["office"].State == "planned",
		name == "discussion" && all["office"].State != "closed":
		return ErrOrder
	case invited == 0:
		return ErrEmpty
	}
	return nil
}

// Open opens the window of a population; it sends nothing. When employers open, the feedback
// groups and what each response will carry are fixed for the whole frame (design §3.8), in the
// same transaction: nobody joins the frame in between.
func (s *Service) Open(ctx context.Context, label, name string) error {
	w, p, err := s.population(ctx, label, name)
	if err != nil {
		return err
	}
	if p.State != "planned" {
		return ErrNotPlanned
	}
	return s.alone(ctx, p, func(t *Service) error {
		all, err := t.populations(ctx, w.ID)
		if err != nil {
			return err
		}
		invited, err := t.Store.Identity.Participants(ctx, w.ID, name)
		if err != nil {
			return fmt.Errorf("participants: %w", err)
		}
		if err := ready(name, all, len(invited)); err != nil {
			return err
		}
		if name == "employer" {
			if err := t.fixFrame(ctx, w); err != nil {
				return err
			}
		}
		if err := t.Store.OpenPopulation(ctx, w.ID, name); err != nil {
			return fmt.Errorf("open %s: %w", name, err)
		}
		return nil
	})
}

// alone runs do in one transaction that holds the row of a population, so that nobody opens or
// closes it, or joins its frame, meanwhile. storage.ErrState where its state is no longer that of p.
func (s *Service) alone(ctx context.Context, p identity.Population, do func(t *Service) error) error {
	return s.Store.DB.InTx(ctx, func(tx *db.DB) error {
		t := &Service{Store: s.Store.With(tx), PublicURL: s.PublicURL}
		if err := t.Store.Identity.SetPopulationState(ctx, p.WaveID, p.Name, p.State, p.State); err != nil {
			return err
		}
		return do(t)
	})
}

func (s *Service) populations(ctx context.Context, waveID string) (map[string]identity.Population, error) {
	list, err := s.Store.Identity.Populations(ctx, waveID)
	if err != nil {
		return nil, fmt.Errorf("populations: %w", err)
	}
	all := map[string]identity.Population{}
	for _, p := range list {
		all[p.Name] = p
	}
	return all, nil
}

// Close ends the answering of a population: the window closes, everybody who has submitted is
// marked done at once, drafts and the employers' link salt are erased, responses are mixed. A
// wave is closed when its populations are. Called again after a crash it does what is left.
func (s *Service) Close(ctx context.Context, label, name string) error {
	w, p, err := s.population(ctx, label, name)
	if err != nil {
		return err
	}
	if p.State == "closed" && w.State == "running" {
		return s.afterClose(ctx, w.ID)
	}
	if p.State != "open" {
		return ErrNotOpen
	}
	// The window first: nobody can submit between counting and marking.
	if err := s.Store.Answers.CloseWindow(ctx, w.ID, name); err != nil {
		return fmt.Errorf("close window: %w", err)
	}
	done, err := s.Done(ctx, w.ID, name)
	if err != nil {
		return err
	}
	var ids []string
	for id, yes := range done {
		if yes {
			ids = append(ids, id)
		}
	}
	members, err := s.wishes(ctx, w, p)
	if err != nil {
		return err
	}
	if err := s.Store.ClosePopulation(ctx, w.ID, name, ids, members); err != nil {
		return fmt.Errorf("close %s: %w", name, err)
	}
	return s.afterClose(ctx, w.ID)
}

// afterClose mixes what closed populations have not had mixed yet, and closes the wave once all
// its populations are closed.
func (s *Service) afterClose(ctx context.Context, waveID string) error {
	all, err := s.populations(ctx, waveID)
	if err != nil {
		return err
	}
	for name, p := range all {
		if p.State != "closed" {
			continue
		}
		window, err := s.Store.Answers.Window(ctx, waveID, name)
		if err != nil {
			return fmt.Errorf("window: %w", err)
		}
		_, spent, err := s.Store.Answers.Count(ctx, waveID, name)
		if err != nil {
			return err
		}
		if window.Mixed >= spent {
			continue
		}
		// Mixing last: it sets the mark that all this is done.
		if err := s.Store.Scrub(ctx); err != nil {
			return err
		}
		if _, err := s.Store.Answers.Mix(ctx, true); err != nil {
			return fmt.Errorf("mix: %w", err)
		}
	}
	return s.closeWave(ctx, waveID)
}

// closeWave closes the wave once all its populations are.
func (s *Service) closeWave(ctx context.Context, waveID string) error {
	all, err := s.populations(ctx, waveID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State != "closed" {
			return nil
		}
	}
	if err := s.Store.Identity.SetWaveState(ctx, waveID, "running", "closed"); err != nil {
		return fmt.Errorf("close wave: %w", err)
	}
	return nil
}

// grace is how long after the end of a window a population stays open for staff before it is
// closed by itself (design §4).
const grace = 14 * 24 * time.Hour

// CloseOverdue closes the populations whose window ended more than 14 days ago, and finishes a
// closing that a crash interrupted. It changes nothing when there is none, and says how many it
// closed.
func (s *Service) CloseOverdue(ctx context.Context) (int, error) {
	now, err := s.Store.DB.Now(ctx)
	if err != nil {
		return 0, err
	}
	waves, err := s.Store.Identity.Waves(ctx)
	if err != nil {
		return 0, fmt.Errorf("waves: %w", err)
	}
	n := 0
	for _, w := range waves {
		if w.State != "running" {
			continue
		}
		all, err := s.populations(ctx, w.ID)
		if err != nil {
			return n, err
		}
		for _, name := range Populations {
			if p := all[name]; p.State == "open" && now.After(p.Closes.Add(grace)) {
				if err := s.Close(ctx, w.Label, name); err != nil {
					return n, err
				}
				n++
			}
		}
		if err := s.afterClose(ctx, w.ID); err != nil {
			return n, err
		}
	}
	return n, nil
}

// MoveEnd sets another end while the window is open or planned.
func (s *Service) MoveEnd(ctx context.Context, label, name string, closes time.Time) error {
	w, p, err := s.population(ctx, label, name)
	if err != nil {
		return err
	}
	if p.State == "closed" {
		return ErrNotOpen
	}
	now, err := s.Store.DB.Now(ctx)
	if err != nil {
		return err
	}
	if !closes.After(p.Opens) || !closes.After(now) {
		return ErrDates
	}
	return s.Store.SetWindow(ctx, w.ID, name, p.Opens, closes)
}

// Archive erases the wave's answer salt, and so its key, its links and its contact data. What
// remains of it are its releases, and what became of its invitations, as an aggregate.
func (s *Service) Archive(ctx context.Context, label string) error {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	switch w.State {
	case "archived":
		return nil
	case "closed", "released":
	default:
		return ErrNotClosed
	}
	outcomes, err := s.NonResponse(ctx, w.ID)
	if err != nil {
		return err
	}
	if err := s.Store.Archive(ctx, w.ID, outcomes); err != nil {
		return fmt.Errorf("archive %s: %w", label, err)
	}
	return nil
}

// Released marks a closed wave as released, when its first release is approved.
func (s *Service) Released(ctx context.Context, waveID string) error {
	err := s.Store.Identity.SetWaveState(ctx, waveID, "closed", "released")
	if errors.Is(err, storage.ErrState) {
		return nil // running (an earlier population's release) or released before
	}
	return err
}

// MayOpen says whether a population may open now: its turn has come and somebody is on its list.
func (s *Service) MayOpen(ctx context.Context, waveID, name string) (bool, error) {
	all, err := s.populations(ctx, waveID)
	if err != nil {
		return false, err
	}
	invited, err := s.Store.Identity.CountParticipants(ctx, waveID)
	return ready(name, all, invited[name]) == nil, err
}
