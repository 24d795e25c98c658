package office

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/outbox"
	"rondo/app/web"
)

// returnedPage lists the employers of an office that no invitation reaches.
type returnedPage struct {
	web.Page
	Done  string
	Tasks []returnedTask
}

// returnedTask is one of them with the form that corrects its address.
type returnedTask struct {
	ID, Name, Town, Email, Why string
	Typed, Problem             string
	Languages                  []option
}

// correctionProblems are the sentences below office.returned.problem.
var correctionProblems = map[error]string{
	outbox.ErrBadAddress: "address", outbox.ErrTaken: "taken", outbox.ErrCorrectedOften: "often",
}

// Returned shows which invitations did not arrive. Only here, and in a form just posted, does an
// office see a whole address.
func (r *Room) Returned(c *fiber.Ctx) error {
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	return r.showReturned(c, fiber.StatusOK, v, "", nil)
}

// Readdress gives an employer another address and queues one new invitation to it.
func (r *Room) Readdress(c *fiber.Ctx) error {
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}

	err = r.outbox.Correct(web.Context(c), v.Wave.ID, v.ID, form.First("id"), form.First("email"), form.First("language"))

	if errors.Is(err, outbox.ErrNothingToCorrect) {
		return err
	}
	for refusal, key := range correctionProblems {
		if errors.Is(err, refusal) {
			return r.showReturned(c, fiber.StatusUnprocessableEntity, v, key, form)
		}
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/office/returned?done=readdressed")
}

func (r *Room) showReturned(c *fiber.Ctx, status int, v visit, problem string, form web.Form) error {
	tasks, err := r.outbox.Tasks(web.Context(c), v.Wave.ID, v.ID)
	if err != nil {
		return err
	}
	lang := web.Language(c)
	p := &returnedPage{}
	if c.Query("done") == "readdressed" && c.Method() != fiber.MethodPost {
		p.Done = i18n.T(lang, "office.done.readdressed", nil)
	}
	p.Title, p.Tag, p.Synthetic, p.State = i18n.T(lang, "office.returned.title", nil), v.tag, v.Wave.Synthetic, "open"
	p.SignOutPath = signOut
	p.HomePath, p.Invalid = "/office", problem != ""
	for _, t := range tasks {
		why := "office.returned.hard"
		if t.Soft {
			why = "office.returned.soft"
		}
		shown := returnedTask{ID: t.ID, Name: t.Name, Town: t.Town, Email: t.Email, Why: i18n.T(lang, why, nil), Languages: languages(t.Language)}
		if problem != "" && t.ID == form.First("id") {
			shown.Typed, shown.Problem = form.First("email"), i18n.T(lang, "office.returned.problem."+problem, nil)
			shown.Languages = languages(form.First("language"))
		}
		p.Tasks = append(p.Tasks, shown)
	}
	return r.kit.Show(c, status, "office/returned", p)
}
