package web

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/views"
)

// What the kit itself refuses. Rooms may wrap and return them as well.
var (
	ErrForm       = errors.New("the form does not fit the page")                     // 400
	ErrForeign    = errors.New("the request came from another site")                 // 403
	ErrUnknown    = errors.New("nothing is found under this address")                // 404
	ErrTag        = errors.New("the form belongs to another link")                   // 409
	ErrHandedOver = errors.New("the questionnaire was handed over to somebody else") // 410
	ErrTooLarge   = errors.New("the form is too large")                              // 413
	ErrFormat     = errors.New("the body is no form")                                // 415
	ErrHost       = errors.New("the host is not ours")                               // 421
	ErrTooMany    = errors.New("too many requests from one address")                 // 429
	ErrBusy       = errors.New("the service cannot answer right now")                // 503
)

// Refusal says what a sentinel error answers. Key is the start of two catalogue
// keys, Key.title and Key.text; empty means the words of the status.
type Refusal struct {
	Err    error
	Status int
	Key    string
	State  string // data-state of the page; empty: by status
	Final  bool   // the same form sent again would be refused again
}

var ownRefusals = []Refusal{
	{Err: ErrForm, Status: 400, Final: true}, {Err: ErrForeign, Status: 403}, {Err: ErrUnknown, Status: 404},
	{Err: ErrTag, Status: 409}, {Err: ErrHandedOver, Status: 410, Final: true}, {Err: ErrTooLarge, Status: 413}, {Err: ErrFormat, Status: 415},
	{Err: ErrHost, Status: 421}, {Err: ErrTooMany, Status: 429}, {Err: ErrBusy, Status: 503},
	{Err: context.DeadlineExceeded, Status: 503}, // the time of the request ran out, whatever it waited for
}

// errorPage is what templates/base/error.html shows.
type errorPage struct {
	Page
	Text string
	Kept []KeptField
	Copied
	Final bool   // nothing is gained by sending what was kept again
	Fresh string // path of the page to open anew; "": none
}

// refusal finds what err answers; ok is false for a failure of ours.
func (k *Kit) refusal(err error) (r Refusal, ok bool) {
	for _, list := range [][]Refusal{k.config.Refusals, ownRefusals} {
		for _, r := range list {
			if errors.Is(err, r.Err) {
				return r, true
			}
		}
	}
	var own *fiber.Error
	if errors.As(err, &own) {
		return Refusal{Err: err, Status: own.Code}, true
	}
	return Refusal{Err: err, Status: fiber.StatusInternalServerError}, false
}

// Refused says what an error answers, in the language of the request; known is false for a failure of ours.
func (k *Kit) Refused(c *fiber.Ctx, err error) (status int, title, text string, known bool) {
	r, known := k.refusal(err)
	title, text = refusalWords(Language(c), r)
	return r.Status, title, text, known
}

// fail shows the page of an error and logs what is a failure of ours. The page
// never holds the error's own text.
func (k *Kit) fail(c *fiber.Ctx, err error) error {
	r, expected := k.refusal(err)
	if !expected {
		k.log.Error("failure", "id", RequestID(c), "route", route(c), "error", err.Error())
	}
	k.setHeaders(&c.Response().Header)
	if r.Status == fiber.StatusTooManyRequests || r.Status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "60")
	}
	c.Set("X-Request-Id", RequestID(c))

	lang := Language(c)
	title, text := refusalWords(lang, r)
	if c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON { // a script saves: it has what was typed
		return c.Status(r.Status).JSON(fiber.Map{"title": title, "text": text})
	}
	p := &errorPage{Kept: k.kept(c), Final: r.Final}
	p.State, p.Number, p.Title, p.Text = r.State, RequestID(c), title, text
	if r.Final && r.Status == fiber.StatusBadRequest && len(p.Kept) > 0 {
		p.Fresh = c.Path()
	}
	p.Copied = k.copied(c, err, r.Status)
	if len(p.Kept)+len(p.Typed) > 0 { // what was typed stays on the page in the other language
		p.Langs = LangButtons("kept", lang)
	}
	if p.State == "" {
		p.State = stateOf(r.Status, c.Path())
	}
	if err := k.Show(c, r.Status, "base/error", p); err != nil {
		k.log.Error("failure", "id", RequestID(c), "error", err.Error())
		return c.Status(r.Status).SendString(p.Title)
	}
	return nil
}

func refusalWords(lang string, r Refusal) (title, text string) {
	key := r.Key
	if key == "" || !i18n.Has(key+".title") {
		key = "base.status.s" + strings.TrimSpace(itoa(r.Status))
	}
	if !i18n.Has(key + ".title") {
		key = "base.status.s500"
		if r.Status < 500 {
			key = "base.status.s400"
		}
	}
	return i18n.T(lang, key+".title", nil), i18n.T(lang, key+".text", nil)
}

// stateOf gives the data-state of an error page that a respondent sees.
func stateOf(status int, path string) string {
	if hasPrefix(path, []string{"/desk"}) {
		return ""
	}
	switch {
	case status == fiber.StatusNotFound:
		return "unknown"
	case status == fiber.StatusGone:
		return "closed"
	case hasPrefix(path, []string{"/answer", "/r"}):
		return "open"
	}
	return ""
}

// Show writes the page template "<area>/<name>" with status. page is a pointer
// to a struct that embeds Page; what is the same everywhere is filled in here.
func (k *Kit) Show(c *fiber.Ctx, status int, template string, page Paged) error {
	if err := k.fill(c, page.Frame(), template); err != nil {
		return err
	}
	c.Response().ResetBody()
	if err := views.Render(c.Response().BodyWriter(), page.Frame().Lang, template, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Set(fiber.HeaderContentLanguage, page.Frame().Lang)
	c.Status(status)
	return nil
}
