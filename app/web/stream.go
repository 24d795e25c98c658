package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/views"
)

// errNoGap is a template that Stream cannot part.
var errNoGap = errors.New("the template has no empty list of steps")

// gap is where the steps of a streamed page go; its template holds it once. What work comes to goes
// where after says; a template that has no such place shows it as the last step.
const (
	gap   = `<ol class="steps"></ol>`
	place = `<div class="outcome"></div>`
)

// pulse is how often a streamed page asks whether its reader is still there.
const pulse = 200 * time.Millisecond

// Work is work that takes seconds. It says each step, and gives what comes in the place of the
// outcome. Its context ends soon after whoever asked for it has gone away.
type Work func(ctx context.Context, say func(step template.HTML)) (outcome template.HTML, err error)

// Stream shows a page of work that takes seconds: what stands before the gap at once, then a step
// whenever work says one, then the rest. It needs no script and no second request, so it works behind
// any number of instances; where a proxy holds the page back, the end is all there is to see. The
// status is 200 whatever comes of it: the last step says that. work must not touch c, which is gone
// by then; an error of it is put into words, and logged where it is a failure of ours.
func (k *Kit) Stream(c *fiber.Ctx, name string, page Paged, work Work) error {
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
	parent := context.WithoutCancel(Context(c))
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		ctx, cancel := context.WithCancel(parent)
		r := &reader{w: w, gone: cancel}
		var pulsing sync.WaitGroup
		defer pulsing.Wait() // w is somebody else's afterwards
		defer cancel()
		r.write(append(before, `<ol class="steps">`...))
		pulsing.Go(func() { r.pulse(ctx) })
		var outcome template.HTML
		err := recovered(func() (err error) {
			outcome, err = work(ctx, r.step)
			return err
		})
		if ctx.Err() != nil {
			return // nobody reads on
		}
		if err != nil {
			outcome = ""
			r.step(k.sorry(err, lang, id, where))
		}
		rest, last, ok := bytes.Cut(after, []byte(place))
		if !ok && outcome != "" {
			r.step(outcome)
		} else if ok {
			rest = slices.Concat(rest, []byte(`<div class="outcome">`+outcome+`</div>`), last)
		}
		r.write(append([]byte("</ol>"), rest...))
	})
	return nil
}

// sorry puts an error into words, and logs a failure of ours.
func (k *Kit) sorry(err error, lang, id, where string) template.HTML {
	r, expected := k.refusal(err)
	if !expected {
		k.log.Error("failure", "id", id, "route", where, "error", err.Error())
	}
	title, text := refusalWords(lang, r)
	return template.HTML(`<span class="problem">` + template.HTMLEscapeString(title) + ": " + template.HTMLEscapeString(text) + "</span>") //nolint:gosec // both are escaped
}

// reader is who a page is streamed to.
type reader struct {
	mutex sync.Mutex
	w     *bufio.Writer
	gone  func() // called once nothing can be written any more
}

func (r *reader) write(piece []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_, err := r.w.Write(piece)
	if err == nil {
		err = r.w.Flush()
	}
	if err != nil {
		r.gone()
	}
}

func (r *reader) step(step template.HTML) { r.write([]byte("<li>" + string(step) + "</li>\n")) }

// pulse writes a line end now and then, which nobody sees: only by writing is it found out that a
// reader has gone.
func (r *reader) pulse(ctx context.Context) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.write([]byte("\n"))
		}
	}
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
