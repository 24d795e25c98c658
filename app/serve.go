package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rondo/app/auth"
	"rondo/app/desk"
	"rondo/app/office"
	"rondo/app/outbox"
	"rondo/app/respond"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage/identity"
)

// ServeCommand runs the service.
type ServeCommand struct{}

// Run is the command.
func (ServeCommand) Run(ctx context.Context, c *Config, s Streams) error {
	h, err := openHouse(ctx, c, logger(c, s.Err))
	if err != nil {
		return err
	}
	defer h.Store.Close()
	token, err := auth.FirstLink(ctx, auth.Kept(h.Store.Staff))
	if err != nil {
		return err
	}
	return h.serve(ctx, func(address string) {
		fmt.Fprintf(s.Out, "Rondo is at %s\n", c.PublicURL)
		if token != "" {
			fmt.Fprintf(s.Out, "Make the first staff account within 24 hours at\n%s\n", welcome(c, token))
		}
		if c.SMTP == "" {
			fmt.Fprintf(s.Out, "Messages go to the folder %s (no RONDO_SMTP)\n", c.mailFolder())
		}
	})
}

// drain is how long requests under way may take once the service stops.
const drain = 20 * time.Second

// The heap is small: it may grow to several times its size before it is swept, which halves that
// work, as long as the whole stays within memoryGoal.
const (
	gcPercent  = 300
	memoryGoal = 56 << 20 // bytes; a goal, not a limit
)

// serve answers until ctx ends, then lets what is under way come to its end.
func (h *House) serve(ctx context.Context, up func(address string)) error {
	app, err := h.app()
	if err != nil {
		return err
	}
	return h.run(ctx, app, up)
}

// run is serve with a given app.
func (h *House) run(ctx context.Context, app *fiber.App, up func(address string)) error {
	transport, err := h.transport()
	if err != nil {
		return err
	}
	if h.Outbox.Sender.DKIM, err = h.signer(); err != nil {
		return err
	}
	if err := h.pauseStale(ctx); err != nil {
		return err
	}
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", h.Config.Listen)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	h.background(&all, working, "worker", (&outbox.Worker{
		Outbox: h.Outbox, Transport: transport, Done: h.Waves.DoneAmong, Waits: h.Waves.WithHead, Rate: h.Config.MailRate, PerDomain: h.Config.MailPerDomain, Log: h.Log,
	}).Run)
	h.background(&all, working, "upkeep", h.upkeep)
	if h.Config.BounceMaildir != "" {
		h.background(&all, working, "returns", h.returns)
	}
	if h.Config.InternalListen != "" {
		h.background(&all, working, "metrics", h.metrics)
	}
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryGoal)
	debug.FreeOSMemory()       // migrations and questionnaires were read once; what that took is not needed again
	up(socket.Addr().String()) // who comes now is heard already, and served next
	served := make(chan error, 1)
	all.Go(func() { served <- app.Listener(socket) })
	select {
	case err = <-served:
	case <-ctx.Done():
		err = app.ShutdownWithTimeout(drain)
	}
	stop()
	all.Wait()
	return err
}

// background runs a task until its context ends; one that fails or panics is logged, and never
// takes the service with it.
func (h *House) background(all *sync.WaitGroup, ctx context.Context, name string, do func(context.Context) error) {
	all.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				h.Log.Error("task ended", "task", name, "panic", fmt.Sprint(p))
			}
		}()
		if err := do(ctx); err != nil && !errors.Is(err, context.Canceled) {
			h.Log.Error("task ended", "task", name, "error", err)
		}
	})
}

// upkeepEvery is how often there is a look at what is due by itself.
const upkeepEvery = time.Minute

// upkeep mixes responses, hides when somebody handed over, closes what is overdue, and queues what
// schedules say is due. It writes no row when there is nothing to do.
func (h *House) upkeep(ctx context.Context) error {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	scheduler := h.scheduler()
	for {
		if _, err := h.Store.Answers.Mix(ctx, false); err != nil && ctx.Err() == nil {
			h.Log.Error("mixing", "error", err)
		}
		if _, err := h.Store.HideHandOvers(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("hiding hand-overs", "error", err)
		}
		if _, err := h.Waves.CloseOverdue(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("closing what is overdue", "error", err)
		}
		if err := scheduler.Look(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("queueing by schedule", "error", err)
		}
		debug.FreeOSMemory() // a look at whole waves is over for a minute
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// metrics answers on the internal address: figures for Prometheus, and profiles.
func (h *House) metrics(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	server := &http.Server{Addr: h.Config.InternalListen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// app wires the rooms behind the table of URLs.
func (h *House) app() (*fiber.App, error) {
	r, kit, err := h.rooms()
	if err != nil {
		return nil, err
	}
	app := kit.App()
	for _, u := range r.table() {
		app.Add(u.Method, u.Path, u.Handler)
		if u.Method == fiber.MethodGet {
			app.Add(fiber.MethodHead, u.Path, u.Handler)
		}
	}
	return app, nil
}

// rooms makes the kit and the three rooms.
func (h *House) rooms() (rooms, *web.Kit, error) {
	c := h.Config
	var logo []byte
	if c.Logo != "" {
		var err error
		if logo, err = os.ReadFile(c.Logo); err != nil {
			return rooms{}, nil, err
		}
	}
	kit, err := web.NewKit(web.Config{
		PublicURL: c.PublicURL, TrustedProxies: c.proxies(), Contact: web.ParseContact(c.Contact), Accent: c.Accent, Logo: logo,
		Refusals: refusals, Keeps: append([]string{"/answer"}, office.Keeps...), Exempt: office.Exempt, Copies: desk.Copies,
		Uploads: slices.Concat(desk.Uploads, office.Uploads), Log: h.Log, Deadline: h.deadline,
	})
	if err != nil {
		return rooms{}, nil, err
	}
	door, err := auth.New(auth.Config{Kit: kit, Records: auth.Kept(h.Store.Staff), Derive: h.Store.Secret.Derive, Now: time.Now})
	if err != nil {
		return rooms{}, nil, err
	}
	records := func(c *fiber.Ctx) bool { return door.Present(c, auth.Record) }
	answering := respond.New(kit, h.Store, h.Waves, h.Outbox, records)
	return rooms{
		house:   h,
		respond: answering,
		office:  office.New(kit, h.Waves, h.Outbox, h.employerQuestionnaire(answering)),
		desk: desk.New(desk.Config{
			Kit: kit, Door: door, Waves: deskWaves{h}, Lists: deskLists{h}, Mail: deskMail{h}, Schedules: deskSchedules{h}, Corrections: deskCorrections{h}, Releases: deskReleases{h}, FreeTexts: deskTexts{h}, Versions: deskVersions{h},
			Journal: desk.StaffJournal(h.Store.Staff), Record: h.record(kit), Print: func(c *fiber.Ctx, q *questionnaires.Questionnaire) error {
				return answering.Blank(c, q, questionnaires.Setting{}, "")
			},
		}),
	}, kit, nil
}

// employerQuestionnaire shows an office what the employers it proposes will be asked.
func (h *House) employerQuestionnaire(answering *respond.Room) func(c *fiber.Ctx, o identity.Holder) error {
	return func(c *fiber.Ctx, o identity.Holder) error {
		ctx := web.Context(c)
		p, err := h.Store.Identity.Population(ctx, o.Wave.ID, "employer")
		if err != nil {
			return err
		}
		q, err := h.Waves.Questionnaire(p.Questionnaire, p.Hash)
		if err != nil {
			return err
		}
		now, err := h.Store.DB.Now(ctx)
		if err != nil {
			return err
		}
		return answering.Blank(c, q, h.Waves.Setting(o, now), "/office")
	}
}

// record lets signed-in staff fill in the protocol of an office's discussion: their browser
// carries its link from now on.
func (h *House) record(kit *web.Kit) func(c *fiber.Ctx, label, code string) error {
	return func(c *fiber.Ctx, label, code string) error {
		token, err := h.Waves.DiscussionToken(web.Context(c), label, code)
		if err != nil {
			return err
		}
		kit.SetCookie(c, web.ParticipantCookie, token)
		return nil
	}
}

// healthy says that the process answers.
func (h *House) healthy(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready says whether requests can be served: the database answers and is at this version.
func (h *House) ready(c *fiber.Ctx) error {
	pending, err := h.Store.DB.Pending(web.Context(c))
	if err != nil || pending {
		h.Log.Warn("not ready", "pending", pending, "error", err)
		return c.Status(http.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}
