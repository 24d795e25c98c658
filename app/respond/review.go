package respond

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
)

type laterPage struct {
	web.Page
	Closes  time.Time
	Office  bool
	MayPass bool // handing over to a colleague is offered
}

// Review shows all answers before they are submitted, and what still stands
// against that.
func (r *Room) Review(c *fiber.Ctx) error {
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if v.delivered() {
		return web.SeeOther(c, "/answer/done")
	}
	if err := v.open(); err != nil {
		return err
	}
	if v.forward() {
		return web.SeeOther(c, "/answer/forward")
	}

	_, problems := v.Settled()
	return r.showReview(c, fiber.StatusOK, v, problems, false)
}

// Submit makes the draft a response. The same post again shows the same receipt.
func (r *Room) Submit(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	v, err := r.visit(c)
	if err != nil {
		return err
	}
	if !web.TagFits(r.tags, v.token, form.First("_tag")) {
		return web.ErrTag
	}
	if v.headed() {
		return ErrHeadReleases
	}

	if web.Switches(form) {
		return web.SeeOther(c, "/answer/review")
	}

	receipt, sealed := r.readReceipt(v, form.First("_receipt"))
	if again, err := r.again(c, v, receipt, sealed); again || err != nil {
		return err
	}
	settled, problems := v.Settled()
	if len(problems) > 0 {
		return r.showReview(c, fiber.StatusUnprocessableEntity, v, problems, false)
	}
	if seen, err := strconv.Atoi(form.First("_revision")); receipt == "" || (err == nil && seen < v.Revision) {
		return r.showReview(c, fiber.StatusConflict, v, nil, true)
	}

	err = r.submit(web.Context(c), v, settled, receipt)
	if errors.Is(err, storage.ErrConflict) {
		return ErrStale
	}
	if err != nil {
		return err
	}
	return r.thank(c, sealed)
}

// again answers a submit after which nothing is left to submit: the same post
// once more, another browser's, or one that comes too late.
func (r *Room) again(c *fiber.Ctx, v visit, receipt, sealed string) (bool, error) {
	switch {
	case !v.kept.Spent || v.confidential() && v.kept.Draft != nil:
		return false, v.open()
	case v.confidential():
		return true, web.SeeOther(c, "/answer/done")
	case receipt == "":
		return true, ErrSubmitted
	}
	// The store tells whether the response came with this receipt; it keeps nothing.
	if err := r.submit(web.Context(c), v, questionnaires.Answers{}, receipt); err != nil {
		return true, err
	}
	return true, r.thank(c, sealed)
}

// thank leads to the page with the receipt.
func (r *Room) thank(c *fiber.Ctx, sealed string) error {
	r.kit.SetCookie(c, receiptCookie, sealed)
	c.Set("Clear-Site-Data", `"cache"`)
	return web.SeeOther(c, "/answer/done")
}

// submit keeps the response. An anonymous one gets a random id and nothing else
// but its stratum; a confidential one carries the office and replaces the one before.
func (r *Room) submit(ctx context.Context, v visit, settled questionnaires.Answers, receipt string) error {
	p := v.holder
	record := questionnaires.Record{
		Questionnaire: v.Questionnaire.Ref(), Hash: v.Questionnaire.Hash, Language: v.lang, Shuffle: v.Draft.Order, Answers: settled,
	}
	id := db.NewID()
	if v.confidential() {
		record.Office, id = officeCode(v), v.key.ResponseID()
	} else {
		record.Stratum = p.Stratum
	}
	plain, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("write response: %w", err)
	}
	sealer, err := r.store.Secret.Sealer(v.kept.Window.AnswerSalt)
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	submission := answers.Submission{
		WaveID: v.holder.Wave.ID, Population: v.holder.Population.Name, Key: v.key, ID: id, Revision: v.Revision,
		Body: sealer.SealResponse(plain, []byte(id)), Replace: v.confidential(),
	}
	if !v.confidential() {
		submission.ReceiptHash = receiptHash(receipt) // the office corrects instead of withdrawing
	}
	err = r.store.Answers.Submit(ctx, submission)
	switch {
	case errors.Is(err, storage.ErrClosed):
		return ErrEnded
	case errors.Is(err, storage.ErrSpent):
		return ErrSubmitted
	case err != nil:
		return fmt.Errorf("submit: %w", err)
	}
	return nil
}

// officeCode is the office a confidential response belongs to.
func officeCode(v visit) string {
	if v.holder.Office != nil {
		return v.holder.Office.Code
	}
	return v.holder.Code
}

func (r *Room) openRecord(body []byte, v *visit) (questionnaires.Record, error) {
	var record questionnaires.Record
	sealer, err := r.store.Secret.Sealer(v.kept.Window.AnswerSalt)
	if err != nil {
		return record, fmt.Errorf("response: %w", err)
	}
	plain, err := sealer.Open(body, []byte(v.key.ResponseID()))
	if err != nil {
		return record, fmt.Errorf("response: %w", err)
	}
	if err := json.Unmarshal(plain, &record); err != nil {
		return record, fmt.Errorf("response: %w", err)
	}
	return record, nil
}

func (r *Room) showReview(c *fiber.Ctx, status int, v visit, problems []questionnaires.Problem, changed bool) error {
	sealed, err := r.newReceipt(v)
	if err != nil {
		return err
	}
	p := &reviewPage{Revision: v.Revision, Receipt: sealed, Changed: changed, Anonymous: !v.confidential(), Pages: v.reviewPages(problems)}
	p.Headed, p.Head, p.Remark, p.Closes = v.headed(), v.holder.Head, v.mark.Remark, v.kept.Window.Closes
	p.Page = r.page(v, i18n.T(v.lang, "respond.review.title", nil), "open")
	p.Errors = v.words(problems)
	for i, problem := range problems {
		p.Errors[i].Href = "/answer/" + v.pageOf(problem.Question) + p.Errors[i].Href
	}
	p.Invalid = status == fiber.StatusUnprocessableEntity
	p.Langs = web.LangLinks("/answer/review", nil, v.lang)
	if path := v.Questionnaire.Path(v.Draft.Answers); len(path) > 0 {
		p.BackPath = "/answer/" + path[len(path)-1].Page.Code
	}
	return r.kit.Show(c, status, "respond/review", p)
}
