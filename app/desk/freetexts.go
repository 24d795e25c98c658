package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// textStates are the states of a free text, in the order of its way.
var textStates = []string{"flagged", "redacted", "released", "rejected"}

// count is how many texts of the question stand in a state.
func (q TextQuestion) count(state string) int {
	return map[string]int{"flagged": q.Flagged, "redacted": q.Redacted, "released": q.Released, "rejected": q.Rejected}[state]
}

type freeTextsPage struct {
	frame
	TextQuestions
	MayBuild bool
	Erased   bool   // the wave is archived
	Step     string // where the answers are frozen
}

// showFreeTexts lists the questions that take text, with where their texts stand.
func (r *Room) showFreeTexts(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}
	all, err := r.FreeTexts.TextQuestions(web.Context(c), web.Language(c), w.Label)
	if err != nil {
		return err
	}

	p := &freeTextsPage{frame: r.waveFrame(c, w, say(c, "freetexts.title", "label", w.Label)), TextQuestions: all, MayBuild: may(c, auth.BuildRelease), Erased: w.State == "archived"}
	for _, population := range w.Populations {
		if population.Name == "employer" && population.MayFreeze && may(c, auth.RunWave) {
			p.Step = p.Base + "/step/freeze/employer"
		}
	}
	return r.show(c, fiber.StatusOK, "desk/freetexts", p)
}

// beginFreeTexts takes the texts out of the frozen answers.
func (r *Room) beginFreeTexts(c *fiber.Ctx) error {
	w, err := r.wave(c)
	if err != nil {
		return err
	}

	ctx, cancel := longContext(c)
	defer cancel()
	if err := r.did(c, "texts.begin", w.Label, "", r.FreeTexts.BeginTexts(ctx, w.Label)); err != nil {
		return err
	}
	return back(c, w.Label, textsPath, "free_begun")
}

// textsPath is where free texts are, below a wave.
const textsPath = "/releases/texts"

// textPageSize is how many texts a page lists.
const textPageSize = 50

type freeTextListPage struct {
	frame
	Question       TextQuestion
	State          string
	States         []textState
	Texts          []freeTextLine
	Earlier, Later string // other parts of the list
	Part           string
	MayPropose     bool
}

type textState struct {
	State, URL string
	N          int
	Current    bool
}

// freeTextLine is one text as it was typed; Name is that of its language.
type freeTextLine struct{ URL, Begins, Language, Name string }

// question finds the wave and the question a request names.
func (r *Room) question(c *fiber.Ctx) (Wave, TextQuestion, error) {
	w, err := r.wave(c)
	if err != nil {
		return w, TextQuestion{}, err
	}
	all, err := r.FreeTexts.TextQuestions(web.Context(c), web.Language(c), w.Label)
	if err != nil {
		return w, TextQuestion{}, err
	}
	for _, q := range all.Questions {
		if q.Variable == c.Params("question") {
			return w, q, nil
		}
	}
	return w, TextQuestion{}, web.ErrUnknown
}

// showQuestionTexts lists the texts of a question that stand in one state.
func (r *Room) showQuestionTexts(c *fiber.Ctx) error {
	w, q, err := r.question(c)
	if err != nil {
		return err
	}
	texts, err := r.FreeTexts.FreeTexts(web.Context(c), w.Label, q.Variable)
	if err != nil {
		return err
	}

	p := &freeTextListPage{frame: r.waveFrame(c, w, q.Label), Question: q, State: shownState(c.Query("state"), q)}
	here := p.Base + textsPath + "/" + q.Variable
	for _, state := range textStates {
		p.States = append(p.States, textState{state, here + "?state=" + state, q.count(state), state == p.State})
	}
	texts = slices.DeleteFunc(texts, func(t FreeText) bool { return t.State != p.State })
	from, err := strconv.Atoi(c.Query("from", "0"))
	if err != nil || from < 0 || from > len(texts) {
		from = 0
	}
	to := min(from+textPageSize, len(texts))
	for _, t := range texts[from:to] {
		p.Texts = append(p.Texts, freeTextLine{here + "/" + t.ID, begins(plain(t.Typed)), t.TypedIn, web.Names[t.TypedIn]})
	}
	part := func(at int) string { return here + "?state=" + p.State + "&from=" + itoa(at) }
	if from > 0 {
		p.Earlier = part(max(0, from-textPageSize))
	}
	if to < len(texts) {
		p.Later = part(to)
	}
	if p.Earlier != "" || p.Later != "" {
		p.Part = say(c, "freetexts.part", "from", from+1, "to", to, "all", len(texts))
	}
	p.MayPropose = may(c, auth.BuildRelease) && q.Release == "" && q.Flagged+q.Redacted == 0 && q.Released > 0
	return r.show(c, fiber.StatusOK, "desk/freetext_list", p)
}

// shownState is the state that was asked for, else the first in which there is a text.
func shownState(asked string, q TextQuestion) string {
	if slices.Contains(textStates, asked) {
		return asked
	}
	for _, state := range textStates {
		if q.count(state) > 0 {
			return state
		}
	}
	return textStates[0]
}

// plain puts the pieces of a text together.
func plain(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

// begins gives the beginning of a text, for a list.
func begins(text string) string {
	const most = 90
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// proposeTexts makes the file of a question; it waits in the ledger for a second person.
func (r *Room) proposeTexts(c *fiber.Ctx) error {
	w, q, err := r.question(c)
	if err != nil {
		return err
	}

	ctx, cancel := longContext(c)
	defer cancel()
	release, err := r.FreeTexts.ProposeTexts(ctx, w.Label, q.Variable, auth.Me(c).Email)
	if err := r.did(c, "release.build", w.Label+"/employer/freetext/"+q.Variable, release.SHA256, err); err != nil {
		return err
	}
	return back(c, w.Label, "/releases", "built")
}
