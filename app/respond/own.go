package respond

import (
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/views"
	"rondo/app/web"
	"rondo/storage"
)

// ownPage is templates/respond/own.html: what a confidential response says, on paper.
type ownPage struct {
	web.Page
	Header  string // whom the answers concern
	Version string
	Pages   []views.ReviewedPage
	Closes  time.Time
	Open    bool // they may still be changed
	Begun   bool // a correction is begun and not submitted
	Office  bool
}

// Own shows an office the answers it has submitted, also after the end, until the archive erases
// them. Nobody can be shown an anonymous response.
func (r *Room) Own(c *fiber.Ctx) error {
	v, err := r.visit(c)
	switch {
	case err != nil:
		return err
	case !v.confidential():
		return web.ErrUnknown
	case !v.kept.Spent || len(v.holder.Population.LinkSalt) == 0:
		return web.SeeOther(c, "/answer")
	}
	body, err := r.store.Answers.ResponseByKey(web.Context(c), v.holder.Wave.ID, v.holder.Population.Name, v.key)
	if errors.Is(err, storage.ErrNotFound) {
		return web.ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("response: %w", err)
	}
	record, err := r.openRecord(body, &v)
	if err != nil {
		return err
	}

	p := &ownPage{
		Closes: v.kept.Window.Closes, Open: v.open() == nil, Begun: v.kept.Draft != nil, Version: record.Questionnaire,
		Office: v.holder.Population.Name == "office", Header: v.fill(v.Questionnaire.Header),
	}
	v.Draft.Answers, v.Draft.Unread, v.Setting.Shuffle = record.Answers, nil, record.Shuffle
	p.Page = r.page(v, i18n.T(v.lang, "respond.own.title", nil), "done")
	p.Pages = v.reviewPages(nil)
	for i := range p.Pages {
		for j := range p.Pages[i].Questions {
			p.Pages[i].Questions[j].Path = ""
		}
	}
	return r.kit.Show(c, fiber.StatusOK, "respond/own", p)
}
