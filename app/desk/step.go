package desk

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// showStep says what opening, closing or freezing does.
func (r *Room) showStep(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.confirmStep(c, w, nil, nil)
}

// step opens, closes or freezes one population.
func (r *Room) step(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	p, err := population(c, w)
	if err != nil {
		return err
	}
	name := c.Params("step")
	act := map[string]func(ctx context.Context, label, population string) error{
		"open": r.Waves.OpenPopulation, "close": r.Waves.ClosePopulation, "freeze": r.Waves.Freeze,
	}[name]
	if act == nil {
		return web.ErrUnknown
	}

	if problems := counted(form, affectedBy(name, p)); len(problems) > 0 {
		return r.confirmStep(c, w, form, problems)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	if err := r.did(c, "population."+name, w.Label+"/"+p.Name, "", act(ctx, w.Label, p.Name)); err != nil {
		return err
	}
	return back(c, w.Label, "", name)
}

func (r *Room) confirmStep(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	p, err := population(c, w)
	if err != nil {
		return err
	}
	name := c.Params("step")
	if !slices.Contains([]string{"open", "close", "freeze"}, name) {
		return web.ErrUnknown
	}
	if problems == nil && !slices.Contains(stepsOf(p), name) {
		return web.SeeOther(c, wavePath(w.Label)) // taken in the meantime, or not possible yet
	}
	waiting, err := r.toRelease(c, w, name, p)
	if err != nil {
		return err
	}
	text := "step." + name + "_text"
	if name != "freeze" {
		text += "." + p.Name
	}
	page := &confirmPage{Sentence: say(c, text), Button: say(c, "step."+name), Back: wavePath(w.Label), Final: true,
		Facts: []fact{{say(c, "step.affected"), itoa(p.Participants)}}, Fields: countField(c, affectedBy(name, p)),
		frame: r.waveFrame(c, w, say(c, "step.step_of", "step", say(c, "step."+name), "population", say(c, "population."+p.Name)))}
	if waiting > 0 {
		page.Facts = append(page.Facts, fact{say(c, "step.to_release"), itoa(waiting)})
		page.Note = say(c, "step.to_release_text")
	}
	return r.confirm(c, page, form, problems)
}

// affectedBy is how many lose something by the step.
func affectedBy(step string, p Population) int {
	if step == "close" {
		return p.Participants
	}
	return 0
}

// showEnd asks for another end.
func (r *Room) showEnd(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.endForm(c, w, nil, nil)
}

// moveEnd sets another end of an open window.
func (r *Room) moveEnd(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	p, err := population(c, w)
	if err != nil {
		return err
	}
	closes, ok := parseTime(form.First("closes"))
	if !ok {
		return r.endForm(c, w, form, []Problem{{Field: "closes", Key: "not_a_time"}})
	}

	problems, err := r.Waves.MoveEnd(web.Context(c), w.Label, p.Name, closes)
	if err == nil && len(problems) > 0 {
		return r.endForm(c, w, form, problems)
	}
	if err := r.did(c, "population.end", w.Label+"/"+p.Name, closes.Format("2006-01-02T15:04Z"), err); err != nil {
		return err
	}
	return back(c, w.Label, "", "end")
}

func (r *Room) endForm(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	p, err := population(c, w)
	if err != nil {
		return err
	}
	page := &confirmPage{Sentence: say(c, "step.end_text"), Button: say(c, "step.end"), Back: wavePath(w.Label),
		frame: r.waveFrame(c, w, say(c, "step.step_of", "step", say(c, "step.end"), "population", say(c, "population."+p.Name)))}
	page.Fields = []field{{Name: "closes", Kind: "datetime-local", Label: say(c, "new.closes"), Hint: say(c, "new.time_hint"),
		Value: p.Closes.In(zurich).Format(formTime)}}
	return r.confirm(c, page, form, problems)
}

// showArchive says what archiving erases.
func (r *Room) showArchive(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	if !slices.Contains(waveSteps(w), "archive") {
		return web.SeeOther(c, wavePath(w.Label))
	}
	return r.archivePage(c, w, nil, nil)
}

// archive erases what a finished wave no longer needs.
func (r *Room) archive(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	if problems := counted(form, everyone(w)); len(problems) > 0 {
		return r.archivePage(c, w, form, problems)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	if err := r.did(c, "wave.archive", w.Label, "", r.Waves.Archive(ctx, w.Label)); err != nil {
		return err
	}
	return back(c, w.Label, "", "archive")
}

func (r *Room) archivePage(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	page := &confirmPage{Sentence: say(c, "step.archive_text"), Button: say(c, "step.archive"), Back: wavePath(w.Label), Final: true,
		Facts: []fact{{say(c, "step.affected"), itoa(everyone(w))}}, Fields: countField(c, everyone(w)),
		frame: r.waveFrame(c, w, say(c, "step.archive"))}
	return r.confirm(c, page, form, problems)
}

func everyone(w Wave) int {
	n := 0
	for _, p := range w.Populations {
		n += p.Participants
	}
	return n
}
