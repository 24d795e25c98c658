package office

import (
	"cmp"
	"encoding/csv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/web"
)

type listPage struct {
	web.Page
	Pasted  string
	Rows    string // drawn rows that are open; "" where the office picks
	Problem string // why nothing could be read
	Lines   []line
	Told    bool // the list says when employers were told
	Refused int
	Good    int
	Keep    string // the list once more, to be confirmed; "" when it may not be kept
	Letters []letters
}

// letters are the NOGA letters of a branch, which hardly anybody knows by heart.
type letters struct{ Of, Branch string }

func lettersIn(lang string) []letters {
	var all []letters
	for _, o := range codes(lang, "e_branch", nominate.Branches, "") {
		all = append(all, letters{strings.Join(strings.Split(strings.ToUpper(o.Value), ""), "–"), o.Label})
	}
	return all
}

type line struct {
	Number           int
	Name, Town, Mail string
	Language         string
	Size, Branch     string
	Row, Told        string
	Sentence         string
	Good             bool
}

// List shows the form for a list.
func (r *Room) List(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	ctx := web.Context(c)
	now, ok, err := r.ready(c, v)
	if err != nil || !ok {
		return err
	}
	f, _, err := r.frame(ctx, r.identity, v, now)
	if err != nil {
		return err
	}
	return r.showList(c, fiber.StatusOK, v, &listPage{Rows: openRows(f.Drawn)})
}

// CheckList shows the verdict on each line of a pasted list or a file, or,
// when the list was shown and confirmed (_go=keep), keeps it whole.
func (r *Room) CheckList(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	now, ok, err := r.ready(c, v)
	if err != nil || !ok {
		return err
	}
	f, _, err := r.frame(ctx, r.identity, v, now)
	if err != nil {
		return err
	}
	raw, err := posted(c, form)
	if err != nil {
		return err
	}
	lang, page := web.Language(c), &listPage{Pasted: form.First("list"), Rows: openRows(f.Drawn)}
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
		return r.keepList(c, v, now, list, verdicts)
	}
	return r.showVerdicts(c, v, page, list, nominate.Decide(list, verdicts, f))
}

// keepList decides once more, together with keeping: the wave may have moved on
// since the list was shown.
func (r *Room) keepList(c *fiber.Ctx, v visit, now time.Time, list []nominate.Employer, read []nominate.Verdict) error {
	var verdicts []nominate.Verdict
	kept, err := r.keep(web.Context(c), v, now, func(f nominate.Frame) []nominate.Employer {
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
	list := form.First("list")
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	return []byte(list), nil // as it is: a tab at its start is an empty first column
}

func (r *Room) showVerdicts(c *fiber.Ctx, v visit, page *listPage, list []nominate.Employer, verdicts []nominate.Verdict) error {
	lang := web.Language(c)
	sizes, branches := labels(lang, "e_size", nominate.Sizes), labels(lang, "e_branch", nominate.Branches)
	for i, verdict := range verdicts {
		e := list[i]
		page.Lines = append(page.Lines, line{
			Number: verdict.Line, Row: zero(e.Row), Told: cmp.Or(day(lang, e.Told), e.Told), Name: e.Name, Town: e.Town, Mail: e.Email,
			Language: cmp.Or(web.Names[e.Language], e.Language), Size: sizes(e.Size), Branch: branches(e.Branch),
			Sentence: verdict.Sentence(lang), Good: verdict.Good(),
		})
		page.Told = page.Told || e.Told != ""
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
	page.SignOutPath, page.Letters = signOut, lettersIn(lang)
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
	_ = w.Write([]string{"row", "name", "email", "language", "size", "branch", "town", "told"}) // a strings.Builder takes everything
	for _, e := range list {
		_ = w.Write([]string{zero(e.Row), e.Name, e.Email, e.Language, e.Size, e.Branch, e.Town, e.Told})
	}
	w.Flush()
	return out.String()
}

// zero writes the number of a row, or nothing where there is none.
func zero(row int) string {
	if row == 0 {
		return ""
	}
	return itoa(row)
}

// openRows names the drawn rows that are still open.
func openRows(drawn *nominate.Drawn) string {
	if drawn == nil {
		return ""
	}
	var all []string
	for _, o := range rows(drawn, 0) {
		all = append(all, o.Label)
	}
	return strings.Join(all, ", ")
}
