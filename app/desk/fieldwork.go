package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
)

type officesPage struct {
	frame
	Offices   []Office
	Tally     []tally
	MayImport bool
	Heads     bool // the head of each office releases its answers
}

type tally struct {
	State string
	N     int
}

// showOffices lists the offices by name with their exact state: their promise is confidentiality.
func (r *Room) showOffices(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	offices, err := r.Waves.Offices(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &officesPage{frame: r.waveFrame(c, w, say(c, "offices.title", "label", w.Label)), Offices: offices, MayImport: may(c, auth.Invite), Heads: w.HeadReleases}
	for _, state := range []string{"submitted", "to_release", "started", "not_started", "refused"} {
		n := 0
		for _, o := range offices {
			if o.State == state {
				n++
			}
		}
		if n > 0 {
			p.Tally = append(p.Tally, tally{state, n})
		}
	}
	return r.show(c, fiber.StatusOK, "desk/offices", p)
}

type employersPage struct {
	frame
	Counts    Counts
	Outcomes  []outcomeGroup
	Groups    []groupLine
	Preview   bool // strata are fixed when the population opens
	MayImport bool
}

type groupLine struct {
	Name, Offices string
	Invited       int
	Small         bool
	Strata        []stratumLine
}

// outcomeGroup is the non-response by one attribute.
type outcomeGroup struct {
	Heading string
	Lines   []outcomeLine
}

type outcomeLine struct {
	Outcomes
	Cell string // in words
}

type stratumLine struct {
	Attributes string
	Invited    int
}

// showEmployers shows the floored counts and the frame: who is invited with which attributes, never who answered.
func (r *Room) showEmployers(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	counts, err := r.Waves.Counts(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	groups, err := r.Waves.Groups(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &employersPage{frame: r.waveFrame(c, w, say(c, "employers.title", "label", w.Label)), Counts: counts, MayImport: may(c, auth.Invite)}
	for _, population := range w.Populations {
		p.Preview = p.Preview || population.Name == "employer" && population.State == "planned"
	}
	for _, g := range groups {
		line := groupLine{Name: g.Name, Offices: strings.Join(g.Offices, ", "), Invited: g.Invited, Small: g.Small}
		for _, s := range g.Strata {
			line.Strata = append(line.Strata, stratumLine{attributes(c, s.Attributes), s.Invited})
		}
		p.Groups = append(p.Groups, line)
	}
	if p.Outcomes, err = r.outcomes(c, w); err != nil {
		return err
	}
	return r.show(c, fiber.StatusOK, "desk/employers", p)
}

// outcomes is the non-response in words, by attribute.
func (r *Room) outcomes(c *fiber.Ctx, w Wave) ([]outcomeGroup, error) {
	cells, err := r.Waves.NonResponse(web.Context(c), web.Language(c), w.Label)
	var groups []outcomeGroup
	before := ""
	for _, cell := range cells {
		if cell.Dimension != before {
			groups = append(groups, outcomeGroup{Heading: say(c, "outcomes.by."+cell.Dimension)})
			before = cell.Dimension
		}
		last := &groups[len(groups)-1]
		last.Lines = append(last.Lines, outcomeLine{cell, cellName(c, cell)})
	}
	return groups, err
}

// cellName is what a cell of the non-response is called.
func cellName(c *fiber.Ctx, cell Outcomes) string {
	switch {
	case cell.Value == "*few":
		return say(c, "outcomes.together")
	case cell.Dimension == "all":
		return say(c, "employers.switzerland")
	case cell.Dimension == "selection" && i18n.Has("desk.attribute.selection."+cell.Value):
		return say(c, "attribute.selection."+cell.Value)
	case cell.Dimension == "language" && web.Names[cell.Value] != "":
		return web.Names[cell.Value]
	}
	return cell.Value
}

// attributes puts "name=value" pairs into words; the group stands in the row already.
func attributes(c *fiber.Ctx, pairs []string) string {
	var list []string
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if name == "group" {
			continue
		}
		if key := "attribute." + name + "." + value; i18n.Has("desk." + key) {
			pair = say(c, key)
		}
		list = append(list, pair)
	}
	return strings.Join(list, ", ")
}

type discussionsPage struct {
	frame
	Discussions []Discussion
}

// showDiscussions lists the group discussions with a button to record each.
func (r *Room) showDiscussions(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	discussions, err := r.Waves.Discussions(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &discussionsPage{frame: r.waveFrame(c, w, say(c, "discussions.title", "label", w.Label)), Discussions: discussions}
	return r.show(c, fiber.StatusOK, "desk/discussions", p)
}

// record makes this browser answer as the discussion with one office.
func (r *Room) record(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	code := c.Params("code")

	if err := r.did(c, "discussion.record", w.Label+"/"+code, "", r.Record(c, w.Label, code)); err != nil {
		return err
	}
	return web.SeeOther(c, "/answer")
}
