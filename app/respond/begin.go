package respond

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage/keys"
)

// Begin lets a browser in under a link with answers given beforehand, and leads to a page: an
// author jumps into a questionnaire. The link must be a fresh one, without a draft.
func (r *Room) Begin(c *fiber.Ctx, token, page string, a questionnaires.Answers) error {
	token, ok := keys.ParseToken(token)
	if !ok {
		return web.ErrUnknown
	}
	v, err := r.fetch(c, token)
	if err != nil {
		return err
	}
	if err := v.answering(); err != nil {
		return err
	}

	d := v.Draft.clone()
	d.Answers, d.At = a, page
	if err := r.keep(c, v, d); err != nil {
		return err
	}
	r.enter(c, v.token)
	return web.SeeOther(c, "/answer/"+page)
}
