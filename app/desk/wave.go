package desk

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

type wavePage struct {
	frame
	Years, State string
	MailPaused   bool
	HeadReleases bool
	MayRun       bool
	Windows      []window
	Steps        []web.NavLink
}

// window is one population as the page shows it: State is ended where the clock is past the end of an open one.
type window struct {
	Population
	State string
	Steps []web.NavLink
}

// showWave shows where a wave stands and which steps it allows.
func (r *Room) showWave(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	p := &wavePage{frame: r.waveFrame(c, w, say(c, "wave.title", "label", w.Label)), Years: years(w.RefFrom, w.RefTo), State: w.State,
		MailPaused: w.MailPaused, HeadReleases: w.HeadReleases, MayRun: may(c, auth.RunWave)}
	for _, population := range w.Populations {
		shown := window{Population: population, State: population.State}
		shown.Snapshot = short(population.Snapshot)
		if population.Ended && population.State == "open" {
			shown.State = "ended"
		}
		for _, step := range stepsOf(population) {
			shown.Steps = append(shown.Steps, web.NavLink{URL: p.Base + "/step/" + step + "/" + population.Name, Name: say(c, "step."+step)})
		}
		p.Windows = append(p.Windows, shown)
	}
	if p.MayRun {
		for _, step := range waveSteps(w) {
			p.Steps = append(p.Steps, web.NavLink{URL: p.Base + "/" + step, Name: say(c, "step."+step)})
		}
	}
	return r.show(c, fiber.StatusOK, "desk/wave", p)
}

// stepsOf lists what may be done with a population now.
func stepsOf(p Population) []string {
	var steps []string
	if p.MayOpen {
		steps = append(steps, "open")
	}
	if p.State == "open" {
		steps = append(steps, "end")
	}
	if p.MayClose {
		steps = append(steps, "close")
	}
	if p.MayFreeze {
		steps = append(steps, "freeze")
	}
	return steps
}

// waveSteps lists what may be done with the whole wave now.
func waveSteps(w Wave) []string {
	steps := []string{"repeat"}
	if w.State == "closed" || w.State == "released" {
		steps = append(steps, "archive")
	}
	return steps
}

// short is the beginning of a hash, enough to compare by eye.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}
