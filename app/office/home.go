package office

import (
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/app/nominate"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage/identity"
)

// homePage is what an office sees first.
type homePage struct {
	web.Page
	Done        string // sentence about what was just done
	Standing    string // of the questionnaire
	Questions   string // until when it may answer, or that it is over
	MayAnswer   bool
	MayPass     bool   // on to a colleague
	Own         bool   // its answers may be looked at
	Places      string // how many of how many
	Season      string // until when it may nominate, or why it may not
	MayNominate bool
	MayChange   bool
	Selecting   string // how it selects, or that it has to say so
	Drawn       bool
	Nominations []nominated
	Head        *headCard // nil: nobody releases
	Returned    string    // how many invitations did not arrive; "" when all did
}

type nominated struct {
	ID, Name, Town, Masked, State, Reason string
	Row, Told                             string
	MayChange                             bool // until its employer is invited
}

// Home shows the state of the questionnaire and the nominations.
func (r *Room) Home(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	return r.showHome(c, fiber.StatusOK, v, nil)
}

func (r *Room) showHome(c *fiber.Ctx, status int, v visit, head *headCard) error {
	ctx := web.Context(c)
	state, now, err := r.waves.OfficeState(ctx, v.Holder)
	if err != nil {
		return err
	}
	room, err := r.identity.OfficeRoom(ctx, v.Wave.ID, v.ID)
	if err != nil {
		return err
	}
	mine, err := r.identity.OwnNominations(ctx, v.Wave.ID, v.ID)
	if err != nil {
		return err
	}

	lang, s := web.Language(c), seasonOf(v.Population, room.Employers, now)
	p := &homePage{Standing: state, Done: done(lang, c.Query("done"), c.Query("n"))}
	p.Title, p.Tag, p.Synthetic = v.name(lang), v.tag, v.Wave.Synthetic
	p.SignOutPath = signOut
	p.State = map[bool]string{true: "done", false: "open"}[state == "submitted"]
	switch {
	case v.Population.State == "closed" || !now.Before(v.Population.Closes):
		p.Questions, p.State = i18n.T(lang, "office.home.ended", nil), "closed"
	case v.Population.State == "planned" || now.Before(v.Population.Opens):
		p.Questions = i18n.T(lang, "office.home.opens", map[string]any{"date": i18n.Date(lang, v.Population.Opens)})
	default:
		p.MayAnswer, p.MayPass = true, true
		p.Questions = i18n.T(lang, "office.home.until", map[string]any{"date": i18n.DateTime(lang, v.Population.Closes)})
	}
	p.Own = state == "submitted" && len(v.Population.LinkSalt) > 0
	p.fillNominations(lang, v, s, mine)
	p.fillSelection(lang, v, wave.SelectingOf(room), mine)
	p.fillHead(c, v, head)
	if room.Unreached > 0 {
		p.Returned = i18n.N(lang, "office.home.returned", room.Unreached, nil)
	}
	return r.kit.Show(c, status, "office/home", p)
}

// EmployerQuestionnaire shows what the companies that are proposed will be asked.
func (r *Room) EmployerQuestionnaire(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	return r.print(c, v.Holder)
}

func (p *homePage) fillNominations(lang string, v visit, s season, mine []identity.OwnNomination) {
	named := 0
	for _, own := range mine {
		n := own.Nomination
		if nominate.Counts(n) {
			named++
		}
		one := nominated{
			ID: n.ID, Name: n.Name, Town: n.Town, Masked: mail.Masked(n.Email), State: shownState(n), Row: zero(n.ListRow), Told: day(lang, n.ToldOn),
			MayChange: nominate.Counts(n) && s.refused() == nil && !own.Invited,
		}
		if n.State == "rejected" {
			one.Reason = n.Reason
		}
		p.Nominations = append(p.Nominations, one)
		p.MayChange = p.MayChange || one.MayChange
	}
	key, quota := "office.home.count_free", v.Quota
	if quota > 0 {
		key = "office.home.count"
	}
	p.Places = i18n.T(lang, key, map[string]any{"named": named, "quota": quota})
	date := map[string]any{"date": i18n.DateTime(lang, s.last)}
	switch {
	case s.over:
		p.Season = i18n.T(lang, "office.home.over", date)
	case !s.begun:
		p.Season = i18n.T(lang, "office.home.not_yet", nil)
	case quota > 0 && named >= quota:
		p.Season = i18n.T(lang, "office.home.full", nil) + " " + i18n.T(lang, "office.home.open_until", date)
	default:
		p.MayNominate = true
		p.Season = i18n.T(lang, "office.home.open_until", date)
	}
}

// shownState is the state of a nomination as its office may see it: that another office proposed the
// same employer, or that it wants no messages, is none of the office's business and looks the same.
func shownState(n identity.Nomination) string {
	if n.State == "duplicate" || n.State == "stopped" {
		return "elsewhere"
	}
	return n.State
}

// fillSelection says how the office selects.
func (p *homePage) fillSelection(lang string, v visit, is wave.Selecting, mine []identity.OwnNomination) {
	key, args := "office.home.selecting.unknown", map[string]any{"firms": i18n.Number(lang, float64(is.Selection.Firms))}
	if is.Selection.Mode != "" {
		key = "office.home.selecting." + is.Selection.Mode
	}
	plain := make([]identity.Nomination, len(mine))
	for i, n := range mine {
		plain[i] = n.Nomination
	}
	if drawn := nominate.DrawnOf(is.Selection, v.Quota, is.Exclusions, plain); drawn != nil {
		p.Drawn, args["rows"], args["open"] = true, len(drawn.Rows), len(drawn.Open)
	}
	p.Selecting = i18n.T(lang, key, args)
}

// day writes a day of a nomination as a date; "" stays "".
func day(lang, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	return i18n.Date(lang, t.Add(12*time.Hour))
}

func (v visit) name(lang string) string {
	if name := v.Names[lang]; name != "" {
		return name
	}
	return v.Name
}

// done says in words what a redirect says in its address.
func done(lang, what, n string) string {
	switch what {
	case "nominated", "withdrawn", "corrected", "selected", "told", "head":
		return i18n.T(lang, "office.done."+what, nil)
	case "listed":
		if count, err := strconv.Atoi(n); err == nil && count > 0 && count <= nominate.MostRows {
			return i18n.N(lang, "office.done.listed", count, nil)
		}
	}
	return ""
}

// Withdraw takes a nomination back, until its employer is invited.
func (r *Room) Withdraw(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	n, err := r.mine(ctx, v, form.First("id"))
	if err != nil && !(errors.Is(err, ErrDecided) && n.State == "withdrawn") { // what is withdrawn already stays so
		return err
	}
	if _, err := r.inSeason(ctx, v); err != nil {
		return err
	}
	if err := r.waves.Withdraw(ctx, v.Holder, n.ID); err != nil {
		return err
	}
	return web.SeeOther(c, "/office?done=withdrawn")
}
