package office

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// selectionPage is templates/office/selection.html.
type selectionPage struct {
	web.Page
	Fixed    string // the wave's mode where the office has no choice: picked, drawn; or ""
	Mode     string // as typed, or as it is
	Known    bool   // the office has said how it selects
	Firms    string
	Numbered bool
	Problems []field

	Quota   int
	Drawn   []drawnRow
	Out     string // rows that were replaced
	Seed    string
	Reasons []option
	form    string // id of the form that was sent
	MayGo   bool   // nominating is possible now
}

type drawnRow struct {
	Row   int
	Named string // the employer; "" where it is not named yet
}

// Problem is the sentence about a field, or "".
func (p *selectionPage) Problem(name string) string {
	for _, f := range p.Problems {
		if f.Name == name {
			return f.Problem
		}
	}
	return ""
}

// Selection shows how the office selects, or asks it.
func (r *Room) Selection(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	return r.showSelection(c, fiber.StatusOK, v, &selectionPage{})
}

// Select notes how the office selects and out of how many firms; where rows are drawn it draws them.
func (r *Room) Select(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	if _, err := r.inSeason(ctx, v); err != nil {
		return err
	}
	is, err := r.waves.Selecting(ctx, v.Holder)
	if err != nil {
		return err
	}

	p, firms := readSelection(web.Language(c), form, is.Mode)
	p.form = "selection"
	if web.Switches(form) {
		p.Problems = nil
		return r.showSelection(c, fiber.StatusOK, v, p)
	}
	if len(p.Problems) > 0 {
		return r.showSelection(c, fiber.StatusUnprocessableEntity, v, p)
	}

	if err := r.waves.Select(ctx, v.Holder, p.Mode, firms); err != nil {
		return err
	}
	if p.Mode == "drawn" {
		return web.SeeOther(c, "/office/selection")
	}
	return web.SeeOther(c, "/office?done=selected")
}

// readSelection reads the form; where the wave leaves no choice, mode is settled.
func readSelection(lang string, form web.Form, mode string) (*selectionPage, int) {
	p := &selectionPage{Mode: form.First("mode"), Firms: nominate.Plain(form.First("firms")), Numbered: form.First("numbered") == "yes"}
	wrong := func(name, key string) {
		p.Problems = append(p.Problems, field{Name: name, Problem: i18n.T(lang, "office.selection.problem."+key, map[string]any{"max": nominate.MostFirms})})
	}
	if mode != "either" {
		p.Mode = mode
	}
	if p.Mode != "picked" && p.Mode != "drawn" {
		wrong("mode", "mode")
	}
	firms, err := strconv.Atoi(strings.NewReplacer("'", "", "’", "", " ", "").Replace(p.Firms))
	if err != nil || firms < 1 || firms > nominate.MostFirms {
		wrong("firms", "firms")
	}
	if p.Mode == "drawn" && !p.Numbered {
		wrong("numbered", "numbered")
	}
	return p, firms
}

// Exclude leaves a drawn row out.
func (r *Room) Exclude(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	if _, err := r.inSeason(ctx, v); err != nil {
		return err
	}
	row, err := strconv.Atoi(form.First("row"))
	if err != nil {
		return web.ErrForm
	}
	if web.Switches(form) {
		return r.showSelection(c, fiber.StatusOK, v, &selectionPage{form: "leave-" + strconv.Itoa(row)})
	}
	if reason := form.First("reason"); !slices.Contains(nominate.Exclusions, reason) {
		p := &selectionPage{form: "leave-" + strconv.Itoa(row), Problems: []field{{Name: "reason-" + strconv.Itoa(row), Problem: i18n.T(web.Language(c), "office.selection.problem.reason", map[string]any{"row": row})}}}
		return r.showSelection(c, fiber.StatusUnprocessableEntity, v, p)
	}
	if err := r.waves.Exclude(ctx, v.Holder, row, form.First("reason")); err != nil {
		return err
	}
	return web.SeeOther(c, "/office/selection")
}

func (r *Room) showSelection(c *fiber.Ctx, status int, v visit, p *selectionPage) error {
	ctx, lang := web.Context(c), web.Language(c)
	is, err := r.waves.Selecting(ctx, v.Holder)
	if err != nil {
		return err
	}
	mine, err := r.identity.Nominations(ctx, v.Wave.ID, v.ID)
	if err != nil {
		return err
	}
	_, refused := r.inSeason(ctx, v)
	if refused != nil && !errors.Is(refused, ErrOver) && !errors.Is(refused, ErrNotYet) {
		return refused
	}
	if is.Mode != "either" {
		p.Fixed = is.Mode
	}
	if p.Firms == "" && is.Selection.Mode != "" {
		p.Mode, p.Firms = is.Selection.Mode, strconv.Itoa(is.Selection.Firms)
	}
	if is.Selection.Mode != "" {
		p.Fixed, p.Known = is.Selection.Mode, true
	}
	p.MayGo, p.Quota = refused == nil, v.Quota
	p.fillDraw(lang, v, is, mine)
	p.Title, p.Tag, p.Synthetic, p.State = i18n.T(lang, "office.selection.title", nil), v.tag, v.Wave.Synthetic, "open"
	p.SignOutPath = signOut
	p.HomePath, p.Invalid = "/office", len(p.Problems) > 0
	if c.Method() == fiber.MethodPost {
		p.Langs, p.DefaultForm = web.LangButtons(p.form, lang), p.form
	}
	return r.kit.Show(c, status, "office/selection", p)
}

// fillDraw shows what was drawn, and what has become of it.
func (p *selectionPage) fillDraw(lang string, v visit, is wave.Selecting, mine []identity.Nomination) {
	drawn := nominate.DrawnOf(is.Selection, v.Quota, is.Exclusions, mine)
	if drawn == nil {
		return
	}
	named := map[int]string{}
	for _, n := range mine {
		if nominate.Counts(n) {
			named[n.ListRow] = n.Name
		}
	}
	for _, row := range drawn.Rows {
		p.Drawn = append(p.Drawn, drawnRow{Row: row, Named: named[row]})
	}
	var out []string
	for row := range drawn.Out {
		out = append(out, strconv.Itoa(row))
	}
	slices.SortFunc(out, func(a, b string) int { return nominate.Row(a) - nominate.Row(b) })
	p.Out, p.Seed = strings.Join(out, ", "), is.Selection.Seed
	for _, reason := range nominate.Exclusions {
		p.Reasons = append(p.Reasons, option{Value: reason, Label: i18n.T(lang, "office.exclusion."+reason, nil)})
	}
}

// ready asks whether the office may nominate now and has said how it selects, and gives the time; where
// it has not, it is asked first, and ok is false.
func (r *Room) ready(c *fiber.Ctx, v visit) (now time.Time, ok bool, err error) {
	ctx := web.Context(c)
	if now, err = r.inSeason(ctx, v); err != nil {
		return now, false, err
	}
	_, err = r.identity.SelectionOf(ctx, v.ID)
	if errors.Is(err, db.ErrNotFound) {
		return now, false, web.SeeOther(c, "/office/selection")
	}
	return now, err == nil, err
}
