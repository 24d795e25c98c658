package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

type wavesPage struct {
	frame
	Waves     []waveLine
	MayCreate bool
}

type waveLine struct{ URL, Label, Years, State, Mark string }

// showWaves lists all waves.
func (r *Room) showWaves(c *fiber.Ctx) error {
	waves, err := r.Waves.Waves(web.Context(c))
	if err != nil {
		return err
	}

	p := &wavesPage{frame: r.frame(c, say(c, "waves.title")), MayCreate: may(c, auth.RunWave)}
	for _, w := range waves {
		p.Waves = append(p.Waves, waveLine{wavePath(w.Label), w.Label, years(w.RefFrom, w.RefTo), w.State, mark(w)})
	}
	return r.show(c, fiber.StatusOK, "desk/waves", p)
}

type formPage struct {
	frame
	Intro, Button, Back string
	Fields              []field
}

// showNew shows the form of a new wave.
func (r *Room) showNew(c *fiber.Ctx) error { return r.waveForm(c, fiber.StatusOK, nil, nil) }

// create makes a wave.
func (r *Room) create(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, problems := readWave(form)

	if len(problems) == 0 {
		var err error
		problems, err = r.Waves.CreateWave(web.Context(c), w)
		if err != nil || len(problems) == 0 {
			if err := r.did(c, "wave.create", w.Label, "", err); err != nil {
				return err
			}
			return back(c, w.Label, "", "created")
		}
	}
	return r.waveForm(c, fiber.StatusUnprocessableEntity, form, problems)
}

func (r *Room) waveForm(c *fiber.Ctx, status int, form web.Form, problems []Problem) error {
	p := &formPage{frame: r.frame(c, say(c, "new.title")), Button: say(c, "new.button"), Back: "/desk"}
	fields := baseFields(c)
	for _, population := range []string{"office", "employer", "discussion"} {
		f := field{Name: population, Kind: "select",
			Label: say(c, "new.questionnaire", "population", say(c, "population."+population))}
		refs, err := r.Waves.Questionnaires(web.Context(c), population)
		if err != nil {
			return err
		}
		for i, ref := range refs {
			o := option{Value: ref, Label: ref}
			if i == 0 {
				o.Label, f.Value = say(c, "new.newest", "ref", ref), ref
			}
			f.Options = append(f.Options, o)
		}
		fields = append(fields, f)
	}
	fields = append(fields, field{Name: "head_releases", Kind: "checkbox", Label: say(c, "new.head_releases")},
		field{Name: "rehearsal", Kind: "checkbox", Label: say(c, "new.rehearsal")})
	p.Fields, p.Invalid = fill(c, fields, form, problems), len(problems) > 0
	return r.show(c, status, "desk/form", p)
}

func baseFields(c *fiber.Ctx) []field {
	return []field{
		{Name: "label", Kind: "text", Label: say(c, "new.label"), Hint: say(c, "new.label_hint"), Auto: "off"},
		{Name: "ref_from", Kind: "text", Label: say(c, "new.ref_from"), Digits: true, Auto: "off"},
		{Name: "ref_to", Kind: "text", Label: say(c, "new.ref_to"), Digits: true, Auto: "off"},
		{Name: "opens", Kind: "datetime-local", Label: say(c, "new.opens"), Hint: say(c, "new.time_hint")},
		{Name: "closes", Kind: "datetime-local", Label: say(c, "new.closes"), Hint: say(c, "new.time_hint")},
	}
}

// showRepeat shows the form of the wave after this one.
func (r *Room) showRepeat(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.repeatForm(c, fiber.StatusOK, w, nil, nil)
}

// repeat makes the wave after this one.
func (r *Room) repeat(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	next, problems := readWave(form)

	if len(problems) == 0 {
		ctx, cancel := longContext(c)
		defer cancel()
		problems, err = r.Waves.RepeatWave(ctx, w.Label, next)
		if err != nil || len(problems) == 0 {
			if err := r.did(c, "wave.repeat", next.Label, "from "+w.Label, err); err != nil {
				return err
			}
			return back(c, next.Label, "", "created")
		}
	}
	return r.repeatForm(c, fiber.StatusUnprocessableEntity, w, form, problems)
}

func (r *Room) repeatForm(c *fiber.Ctx, status int, w Wave, form web.Form, problems []Problem) error {
	p := &formPage{frame: r.waveFrame(c, w, say(c, "new.repeat", "label", w.Label)), Intro: say(c, "new.repeat_intro"),
		Button: say(c, "new.button"), Back: wavePath(w.Label)}
	fields := append(baseFields(c), field{Name: "rehearsal", Kind: "checkbox", Label: say(c, "new.rehearsal")})
	p.Fields, p.Invalid = fill(c, fields, form, problems), len(problems) > 0
	return r.show(c, status, "desk/form", p)
}

func itoa(n int) string { return strconv.Itoa(n) }
