package respond

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/views"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage"
)

// mostRemark is how many characters the remark may have with which answers are given back.
const mostRemark = 500

// releasePage is templates/respond/release.html: what the head of an office sees.
type releasePage struct {
	web.Page
	Office     string
	Header     string
	Version    string
	Pages      []views.ReviewedPage // of answers that were put forward; none otherwise
	Revision   int
	Correction bool   // answers were released before
	Released   bool   // nothing is left to do
	Returned   bool   // they were just given back
	Remark     string // as typed
	Problem    string // with the remark
	Missing    bool   // releasing was asked for without the tick: programs that check mails press buttons
	Most       int    // characters of a remark
	Closes     time.Time
}

// ReleaseLanding says what the link of a head is for, and shows no answer: programs that check
// mails open every link.
func (r *Room) ReleaseLanding(c *fiber.Ctx) error {
	v, err := r.releaseLink(c)
	if err != nil {
		return err
	}
	p := &releasePage{Office: v.officeName(), Closes: v.kept.Window.Closes}
	p.Page = r.page(v, i18n.T(v.lang, "respond.release.title", nil), "open")
	p.SignOutPath = ""
	return r.kit.Show(c, fiber.StatusOK, "respond/release_landing", p)
}

// EnterRelease lets the browser of a head in. It may be sent any number of times.
func (r *Room) EnterRelease(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.releaseLink(c)
	if err != nil {
		return err
	}
	if lang := form.First("_lang"); i18n.Known(lang) {
		r.kit.RememberLanguage(c, lang)
	}
	r.kit.SetCookie(c, web.HeadCookie, v.token)
	return web.SeeOther(c, "/release")
}

// releaseLink finds the office of the link in the address; what is no link answers the same, after
// the same work.
func (r *Room) releaseLink(c *fiber.Ctx) (visit, error) {
	raw, err := url.PathUnescape(c.Params("token"))
	if err != nil {
		raw = ""
	}
	v, err := r.fetchHead(c, raw)
	if err == nil && !v.delivered() {
		return v, v.open()
	}
	if !errors.Is(err, outbox.ErrUnknownRelease) {
		return v, err
	}
	if r.guesses.Failed(r.kit.ClientIP(c), c.Context().Time()) {
		return v, web.ErrTooMany
	}
	return v, web.ErrUnknown
}

// head is who opened the link of a head in this browser: three statements at most.
func (r *Room) head(c *fiber.Ctx) (visit, error) {
	v, err := r.fetchHead(c, r.kit.Cookie(c, web.HeadCookie))
	if errors.Is(err, outbox.ErrUnknownRelease) {
		return v, ErrSignedOut
	}
	return v, err
}

func (r *Room) fetchHead(c *fiber.Ctx, raw string) (visit, error) {
	if r.letters == nil {
		return visit{}, outbox.ErrUnknownRelease
	}
	holder, token, err := r.letters.Head(web.Context(c), raw)
	if err != nil {
		return visit{}, err
	}
	v := visit{holder: holder, token: token}
	if !v.headed() {
		return visit{}, outbox.ErrUnknownRelease
	}
	err = r.look(c, &v)
	return v, err
}

// officeName is what the office is called in the language of the page.
func (v visit) officeName() string {
	if name := v.holder.Names[v.lang]; name != "" {
		return name
	}
	return v.holder.Name
}

// ShowRelease shows the head the answers as they were put forward; nobody can change them here.
func (r *Room) ShowRelease(c *fiber.Ctx) error {
	v, err := r.head(c)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil && !v.delivered() {
		return err
	}
	return r.showRelease(c, fiber.StatusOK, v, &releasePage{Returned: c.Query("returned") == "yes"})
}

// Release submits exactly the answers that were put forward, or gives them back.
func (r *Room) Release(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.head(c)
	if err == nil {
		err = r.untaken(v, form)
	}
	switch {
	case err != nil:
		return err
	case v.open() != nil:
		return v.open()
	case web.Switches(form):
		return r.showRelease(c, fiber.StatusOK, v, &releasePage{Remark: form.First("remark")})
	case v.delivered() && form.First("_go") != goReturn:
		return web.SeeOther(c, "/release") // somebody has pressed the button before
	}
	seen, err := strconv.Atoi(form.First("_revision"))
	if err != nil || !v.forward() || seen != v.Revision {
		return ErrNotForward
	}
	if form.First("_go") == goReturn {
		return r.giveBack(c, v, strings.TrimSpace(form.First("remark")))
	}
	if form.First("sure") != "yes" {
		return r.showRelease(c, fiber.StatusUnprocessableEntity, v, &releasePage{Missing: true})
	}
	settled, problems := v.Settled()
	if len(problems) > 0 {
		return ErrNotForward
	}

	v.lang = v.written // the response says in which language it was filled in, not read
	err = r.submit(web.Context(c), v, settled, "")
	if errors.Is(err, storage.ErrConflict) {
		return r.overtaken(c)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/release")
}

// overtaken answers a release when the answers went elsewhere while it was pressed.
func (r *Room) overtaken(c *fiber.Ctx) error {
	v, err := r.head(c)
	switch {
	case err != nil:
		return err
	case v.delivered():
		return web.SeeOther(c, "/release")
	}
	return ErrNotForward
}

// giveBack makes the draft the clerk's own again, with a remark. The remark may quote answers: it
// rests sealed with them, and no message carries it.
func (r *Room) giveBack(c *fiber.Ctx, v visit, remark string) error {
	n := utf8.RuneCountInString(remark)
	if n == 0 || n > mostRemark || !utf8.ValidString(remark) {
		key := "respond.release.remark_missing"
		if n > 0 {
			key = "respond.release.remark_long"
		}
		p := &releasePage{Remark: remark, Problem: i18n.T(v.lang, key, map[string]any{"most": mostRemark})}
		return r.showRelease(c, fiber.StatusUnprocessableEntity, v, p)
	}
	draft := v.Draft
	draft.Language = v.written
	err := r.keepMarked(c, v, draft, wave.Mark{Remark: remark})
	if errors.Is(err, storage.ErrConflict) {
		return r.overtaken(c)
	}
	if err != nil {
		return err
	}
	err = r.letters.TellGivenBack(web.Context(c), v.holder)
	if err != nil && !errors.Is(err, outbox.ErrNoMessage) { // the office's own page says it too
		return fmt.Errorf("tell the office: %w", err)
	}
	return web.SeeOther(c, "/release?returned=yes")
}

func (r *Room) showRelease(c *fiber.Ctx, status int, v visit, p *releasePage) error {
	title, state := "respond.release.none_title", "open"
	switch {
	case v.forward():
		title = "respond.release.title"
		p.Revision, p.Pages = v.Revision, v.reviewPages(nil)
		for i := range p.Pages {
			for j := range p.Pages[i].Questions {
				p.Pages[i].Questions[j].Path = ""
			}
		}
	case v.delivered():
		title, state, p.Released = "respond.release.done_title", "done", true
	}
	p.Page = r.page(v, i18n.T(v.lang, title, nil), state)
	p.Invalid = status == fiber.StatusUnprocessableEntity
	if len(p.Pages) > 0 {
		p.Langs = web.LangButtons("return", v.lang) // so that a remark stays
	}
	p.Returned = p.Returned && !v.forward() && !p.Released
	p.Office, p.Version, p.Most = v.officeName(), v.Questionnaire.Ref(), mostRemark
	p.Correction, p.Closes = v.kept.Spent, v.kept.Window.Closes
	return r.kit.Show(c, status, "respond/release", p)
}
