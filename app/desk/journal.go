package desk

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

const lastEntries = 200

type journalPage struct {
	frame
	Whole   bool
	Caption string
	Entries []Entry
}

// showJournal shows the last entries and whether the chain is whole.
func (r *Room) showJournal(c *fiber.Ctx) error {
	entries, err := r.Journal.Last(web.Context(c), lastEntries)
	if err != nil {
		return err
	}
	whole, err := r.Journal.Verify(web.Context(c))
	if err != nil {
		return err
	}

	p := &journalPage{frame: r.frame(c, say(c, "journal.title")), Whole: whole, Entries: entries,
		Caption: say(c, "journal.caption", "n", len(entries))}
	return r.show(c, fiber.StatusOK, "desk/journal", p)
}
