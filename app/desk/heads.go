package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// showHead asks for the address of the head of an office.
func (r *Room) showHead(c *fiber.Ctx) error {
	w, o, err := r.headed(c)
	if err != nil {
		return err
	}
	return r.headForm(c, w, o, nil, nil)
}

// setHead keeps the address of the head of an office.
func (r *Room) setHead(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, o, err := r.headed(c)
	if err != nil {
		return err
	}

	problems, err := r.Waves.SetHead(web.Context(c), w.Label, o.Code, form.First("email"))
	if err == nil && len(problems) > 0 {
		return r.headForm(c, w, o, form, problems)
	}
	if err := r.did(c, "office.head", w.Label+"/"+o.Code, "", err); err != nil {
		return err
	}
	return back(c, w.Label, "/offices", "head")
}

// headed finds the office a request names, in a wave in which the heads of offices release.
func (r *Room) headed(c *fiber.Ctx) (Wave, Office, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, Office{}, err
	}
	offices, err := r.Waves.Offices(web.Context(c), w.Label)
	if err != nil {
		return w, Office{}, err
	}
	at := slices.IndexFunc(offices, func(o Office) bool { return o.Code == c.Params("code") })
	if at < 0 || !w.HeadReleases {
		return w, Office{}, web.ErrUnknown
	}
	return w, offices[at], nil
}

func (r *Room) headForm(c *fiber.Ctx, w Wave, o Office, form web.Form, problems []Problem) error {
	page := &confirmPage{Sentence: say(c, "head.text"), Button: say(c, "head.button"), Back: wavePath(w.Label) + "/offices",
		frame: r.waveFrame(c, w, say(c, "head.title", "office", o.Name))}
	if o.Head != "" {
		page.Facts = []fact{{say(c, "head.now"), o.Head}}
	}
	if o.Waiting {
		page.Note = say(c, "head.waiting")
	}
	page.Fields = []field{{Name: "email", Kind: "email", Label: say(c, "head.email"), Auto: "off"}}
	return r.confirm(c, page, form, problems)
}

// toRelease says how many offices have put answers forward that no head has released: by closing
// they are lost.
func (r *Room) toRelease(c *fiber.Ctx, w Wave, step string, p Population) (int, error) {
	if step != "close" || p.Name != "office" || !w.HeadReleases {
		return 0, nil
	}
	offices, err := r.Waves.Offices(web.Context(c), w.Label)
	n := 0
	for _, o := range offices {
		if o.Waiting {
			n++
		}
	}
	return n, err
}
