package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

type previewPage struct {
	frame
	ReleasePreview
	Population, Profile string
	Keys                []string // of the ways, as column heads
	Why                 string   // in words
	MayBuild            bool
	Step                string // page on which the population is frozen
}

// showPreview says what a dataset would show and lose, and builds nothing.
func (r *Room) showPreview(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	from, err := population(c, w)
	if err != nil {
		return err
	}
	profile := c.Params("profile")
	if !slices.Contains(profiles, profile) {
		return web.ErrUnknown
	}
	ctx, cancel := longContext(c)
	defer cancel()
	preview := ReleasePreview{Refused: "not_closed"}
	if from.State == "closed" && w.State != "archived" {
		if preview, err = r.Releases.PreviewRelease(ctx, web.Language(c), w.Label, from.Name, profile); err != nil {
			return err
		}
	}

	p := &previewPage{
		frame: r.waveFrame(c, w, say(c, "preview.title", "population", say(c, "population."+from.Name), "label", w.Label)), ReleasePreview: preview,
		Population: from.Name, Profile: profile, MayBuild: preview.Refused == "" && may(c, auth.BuildRelease), Step: wavePath(w.Label) + "/step/freeze/" + from.Name,
	}
	if preview.Refused != "" {
		p.Why = say(c, "preview.refused."+preview.Refused, "n", preview.Records, "k", preview.K, "classes", preview.Capacity)
	}
	for _, way := range preview.Ways[:min(1, len(preview.Ways))] {
		for _, key := range way.Keys {
			p.Keys = append(p.Keys, key.Label)
		}
	}
	return r.show(c, fiber.StatusOK, "desk/preview", p)
}
