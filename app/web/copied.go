package web

import (
	"cmp"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Copied is a form that was refused, to be copied from or to be shown once more on its page. Nothing is
// done with it by that.
type Copied struct {
	Typed, Hidden []KeptField
	Action        string // path of the form; "": that of the page
	FormTag       string
	Show          string // language in which its page is shown again by a button; "": there is no button
	Anew          string // path at which its page is opened anew; "": there is no link
	Upload        bool   // it comes in parts
}

// ownFields are of the service itself, or are never given back: buttons, passwords, codes and what is sealed.
var ownFields = map[string]bool{"do": true, "seen": true, "password": true, "again": true, "code": true, "sealed": true, "waiting": true, "content": true}

// OwnField says whether a field of a form holds nothing that somebody has typed or chosen and may see again.
func OwnField(name string) bool { return ownFields[name] || strings.HasPrefix(name, "_") }

// Copy parts a form into what was typed, as far as read knows it, and what else goes along.
func Copy(form Form, read Reading) (c Copied) {
	for _, f := range Keep(form, read) {
		_, _, _, known := read(f.Name, f.Value)
		switch {
		case OwnField(f.Name) && f.Name != "seen":
		case known && strings.TrimSpace(f.Value) != "":
			c.Typed = append(c.Typed, f)
		default:
			c.Hidden = append(c.Hidden, f)
		}
	}
	return c
}

// SetAnew says at which path the page of the form of this request is opened anew, where the form has another address.
func SetAnew(c *fiber.Ctx, path string) { c.Locals(localAnew, path) }

// copied is what the page of a refusal gives back to be copied. A POST from another site gets nothing back.
func (k *Kit) copied(c *fiber.Ctx, err error, status int) Copied {
	if c.Method() != fiber.MethodPost || k.config.Copies == nil || errors.Is(err, ErrForeign) {
		return Copied{}
	}
	read := k.config.Copies(c)
	if read == nil {
		return Copied{}
	}
	form := ReadForm(c)
	p := Copy(form, read)
	if len(p.Typed) == 0 {
		return Copied{}
	}
	p.FormTag = form.First("_tag")
	p.Upload = strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm)
	if status >= fiber.StatusInternalServerError {
		p.Show = Language(c)
		return p
	}
	p.Anew, _ = c.Locals(localAnew).(string)
	p.Anew = cmp.Or(p.Anew, shownAt(c), c.Path())
	return p
}
