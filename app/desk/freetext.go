package desk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
)

// longestText is how long a redacted text and a reason may be, in characters.
const (
	longestText   = 5000
	longestReason = 500
)

type freeTextPage struct {
	frame
	Question           TextQuestion
	Text               FreeText
	Typed, Redacted    []shownPiece
	List, Here         string
	MayRedact, MayRead bool
	MayReopen, Own     bool
	Seen               string  // the revision that the person works on
	Words              string  // of the redaction, in the making
	TextProblem        string  // of the words
	Sure               bool    // the marked parts that are left have been looked at
	SureProblem        string  // why that has to be said
	Language           []field // of the redaction
	RejectFields       []field // why it is rejected
	ReadFields         []field // why it is given back or rejected
}

// shownPiece is a part of a text with what it is marked as, in the language of the page.
type shownPiece struct{ Text, Mark, Lang string }

func shownPieces(c *fiber.Ctx, pieces []Piece) []shownPiece {
	shown := make([]shownPiece, len(pieces))
	for i, p := range pieces {
		shown[i].Text = p.Text
		if p.Kind != "" {
			shown[i].Mark, shown[i].Lang = say(c, "freetexts.kind."+p.Kind), web.Language(c)
		}
	}
	return shown
}

// text finds the text a request names, and the texts of its question.
func (r *Room) text(c *fiber.Ctx) (Wave, TextQuestion, FreeText, []FreeText, error) {
	w, q, err := r.question(c)
	if err != nil {
		return w, q, FreeText{}, nil, err
	}
	texts, err := r.FreeTexts.FreeTexts(web.Context(c), w.Label, q.Variable)
	if err != nil {
		return w, q, FreeText{}, nil, err
	}
	at := slices.IndexFunc(texts, func(t FreeText) bool { return t.ID == c.Params("text") })
	if at < 0 {
		return w, q, FreeText{}, nil, web.ErrUnknown
	}
	return w, q, texts[at], texts, nil
}

// showFreeText shows one text, what the machine marks in it, and what the person may do with it.
func (r *Room) showFreeText(c *fiber.Ctx) error {
	w, q, t, _, err := r.text(c)
	if err != nil {
		return err
	}
	return r.freeText(c, w, q, t, typedIn(c), nil)
}

func (r *Room) freeText(c *fiber.Ctx, w Wave, q TextQuestion, t FreeText, form web.Form, problems []Problem) error {
	p := &freeTextPage{frame: r.waveFrame(c, w, say(c, "freetexts.single")), Question: q, Text: t, Words: plain(t.Redacted)}
	p.Typed, p.Redacted = shownPieces(c, t.Typed), shownPieces(c, t.Redacted)
	p.List = p.Base + textsPath + "/" + q.Variable
	p.Here = p.List + "/" + t.ID
	undecided := q.Release == "" && (t.State == "flagged" || t.State == "redacted")
	p.Own = t.RedactedBy == auth.Me(c).Email
	p.MayRedact = undecided && may(c, auth.BuildRelease)
	p.MayRead = undecided && t.State == "redacted" && may(c, auth.ApproveRelease) && !p.Own
	p.fixed = !p.MayRedact && !p.MayRead
	p.MayReopen = q.Release == "" && !undecided && may(c, auth.BuildRelease)
	if p.Words == "" {
		p.Words = plain(t.Typed)
	}
	language := field{Name: "language", Kind: "select", Label: say(c, "freetexts.language"), Hint: say(c, "freetexts.language_hint"), Value: t.Language}
	if t.Language == "" {
		language.Value = t.TypedIn
	}
	for _, lang := range i18n.Languages {
		language.Options = append(language.Options, option{Value: lang, Label: web.Names[lang]})
	}
	if _, redacting := form["text"]; redacting {
		p.Words, p.Sure = form.First("text"), form.First("sure") != ""
	}
	p.Seen = cmp.Or(form.First("seen"), itoa(t.Revision)) // what was typed is about the text as it was then
	if why := refusal(c); why != nil && why.changed {
		p.Seen = itoa(t.Revision) // the page shows what a colleague has made of it
	}
	p.Language = fill(c, []field{language}, form, problems)
	why := func(name, key string) []field {
		return fill(c, []field{{Name: name, Kind: "text", Auto: "off", Sometimes: true, Label: say(c, "freetexts.reason"), Hint: say(c, key)}}, form, problems)
	}
	p.RejectFields, p.ReadFields = why("why", "freetexts.why_hint"), why("reason", "freetexts.reason_hint")
	for _, problem := range problems {
		switch sentence := words(c, problem); problem.Field {
		case "text":
			p.TextProblem = sentence
			wrong(c, "text", say(c, "freetexts.words")+": "+sentence)
		case "sure":
			p.SureProblem = sentence
			wrong(c, "sure", sentence)
		}
	}
	status := fiber.StatusOK
	if p.Invalid = len(problems) > 0; p.Invalid {
		status = fiber.StatusUnprocessableEntity
	}
	return r.show(c, status, "desk/freetext", p)
}

// redactText keeps what may leave of a text, rejects it, or takes a decision back.
func (r *Room) redactText(c *fiber.Ctx) error {
	return r.stepText(c, "why", "reject", "redact", "reopen")
}

// readText lets a second person release a text, reject it or give it back.
func (r *Room) readText(c *fiber.Ctx) error {
	return r.stepText(c, "reason", "return", "release", "reject")
}

// stepText takes one of the steps that the address allows: the first is what Enter means, in the field of the reason that
// reason names.
func (r *Room) stepText(c *fiber.Ctx, reason string, allowed ...string) error {
	form := web.ReadForm(c)
	w, q, t, texts, err := r.text(c)
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(form.First("seen"))
	step := TextStep{Do: cmp.Or(form.First("do"), allowed[0]), By: auth.Me(c).Email, Text: form.First("text"), Language: form.First("language"),
		Reason: strings.TrimSpace(form.First(reason)), Sure: form.First("sure") == "yes"}
	if err != nil || !slices.Contains(allowed, step.Do) {
		return web.ErrForm
	}
	if problems := checkStep(step, reason); len(problems) > 0 {
		return r.freeText(c, w, q, t, form, problems)
	}

	problems, err := r.FreeTexts.StepText(web.Context(c), w.Label, q.Variable, t.ID, seen, step)
	if err == nil && len(problems) > 0 {
		return r.freeText(c, w, q, t, form, problems)
	}
	if err := r.did(c, "text."+step.Do, w.Label+"/"+q.Variable+"/"+t.ID, "", err); err != nil {
		return err
	}
	return back(c, w.Label, textsPath+"/"+q.Variable+next(t, texts, step.Do), "free_"+step.Do)
}

// checkStep says what is wrong with the form of a step.
func checkStep(step TextStep, reason string) (problems []Problem) {
	switch {
	case step.Do == "redact":
		if strings.TrimSpace(step.Text) == "" {
			problems = append(problems, Problem{Field: "text", Key: "required"})
		} else if utf8.RuneCountInString(step.Text) > longestText {
			problems = append(problems, Problem{Field: "text", Key: "text_long", Args: map[string]any{"n": longestText}})
		}
		if !i18n.Known(step.Language) {
			problems = append(problems, Problem{Field: "language", Key: "unknown"})
		}
	case (step.Do == "return" || step.Do == "reject") && (step.Reason == "" || utf8.RuneCountInString(step.Reason) > longestReason):
		problems = append(problems, Problem{Field: reason, Key: "text_why"})
	}
	return problems
}

// next is the text to go on with: the next one in the state that this one was in, or the list where there is none; one that was
// taken back is worked on at once.
func next(done FreeText, texts []FreeText, do string) string {
	if do == "reopen" {
		return "/" + done.ID
	}
	at := slices.IndexFunc(texts, func(t FreeText) bool { return t.ID == done.ID })
	for i := 1; i < len(texts); i++ {
		if t := texts[(at+i)%len(texts)]; t.State == done.State {
			return "/" + t.ID
		}
	}
	return ""
}
