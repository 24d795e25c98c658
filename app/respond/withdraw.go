package respond

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage"
)

// withdrawPage is templates/respond/withdraw.html.
type withdrawPage struct {
	web.Page
	Receipt string // as typed
	Wrong   bool   // nothing is found under it
	Gone    bool   // the response is withdrawn
}

// AskWithdraw asks for the receipt. No link is needed: whoever holds the
// receipt, and nobody else, may withdraw.
func (r *Room) AskWithdraw(c *fiber.Ctx) error {
	return r.showWithdraw(c, fiber.StatusOK, "", false, false)
}

// Withdraw takes the response of a receipt out, until the close.
func (r *Room) Withdraw(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	typed := form.First("receipt")
	if web.Switches(form) {
		return r.showWithdraw(c, fiber.StatusOK, typed, false, false)
	}

	err := r.store.Answers.Withdraw(web.Context(c), receiptHash(typed))

	switch {
	case errors.Is(err, storage.ErrNotFound):
		if r.guesses.Failed(r.kit.ClientIP(c), c.Context().Time()) {
			return web.ErrTooMany
		}
		return r.showWithdraw(c, fiber.StatusUnprocessableEntity, typed, true, false)
	case errors.Is(err, storage.ErrClosed):
		return ErrEnded
	case err != nil:
		return fmt.Errorf("withdraw: %w", err)
	}
	r.kit.ClearCookie(c, receiptCookie)
	return r.showWithdraw(c, fiber.StatusOK, "", false, true)
}

func (r *Room) showWithdraw(c *fiber.Ctx, status int, typed string, wrong, gone bool) error {
	p := &withdrawPage{Receipt: typed, Wrong: wrong, Gone: gone}
	p.Title = i18n.T(web.Language(c), "respond.withdraw.title", nil)
	p.State, p.Invalid = "done", wrong
	if !gone { // the language is a button, so that what was typed stays
		p.Langs, p.DefaultForm = web.LangButtons("withdraw", web.Language(c)), "withdraw"
	} else {
		p.State = "withdrawn"
		p.Title = i18n.T(web.Language(c), "respond.withdraw.gone_title", nil)
	}
	return r.kit.Show(c, status, "respond/withdraw", p)
}
