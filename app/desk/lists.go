package desk

import (
	"encoding/base64"
	"errors"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

const maxList = 2 << 20 // bytes of a list

type listPage struct {
	frame
	Population, Problem, Back string
}

type verdictsPage struct {
	frame
	Population string
	Lines      []Verdict
	Refused    bool
	MayKeep    bool
	FileName   string
	Content    string // the upload itself, to be posted again
}

// showList asks for a file.
func (r *Room) showList(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.listForm(c, fiber.StatusOK, w, "")
}

func (r *Room) listForm(c *fiber.Ctx, status int, w Wave, problem string) error {
	population := c.Params("population")
	if !listable(population) {
		return web.ErrUnknown
	}
	p := &listPage{frame: r.waveFrame(c, w, say(c, "list.title."+population)), Population: population, Back: wavePath(w.Label) + roomOf(population)}
	p.Invalid = problem != ""
	if problem != "" {
		p.Problem = say(c, "problem."+problem)
	}
	return r.Kit.Show(c, status, "desk/list", p)
}

// checkList reads the file and shows the verdict on each line; it keeps nothing.
func (r *Room) checkList(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	name, content, err := web.Upload(c, "file", maxList)
	if errors.Is(err, web.ErrTooLarge) {
		return r.listForm(c, fiber.StatusUnprocessableEntity, w, "file_too_large")
	}
	if err != nil {
		return err
	}
	if name == "" {
		return r.listForm(c, fiber.StatusUnprocessableEntity, w, "no_file")
	}
	population := c.Params("population")
	if !listable(population) {
		return web.ErrUnknown
	}

	ctx, cancel := longContext(c)
	defer cancel()
	verdicts, err := r.Lists.CheckList(ctx, web.Language(c), w.Label, population, name, content)
	if err != nil {
		return err
	}
	return r.verdicts(c, w, verdicts, name, content)
}

// keepList keeps the list whose verdicts were just shown, after checking it once more.
func (r *Room) keepList(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	population, name := c.Params("population"), form.First("name")
	if !listable(population) {
		return web.ErrUnknown
	}
	content, err := base64.StdEncoding.DecodeString(form.First("content"))
	if err != nil || len(content) == 0 || len(content) > maxList {
		return web.ErrForm
	}

	ctx, cancel := longContext(c)
	defer cancel()
	verdicts, err := r.Lists.ImportList(ctx, web.Language(c), w.Label, population, name, content)
	if err == nil && verdicts.Refused > 0 {
		return r.verdicts(c, w, verdicts, name, content)
	}
	if err := r.did(c, "list.import", w.Label+"/"+population, itoa(verdicts.Kept), err); err != nil {
		return err
	}
	return back(c, w.Label, roomOf(population), "imported")
}

func (r *Room) verdicts(c *fiber.Ctx, w Wave, v Verdicts, name string, content []byte) error {
	population := c.Params("population")
	p := &verdictsPage{frame: r.waveFrame(c, w, say(c, "list.title."+population)), Population: population, Lines: v.Lines,
		Refused: v.Refused > 0, MayKeep: v.Refused == 0 && v.Good > 0}
	if p.MayKeep {
		p.FileName, p.Content = name, base64.StdEncoding.EncodeToString(content)
	}
	status := fiber.StatusOK
	if p.Refused {
		p.Invalid, status = true, fiber.StatusUnprocessableEntity
	}
	return r.Kit.Show(c, status, "desk/verdicts", p)
}

func listable(population string) bool { return population == "office" || population == "employer" }

func roomOf(population string) string { return "/" + population + "s" }
