package desk

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/views"
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
	More       string // how many lines are not shown
	FileName   string
	Content    string // the upload itself, to be posted again: to be kept, or to be shown in another language
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
		wrong(c, "file", p.Problem)
	}
	return r.show(c, status, "desk/list", p)
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
	if !listable(c.Params("population")) {
		return web.ErrUnknown
	}
	return r.judgeList(c, w, name, content)
}

// judgeList shows the verdict on each line of a list.
func (r *Room) judgeList(c *fiber.Ctx, w Wave, name string, content []byte) error {
	ctx, cancel := longContext(c)
	defer cancel()
	verdicts, err := r.Lists.CheckList(ctx, web.Language(c), w.Label, c.Params("population"), name, content)
	if err != nil {
		return err
	}
	return r.verdicts(c, w, verdicts, name, content)
}

// showVerdicts shows the verdicts on a list once more, in another language.
func (r *Room) showVerdicts(c *fiber.Ctx) error {
	form := typedIn(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	content, err := postedList(c, form)
	if err != nil {
		return err
	}
	return r.judgeList(c, w, form.First("name"), content)
}

// postedList is the list that the page of its verdicts has posted again.
func postedList(c *fiber.Ctx, form web.Form) ([]byte, error) {
	if !listable(c.Params("population")) {
		return nil, web.ErrUnknown
	}
	content, err := base64.StdEncoding.DecodeString(form.First("content"))
	if err != nil || len(content) == 0 || len(content) > maxList {
		return nil, web.ErrForm
	}
	return content, nil
}

// keepList keeps the list whose verdicts were just shown, after checking it once more.
func (r *Room) keepList(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	population, name := c.Params("population"), form.First("name")
	content, err := postedList(c, form)
	if err != nil {
		return err
	}

	if len(content) >= longList {
		return r.keepLong(c, w, population, name, content)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	verdicts, err := r.Lists.ImportList(ctx, web.Language(c), w.Label, population, name, content, nil)
	if err == nil && verdicts.Refused > 0 {
		return r.verdicts(c, w, verdicts, name, content)
	}
	if err := r.did(c, "list.import", w.Label+"/"+population, itoa(verdicts.Kept), err); err != nil {
		return err
	}
	return back(c, w.Label, roomOf(population), "imported")
}

// longList is from how many bytes on a list is worth watching; a thousand lines have as many.
const longList = 64 << 10

// keepLong does the same and shows how far it is.
func (r *Room) keepLong(c *fiber.Ctx, w Wave, population, name string, content []byte) error {
	p := &listPage{frame: r.waveFrame(c, w, say(c, "list.title."+population)), Population: population}
	lang, who, label := web.Language(c), auth.Me(c).Email, w.Label
	again, next := UploadPath+"/"+url.PathEscape(label)+"/"+population, wavePath(label)+roomOf(population)
	return r.Kit.Stream(c, "desk/importing", p, func(ctx context.Context, tell func(template.HTML)) (template.HTML, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long) // a list once confirmed is kept, whoever has gone
		defer cancel()
		v, err := r.Lists.ImportList(ctx, lang, label, population, name, content, func(doing string, done, all int) {
			tell(piece(lang, "desk/step", map[string]any{"Doing": doing, "Done": done, "All": all}))
		})
		detail := itoa(v.Kept)
		if err != nil || v.Refused > 0 {
			detail = "refused"
		}
		if noteErr := r.Journal.Note(ctx, who, "list.import", label+"/"+population, detail); err == nil && noteErr != nil {
			err = noteErr
		}
		return piece(lang, "desk/taken", map[string]any{"Refused": v.Refused > 0, "Kept": v.Kept, "Again": again, "Next": next}), err
	})
}

// piece is a part of a page.
func piece(lang, name string, data any) template.HTML {
	var b bytes.Buffer
	if err := views.Render(&b, lang, name, data); err != nil {
		panic(err) // a template of ours that does not fit its data
	}
	return template.HTML(b.String()) //nolint:gosec // html/template wrote it
}

// shown is how many lines of a list a page shows: the first, and those with something to say.
const (
	shownFirst = 20
	shownMost  = 200
)

// worthShowing are the lines of a long list that people look at, and how many are left out.
func worthShowing(lines []Verdict) (some []Verdict, left int) {
	for i, l := range lines {
		if i < shownFirst || l.Sentence != "" && len(some) < shownMost {
			some = append(some, l)
		}
	}
	return some, len(lines) - len(some)
}

func (r *Room) verdicts(c *fiber.Ctx, w Wave, v Verdicts, name string, content []byte) error {
	population := c.Params("population")
	p := &verdictsPage{frame: r.waveFrame(c, w, say(c, "list.title."+population)), Population: population,
		Refused: v.Refused > 0, MayKeep: v.Refused == 0 && v.Good > 0}
	var left int
	if p.Lines, left = worthShowing(v.Lines); left > 0 {
		p.More = say(c, "list.more", "shown", len(p.Lines), "all", v.All)
	}
	p.FileName, p.Content = name, base64.StdEncoding.EncodeToString(content)
	status := fiber.StatusOK
	if p.Refused {
		p.Invalid, status = true, fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/verdicts", p)
}

func listable(population string) bool { return population == "office" || population == "employer" }

func roomOf(population string) string { return "/" + population + "s" }
