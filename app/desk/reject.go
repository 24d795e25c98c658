package desk

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// mayReject says whether somebody may end a release that waits: whoever may approve it, and whoever proposed it.
func mayReject(c *fiber.Ctx, release Release) bool {
	return release.State == "proposed" && (may(c, auth.ApproveRelease) || release.ProposedBy == auth.Me(c).Email)
}

// showReject asks for the reason of a rejection.
func (r *Room) showReject(c *fiber.Ctx) error {
	w, release, err := r.release(c)
	if err != nil {
		return err
	}
	if !mayReject(c, release) {
		return web.SeeOther(c, wavePath(w.Label)+"/releases")
	}
	return r.rejection(c, w, release, nil, nil)
}

func (r *Room) rejection(c *fiber.Ctx, w Wave, release Release, form web.Form, problems []Problem) error {
	page := &confirmPage{
		frame: r.waveFrame(c, w, say(c, "releases.reject")), Sentence: say(c, "releases.reject_text"), Final: true,
		Button: say(c, "releases.reject"), Back: wavePath(w.Label) + "/releases",
		Facts:  []fact{{say(c, "releases.file"), release.FileName}, {say(c, "releases.profile"), say(c, "profile."+release.Profile)}},
		Fields: []field{{Name: "reason", Kind: "text", Label: say(c, "nominations.reason"), Auto: "off"}},
	}
	return r.confirm(c, page, form, problems)
}

// reject ends a release that waits for approval; its profile may then be asked for again.
func (r *Room) reject(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, release, err := r.release(c)
	if err != nil {
		return err
	}
	object := w.Label + "/" + release.ID
	if release.State == "proposed" && !mayReject(c, release) {
		return r.did(c, "release.reject", object, "", auth.ErrDenied)
	}
	reason := strings.TrimSpace(form.First("reason"))
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return r.rejection(c, w, release, form, []Problem{{Field: "reason", Key: "release_reason"}})
	}

	err = r.Releases.RejectRelease(web.Context(c), w.Label, release.ID, auth.Me(c).Email, reason)
	if err := r.did(c, "release.reject", object, reason, err); err != nil {
		return err
	}
	return back(c, w.Label, "/releases", "release_rejected")
}
