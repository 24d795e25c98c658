package desk

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// mostReason is how long a written reason may be, in characters.
const mostReason = 500

// patience bounds a search that somebody watches.
const patience = 30 * time.Minute

// wanted is the bundle that a form asks for.
type wanted struct{ label, population, profile, reason string }

func (w wanted) object() string { return fmt.Sprintf("%s/%s/%s", w.label, w.population, w.profile) }

// leaves says whether a dataset has left the house, or may; texts carry no key that a record could be found by.
func leaves(release Release) bool {
	return release.Profile != "freetext" && (release.State == "proposed" || release.State == "approved")
}

// reasonField asks why the same answers are released once more.
func reasonField(c *fiber.Ctx, sometimes bool) field {
	return field{Name: "reason", Kind: "text", Label: say(c, "releases.reason"), Hint: say(c, "releases.reason_hint"), Auto: "off", Sometimes: sometimes}
}

// build asks for a bundle, or for its preview, from the list of bundles.
func (r *Room) build(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	order := wanted{w.Label, form.First("population"), form.First("profile"), strings.TrimSpace(form.First("reason"))}
	var problems []Problem
	if !slices.ContainsFunc(w.Populations, func(p Population) bool { return p.Name == order.population && p.State == "closed" }) {
		problems = append(problems, Problem{Field: "population", Key: "unknown"})
	}
	if !slices.Contains(profiles, order.profile) {
		problems = append(problems, Problem{Field: "profile", Key: "unknown"})
	}
	if len(problems) > 0 {
		return r.releases(c, w, form, problems)
	}
	if form.First("do") == "preview" && order.reason != "" { // which is asked for there, too
		c.Locals(localTyped, web.Form{"reason": form["reason"]})
		from := w.Populations[slices.IndexFunc(w.Populations, func(p Population) bool { return p.Name == order.population })]
		return r.preview(c, w, from, order.profile, nil, nil)
	}
	if form.First("do") == "preview" {
		return web.SeeOther(c, wavePath(w.Label)+"/releases/preview/"+order.population+"/"+order.profile)
	}
	return r.order(c, w, order, func(problems []Problem) error { return r.releases(c, w, form, problems) })
}

// buildPreviewed asks for the bundle whose preview was just read.
func (r *Room) buildPreviewed(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	from, err := population(c, w)
	if err != nil {
		return err
	}
	order := wanted{w.Label, from.Name, c.Params("profile"), strings.TrimSpace(form.First("reason"))}
	if !slices.Contains(profiles, order.profile) || from.State != "closed" {
		return web.ErrUnknown
	}
	return r.order(c, w, order, func(problems []Problem) error { return r.preview(c, w, from, order.profile, form, problems) })
}

// order builds a bundle: within the request, in at most a minute, or while somebody watches.
func (r *Room) order(c *fiber.Ctx, w Wave, order wanted, again func([]Problem) error) error {
	if order.profile == "internal" && !may(c, auth.DownloadInside) {
		return auth.ErrDenied
	}
	ahead, err := r.Releases.ReleaseAhead(web.Context(c), order.label, order.population, order.profile)
	if err != nil {
		return err
	}
	further := len(ahead.Earlier) > 0
	if further && (order.reason == "" || utf8.RuneCountInString(order.reason) > mostReason) {
		return again([]Problem{{Field: "reason", Key: "again"}})
	}
	if !further {
		order.reason = ""
	}
	if ahead.Long {
		return r.orderLong(c, w, order)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	release, err := r.Releases.BuildRelease(ctx, order.label, order.population, order.profile, auth.Me(c).Email, order.reason, nil)
	if err := r.did(c, "release.build", order.object(), builtDetail(release, order), err); err != nil {
		return err
	}
	return back(c, w.Label, "/releases", "built")
}

// builtDetail is what the journal keeps of a bundle that was built.
func builtDetail(release Release, order wanted) string {
	if order.reason == "" {
		return release.SHA256
	}
	return release.SHA256 + " (" + order.reason + ")"
}

type searchingPage struct {
	frame
	Action string // of the form that is there first; "": the address of the page
	Lead   string
	Stop   string // where the link leads that ends the search
	Held   []web.KeptField
	Back   bool // by a button, where the search fails
}

// searching is a page that is there before its form is: held is what stands in that form, so that it stays when somebody changes
// the language in the middle.
func (r *Room) searching(c *fiber.Ctx, w Wave, title, lead string, held []web.KeptField) *searchingPage {
	p := &searchingPage{frame: r.waveFrame(c, w, title), Lead: say(c, lead), Stop: wavePath(w.Label) + "/releases", Held: held}
	if len(held) > 0 {
		p.DefaultForm, p.Langs = typedForm, web.LangButtons(typedForm, web.Language(c))
	}
	return p
}

// orderLong builds a bundle while somebody watches; when they leave, nothing is kept.
func (r *Room) orderLong(c *fiber.Ctx, w Wave, order wanted) error {
	lang, who, next := web.Language(c), auth.Me(c).Email, wavePath(w.Label)+"/releases?done=built"
	posted := web.Copy(web.ReadForm(c), Reading(c))
	page := r.searching(c, w, say(c, "releases.new"), "preview.building", append(posted.Hidden, posted.Typed...))
	page.Back = len(posted.Typed) > 0
	return r.Kit.Stream(c, "desk/searching", page, func(ctx context.Context, tell func(template.HTML)) (template.HTML, error) {
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		release, err := r.Releases.BuildRelease(limited, order.label, order.population, order.profile, who, order.reason, telling(lang, tell))
		detail := builtDetail(release, order)
		if err != nil {
			detail = "refused"
		}
		// The journal is written even where whoever asked has gone.
		noting, stop := context.WithTimeout(context.WithoutCancel(ctx), long)
		defer stop()
		if noteErr := r.Journal.Note(noting, who, "release.build", order.object(), detail); err == nil && noteErr != nil {
			err = noteErr
		}
		return piece(lang, "desk/built", next), err
	})
}

// telling shows how far a search is.
func telling(lang string, tell func(template.HTML)) Tell {
	return func(doing string, done, all int) {
		tell(piece(lang, "desk/looking", map[string]any{"Doing": doing, "Done": done, "All": all}))
	}
}
