package office

import (
	"encoding/csv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/web"
)

type listPage struct {
	web.Page
	Pasted  string
	Problem string // why nothing could be read
	Lines   []line
	Refused int
	Good    int
	Keep    string // the list once more, to be confirmed; "" when it may not be kept
}

type line struct {
	Number           int
	Name, Town, Mail string
	Size, Branch     string
	Sentence         string
	Good             bool
}

// List shows the form for a list.
func (r *Room) List(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	if err := r.inSeason(web.Context(c), v); err != nil {
		return err
	}
	return r.showList(c, fiber.StatusOK, v, &listPage{})
}

// CheckList shows the verdict on each line of a pasted list or a file, or,
// when the list was shown and confirmed (_go=keep), keeps it whole.
func (r *Room) CheckList(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	if err := r.inSeason(ctx, v); err != nil {
		return err
	}
	raw, err := posted(c, form)
	if err != nil {
		return err
	}
	lang, page := web.Language(c), &listPage{Pasted: form.First("list")}
	if len(raw) == 0 && web.Switches(form) {
		return r.showList(c, fiber.StatusOK, v, page)
	}
	if len(raw) == 0 {
		page.Problem = i18n.T(lang, "office.list.nothing", nil)
		return r.showList(c, fiber.StatusUnprocessableEntity, v, page)
	}
	list, verdicts, err := nominate.ReadEmployers(raw, v.Code)
	if sentence, ok := nominate.FileSentence(err, lang); ok {
		page.Problem = sentence
		return r.showList(c, fiber.StatusUnprocessableEntity, v, page)
	}
	if err != nil {
		return err
	}
	if form.First("_go") == "keep" && !web.Switches(form) {
		return r.keepList(c, v, list, verdicts)
	}
	f, err := frame(ctx, r.identity, v)
	if err != nil {
		return err
	}
	return r.showVerdicts(c, v, page, list, nominate.Decide(list, verdicts, f))
}

// keepList decides once more, together with keeping: the wave may have moved on
// since the list was shown.
func (r *Room) keepList(c *fiber.Ctx, v visit, list []nominate.Employer, read []nominate.Verdict) error {
	var verdicts []nominate.Verdict
	kept, err := r.keep(web.Context(c), v, func(f nominate.Frame) []nominate.Employer {
		if verdicts = nominate.Decide(list, read, f); !nominate.AllGood(verdicts) {
			return nil
		}
		return list
	})
	if err != nil {
		return err
	}
	if kept == 0 {
		return r.showVerdicts(c, v, &listPage{Pasted: written(list)}, list, verdicts)
	}
	return web.SeeOther(c, "/office?done=listed&n="+itoa(kept))
}

// posted gives the file if one was chosen, else what was pasted.
func posted(c *fiber.Ctx, form web.Form) ([]byte, error) {
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		_, file, err := web.Upload(c, "file", nominate.LargestFile)
		if err != nil || len(file) > 0 {
			return file, err
		}
	}
	return []byte(strings.TrimSpace(form.First("list"))), nil
}

func (r *Room) showVerdicts(c *fiber.Ctx, v visit, page *listPage, list []nominate.Employer, verdicts []nominate.Verdict) error {
	lang := web.Language(c)
	sizes, branches := labels(lang, "e_size", nominate.Sizes), labels(lang, "e_branch", nominate.Branches)
	for i, verdict := range verdicts {
		e := list[i]
		page.Lines = append(page.Lines, line{
			Number: verdict.Line, Name: e.Name, Town: e.Town, Mail: e.Email, Size: sizes(e.Size), Branch: branches(e.Branch),
			Sentence: verdict.Sentence(lang), Good: verdict.Good(),
		})
		if verdict.Good() {
			page.Good++
		} else {
			page.Refused++
		}
	}
	status := fiber.StatusUnprocessableEntity
	if page.Refused == 0 {
		status, page.Keep = fiber.StatusOK, written(list)
	}
	return r.showList(c, status, v, page)
}

func (r *Room) showList(c *fiber.Ctx, status int, v visit, page *listPage) error {
	lang := web.Language(c)
	page.Title, page.Tag, page.Synthetic, page.State = i18n.T(lang, "office.list.title", nil), v.tag, v.Wave.Synthetic, "open"
	page.HomePath, page.Invalid = "/office", page.Problem != "" || page.Refused > 0
	page.Langs = web.LangButtons("lines", lang)
	if page.Keep != "" {
		page.Langs = web.LangButtons("keep", lang)
	}
	return r.kit.Show(c, status, "office/list", page)
}

// labels gives a function from codes to words; what is no code stays as it is.
func labels(lang, question string, wanted []string) func(string) string {
	words := map[string]string{}
	for _, o := range codes(lang, question, wanted, "") {
		words[o.Value] = o.Label
	}
	return func(code string) string {
		if word := words[code]; word != "" {
			return word
		}
		return code
	}
}

// written writes an understood list the way ReadEmployers reads it.
func written(list []nominate.Employer) string {
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"name", "email", "language", "size", "branch", "town"}) // a strings.Builder takes everything
	for _, e := range list {
		_ = w.Write([]string{e.Name, e.Email, e.Language, e.Size, e.Branch, e.Town})
	}
	w.Flush()
	return out.String()
}
