package respond

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/views"
	"rondo/app/web"
	"rondo/questionnaires"
)

// shown is which page to show, and the post it answers.
type shown struct {
	page string
	form map[string][]string // as posted; nil: as kept
	move Move
}

// questionPage is templates/respond/page.html.
type questionPage struct {
	web.Page
	Heading   string
	Header    string // whom the questions concern
	Progress  Progress
	Notes     []string
	Questions []views.Question
	Errors    []wordedProblem // of the summary
	Warnings  []wordedProblem
	Clashes   []clashView
	Revision  int
	Action    string
	Rules     string // conditions that depend on this page, for the browser; see questionnaires.Client
	Unsent    string // under which the browser keeps what could not be sent: it tells nothing
	First     bool   // there is no page before
	MayPass   bool   // handing over to a colleague is offered
	Complete  bool   // nothing else is missing: straight to the review
}

// wordedProblem is a problem in words, with the control to go to.
type wordedProblem struct {
	Href  string
	Text  string
	About string // the question
}

// clashView is an answer that was set at two places.
type clashView struct {
	Anchor, Label string
	Ours, Theirs  []string
}

// reviewPage is templates/respond/review.html.
type reviewPage struct {
	web.Page
	Pages     []views.ReviewedPage
	Errors    []wordedProblem
	Revision  int
	Receipt   string // sealed
	Changed   bool   // since the review was shown
	Anonymous bool
	BackPath  string

	Headed bool   // the head of the office releases
	Head   string // address; "": none given
	Remark string // with which the head gave the answers back
	Closes time.Time
}

// showPage shows a page of questions with status.
func (r *Room) showPage(c *fiber.Ctx, status int, v visit, what shown) error {
	p, err := v.page(what)
	if err != nil {
		return err
	}
	p.MayPass = p.First && r.mayPass(v)
	invalid := len(p.Errors) > 0 || len(p.Clashes) > 0
	p.Page = r.page(v, p.Heading+v.progressWords(p.Progress), "open")
	p.Unsent = web.Tag(r.tags, "unsent\x00"+v.token+"\x00"+what.page)
	p.Langs, p.DefaultForm, p.Invalid = web.LangButtons("answers", v.lang), "answers", invalid
	return r.kit.Show(c, status, "respond/page", p)
}

// page makes the view of a page of questions, without its frame.
func (v visit) page(what shown) (*questionPage, error) {
	page := v.Questionnaire.Page(what.page)
	p := &questionPage{
		Heading: v.fill(page.Title), Header: v.fill(v.Questionnaire.Header), Progress: v.Progress(what.page),
		Notes: fillNotes(page.Notes, v), Revision: v.Revision, Action: "/answer/" + what.page,
		First: v.before(what.page, v.Draft.Answers) == what.page, Complete: v.Complete(what.page),
	}
	problems := what.move.Problems
	if len(what.move.Collisions) > 0 {
		problems = nil // first a person says which answers count
	}
	if what.form == nil {
		problems = v.unread(page)
		if v.Draft.At == what.page && len(v.Draft.Warned) > 0 {
			_, soft := v.Questionnaire.Check(what.page, v.Draft.Answers, v.Setting)
			p.Warnings = v.words(soft)
		}
	}
	p.Errors, p.Clashes = v.words(problems), v.clashes(what.move.Collisions)

	fields := v.fields(page)
	for name, values := range what.form {
		fields[name] = values
	}
	if what.form != nil {
		absent(page, fields, what.form)
	}
	for _, q := range v.Questionnaire.Shown(what.page, v.Draft.Answers) {
		p.Questions = append(p.Questions, v.question(q, fields, problems))
	}
	return p, p.govern(v, what.page)
}

// onlyIf says, to stand beside a row or an option, when it counts.
func (v visit) onlyIf(c *questionnaires.Condition) string {
	if c == nil {
		return ""
	}
	return i18n.T(v.lang, "respond.only_if", map[string]any{"condition": v.when(c)})
}

// govern gives the browser what it needs to show and hide parts of the page.
func (p *questionPage) govern(v visit, page string) error {
	client, depends := v.Questionnaire.Client(page, v.Draft.Answers, v.Setting)
	if !depends {
		return nil
	}
	rules, err := json.Marshal(client)
	if err != nil {
		return fmt.Errorf("write the rules of page %s: %w", page, err)
	}
	p.Rules = string(rules)
	return nil
}

// fill gives words with the answers so far in them.
func (v visit) fill(t questionnaires.Text) string {
	return v.Questionnaire.Pipe(t, v.lang, v.Draft.Answers, v.Setting)
}

// when says a condition in words; "" where there is none.
func (v visit) when(c *questionnaires.Condition) string {
	return v.Questionnaire.ExplainTo(v.Draft.Answers, c, v.lang, v.Setting)
}

// progressWords are the part of the title that says where the page stands.
func (v visit) progressWords(p Progress) string {
	if p.Stable {
		return " – " + i18n.T(v.lang, "respond.step", map[string]any{"step": p.Step, "of": p.Of})
	}
	return " – " + i18n.T(v.lang, "respond.section", map[string]any{"step": p.Step})
}

// unread gives the entries of a page that were kept as typed, as problems.
func (v visit) unread(page *questionnaires.Page) []questionnaires.Problem {
	var found []questionnaires.Problem
	for _, question := range page.Questions {
		found = append(found, v.Sitting.unread(page, question)...)
	}
	return found
}

// words gives the problems in words.
func (v visit) words(problems []questionnaires.Problem) []wordedProblem {
	var all []wordedProblem
	for _, p := range problems {
		all = append(all, wordedProblem{Href: "#" + p.Field, Text: v.say(p), About: v.fill(v.Questionnaire.Question(p.Question).Label)})
	}
	return all
}

// say writes one problem, naming the row where only one row has it.
func (v visit) say(p questionnaires.Problem) string {
	if p.Text != nil {
		return v.fill(p.Text)
	}
	args := map[string]any{}
	for name, value := range p.Args {
		switch x := value.(type) {
		case float64:
			args[name] = i18n.Number(v.lang, x)
		case int:
			args[name] = i18n.Number(v.lang, float64(x))
		default:
			args[name] = fmt.Sprint(x)
		}
	}
	if p.Rule == "unread" {
		args["typed"] = short(v.Draft.Unread[p.Field].Value)
	}
	text := i18n.T(v.lang, "respond.problem."+p.Rule, args)
	for _, counted := range []string{"limit", "decimals"} {
		if n, has := p.Args[counted].(int); has {
			text = i18n.N(v.lang, "respond.problem."+p.Rule, n, args)
		}
	}
	question := v.Questionnaire.Question(p.Question)
	for _, row := range question.Rows {
		if p.Field == question.Code+"."+row.Code && !slices.Contains([]string{"required", "sum_equals", "sum_min"}, p.Rule) {
			return v.fill(row.Label) + " – " + text
		}
	}
	return text
}

func (v visit) clashes(found []Collision) []clashView {
	var all []clashView
	for _, c := range found {
		all = append(all, clashView{
			Anchor: fieldOf(c.Question, c.Variable), Label: v.fill(c.Question.Label),
			Ours: v.quoteOne(c, c.Ours, c.OursTyped), Theirs: v.quoteOne(c, c.Theirs, c.TheirsTyped),
		})
	}
	return all
}

// quoteOne quotes one variable of a question, or what was typed where that is no answer.
func (v visit) quoteOne(c Collision, a questionnaires.Answers, typed string) []string {
	if typed != "" {
		return []string{typed}
	}
	if c.Variable == c.Question.Code+"_other" {
		if typed := a[c.Variable].Text; typed != "" {
			return []string{typed}
		}
		return []string{questionnaires.NoAnswer}
	}
	for i, variable := range c.Question.Variables() {
		switch {
		case variable != c.Variable:
		case len(c.Question.Rows) > 0 || c.Question.Kind == questionnaires.Ranking:
			return []string{v.Questionnaire.QuoteRow(c.Question, i, v.lang, a, v.Setting)}
		}
	}
	return v.Questionnaire.Quote(c.Question, v.lang, a, v.Setting)
}

// reviewPages lists all asked questions with their answers in words.
func (v visit) reviewPages(problems []questionnaires.Problem) []views.ReviewedPage {
	settled, _ := v.Settled()
	var pages []views.ReviewedPage
	for _, step := range v.Questionnaire.Path(v.Draft.Answers) {
		page := views.ReviewedPage{Code: step.Page.Code, Title: v.fill(step.Page.Title)}
		for _, question := range step.Questions {
			one := views.ReviewedQuestion{
				Label: v.fill(question.Label), Quote: v.Questionnaire.Quote(question, v.lang, settled, v.Setting),
			}
			if !question.Prefill {
				one.Path = "/answer/" + step.Page.Code + "#q-" + question.Code
			}
			for _, p := range problems {
				if p.Question == question.Code && one.Problem == "" {
					one.Problem = v.say(p)
				}
			}
			page.Questions = append(page.Questions, one)
		}
		pages = append(pages, page)
	}
	return pages
}
