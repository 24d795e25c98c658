package respond

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/keys"
)

// landingPage is templates/respond/landing.html.
type landingPage struct {
	web.Page
	Key      string // office, employer, discussion
	Intro    string
	Notes    []string // definitions
	Promises []string
	Minutes  int
	Closes   time.Time
	NotYet   bool
	Opens    time.Time
	Begun    bool   // a draft is there
	Declined string // refused, wrong_person: as the identity side has it
	Noted    bool   // it has just been noted
	MayLeave bool   // the two declining buttons are offered
}

// Landing shows who asks, why, how long it takes and what is promised. It
// changes nothing and sets no cookie.
func (r *Room) Landing(c *fiber.Ctx) error {
	v, err := r.link(c)
	if err != nil {
		return err
	}

	return r.showLanding(c, v, false)
}

// Start lets a browser in, or asks whether somebody really does not take part. It
// may be sent any number of times, also by a program that checks links in mails.
func (r *Room) Start(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.link(c)
	if err != nil {
		return err
	}

	if wish := form.First("_go"); wish == refused || wish == wrongPerson {
		return r.decline(c, v, wish, form)
	}
	if err := r.drawOrder(c); err != nil {
		return err
	}
	if lang := form.First("_lang"); i18n.Known(lang) {
		r.kit.RememberLanguage(c, lang)
	}
	r.enter(c, v.token)
	if form.First("_go") == handOver {
		return web.SeeOther(c, "/answer/hand-over")
	}
	if v.holder.Population.Name == "office" {
		return web.SeeOther(c, "/office")
	}
	if err := v.open(); err != nil && !v.delivered() {
		return err
	}
	return web.SeeOther(c, v.goOn())
}

// enter lets this browser carry a link, and nothing of the one before.
func (r *Room) enter(c *fiber.Ctx, token string) {
	r.kit.SetCookie(c, web.ParticipantCookie, token)
	r.kit.ClearCookie(c, receiptCookie)
	r.kit.ClearCookie(c, web.HandedCookie)
}

// link finds the holder of the token in the address. All that is no valid
// token answers the same, after the same work.
func (r *Room) link(c *fiber.Ctx) (visit, error) {
	raw, err := url.PathUnescape(c.Params("token"))
	if err != nil {
		raw = ""
	}
	token, ok := keys.ParseToken(raw)
	v, err := r.fetch(c, token)
	switch {
	case !ok || errors.Is(err, storage.ErrNotFound):
		if err := r.takenBack(c, token); err != nil {
			return v, err
		}
		if r.guesses.Failed(r.kit.ClientIP(c), c.Context().Time()) {
			return v, web.ErrTooMany
		}
		return v, ErrNoLink
	case errors.Is(err, ErrStaffOnly):
		return v, ErrStaffOnly
	}
	return v, err
}

// takenBack is ErrTakenBack where a link that leads to nobody was that of an employer whom its office
// has withdrawn since: it may have come on paper.
func (r *Room) takenBack(c *fiber.Ctx, token string) error {
	back, err := r.store.Identity.TakenBack(web.Context(c), keys.HashToken(token))
	if err == nil && back {
		err = ErrTakenBack
	}
	return err
}

func (r *Room) showLanding(c *fiber.Ctx, v visit, noted bool) error {
	q := v.Questionnaire
	p := &landingPage{
		Key: q.Key, Minutes: q.Minutes, Intro: q.Fill(q.Intro, v.lang, v.Setting), Closes: v.kept.Window.Closes, Opens: v.kept.Window.Opens,
		Begun: v.kept.Draft != nil, Noted: noted, MayLeave: q.Key == "employer",
	}
	p.Page = r.page(v, q.Fill(q.Title, v.lang, v.Setting), "open")
	p.SignOutPath = ""
	for _, note := range q.Notes {
		if text := q.Fill(note.Text, v.lang, v.Setting); strings.HasPrefix(note.Code, "PRIVACY_") {
			p.Promises = append(p.Promises, text)
		} else {
			p.Notes = append(p.Notes, text)
		}
	}
	if s := v.holder.State; (noted || v.kept.Draft == nil) && (s == refused || s == wrongPerson) {
		p.Declined = s
	}
	if v.kept.Spent && !(v.confidential() && v.open() == nil) {
		return r.showDone(c, v)
	}
	switch err := v.open(); {
	case errors.Is(err, ErrNotYet):
		p.NotYet, p.State = true, "closed"
	case err != nil && q.Key == "office" && v.holder.Wave.State != "archived":
		p.State = "closed" // the office's own pages stay open until the archive
	case err != nil:
		return err
	}
	return r.kit.Show(c, fiber.StatusOK, "respond/landing", p)
}

func fillNotes(notes []questionnaires.Note, v visit) []string {
	var texts []string
	for _, note := range notes {
		texts = append(texts, v.fill(note.Text))
	}
	return texts
}
