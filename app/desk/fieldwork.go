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
	return r.Kit.Show(c, fiber.StatusOK, "desk/offices", p)
}

type employersPage struct {
	frame
	Counts    Counts
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
	return r.Kit.Show(c, fiber.StatusOK, "desk/employers", p)
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
	return r.Kit.Show(c, fiber.StatusOK, "desk/discussions", p)
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
