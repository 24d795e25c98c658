package desk

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// frame is what every page of the desk carries.
type frame struct {
	web.Page
	Me, Role string // of who is signed in; empty at the door
	Done     string // key of the sentence about what was just done
	Mark     string // synthetic or rehearsal, beside the title
	Rooms    []web.NavLink
	Base     string // path of the wave
	Label    string // of the wave

	Errors []web.NavLink // problems, each leading to its field
	Undone *refused      // why nothing was done with what was typed
	fixed  bool          // nothing can be typed here, though its template has a form
}

// afterwards are the sentences that ?done= may ask for; anything else is ignored.
var afterwards = map[string]bool{
	"created": true, "open": true, "close": true, "end": true, "freeze": true, "archive": true, "approved": true, "rejected": true,
	"duplicates": true, "selection": true, "unselected": true, "panel_taken": true,
	"imported": true, "head": true, "corrected": true, "readdressed": true, "link_sent": true,
	"queued": true, "scheduled": true, "cancelled": true, "text_kept": true, "text_usual": true, "tested": true, "paused": true, "resumed": true, "settled": true,
	"correction_proposed": true, "correction_confirm": true, "correction_reject": true,
	"built": true, "release_approved": true, "release_rejected": true,
	"free_begun": true, "free_redact": true, "free_reject": true, "free_reopen": true, "free_release": true, "free_return": true,
	"disabled": true, "factor": true, "factor_off": true, "signed_out": true, "account": true,
	"draft_begun": true, "draft_kept": true, "classified": true, "published": true, "discarded": true,
}

func (r *Room) frame(c *fiber.Ctx, title string) frame {
	me := auth.Me(c)
	f := frame{Me: me.Email, Role: string(me.Role)}
	f.Title, f.Tag, f.Product = title, auth.Tag(c), say(c, "title")
	if done := c.Query("done"); afterwards[done] && c.Method() != fiber.MethodPost {
		f.Done = done
	}
	if me.ID == "" {
		return f
	}
	f.HomePath, f.SignOutPath, f.NavLabel = "/desk", "/desk/sign-out", say(c, "nav.label")
	for _, n := range []struct {
		path, key string
		act       auth.Act
	}{{"/desk", "waves", auth.SeeWaves}, {"/desk/questionnaires", "versions", auth.SeeVersions}, {"/desk/staff", "staff", auth.ManageStaff}, {"/desk/journal", "journal", auth.SeeJournal},
		{"/desk/me", "me", auth.SeeWaves}} {
		if me.Role.May(n.act) {
			f.Nav = append(f.Nav, web.NavLink{URL: n.path, Name: say(c, "nav."+n.key), Current: c.Path() == n.path})
		}
	}
	return f
}

// waveFrame is the frame of a page about one wave, with the links to its other pages.
func (r *Room) waveFrame(c *fiber.Ctx, w Wave, title string) frame {
	f := r.frame(c, title)
	f.Base, f.Label = wavePath(w.Label), w.Label
	f.Synthetic = w.Synthetic
	f.Mark = mark(w)
	for _, n := range []struct {
		path, key string
		act       auth.Act
	}{
		{"", "overview", auth.SeeWaves}, {"/offices", "offices", auth.SeeFieldwork}, {"/employers", "employers", auth.SeeFieldwork},
		{"/nominations", "nominations", auth.SeeFieldwork}, {"/mail", "mail", auth.SeeFieldwork},
		{"/returned", "returned", auth.Invite}, {"/links", "links", auth.Invite},
		{"/discussions", "discussions", auth.SeeDiscussions}, {"/corrections", "corrections", auth.SeeCorrections}, {"/releases", "releases", auth.SeeReleases},
	} {
		if auth.Me(c).Role.May(n.act) {
			f.Rooms = append(f.Rooms, web.NavLink{URL: f.Base + n.path, Name: say(c, "nav."+n.key), Current: c.Path() == f.Base+n.path})
		}
	}
	return f
}

func mark(w Wave) string {
	switch {
	case w.Rehearsal:
		return "rehearsal"
	case w.Synthetic:
		return "synthetic"
	}
	return ""
}

func wavePath(label string) string { return "/desk/waves/" + url.PathEscape(label) }

// years writes reference years: "2015" or "2015–2018".
func years(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return fmt.Sprintf("%d–%d", from, to)
}

// wave fetches the wave a request names.
func (r *Room) wave(c *fiber.Ctx) (Wave, error) {
	return r.Waves.Wave(web.Context(c), c.Params("label"))
}

// population finds the population a request names in its wave.
func population(c *fiber.Ctx, w Wave) (Population, error) {
	for _, p := range w.Populations {
		if p.Name == c.Params("population") {
			return p, nil
		}
	}
	return Population{}, web.ErrUnknown
}

func may(c *fiber.Ctx, act auth.Act) bool { return auth.Me(c).Role.May(act) }

// back sends the browser to a page of the wave with a sentence about what was done.
func back(c *fiber.Ctx, label, page, done string) error {
	return web.SeeOther(c, wavePath(label)+page+"?done="+done)
}
