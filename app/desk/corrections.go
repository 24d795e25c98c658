package desk

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
	"rondo/storage"
)

// mostValues is how many values one page shows: a form takes at most 400.
const mostValues = 200

type correctionsPage struct {
	frame
	Entries   []correctionLine
	MayDecide bool
	Wrong     string
	Open      []web.NavLink // populations whose answers can be corrected
}

type correctionLine struct {
	Correction
	Own, MayConfirm, MayReject, Chosen bool
}

// showCorrections lists the correction sheets of a wave.
func (r *Room) showCorrections(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.corrections(c, w, typedIn(c), nil)
}

func (r *Room) corrections(c *fiber.Ctx, w Wave, form web.Form, problems []Problem) error {
	list, err := r.Corrections.Corrections(web.Context(c), web.Language(c), w.Label)
	if err != nil {
		return err
	}
	p := &correctionsPage{frame: r.waveFrame(c, w, say(c, "corrections.title", "label", w.Label))}
	for _, e := range list {
		line := correctionLine{Correction: e, Own: e.ProposedBy == auth.Me(c).Email, Chosen: slices.Contains(form["id"], e.ID)}
		line.MayConfirm = mayConfirm(c, e)
		line.MayReject = mayTakeOff(c, e)
		p.MayDecide = p.MayDecide || line.MayConfirm || line.MayReject
		p.Entries = append(p.Entries, line)
	}
	p.fixed = !p.MayDecide
	for _, population := range w.Populations {
		if population.State == "closed" && !population.Frozen && w.State != "archived" && may(c, auth.CorrectAnswers) {
			p.Open = append(p.Open, web.NavLink{URL: p.Base + "/corrections/" + population.Name, Name: say(c, "population."+population.Name)})
		}
	}
	status := fiber.StatusOK
	if len(problems) > 0 {
		p.Wrong, p.Invalid, status = words(c, problems[0]), true, fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/corrections", p)
}

func mayConfirm(c *fiber.Ctx, e Correction) bool {
	return e.State == "proposed" && !e.Fixed && may(c, auth.ConfirmCorrection) && e.ProposedBy != auth.Me(c).Email
}

// mayTakeOff says whether somebody may take an entry off the sheet: whoever may confirm it, and whoever proposed it.
func mayTakeOff(c *fiber.Ctx, e Correction) bool {
	return e.State != "rejected" && !e.Fixed && (may(c, auth.ConfirmCorrection) || e.ProposedBy == auth.Me(c).Email)
}

// decideCorrections confirms entries as the second person, or takes them off the sheet.
func (r *Room) decideCorrections(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	list, err := r.Corrections.Corrections(web.Context(c), web.Language(c), w.Label)
	if err != nil {
		return err
	}
	ids, do := slices.Compact(slices.Sorted(slices.Values(form["id"]))), cmp.Or(form.First("do"), "confirm") // what Enter means
	if len(ids) == 0 || do != "confirm" && do != "reject" {
		return r.corrections(c, w, form, []Problem{{Field: "id", Key: "choose"}})
	}
	action := "correction." + do
	for _, id := range ids {
		at := slices.IndexFunc(list, func(e Correction) bool { return e.ID == id })
		if at < 0 {
			return web.ErrUnknown
		}
		object := w.Label + "/" + list[at].Population
		switch {
		case list[at].Fixed || list[at].State == "rejected" || do == "confirm" && list[at].State != "proposed":
			return r.did(c, action, object, "", storage.ErrState)
		case do == "confirm" && list[at].ProposedBy == auth.Me(c).Email:
			return r.did(c, action, object, "", storage.ErrOwn)
		case !may(c, auth.ConfirmCorrection) && (do == "confirm" || list[at].ProposedBy != auth.Me(c).Email):
			return r.did(c, action, object, "", auth.ErrDenied)
		}
	}

	for _, id := range ids {
		err := r.Corrections.DecideCorrection(web.Context(c), w.Label, id, do == "confirm", auth.Me(c).Email)
		if err := r.did(c, action, w.Label+"/"+id, "", err); err != nil {
			return err
		}
	}
	return back(c, w.Label, "/corrections", "correction_"+do)
}

type correctablePage struct {
	frame
	Variables []CorrectableVariable
	Path      string
}

// showCorrectable lists the variables of a population whose values can be corrected.
func (r *Room) showCorrectable(c *fiber.Ctx) error {
	w, p, err := r.waveAndPopulation(c)
	if err != nil {
		return err
	}
	list, err := r.Corrections.Correctable(web.Context(c), web.Language(c), w.Label, p.Name)
	if err != nil {
		return err
	}
	frame := r.waveFrame(c, w, say(c, "corrections.of", "population", say(c, "population."+p.Name)))
	return r.show(c, fiber.StatusOK, "desk/correctable", &correctablePage{frame, list, frame.Base + "/corrections/" + p.Name})
}

func (r *Room) waveAndPopulation(c *fiber.Ctx) (Wave, Population, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, Population{}, err
	}
	p, err := population(c, w)
	return w, p, err
}

type correctingPage struct {
	frame
	CorrectableValues
	Lines  []valueLine
	Wrong  string // about the values
	Fields []field
	Pages  []web.NavLink
	Back   string
}

type valueLine struct {
	CorrectableValue
	Chosen bool
}

// showCorrecting lists the values of one variable and asks what becomes of which.
func (r *Room) showCorrecting(c *fiber.Ctx) error {
	w, p, err := r.waveAndPopulation(c)
	if err != nil {
		return err
	}
	return r.correcting(c, w, p, typedIn(c), nil)
}

// propose puts corrections on the sheet. The journal says of which variable, and no value.
func (r *Room) propose(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, p, err := r.waveAndPopulation(c)
	if err != nil {
		return err
	}
	proposal := Proposal{Variable: c.Params("variable"), From: form["from"], To: form.First("to"), Office: form.First("office"),
		Reason: strings.TrimSpace(form.First("reason")), By: auth.Me(c).Email}
	problems, err := r.Corrections.ProposeCorrections(web.Context(c), w.Label, p.Name, proposal)
	if err == nil && len(problems) > 0 {
		return r.correcting(c, w, p, form, problems)
	}
	if err := r.did(c, "correction.propose", w.Label+"/"+p.Name, proposal.Variable, err); err != nil {
		return err
	}
	return back(c, w.Label, "/corrections", "correction_proposed")
}

func (r *Room) correcting(c *fiber.Ctx, w Wave, of Population, form web.Form, problems []Problem) error {
	v, err := r.Corrections.CorrectableValues(web.Context(c), web.Language(c), w.Label, of.Name, c.Params("variable"))
	if err != nil {
		return err
	}
	p := &correctingPage{frame: r.waveFrame(c, w, say(c, "corrections.variable", "name", v.Name)), CorrectableValues: v}
	p.Back = p.Base + "/corrections/" + of.Name
	shown, page := v.Values, 1
	if n := len(v.Values); n > mostValues {
		pages := (n + mostValues - 1) / mostValues
		if asked, err := strconv.Atoi(c.Query("page")); err == nil {
			page = min(max(asked, 1), pages)
		}
		shown = v.Values[(page-1)*mostValues : min(page*mostValues, n)]
		for i := 1; i <= pages; i++ {
			p.Pages = append(p.Pages, web.NavLink{URL: p.Back + "/" + url.PathEscape(v.Name) + "?page=" + strconv.Itoa(i), Name: strconv.Itoa(i), Current: i == page})
		}
	}
	for _, value := range shown {
		p.Lines = append(p.Lines, valueLine{value, slices.Contains(form["from"], value.Cell)})
	}
	p.fixed = len(p.Lines) == 0
	p.Fields = fill(c, correctingFields(c, v), form, problems)
	status := fiber.StatusOK
	if len(problems) > 0 {
		p.Invalid, status = true, fiber.StatusUnprocessableEntity
	}
	for _, problem := range problems {
		if problem.Field == "from" {
			p.Wrong = words(c, problem)
			break
		}
	}
	return r.show(c, status, "desk/correcting", p)
}

// correctingFields ask what the values become, and why.
func correctingFields(c *fiber.Ctx, v CorrectableValues) []field {
	to := field{Name: "to", Kind: "text", Label: say(c, "corrections.to"), Auto: "off"}
	if v.Options == nil {
		to.Hint = say(c, "corrections.to_"+v.Kind)
	} else {
		to.Kind, to.Options = "select", []option{{Label: say(c, "corrections.choose")}}
		for _, o := range v.Options {
			to.Options = append(to.Options, option{Value: o.Cell, Label: o.Label})
		}
	}
	fields := []field{to}
	if len(v.Offices) > 0 {
		office := field{Name: "office", Kind: "select", Label: say(c, "corrections.office"), Hint: say(c, "corrections.office_hint"), Options: []option{{Label: say(c, "corrections.all_offices")}}}
		for _, code := range v.Offices {
			office.Options = append(office.Options, option{Value: code, Label: code})
		}
		fields = append(fields, office)
	}
	return append(fields, field{Name: "reason", Kind: "text", Label: say(c, "corrections.reason"), Hint: say(c, "corrections.reason_hint"), Auto: "off"})
}
