package desk

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/outbox"
	"rondo/app/web"
)

type linksPage struct {
	frame
	Fields   []field
	Searched bool
	Found    []Found
	More     bool
	Refused  string // why the one asked for gets no new link
}

// showLinks asks whose link is lost.
func (r *Room) showLinks(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.links(c, fiber.StatusOK, w, &linksPage{}, nil, nil)
}

func (r *Room) links(c *fiber.Ctx, status int, w Wave, p *linksPage, form web.Form, problems []Problem) error {
	p.frame = r.waveFrame(c, w, say(c, "links.title", "label", w.Label))
	p.Fields = fill(c, []field{{Name: "who", Kind: "text", Label: say(c, "links.who"), Auto: "off"}}, form, problems)
	p.Invalid = len(problems) > 0 || p.Refused != ""
	return r.show(c, status, "desk/links", p)
}

// findParticipant shows who may be meant. A look at people is journalled, not what was typed.
func (r *Room) findParticipant(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	if len([]rune(strings.TrimSpace(form.First("who")))) < 3 {
		return r.links(c, fiber.StatusUnprocessableEntity, w, &linksPage{}, form, []Problem{{Field: "who", Key: "who"}})
	}

	p := &linksPage{Searched: true}
	p.Found, p.More, err = r.Mail.FindParticipants(web.Context(c), w.Label, form.First("who"))
	if err := r.did(c, "participants.look", w.Label, itoa(len(p.Found)), err); err != nil {
		return err
	}
	return r.links(c, fiber.StatusOK, w, p, form, nil)
}

// newLink ends a link and sends another. The journal says that it was done and not for whom: when
// somebody asked for a link must not stay beside a name.
func (r *Room) newLink(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	err = r.did(c, "links.anew", w.Label, "", r.Mail.NewLink(web.Context(c), w.Label, form.First("id")))
	for refusal, key := range map[error]string{outbox.ErrNoMessages: "no_messages", outbox.ErrCorrectedOften: "often", outbox.ErrNothingToCorrect: "over"} {
		if errors.Is(err, refusal) {
			return r.links(c, fiber.StatusConflict, w, &linksPage{Refused: say(c, "links.refused."+key)}, form, nil)
		}
	}
	if err != nil {
		return err
	}
	return back(c, w.Label, "/links", "link_sent")
}
