package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/respond"
)

// DemoCommand fills a scratch database and shows it.
type DemoCommand struct {
	FillOnly bool `help:"Fill the database and end."`
}

// Run is the command.
func (d DemoCommand) Run(ctx context.Context, c *Config, s Streams) error {
	folder, err := os.MkdirTemp("", "rondo-demo-")
	if err != nil {
		return err
	}
	c.SMTP, c.MailFolder = "", filepath.Join(folder, "mail") // made-up people get no real messages
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(folder, "rondo.db")
	}
	h, err := openHouse(ctx, c, logger(&Config{Log: "warn"}, s.Err))
	if err != nil {
		return err
	}
	defer h.Store.Close()
	waves, err := h.Store.Identity.Waves(ctx)
	if err != nil {
		return err
	}
	if len(waves) > 0 {
		return errors.New("the demo needs an empty database: this one holds waves already")
	}
	show := &demo{House: h, streams: s}
	if err := show.fill(ctx); err != nil {
		return err
	}
	if d.FillOnly {
		fmt.Fprintf(s.Out, "%s holds the synthetic waves 2015 and 2026\n", c.Database)
		return nil
	}
	return show.serve(ctx)
}

// demo makes the two synthetic waves through the same calls as real life.
type demo struct {
	*House
	streams  Streams
	answer   *respond.Room
	base     string // where its own pages answer while it fills
	password string // of the two staff accounts
	links    []string
}

// fill makes the wave of 2015 and the one of 2026.
func (d *demo) fill(ctx context.Context) error {
	r, _, err := d.rooms()
	if err != nil {
		return err
	}
	d.answer = r.respond
	stop, err := d.listen()
	if err != nil {
		return err
	}
	defer stop()
	if err := d.staff(ctx); err != nil {
		return fmt.Errorf("demo accounts: %w", err)
	}
	if err := d.wave2015(ctx); err != nil {
		return fmt.Errorf("demo wave 2015: %w", err)
	}
	d.Store.DB.SetOffset(0)
	if err := d.wave2026(ctx); err != nil {
		return fmt.Errorf("demo wave 2026: %w", err)
	}
	return nil
}

// at moves the database clock of this process.
func (d *demo) at(when string) error {
	t, err := moment(when, false)
	if err != nil {
		return err
	}
	d.Store.DB.SetOffset(time.Until(t))
	return nil
}

// serve shows the demo until it is stopped.
func (d *demo) serve(ctx context.Context) error {
	d.Log = slog.New(slog.DiscardHandler)
	app, err := d.app()
	if err != nil {
		return err
	}
	mailbox := mailbox{folder: d.Config.mailFolder()}
	for path, handler := range map[string]fiber.Handler{"/mailbox": mailbox.list, "/mailbox/:name": mailbox.show} {
		app.Get(path, handler)
	}
	return d.run(ctx, app, func(string) {
		base := d.Config.PublicURL
		fmt.Fprintf(d.streams.Out, `
The demo is ready; everything in it is made up (synthetic). Open

  %[1]s/mailbox          the messages of the wave 2026: follow a link and answer as an employer or an office
  %[1]s/desk             the desk of FSIO: sign in as lead@demo.example or reviewer@demo.example
                         password: %[2]s

An employer's questionnaire:  %[3]s
An office's page:             %[4]s

Stop with Ctrl+C; the database is %[5]s
`, base, d.password, d.links[0], d.links[1], d.Config.Database)
	})
}
