package office

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/mail"
	"rondo/app/nominate"
	"rondo/app/web"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// Correction shows what was proposed, to be corrected; the address stays masked and is kept where
// none is typed.
func (r *Room) Correction(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, err := r.visitor(c)
	if err != nil {
		return err
	}
	if _, err := r.inSeason(ctx, v); err != nil {
		return err
	}
	n, err := r.mine(ctx, v, c.Query("id"))
	if errors.Is(err, web.ErrUnknown) || errors.Is(err, ErrDecided) {
		return web.SeeOther(c, "/office")
	}
	if err != nil {
		return err
	}
	e := formOf(n)
	e.Email = ""
	return r.showForm(c, fiber.StatusOK, v, &formPage{Kept: n.ID, Masked: mail.Masked(n.Email), Approved: n.State == "approved"}, e, nil)
}

// Correct keeps a correction, or shows the form again with what is wrong.
func (r *Room) Correct(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, form, err := r.poster(c)
	if err != nil {
		return err
	}
	now, err := r.inSeason(ctx, v)
	if err != nil {
		return err
	}
	n, err := r.mine(ctx, v, form.First("id"))
	if err != nil {
		return err
	}
	typed := readEmployer(form)
	typed.Row = n.ListRow
	shown := typed
	p := &formPage{Kept: n.ID, Masked: mail.Masked(n.Email), Approved: n.State == "approved"}
	if web.Switches(form) {
		return r.showForm(c, fiber.StatusOK, v, p, shown, nil)
	}
	typed.Email = cmp.Or(strings.TrimSpace(typed.Email), n.Email)
	f, _, err := r.frame(ctx, r.identity, v, now)
	if err != nil {
		return err
	}

	e, problems := nominate.DecideOne(typed, v.Code, f.Without(n))

	if !(nominate.Verdict{Problems: problems}).Good() {
		return r.showForm(c, fiber.StatusUnprocessableEntity, v, p, shown, problems)
	}
	n.Name, n.Email, n.Language, n.Size, n.Branch, n.Town, n.ToldOn = e.Name, e.Email, e.Language, e.Size, e.Branch, e.Town, e.Told
	if err := r.waves.Correct(ctx, v.Holder, n); err != nil {
		return err
	}
	return web.SeeOther(c, "/office?done=corrected")
}

// mine finds a nomination of the office; any other is unknown. ErrDecided, with it, where it counts no more.
func (r *Room) mine(ctx context.Context, v visit, id string) (identity.Nomination, error) {
	n, err := r.identity.NominationByID(ctx, id)
	if errors.Is(err, db.ErrNotFound) || err == nil && n.OfficeID != v.ID {
		return n, web.ErrUnknown
	}
	if err == nil && !nominate.Counts(n) {
		return n, ErrDecided
	}
	return n, err
}

// formOf is a nomination as its form shows it.
func formOf(n identity.Nomination) nominate.Employer {
	return nominate.Employer{
		Name: n.Name, Email: n.Email, Language: n.Language, Size: n.Size, Branch: n.Branch, Town: n.Town, Told: n.ToldOn, Row: n.ListRow,
	}
}

// readEmployer reads the form of one employer.
func readEmployer(form web.Form) nominate.Employer {
	return nominate.Employer{
		Name: form.First("name"), Email: form.First("email"), Language: form.First("language"),
		Size: form.First("size"), Branch: form.First("branch"), Town: form.First("town"),
		Told: form.First("told"), Row: nominate.Row(form.First("row")),
	}
}

// rows are the drawn rows that are still open, as options.
func rows(drawn *nominate.Drawn, chosen int) []option {
	var all []option
	for _, row := range drawn.Rows {
		if drawn.Open[row] {
			all = append(all, option{Value: itoa(row), Label: itoa(row), Chosen: row == chosen})
		}
	}
	return all
}
