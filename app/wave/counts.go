package wave

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rondo/storage/answers"
	"rondo/storage/identity"
)

// Counts is how far the employers are: numbers of responses are multiples of five, so that two
// readings differ by 0 or at least 5 (design §3.9).
type Counts struct {
	Invited, Responses int
	Groups             []GroupCount
}

// GroupCount is the same of one feedback group.
type GroupCount struct {
	Name               string
	Invited, Responses int
}

// floor5 rounds down to a multiple of five.
func floor5(n int) int { return n - n%5 }

// Counts counts the employers of a wave, nationally and by feedback group.
func (s *Service) Counts(ctx context.Context, waveID string) (Counts, error) {
	done, err := s.Done(ctx, waveID, "employer")
	if err != nil {
		return Counts{}, err
	}
	employers, err := s.Store.Identity.Participants(ctx, waveID, "employer")
	if err != nil {
		return Counts{}, fmt.Errorf("employers: %w", err)
	}
	group, err := s.groupOf(ctx, waveID)
	if err != nil {
		return Counts{}, err
	}
	counted := count(employers, done, group)
	err = s.recall(ctx, waveID, &counted)
	return counted, err
}

// recall puts in how many had responded to a wave that is archived: of the employers themselves
// nothing is left.
func (s *Service) recall(ctx context.Context, waveID string, c *Counts) error {
	cells, err := s.Store.Identity.NonResponse(ctx, waveID)
	for _, cell := range cells {
		if cell.Dimension == "all" {
			c.Responses = cell.Submitted
		}
		for i := range c.Groups {
			if cell.Dimension == "group" && cell.Value == c.Groups[i].Name {
				c.Groups[i].Responses = cell.Submitted
			}
		}
	}
	return err
}

func count(employers []identity.Participant, done map[string]bool, group map[string]string) Counts {
	var c Counts
	by := map[string]*GroupCount{}
	for _, e := range employers {
		g := group[e.OfficeID]
		if by[g] == nil {
			by[g] = &GroupCount{Name: g}
		}
		c.Invited++
		by[g].Invited++
		if done[e.ID] {
			c.Responses++
			by[g].Responses++
		}
	}
	c.Responses = floor5(c.Responses)
	for _, name := range sortedKeys(by) {
		by[name].Responses = floor5(by[name].Responses)
		if name != "" {
			c.Groups = append(c.Groups, *by[name])
		}
	}
	return c
}

// groupOf is the feedback group of each office, by participant id.
func (s *Service) groupOf(ctx context.Context, waveID string) (map[string]string, error) {
	offices, err := s.Store.Identity.Participants(ctx, waveID, "office")
	if err != nil {
		return nil, fmt.Errorf("offices: %w", err)
	}
	group := map[string]string{}
	for _, o := range offices {
		group[o.ID] = o.Group
	}
	return group, nil
}

// OfficeState is one office, which is promised confidentiality and shown with its exact state.
type OfficeState struct {
	Participant identity.Participant
	State       string // not_started, started, to_release, submitted, refused
	Forward     bool   // answers, or a correction of submitted ones, wait for the head of the office
	Nominated   int
}

// Offices lists the offices of a wave, or the discussions held with them, with their state.
func (s *Service) Offices(ctx context.Context, waveID, population string) ([]OfficeState, error) {
	if population == "employer" {
		return nil, ErrPopulation // an employer's state is nobody's business
	}
	p, err := s.Store.Identity.Population(ctx, waveID, population)
	if err != nil {
		return nil, fmt.Errorf("population %s: %w", population, err)
	}
	list, err := s.Store.Identity.Participants(ctx, waveID, population)
	if err != nil {
		return nil, fmt.Errorf("offices: %w", err)
	}
	nominations, err := s.Store.Identity.Nominations(ctx, waveID, "")
	if err != nil {
		return nil, fmt.Errorf("nominations: %w", err)
	}
	nominated := map[string]int{}
	for _, n := range nominations {
		if n.State == "proposed" || n.State == "approved" {
			nominated[n.OfficeID]++
		}
	}
	done, err := s.done(ctx, p, list)
	if err != nil {
		return nil, err
	}
	w, err := s.Store.Identity.WaveByID(ctx, waveID)
	if err != nil {
		return nil, fmt.Errorf("wave: %w", err)
	}
	headed := HeadReleases(w.Settings) && population == "office"
	var states []OfficeState
	for _, one := range list {
		state, forward, err := s.stateOf(ctx, p, one, done[one.ID], headed)
		if err != nil {
			return nil, err
		}
		states = append(states, OfficeState{Participant: one, State: state, Forward: forward, Nominated: nominated[one.ID]})
	}
	slices.SortFunc(states, func(a, b OfficeState) int { return number(a.Participant.Code) - number(b.Participant.Code) })
	return states, nil
}

// stateOf gives the state of an office, and whether anything of it waits for its head, which only
// in a headed wave it can.
func (s *Service) stateOf(ctx context.Context, p identity.Population, one identity.Participant, done, headed bool) (state string, forward bool, err error) {
	switch {
	case done && (!headed || p.State != "open"):
		return "submitted", false, nil
	case one.State == "refused":
		return "refused", false, nil
	case p.State != "open":
		return "not_started", false, nil
	}
	key := s.DraftKey(p, one)
	sitting, err := s.Store.Answers.Find(ctx, one.WaveID, one.Population, key)
	if err != nil {
		return "", false, fmt.Errorf("state of office %s: %w", one.Code, err)
	}
	if headed && sitting.Draft != nil {
		m, err := s.mark(sitting, key)
		if err != nil {
			return "", false, fmt.Errorf("state of office %s: %w", one.Code, err)
		}
		forward = m.Forward(sitting.Draft.Revision)
	}
	switch {
	case done:
		return "submitted", forward, nil
	case forward:
		return "to_release", true, nil
	case sitting.Draft != nil:
		return "started", false, nil
	}
	return "not_started", false, nil
}

// OfficeState is the same for one office, with the database's time: to_release whenever anything
// waits for its head, and given_back where the head has sent answers back.
func (s *Service) OfficeState(ctx context.Context, h identity.Holder) (state string, now time.Time, err error) {
	if h.State == "done" {
		state = "submitted"
	}
	sitting := answers.Sitting{}
	var m Mark
	if len(h.Population.LinkSalt) > 0 {
		key := s.Store.Secret.DraftKey(h.Population.LinkSalt, h.ID)
		if sitting, err = s.Store.Answers.Find(ctx, h.Wave.ID, h.Population.Name, key); err == nil && HeadReleases(h.Wave.Settings) {
			m, err = s.mark(sitting, key)
		}
		if err != nil {
			return "", now, fmt.Errorf("state of office: %w", err)
		}
	}
	switch {
	case sitting.Draft != nil && m.Forward(sitting.Draft.Revision):
		state = "to_release"
	case sitting.Draft != nil && m.Remark != "":
		state = "given_back"
	case sitting.Spent || state == "submitted":
		state = "submitted"
	case h.State == "refused":
		state = "refused"
	case sitting.Draft != nil:
		state = "started"
	default:
		state = "not_started"
	}
	return state, sitting.Now, nil
}
