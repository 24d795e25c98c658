package desk

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
	"rondo/storage"
)

const localRefused = "desk.refused"

// refused is why something was not done, on the page of its form.
type refused struct {
	Title, Text string
	changed     bool // by somebody else meanwhile
}

// refusal is why the form whose page is shown was refused; nil where it was not.
func refusal(c *fiber.Ctx) *refused {
	r, _ := c.Locals(localRefused).(*refused)
	return r
}

// keeping gives back what was typed into a form that is refused: on its page, which is shown once more, or, where the page no
// longer has room for it, on the page of the refusal. Without a session it waits for the same person.
func (r *Room) keeping(u URL, page, next fiber.Handler) fiber.Handler {
	again := page
	if u.Act != "" {
		again = r.Door.Again(u.Act, page)
	}
	return func(c *fiber.Ctx) error {
		form := web.ReadForm(c)
		err := next(c)
		owner, ended := auth.Ended(c)
		switch {
		case !losable(form):
			return err
		case err == nil && ended:
			return r.waiting(c, u, page, owner)
		case err == nil && (!web.Switches(form) || stands(c, form)):
			return nil
		case err == nil: // another language, and its page has no room any more
			err = storage.ErrState
		case r.shownAgain(c, again, err):
			return nil
		}
		c.Response().ResetBody()
		c.Response().Header.Del(fiber.HeaderLocation)
		if shares := r.shownBy()[u.Path]; shares != nil {
			web.SetAnew(c, path.Dir(c.Path()))
		}
		return err
	}
}

// shownAgain shows the page of a refused form with what was typed; false where that does not do.
func (r *Room) shownAgain(c *fiber.Ctx, again fiber.Handler, err error) bool {
	status, title, text, known := r.Kit.Refused(c, err)
	if !known || errors.Is(err, auth.ErrDenied) || !slices.Contains([]int{fiber.StatusForbidden, fiber.StatusConflict, fiber.StatusServiceUnavailable}, status) {
		return false
	}
	// The usual words say that the page be loaded anew, by which all would be lost.
	changed := errors.Is(err, storage.ErrConflict)
	switch {
	case errors.Is(err, auth.ErrTag):
		title, text = say(c, "refused.session"), say(c, "refused.session_text")
	case changed:
		text = joined(say(c, "refused.conflict_text"), say(c, "refused.kept"))
	case errors.Is(err, storage.ErrState):
		text = joined(say(c, "refused.state_text"), say(c, "refused.kept"))
	default:
		text = joined(text, say(c, "refused.kept"))
	}
	form := web.ReadForm(c)
	c.Locals(localTyped, form)
	c.Locals(localRefused, &refused{title, text, changed})
	if again(c) != nil || c.Response().StatusCode() != fiber.StatusOK || c.Response().IsBodyStream() || !stands(c, form) {
		return false
	}
	c.Status(status)
	return true
}

// losable says whether somebody would miss anything of a form.
func losable(form web.Form) bool {
	for name, values := range form {
		if !web.OwnField(name) && slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) != "" }) {
			return true
		}
	}
	return false
}

// escaped writes text as templates do.
var escaped = strings.NewReplacer("\r", "", "&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "+", "&#43;", "\x00", "\uFFFD")

// stands says whether the page that was just made holds everything that was typed.
func stands(c *fiber.Ctx, form web.Form) bool {
	if c.Response().IsBodyStream() {
		return true // nobody knows yet
	}
	if file, err := c.FormFile("archive"); err == nil && file.Size > 0 {
		return true // its files stand in the place of what was typed
	}
	body := strings.ReplaceAll(string(c.Response().Body()), "\r", "")
	for _, f := range web.Copy(form, Reading(c)).Typed {
		if !strings.Contains(body, escaped.Replace(f.Value)) {
			return false
		}
	}
	return true
}

// typedWords are the fields in which people write, and what is asked there, in the order of a page.
var typedWords = []struct{ name, key string }{
	{"subject", "texts.subject"}, {"body", "texts.body"}, {"text", "freetexts.words"}, {"label", "new.label"}, {"ref_from", "new.ref_from"},
	{"ref_to", "new.ref_to"}, {"opens", "new.opens"}, {"closes", "new.closes"}, {"name", "name"}, {"email", "email"}, {"who", "links.who"},
	{"wrong", "correct.wrong"}, {"right", "correct.right"}, {"to", "corrections.to"}, {"why", "nominations.reason"}, {"reason", "nominations.reason"},
}

// Copies gives the Reading of a form of the desk; nil elsewhere.
func Copies(c *fiber.Ctx) web.Reading {
	if path := c.Path(); path != "/desk" && !strings.HasPrefix(path, "/desk/") {
		return nil
	}
	return Reading(c)
}

// Reading says what was asked in the fields of the desk in which people write, should their form be refused.
func Reading(c *fiber.Ctx) web.Reading {
	return func(name, value string) (label, shown string, place int, ok bool) {
		if name == "name" && strings.HasPrefix(c.Path(), UploadPath) {
			return "", "", 0, false // of a file
		}
		if at := slices.IndexFunc(typedWords, func(w struct{ name, key string }) bool { return w.name == name }); at >= 0 {
			return say(c, typedWords[at].key), value, at, true
		}
		place = len(typedWords)
		if entry, is := strings.CutSuffix(name, ".days"); is {
			return entryTitle(c, entry) + ": " + say(c, "schedule.days"), value, place, true
		}
		if strings.HasPrefix(name, "email-") {
			return say(c, "email"), value, place, true
		}
		for _, f := range fileFields(nil) {
			if f.Field == name {
				return f.Name, value, place, true
			}
		}
		return "", "", 0, false
	}
}
