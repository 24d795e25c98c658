package office

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/web"
)

type stopPage struct {
	web.Page
	Masked string
	Done   bool

	Missing bool // it was sent without the tick
}

// StopPage asks whether messages shall stop; it changes nothing, since mail
// programs and scanners open every link.
func (r *Room) StopPage(c *fiber.Ctx) error {
	s, err := r.outbox.LookStop(web.Context(c), c.Params("token"))
	if errors.Is(err, outbox.ErrUnknownStop) {
		return web.ErrUnknown
	}
	if err != nil {
		return err
	}
	return r.showStop(c, fiber.StatusOK, s)
}

// Stop stops the messages: the tick and the button of the page, or a mail
// program's one-click (RFC 8058), which sends no cookie and reads no page. The
// page's form as it stands stops nothing: programs that check mails submit the
// forms they find.
func (r *Room) Stop(c *fiber.Ctx) error {
	ctx, token, form := web.Context(c), c.Params("token"), web.ReadForm(c)
	s, err := r.outbox.LookStop(ctx, token)
	if errors.Is(err, outbox.ErrUnknownStop) {
		return web.ErrUnknown
	}
	if err != nil {
		return err
	}
	sure := form.First("sure") == "yes" || form.First("List-Unsubscribe") == "One-Click"
	switch {
	case s.Stopped:
		return r.showStop(c, fiber.StatusOK, s)
	case !sure:
		return r.showStop(c, fiber.StatusUnprocessableEntity, s)
	}

	if err := r.outbox.Stop(ctx, token); err != nil {
		return err
	}

	s.Stopped = true
	return r.showStop(c, fiber.StatusOK, s)
}

func (r *Room) showStop(c *fiber.Ctx, status int, s outbox.Stopper) error {
	if _, chosen := web.ChosenLanguage(c); !chosen {
		web.SetLanguage(c, s.Language)
	}
	lang := web.Language(c)
	p := &stopPage{Masked: s.Masked, Done: s.Stopped, Missing: status != fiber.StatusOK}
	p.Invalid = p.Missing
	p.Title, p.State = i18n.T(lang, "office.stop.title", nil), "open"
	if s.Stopped {
		p.Title, p.State = i18n.T(lang, "office.stop.done_title", nil), "done"
	}
	return r.kit.Show(c, status, "office/stop", p)
}

func itoa(n int) string { return strconv.Itoa(n) }
