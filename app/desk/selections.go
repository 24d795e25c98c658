package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// selectionModes are how the offices of a wave may select.
var selectionModes = []string{"either", "picked", "drawn"}

// fillSelections shows how the offices select, and the form that says how they shall.
func (p *nominationsPage) fillSelections(c *fiber.Ctx, s Selections) {
	for _, o := range s.Offices {
		line := selectionLine{OfficeSelection: o}
		var left []string
		for _, reason := range slices.Sorted(maps.Keys(o.Excluded)) {
			left = append(left, fmt.Sprintf("%s: %d", say(c, "exclusion."+reason), o.Excluded[reason]))
		}
		line.Left = strings.Join(left, ", ")
		p.Selections = append(p.Selections, line)
	}
	mode := field{Name: "mode", Kind: "select", Label: say(c, "selections.mode"), Hint: say(c, "selections.mode_hint"), Value: s.Mode}
	for _, m := range selectionModes {
		mode.Options = append(mode.Options, option{Value: m, Label: say(c, "selections.modes."+m)})
	}
	p.Mode = fill(c, []field{mode}, nil, nil)
}

// selectOffices sets how the offices of a wave select.
func (r *Room) selectOffices(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	mode := form.First("mode")
	if !slices.Contains(selectionModes, mode) {
		return web.ErrForm
	}

	ctx, cancel := longContext(c)
	defer cancel()
	if err := r.did(c, "selection.mode", w.Label, mode, r.Lists.SelectOffices(ctx, w.Label, mode)); err != nil {
		return err
	}
	return back(c, w.Label, "/nominations", "selection")
}

// unselect lets one office say anew how it selects.
func (r *Room) unselect(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	code := form.First("office")

	ctx, cancel := longContext(c)
	defer cancel()
	if err := r.did(c, "selection.reset", w.Label+"/"+code, "", r.Lists.Unselect(ctx, w.Label, code)); err != nil {
		return err
	}
	return back(c, w.Label, "/nominations", "unselected")
}

type panelPage struct {
	frame
	Members []panelLine
	Wrong   string
	MayTake bool
	Free    int // who can be taken
	More    string
}

type panelLine struct {
	PanelMember
	Chosen bool
}

// showPanel lists who of the panel can be taken into the wave.
func (r *Room) showPanel(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.panel(c, fiber.StatusOK, w, typedIn(c), "")
}

// takePanel brings the chosen members, or all against whom nothing speaks, into the wave.
func (r *Room) takePanel(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	ids := slices.Compact(slices.Sorted(slices.Values(form["id"])))
	if form.First("do") == "all" {
		members, err := r.Lists.Panel(web.Context(c), w.Label)
		if err != nil {
			return err
		}
		ids = nil
		for _, m := range members {
			if m.Why == "" && m.Like == "" {
				ids = append(ids, m.ID)
			}
		}
	}
	if len(ids) == 0 {
		return r.panel(c, fiber.StatusUnprocessableEntity, w, form, words(c, Problem{Field: "id", Key: "choose_panel"}))
	}

	ctx, cancel := longContext(c)
	defer cancel()
	n, err := r.Lists.TakePanel(ctx, w.Label, ids)
	if err := r.did(c, "panel.take", w.Label, itoa(n), err); err != nil {
		return err
	}
	return back(c, w.Label, "/employers", "panel_taken")
}

func (r *Room) panel(c *fiber.Ctx, status int, w Wave, form web.Form, wrong string) error {
	members, err := r.Lists.Panel(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	p := &panelPage{frame: r.waveFrame(c, w, say(c, "panel.title", "label", w.Label)), Wrong: wrong, MayTake: may(c, auth.Invite)}
	p.Invalid, p.fixed = wrong != "", len(members) == 0 || !p.MayTake
	for i, m := range members {
		if m.Why == "" && m.Like == "" {
			p.Free++
		}
		if i < batch {
			p.Members = append(p.Members, panelLine{m, slices.Contains(form["id"], m.ID)})
		}
	}
	if len(members) > batch {
		p.More = say(c, "panel.more", "shown", batch, "all", len(members))
	}
	return r.show(c, status, "desk/panel", p)
}
