package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/views"
	"rondo/app/web"
	"rondo/questionnaires"
)

type versionsPage struct {
	frame
	Versions  []versionLine
	MayAuthor bool
}

type versionLine struct {
	Version
	URL string
}

// showVersions lists all questionnaires, drafts among them.
func (r *Room) showVersions(c *fiber.Ctx) error {
	all, err := r.Versions.Versions(web.Context(c))
	if err != nil {
		return err
	}

	p := &versionsPage{frame: r.frame(c, say(c, "versions.title")), MayAuthor: may(c, auth.Author)}
	for _, v := range all {
		line := versionLine{v, versionPath(v.Ref)}
		if v.State == "draft" {
			if line.URL = draftPath(v.Ref); !p.MayAuthor {
				continue
			}
		}
		p.Versions = append(p.Versions, line)
	}
	return r.show(c, fiber.StatusOK, "desk/versions", p)
}

type versionPage struct {
	frame
	Ref, Heading, Hash string
	Questions, Pages   int
	Waves              string
	State              string
	MayAuthor          bool
	Compared           *views.Compared
}

// showVersion shows a published version and what changed with it.
func (r *Room) showVersion(c *fiber.Ctx) error {
	v, _, before, err := r.Versions.Published(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	all, err := r.Versions.Versions(web.Context(c))
	if err != nil {
		return err
	}

	q := v.Questionnaire
	p := &versionPage{frame: r.frame(c, say(c, "version.title", "ref", q.Ref())), Ref: q.Ref(), Heading: q.Title.In(web.Language(c)),
		Hash: q.Hash, Questions: len(q.Questions()), Pages: len(q.Pages), MayAuthor: may(c, auth.Author)}
	p.Base = versionPath(q.Ref())
	for _, x := range all {
		if x.Ref == q.Ref() {
			p.State, p.Waves = x.State, strings.Join(x.Waves, ", ")
		}
	}
	if before != nil {
		compared := views.Compare(web.Language(c), before, q, v.Classes)
		p.Compared = &compared
	}
	return r.show(c, fiber.StatusOK, "desk/version", p)
}

// versionFiles gives the folder of a published version as an archive, to be changed and published as the next one.
func (r *Room) versionFiles(c *fiber.Ctx) error {
	v, files, _, err := r.Versions.Published(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	return sendFiles(c, v.Questionnaire, files)
}

func sendFiles(c *fiber.Ctx, q *questionnaires.Questionnaire, files map[string][]byte) error {
	archive, err := questionnaires.Zip(q, files)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+unsafeName.ReplaceAllString(strings.ReplaceAll(q.Ref(), "/", "-"), "-")+`.zip"`)
	return c.Send(archive)
}

// printVersion shows a published version as it looks on paper.
func (r *Room) printVersion(c *fiber.Ctx) error {
	v, _, _, err := r.Versions.Published(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	return r.Print(c, v.Questionnaire)
}

// nextVersion begins a draft as a copy of a published version.
func (r *Room) nextVersion(c *fiber.Ctx) error {
	next, err := r.Versions.NextVersion(web.Context(c), ref(c), auth.Me(c).Email)
	object := next
	if object == "" {
		object = ref(c)
	}
	if err := r.did(c, "questionnaire.draft", object, "from "+ref(c), err); err != nil {
		return err
	}
	return web.SeeOther(c, draftPath(next)+"?done=draft_begun")
}

// ref is the version a request names.
func ref(c *fiber.Ctx) string {
	number := c.Params("version")
	if number == "" {
		number = c.Params("draft")
	}
	return c.Params("key") + "/" + number
}

// versionPath and draftPath are made of a ref, whose parts are words and numbers.
func versionPath(ref string) string { return "/desk/questionnaires/" + ref }

func draftPath(ref string) string { return DraftPath + "/" + ref }
