package web

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"

	"rondo/app/views"
)

// errNoGap is a template that Stream cannot part.
var errNoGap = errors.New("the template has no empty list of steps")

// gap is where the steps of a streamed page go; its template holds it once.
const gap = `<ol class="steps"></ol>`

// Stream shows a page of work that takes seconds: what stands before the gap at once, then a step
// whenever work says one, then the rest. It needs no script and no second request, so it works behind
// any number of instances; where a proxy holds the page back, the end is all there is to see. The
// status is 200 whatever comes of it: the last step says that. work must not touch c, which is gone
// by then; an error of it is put into words, and logged where it is a failure of ours.
func (k *Kit) Stream(c *fiber.Ctx, name string, page Paged, work func(say func(step template.HTML)) error) error {
	if err := k.fill(c, page.Frame(), name); err != nil {
		return err
	}
	lang, id, where := page.Frame().Lang, RequestID(c), route(c)
	var whole bytes.Buffer
	if err := views.Render(&whole, lang, name, page); err != nil {
		return err
	}
	before, after, ok := bytes.Cut(whole.Bytes(), []byte(gap))
	if !ok {
		return fmt.Errorf("%w: %s", errNoGap, name)
	}
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Set(fiber.HeaderContentLanguage, lang)
	c.Set("X-Accel-Buffering", "no") // nginx would hold the steps back
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		// Whoever has gone away reads no step; the work is done all the same.
		say := func(step template.HTML) {
			_, _ = fmt.Fprintf(w, "<li>%s</li>\n", step)
			_ = w.Flush()
		}
		_, _ = w.Write(append(before, `<ol class="steps">`...))
		_ = w.Flush()
		if err := recovered(func() error { return work(say) }); err != nil {
			r, expected := k.refusal(err)
			if !expected {
				k.log.Error("failure", "id", id, "route", where, "error", err.Error())
			}
			title, text := refusalWords(lang, r)
			say(template.HTML(template.HTMLEscapeString(title) + ": " + template.HTMLEscapeString(text))) //nolint:gosec // both are escaped
		}
		_, _ = w.Write(append([]byte("</ol>"), after...))
		_ = w.Flush()
	})
	return nil
}

// recovered turns a panic into an error: outside the chain of handlers nobody else would.
func recovered(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, r, debug.Stack())
		}
	}()
	return do()
}
