package desk

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
)

// mostWaiting is how many bytes of what was typed wait sealed in the page of the sign-in. A body takes 256 KiB, and sealing
// makes a third more of it.
const mostWaiting = web.MaxForm

// waiting shows the sign-in in the place of a page whose session is over, and keeps what was typed: sealed for its owner, who
// finds it in its form once signed in, or, where nobody can tell whose it is or it is too long, to be copied.
func (r *Room) waiting(c *fiber.Ctx, u URL, page fiber.Handler, owner string) error {
	form := web.ReadForm(c)
	c.Response().Header.Del(fiber.HeaderLocation)
	if err := r.Door.Knock(c); err != nil {
		return err
	}
	if u.Act == "" { // a form of the door itself
		c.Locals(localTyped, form)
		c.Locals(localRefused, &refused{say(c, "refused.session"), say(c, "refused.session_text"), false})
		if err := page(c); err != nil || c.Response().StatusCode() != fiber.StatusOK {
			return err
		}
		c.Status(fiber.StatusForbidden)
		return nil
	}

	p := r.signInPage(c, nil)
	why := "waiting.copy"
	switch sealed, short, err := r.seal(owner, c.OriginalURL(), form); {
	case err != nil:
		return err
	case sealed != "":
		p.Waiting, why = sealed, "waiting.text"
	default:
		p.Copied = copyFields(web.Copy(form, Reading(c)).Typed)
		if !short {
			why = "waiting.long"
		}
	}
	c.Locals(localRefused, &refused{say(c, "waiting.title"), say(c, why), false})
	p.Invalid = true
	return r.show(c, fiber.StatusForbidden, "desk/signin", p)
}

// copied is the beginning of the names of fields that are on the page of the sign-in to be copied.
const copied = "copy-"

// copyFields go along when the sign-in is shown once more, unless no body but that of an upload would take them.
func copyFields(typed []web.KeptField) []web.KeptField {
	n := 0
	for i := range typed {
		n += len(typed[i].Value)
		typed[i].Name = copied + typed[i].Name
	}
	for i := range typed {
		if n > web.MaxBody/2 {
			typed[i].Name = ""
		}
	}
	return typed
}

// copiedIn are the fields to be copied of a sign-in that is shown once more.
func copiedIn(c *fiber.Ctx, form web.Form) []web.KeptField {
	read := Reading(c)
	return web.Copy(form, func(name, value string) (string, string, int, bool) {
		name, is := strings.CutPrefix(name, copied)
		if !is {
			return "", "", 0, false
		}
		return read(name, value)
	}).Typed
}

// typedThere is a form that waits, and where it was sent.
type typedThere struct {
	Path   string
	Fields web.Form
}

// seal gives what waits; "" where that cannot be, and whether it would be short enough.
func (r *Room) seal(owner, path string, form web.Form) (sealed string, short bool, err error) {
	there := typedThere{Path: path, Fields: web.Form{}}
	n := 0
	for name, values := range form {
		if web.OwnField(name) && name != "seen" {
			continue
		}
		there.Fields[name] = values
		for _, v := range values {
			n += len(name) + len(v)
		}
	}
	var plain bytes.Buffer
	into := json.NewEncoder(&plain)
	into.SetEscapeHTML(false) // it would make five bytes more of each
	err = into.Encode(there)
	if short = n <= mostWaiting && plain.Len() <= 2*mostWaiting; err != nil || owner == "" || !short {
		return "", short, err
	}
	sealed, err = r.Door.Close(owner, plain.Bytes())
	return sealed, true, err
}

type waitedPage struct {
	frame
	web.Copied
}

// waited shows what somebody had typed when their session ended, and does nothing with it; false where nothing waits for them.
func (r *Room) waited(c *fiber.Ctx, sealed string) (shown bool, err error) {
	plain, ok := r.Door.Open(auth.Me(c).ID, sealed)
	if !ok {
		return false, nil
	}
	var there typedThere
	if err := json.Unmarshal(plain, &there); err != nil {
		return false, err
	}
	p := &waitedPage{frame: r.frame(c, say(c, "waited.title")), Copied: web.Copy(there.Fields, Reading(c))}
	p.Action, p.FormTag, p.Show = there.Path, auth.Tag(c), web.Language(c)
	p.Langs = web.LangButtons("kept", p.Show)
	return true, r.show(c, fiber.StatusOK, "desk/waited", p)
}
