package desk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// batch is how many nominations one page shows: a form takes at most 400 values.
const batch = 200

type nominationsPage struct {
	frame
	Nominations []nominationLine
	Wrong, More string
	MayDecide   bool
	Fields      []field
}

type nominationLine struct {
	Nomination
	Profile string
	Chosen  bool
}

// showNominations lists what awaits approval.
func (r *Room) showNominations(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.nominations(c, fiber.StatusOK, w, nil, nil)
}

// decideNominations approves or rejects the chosen ones.
func (r *Room) decideNominations(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	ids, reason, problems := readDecision(form)
	if len(problems) > 0 {
		return r.nominations(c, fiber.StatusUnprocessableEntity, w, form, problems)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	if form.First("do") == "reject" {
		n, err := r.Lists.RejectNominations(ctx, w.Label, ids, reason)
		if err := r.did(c, "nominations.reject", w.Label, itoa(n), err); err != nil {
			return err
		}
		return back(c, w.Label, "/nominations", "rejected")
	}
	n, err := r.Lists.ApproveNominations(ctx, w.Label, ids)
	if err := r.did(c, "nominations.approve", w.Label, itoa(n), err); err != nil {
		return err
	}
	return back(c, w.Label, "/nominations", "approved")
}

// readDecision reads which nominations were chosen and, for a rejection, why.
func readDecision(form web.Form) (ids []string, reason string, problems []Problem) {
	ids = slices.Compact(slices.Sorted(slices.Values(form["id"])))
	if len(ids) == 0 {
		problems = append(problems, Problem{Field: "id", Key: "choose"})
	}
	switch form.First("do") {
	case "approve":
	case "reject":
		reason = strings.TrimSpace(form.First("reason"))
		if reason == "" || utf8.RuneCountInString(reason) > 500 {
			problems = append(problems, Problem{Field: "reason", Key: "reason"})
		}
	default:
		problems = append(problems, Problem{Field: "id", Key: "unknown"})
	}
	return ids, reason, problems
}

func (r *Room) nominations(c *fiber.Ctx, status int, w Wave, form web.Form, problems []Problem) error {
	all, err := r.Lists.Nominations(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &nominationsPage{frame: r.waveFrame(c, w, say(c, "nominations.title", "label", w.Label)), MayDecide: may(c, auth.Invite)}
	p.Invalid = len(problems) > 0
	for _, problem := range problems {
		if problem.Field == "id" {
			p.Wrong = words(c, problem)
		}
	}
	for _, n := range all[:min(len(all), batch)] {
		profile := strings.Join(slices.DeleteFunc([]string{n.Size, n.Branch, n.Town}, func(s string) bool { return s == "" }), ", ")
		p.Nominations = append(p.Nominations, nominationLine{n, profile, slices.Contains(form["id"], n.ID)})
	}
	if len(all) > batch {
		p.More = say(c, "nominations.more", "shown", batch, "all", len(all))
	}
	p.Fields = fill(c, []field{{Name: "reason", Kind: "text", Sometimes: true, Label: say(c, "nominations.reason"), Auto: "off"}}, form, problems)
	return r.Kit.Show(c, status, "desk/nominations", p)
}
