package desk

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// typed is from how many affected on the count has to be typed.
const typed = 100

type confirmPage struct {
	frame
	Sentence, Note, Button, Back string
	Final                        bool     // cannot be undone
	Stop                         string   // why it cannot be done; there is no button then
	Faults                       []string // one sentence each, below Stop
	Facts                        []fact
	Fields                       []field
	Seen                         string // hash of the draft that was seen
}

type fact struct{ Term, Value string }

// countField asks for the count where more than a hundred are affected.
func countField(c *fiber.Ctx, affected int) []field {
	if affected <= typed {
		return nil
	}
	return []field{{Name: "count", Kind: "text", Digits: true, Auto: "off", Label: say(c, "step.type_count", "n", affected)}}
}

// counted checks the typed count; people write 1'234 as they like.
func counted(form web.Form, affected int) []Problem {
	if affected <= typed {
		return nil
	}
	digits := strings.NewReplacer("'", "", "’", "", " ", "", "\u00a0", "", "\u202f", "").Replace(form.First("count"))
	if n, err := strconv.Atoi(digits); err == nil && n == affected {
		return nil
	}
	return []Problem{{Field: "count", Key: "count", Args: map[string]any{"n": affected}}}
}

// confirm shows a page that says what is about to happen, again with problems when the answer did not do.
func (r *Room) confirm(c *fiber.Ctx, p *confirmPage, form web.Form, problems []Problem) error {
	p.Fields = fill(c, p.Fields, form, problems)
	p.Invalid = len(problems) > 0
	status := fiber.StatusOK
	switch {
	case len(problems) > 0:
		status = fiber.StatusUnprocessableEntity
	case p.Stop != "" && sent(c):
		status = fiber.StatusConflict
	}
	return r.show(c, status, "desk/confirm", p)
}
