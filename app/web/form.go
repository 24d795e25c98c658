package web

import (
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// Form is a posted form: field name to its values, in the order they came.
type Form map[string][]string

// First gives the first value of a field, or "".
func (f Form) First(name string) string {
	if values := f[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// ReadForm gives the posted text fields, copied out of Fiber. The limits were
// checked before the route was entered.
func ReadForm(c *fiber.Ctx) Form {
	form, _ := c.Locals(localForm).(Form)
	if form == nil {
		return Form{}
	}
	return form
}

// readForm parses the body of a POST once, within the limits.
func readForm(c *fiber.Ctx) error {
	kind, _, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	switch kind {
	case fiber.MIMEApplicationForm:
		return readFields(c)
	case fiber.MIMEMultipartForm:
		return readMultipart(c)
	}
	if len(c.Body()) == 0 {
		return nil
	}
	return ErrFormat
}

func readFields(c *fiber.Ctx) error {
	body := string(c.Body()) // string() copies
	if strings.Count(body, "&") >= MaxFields {
		return ErrTooLarge
	}
	values, err := url.ParseQuery(body)
	if err != nil {
		return fmt.Errorf("%w: malformed", ErrForm)
	}
	if err := keepForm(c, values); err != nil {
		return err
	}
	if written(values) > MaxForm {
		return ErrTooLarge // kept already: the page of the refusal gives it back to be shortened
	}
	return nil
}

// written is how many bytes somebody typed or chose. On its way each byte of a letter with an
// accent takes three, which is not theirs to know.
func written(values url.Values) int {
	n := 0
	for name, list := range values {
		for _, v := range list {
			n += len(name) + len(v)
		}
	}
	return n
}

func readMultipart(c *fiber.Ctx) error {
	parts, err := c.MultipartForm()
	if err != nil {
		return fmt.Errorf("%w: malformed", ErrForm)
	}
	values := url.Values{}
	for name, list := range parts.Value {
		for _, v := range list {
			values.Add(strings.Clone(name), strings.Clone(v))
		}
	}
	return keepForm(c, values)
}

func keepForm(c *fiber.Ctx, values url.Values) error {
	n := 0
	for name, list := range values {
		n += len(list)
		if !utf8.ValidString(name) {
			return fmt.Errorf("%w: not UTF-8", ErrForm)
		}
		for _, v := range list {
			if !utf8.ValidString(v) {
				return fmt.Errorf("%w: not UTF-8", ErrForm)
			}
		}
	}
	if n > MaxFields {
		return ErrTooLarge
	}
	c.Locals(localForm, Form(values))
	return nil
}

// Upload gives the name and the bytes of the file posted in field, at most max
// bytes; an empty name where none was chosen.
func Upload(c *fiber.Ctx, field string, max int64) (name string, body []byte, err error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return "", nil, nil
	}
	if header.Size > max {
		return "", nil, ErrTooLarge
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fmt.Errorf("open upload: %w", err)
	}
	defer file.Close()

	body, err = io.ReadAll(io.LimitReader(file, max+1))
	if err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	if int64(len(body)) > max {
		return "", nil, ErrTooLarge
	}
	return strings.Clone(header.Filename), body, nil
}
