package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
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
	Doubtful    bool // one of those shown may be the same as another
	Unclear     bool // the tick for doubtful ones is missing
	Clear       int  // how many nobody doubts
	Sure        bool

	Seen, ClearSeen string // what is shown, and all that nobody doubts: sent along, so that nobody decides what has changed since

	Selections []selectionLine
	Mode       []field
	MayRun     bool
}

type nominationLine struct {
	Nomination
	Profile, Told string
	Likes         []string // sentences
	Chosen        bool
}

// selectionLine is how one office selects, in words.
type selectionLine struct {
	OfficeSelection
	Left string
}

// showNominations lists what awaits approval.
func (r *Room) showNominations(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	return r.nominations(c, fiber.StatusOK, w, typedIn(c), nil)
}

// decideNominations approves or rejects the chosen ones.
func (r *Room) decideNominations(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	all, err := r.Lists.Nominations(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	d := readDecision(form, all)
	if len(d.problems) > 0 {
		return r.nominations(c, fiber.StatusUnprocessableEntity, w, form, d.problems)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	switch d.do {
	case "reject":
		n, err := r.Lists.RejectNominations(ctx, w.Label, d.ids, d.reason)
		if err := r.did(c, "nominations.reject", w.Label, itoa(n), err); err != nil {
			return err
		}
		return back(c, w.Label, "/nominations", "rejected")
	case "duplicate":
		n, err := r.Lists.DuplicateNominations(ctx, w.Label, d.ids)
		if err := r.did(c, "nominations.duplicate", w.Label, itoa(n), err); err != nil {
			return err
		}
		return back(c, w.Label, "/nominations", "duplicates")
	}
	n, err := r.Lists.ApproveNominations(ctx, w.Label, d.ids)
	detail := fmt.Sprintf("approved=%d duplicates=%d stopped=%d", n.Approved, n.Duplicates, n.Stopped)
	if err := r.did(c, "nominations.approve", w.Label, detail, err); err != nil {
		return err
	}
	return back(c, w.Label, "/nominations", "approved")
}

// decision is what staff want with which nominations.
type decision struct {
	do, reason string // approve duplicate reject
	ids        []string
	all        bool // whatever nobody doubts
	problems   []Problem
}

// readDecision reads which nominations were chosen and, for a rejection, why. Whoever approves one that
// may be the same as another says that it is not.
func readDecision(form web.Form, all []Nomination) decision {
	d := decision{do: cmp.Or(form.First("do"), "reject"), // Enter, in the field of the reason
		ids: slices.Compact(slices.Sorted(slices.Values(form["id"])))}
	doubts := doubtful(all)
	if d.do == "clear" { // all at once, chosen or not
		d.do, d.all, d.ids = "approve", true, nil
		for _, n := range undoubted(all) {
			d.ids = append(d.ids, n.ID)
		}
	}
	switch {
	case len(d.ids) == 0:
		d.problems = append(d.problems, Problem{Field: "id", Key: "choose"})
	case d.changed(form, all):
		d.problems = append(d.problems, Problem{Field: "id", Key: "nomination_changed"})
	}
	switch d.do {
	case "approve":
		if form.First("sure") != "yes" && slices.ContainsFunc(d.ids, func(id string) bool { return doubts[id] }) {
			d.problems = append(d.problems, Problem{Field: "sure", Key: "doubtful"})
		}
	case "duplicate":
		if d.nobodyLeft(all) {
			d.problems = append(d.problems, Problem{Field: "id", Key: "all_duplicates"})
		}
	case "reject":
		d.reason = strings.TrimSpace(form.First("reason"))
		if d.reason == "" || utf8.RuneCountInString(d.reason) > 500 {
			d.problems = append(d.problems, Problem{Field: "reason", Key: "reason"})
		}
	default:
		d.problems = append(d.problems, Problem{Field: "id", Key: "unknown"})
	}
	return d
}

func (r *Room) nominations(c *fiber.Ctx, status int, w Wave, form web.Form, problems []Problem) error {
	all, err := r.Lists.Nominations(web.Context(c), w.Label)
	if err != nil {
		return err
	}
	selections, err := r.Lists.Selections(web.Context(c), w.Label)
	if err != nil {
		return err
	}

	p := &nominationsPage{frame: r.waveFrame(c, w, say(c, "nominations.title", "label", w.Label)), MayDecide: may(c, auth.Invite), MayRun: may(c, auth.RunWave)}
	p.Invalid, p.Sure, p.fixed = len(problems) > 0, form.First("sure") == "yes", len(all) == 0 || !p.MayDecide
	for _, problem := range problems {
		if problem.Field != "reason" {
			p.Wrong = words(c, problem)
		}
		p.Unclear = p.Unclear || problem.Field == "sure"
	}
	p.Clear = len(undoubted(all))
	_, p.ClearSeen = prints(undoubted(all))
	p.Seen, _ = prints(all[:min(len(all), batch)])
	doubts := doubtful(all)
	for _, n := range all[:min(len(all), batch)] {
		p.Doubtful = p.Doubtful || doubts[n.ID]
		profile := strings.Join(slices.DeleteFunc([]string{n.Size, n.Branch, n.Town}, func(s string) bool { return s == "" }), ", ")
		line := nominationLine{Nomination: n, Profile: profile, Told: isoDay(c, n.Told), Chosen: slices.Contains(form["id"], n.ID)}
		for _, like := range n.Likes {
			line.Likes = append(line.Likes, likeWords(c, like))
		}
		p.Nominations = append(p.Nominations, line)
	}
	if len(all) > batch {
		p.More = say(c, "nominations.more", "shown", batch, "all", len(all))
	}
	p.Fields = fill(c, []field{{Name: "reason", Kind: "text", Sometimes: true, Label: say(c, "nominations.reason"), Auto: "off"}}, form, problems)
	p.fillSelections(c, selections)
	return r.show(c, status, "desk/nominations", p)
}

// likeWords says which other employer may be the same, and which of the two would be given up.
func likeWords(c *fiber.Ctx, like Like) string {
	key := "doubt.like"
	if like.Spare {
		key = "doubt.like_spare"
	}
	office := like.Office
	if office == "" {
		office = say(c, "doubt.no_office")
	}
	name := like.Name
	if like.Town != "" {
		name += ", " + like.Town
	}
	return say(c, key, "name", name, "office", office)
}

// isoDay writes a day; "" stays "".
func isoDay(c *fiber.Ctx, iso string) string {
	t, err := time.ParseInLocation(time.DateOnly, iso, zurich)
	if err != nil {
		return ""
	}
	return i18n.Date(web.Language(c), t)
}
