package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/questionnaires"
)

// Config is what the room is made of. Everything is required.
type Config struct {
	Kit         *web.Kit
	Door        *auth.Door
	Waves       Waves
	Lists       Lists
	Mail        Mail
	Schedules   Schedules
	Corrections Corrections
	Releases    Releases
	FreeTexts   FreeTexts
	Versions    Versions
	Journal     Journal
	// Record makes this browser answer as the discussion of the office with this code: it sets the answering cookie.
	Record func(c *fiber.Ctx, label, code string) error
	// Print shows a questionnaire without answers, as it looks on paper.
	Print func(c *fiber.Ctx, q *questionnaires.Questionnaire) error
}

// Room answers everything under /desk.
type Room struct{ Config }

// New makes the room.
func New(config Config) *Room { return &Room{config} }

// long bounds work that may take longer than a page: building a bundle, keeping a list, closing a population.
const long = 60 * time.Second

// longContext is for such work; it does not end when the page's own deadline does.
func longContext(c *fiber.Ctx) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(web.Context(c)), long)
}

// did journals what was done, or that it was refused, and gives back err. A change whose entry cannot be kept is a failure.
func (r *Room) did(c *fiber.Ctx, action, object, detail string, err error) error {
	if err != nil {
		detail = "refused"
	}
	ctx, cancel := longContext(c)
	defer cancel()
	if noteErr := r.Journal.Note(ctx, auth.Me(c).Email, action, object, detail); noteErr != nil && err == nil {
		return fmt.Errorf("journal %s: %w", action, noteErr)
	}
	return err
}

// say gives words of the desk's catalogue in the language of the request.
func say(c *fiber.Ctx, key string, pairs ...any) string {
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return i18n.T(web.Language(c), "desk."+key, args)
}

// words gives the sentence of a problem.
func words(c *fiber.Ctx, p Problem) string {
	return i18n.T(web.Language(c), "desk.problem."+p.Key, p.Args)
}
