package desk

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
	"rondo/storage/staff"
)

var profiles = []string{"internal", "scientific", "public"}

type releasesPage struct {
	frame
	Releases []releaseLine
	MayBuild bool
	Fields   []field
}

type releaseLine struct {
	Release
	MayDownload, MayApprove, MayReject, Own bool
	Look                                    string // where to see what is to be approved
}

// showReleases lists the bundles of a wave and offers to build one.
func (r *Room) showReleases(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.releases(c, w, nil, nil)
}

func (r *Room) releases(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	list, err := r.Releases.Releases(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &releasesPage{frame: r.waveFrame(c, w, say(c, "releases.title", "label", w.Label)), MayBuild: may(c, auth.BuildRelease)}
	for _, release := range list {
		own := release.ProposedBy == auth.Me(c).Email
		p.Releases = append(p.Releases, releaseLine{
			Release:     release,
			MayDownload: mayDownload(c, release) && (release.State != "internal" || w.State != "archived"), // it went with the answers
			MayApprove:  release.State == "proposed" && may(c, auth.ApproveRelease) && !own,
			MayReject:   mayReject(c, release),
			Own:         release.State == "proposed" && own,
			Look:        look(p.Base, release),
		})
	}
	status, fields := fiber.StatusOK, buildFields(c, w)
	if len(fields) > 0 && slices.ContainsFunc(list, leaves) {
		fields = append(fields, reasonField(c, true))
	}
	if p.Fields = fill(c, fields, form, problems); len(problems) > 0 {
		p.Invalid, status = true, fiber.StatusUnprocessableEntity
	}
	p.fixed = len(fields) == 0 || !p.MayBuild
	return r.show(c, status, "desk/releases", p)
}

// look is where somebody sees what is in a release before approving it.
func look(base string, release Release) string {
	if release.Profile == "freetext" {
		return base + textsPath + "/" + release.Variable
	}
	return base + "/releases/preview/" + release.Population + "/" + release.Profile
}

// buildFields are the choices of a new bundle: closed populations and all profiles; none while nothing is closed.
func buildFields(c *fiber.Ctx, w Wave) []field {
	from := field{Name: "population", Kind: "select", Label: say(c, "releases.population")}
	for _, p := range w.Populations {
		if p.State == "closed" {
			from.Options = append(from.Options, option{Value: p.Name, Label: say(c, "population."+p.Name)})
		}
	}
	if len(from.Options) == 0 || w.State == "archived" {
		return nil
	}
	profile := field{Name: "profile", Kind: "select", Label: say(c, "releases.profile")}
	for _, name := range profiles {
		profile.Options = append(profile.Options, option{Value: name, Label: say(c, "profile."+name)})
	}
	return []field{from, profile}
}

func mayDownload(c *fiber.Ctx, release Release) bool {
	switch release.State {
	case "approved":
		return may(c, auth.DownloadRelease)
	case "internal":
		return may(c, auth.DownloadInside)
	}
	return false
}

// release finds the bundle a request names under its wave.
func (r *Room) release(c *fiber.Ctx) (Wave, Release, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, Release{}, err
	}
	list, err := r.Releases.Releases(web.Context(c), w.Label)
	if err != nil {
		return w, Release{}, err
	}
	for _, release := range list {
		if release.ID == c.Params("id") {
			return w, release, nil
		}
	}
	return w, Release{}, web.ErrUnknown
}

// showApprove says what the second person confirms.
func (r *Room) showApprove(c *fiber.Ctx) error {
	w, release, err := r.release(c)
	if err != nil {
		return err
	}
	if release.State != "proposed" || release.ProposedBy == auth.Me(c).Email {
		return web.SeeOther(c, wavePath(w.Label)+"/releases")
	}
	page := &confirmPage{frame: r.waveFrame(c, w, say(c, "releases.approve")), Sentence: say(c, "releases.approve_text"), Final: true,
		Button: say(c, "releases.approve"), Back: wavePath(w.Label) + "/releases", Facts: []fact{
			{say(c, "releases.file"), release.FileName}, {"SHA-256", release.SHA256},
			{say(c, "releases.profile"), say(c, "profile."+release.Profile)}, {say(c, "releases.rows"), itoa(release.Rows)}}}
	if release.Again != "" {
		page.Facts = append(page.Facts, fact{say(c, "releases.again"), release.Again})
	}
	return r.confirm(c, page, nil, nil)
}

// approve lets a bundle leave the house, by a person other than the one who built it.
func (r *Room) approve(c *fiber.Ctx) error {
	w, release, err := r.release(c)
	if err != nil {
		return err
	}
	me := auth.Me(c)
	object := w.Label + "/" + release.ID
	if release.ProposedBy == me.Email {
		return r.did(c, "release.approve", object, "", staff.ErrOwn)
	}

	err = r.Releases.ApproveRelease(web.Context(c), w.Label, release.ID, me.Email)
	if err := r.did(c, "release.approve", object, release.SHA256, err); err != nil {
		return err
	}
	return back(c, w.Label, "/releases", "release_approved")
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// download gives the bundle away, after the journal has it.
func (r *Room) download(c *fiber.Ctx) error {
	w, release, err := r.release(c)
	if err != nil {
		return err
	}
	object := w.Label + "/" + release.ID
	if !mayDownload(c, release) {
		return auth.ErrDenied
	}

	var bundle bytes.Buffer
	ctx, cancel := longContext(c)
	defer cancel()
	err = r.Releases.ReleaseParts(ctx, w.Label, release.ID, func(part []byte) error {
		bundle.Write(part)
		return nil
	})
	if err := r.did(c, "release.download", object, release.SHA256, err); err != nil {
		return err
	}
	kind := "application/zip"
	if strings.HasSuffix(release.FileName, ".csv") {
		kind = "text/csv; charset=utf-8"
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+unsafeName.ReplaceAllString(release.FileName, "-")+`"`)
	return c.Send(bundle.Bytes())
}
