package wave

import (
	"context"
	"encoding/json"
	"fmt"

	"rondo/questionnaires"
	"rondo/storage/identity"
)

// fixFrame decides the feedback groups and the strata of all invited employers, and keeps the
// class of each office, which later answers of the office do not change.
func (s *Service) fixFrame(ctx context.Context, w identity.Wave) error {
	p, err := s.Store.Identity.Population(ctx, w.ID, "employer")
	if err != nil {
		return fmt.Errorf("population employer: %w", err)
	}
	offices, employers, err := s.frame(ctx, w.ID)
	if err != nil {
		return err
	}
	group(offices, employers)
	class, err := s.classes(ctx, p, offices)
	if err != nil {
		return err
	}
	for i := range offices {
		offices[i].Stratum = class[offices[i].ID]
	}
	for i, stratum := range Assign(attributesOf(class, employers)) {
		employers[i].Stratum = stratum
	}
	if err := s.Store.Identity.SetGroups(ctx, offices); err != nil {
		return fmt.Errorf("keep feedback groups: %w", err)
	}
	if err := s.Store.Identity.SetStrata(ctx, append(offices, employers...)); err != nil {
		return fmt.Errorf("keep strata: %w", err)
	}
	return nil
}

// frame is who is in it: the offices of a wave and its invited employers.
func (s *Service) frame(ctx context.Context, waveID string) (offices, employers []identity.Participant, err error) {
	if offices, err = s.Store.Identity.Participants(ctx, waveID, "office"); err != nil {
		return nil, nil, fmt.Errorf("offices: %w", err)
	}
	if employers, err = s.Store.Identity.Participants(ctx, waveID, "employer"); err != nil {
		return nil, nil, fmt.Errorf("employers: %w", err)
	}
	return offices, employers, nil
}

// group sets each office's feedback group from how many of its employers are invited.
func group(offices, employers []identity.Participant) {
	invited := map[string]int{}
	for _, e := range employers {
		invited[e.OfficeID]++
	}
	var frame []Frame
	for _, o := range offices {
		known, _ := OfficeByCode(o.Code)
		frame = append(frame, Frame{Office: o.Code, Language: o.Language, Large: known.Large, Invited: invited[o.ID]})
	}
	names := Groups(frame)
	for i := range offices {
		offices[i].Group = names[offices[i].Code]
	}
}

// attributes are the frame attributes of each employer before any is given up: its office's
// group, size class and written strategy, and how it was selected. p is the employers' population.
func (s *Service) attributes(ctx context.Context, p identity.Population, offices, employers []identity.Participant) ([]map[string]string, error) {
	class, err := s.classes(ctx, p, offices)
	if err != nil {
		return nil, err
	}
	return attributesOf(class, employers), nil
}

func attributesOf(class map[string]map[string]string, employers []identity.Participant) []map[string]string {
	full := make([]map[string]string, len(employers))
	for i, e := range employers {
		full[i] = map[string]string{"selection": e.Selection}
		for name, v := range class[e.OfficeID] {
			full[i][name] = v
		}
	}
	return full
}

// classes are the class variables of each office: as they were fixed when employers opened,
// before that as they are now.
func (s *Service) classes(ctx context.Context, employers identity.Population, offices []identity.Participant) (map[string]map[string]string, error) {
	p, err := s.Store.Identity.Population(ctx, employers.WaveID, "office")
	if err != nil {
		return nil, fmt.Errorf("population office: %w", err)
	}
	class := map[string]map[string]string{}
	for _, o := range offices {
		if employers.State != "planned" {
			class[o.ID] = o.Stratum
			continue
		}
		c := map[string]string{"group": o.Group}
		if known, ok := OfficeByCode(o.Code); ok {
			c["office_size"] = map[bool]string{true: "large", false: "small"}[known.Large]
		}
		if c["office_strategy"], err = s.strategy(ctx, p, o); err != nil {
			return nil, err
		}
		class[o.ID] = c
	}
	return class, nil
}

// strategy is the class variable "written strategy" of an office, from what it has submitted so
// far: written, unwritten, or "" where it has not answered.
func (s *Service) strategy(ctx context.Context, p identity.Population, office identity.Participant) (string, error) {
	if len(p.LinkSalt) == 0 {
		return "", nil
	}
	record, found, err := s.Confidential(ctx, p, office)
	if err != nil || !found {
		return "", err
	}
	switch answer := record.Answers["o_strategy"].Codes; {
	case len(answer) == 0:
		return "", nil
	case answer[0] == "detailed" || answer[0] == "outline":
		return "written", nil
	default:
		return "unwritten", nil
	}
}

// Confidential reads the response of an office or a discussion, which only that office and
// named staff may see; never an employer's.
func (s *Service) Confidential(ctx context.Context, p identity.Population, one identity.Participant) (record questionnaires.Record, found bool, err error) {
	if one.Population == "employer" {
		return record, false, ErrPopulation
	}
	key := s.DraftKey(p, one)
	body, err := s.Store.Answers.ResponseByKey(ctx, p.WaveID, p.Name, key)
	if notFound(err) {
		return record, false, nil
	} else if err != nil {
		return record, false, fmt.Errorf("response of %s: %w", one.Code, err)
	}
	open, err := s.opener(ctx, p.WaveID, p.Name)
	if err != nil {
		return record, false, err
	}
	plain, err := open(body, []byte(key.ResponseID()))
	if err != nil {
		return record, false, fmt.Errorf("response of %s: %w", one.Code, err)
	}
	return record, true, json.Unmarshal(plain, &record)
}

// GroupPreview is one feedback group as shown before any promise is made.
type GroupPreview struct {
	Name    string
	Offices []string // codes
	Invited int
	Strata  []StratumPreview
}

// StratumPreview is one combination responses will carry, and how many were invited with it.
type StratumPreview struct {
	Attributes []string // name=value in the wave's order
	Invited    int
}

// Preview shows the feedback groups and strata as they are fixed, or as opening would fix them.
func (s *Service) Preview(ctx context.Context, waveID string) ([]GroupPreview, error) {
	offices, employers, err := s.frame(ctx, waveID)
	if err != nil {
		return nil, err
	}
	p, err := s.Store.Identity.Population(ctx, waveID, "employer")
	if err != nil {
		return nil, fmt.Errorf("population employer: %w", err)
	}
	if p.State == "planned" {
		group(offices, employers)
		full, err := s.attributes(ctx, p, offices, employers)
		if err != nil {
			return nil, err
		}
		for i, stratum := range Assign(full) {
			employers[i].Stratum = stratum
		}
	}
	return preview(offices, employers), nil
}

func preview(offices, employers []identity.Participant) []GroupPreview {
	groups := map[string]*GroupPreview{}
	groupOf := map[string]string{}
	for _, o := range offices {
		g := groups[o.Group]
		if g == nil {
			g = &GroupPreview{Name: o.Group}
			groups[o.Group] = g
		}
		g.Offices = append(g.Offices, o.Code)
		groupOf[o.ID] = o.Group
	}
	strata := map[string]map[string]int{}
	words := map[string][]string{}
	for _, e := range employers {
		g := groupOf[e.OfficeID]
		if groups[g] == nil {
			continue
		}
		groups[g].Invited++
		k := key(e.Stratum)
		if words[k] == nil {
			for _, name := range StratumOrder {
				if v := e.Stratum[name]; v != "" {
					words[k] = append(words[k], name+"="+v)
				}
			}
		}
		if strata[g] == nil {
			strata[g] = map[string]int{}
		}
		strata[g][k]++
	}
	var list []GroupPreview
	for _, name := range sortedKeys(groups) {
		for _, k := range sortedKeys(strata[name]) {
			groups[name].Strata = append(groups[name].Strata, StratumPreview{words[k], strata[name][k]})
		}
		list = append(list, *groups[name])
	}
	return list
}
