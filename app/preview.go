package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/respond"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// QuestionnairePreview shows a folder with the very pages that respondents get: the same room, on
// a scratch database that is gone when the preview ends.
type QuestionnairePreview struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the version."`
}

// Run is the command.
func (p QuestionnairePreview) Run(ctx context.Context, c *Config, s Streams) (err error) {
	folder := &previewFolder{path: p.Dir}
	if err := folder.holdsQuestionnaire(); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "rondo-preview-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	store, err := storage.Open(ctx, "sqlite:"+filepath.Join(scratch, "rondo.db"), "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	socket, err := previewSocket(ctx, c.Listen)
	if err != nil {
		return err
	}
	show := &preview{folder: folder, store: store, url: "http://" + socket.Addr().String()}
	app, err := show.app(c, logger(&Config{Log: "error"}, s.Err))
	if err != nil {
		return errors.Join(err, socket.Close())
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(socket) }()
	fmt.Fprintf(s.Out, "%s is shown at %s\nIt follows the files; nothing is sent, and nothing is kept. Stop with Ctrl+C\n", p.Dir, show.url)
	select {
	case err = <-served:
	case <-ctx.Done():
		err = app.ShutdownWithTimeout(previewDrain)
	}
	return err
}

// previewDrain is how long pages under way may take when the preview ends.
const previewDrain = 2 * time.Second

// previewSocket listens where it was asked to; where the service itself already does, on any
// free port of this machine.
func previewSocket(ctx context.Context, address string) (net.Listener, error) {
	var listen net.ListenConfig
	socket, err := listen.Listen(ctx, "tcp", address)
	if err == nil {
		return socket, nil
	}
	return listen.Listen(ctx, "tcp", "127.0.0.1:0")
}

// preview shows one folder.
type preview struct {
	folder *previewFolder
	store  *storage.Store
	waves  *wave.Service
	room   *respond.Room
	kit    *web.Kit
	url    string

	lock   sync.Mutex
	scenes int
	wave   identity.Wave // of the scene begun last
	link   string        // token of its participant
}

// app wires the room of the respondents behind the same addresses as the service.
func (p *preview) app(c *Config, log *slog.Logger) (*fiber.App, error) {
	p.waves = &wave.Service{Store: p.store, PublicURL: p.url, Shown: p.folder.shown}
	var err error
	p.kit, err = web.NewKit(web.Config{
		PublicURL: p.url, CheckHost: true, Contact: web.ParseContact(c.Contact), Accent: c.Accent, Synthetic: true,
		Refusals: refusals, Keeps: []string{"/answer"}, Log: log, Bar: p.bar,
	})
	if err != nil {
		return nil, err
	}
	p.room = respond.New(p.kit, p.store, p.waves, nil, func(*fiber.Ctx) bool { return true })
	app := p.kit.App()
	app.Get("/preview/state", p.state)
	app.Use(p.readable)
	app.Get("/", p.home)
	app.Get("/preview", p.home)
	app.Post("/preview/start", p.start)
	app.Post("/preview/jump", p.jump)
	app.Get("/print", p.print)
	app.Get("/office", func(c *fiber.Ctx) error { return web.SeeOther(c, "/answer") })
	for _, u := range (rooms{house: &House{}, respond: p.room}).answering() {
		if u.Path != "/" {
			app.Add(u.Method, u.Path, u.Handler)
		}
	}
	return app, nil
}

// previewOffice is the office whose name stands in the words of a preview.
const previewOffice = "ZH"

// previewYears is the reference period of a preview.
func previewYears(now time.Time) (from, to int) { return now.Year() - 3, now.Year() - 1 }

// scene makes a wave in which somebody may answer the folder's questionnaire and gives their
// token. Each is a fresh one: an office of a canton can be in a wave only once.
func (p *preview) scene(ctx context.Context, q *questionnaires.Questionnaire) (string, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	now, err := p.store.DB.Now(ctx)
	if err != nil {
		return "", err
	}
	p.scenes++
	from, to := previewYears(now)
	var populations []identity.Population
	for _, name := range wave.Populations {
		populations = append(populations, identity.Population{
			Name: name, Questionnaire: q.Ref(), Hash: q.Hash, State: "planned", Opens: now.Add(-time.Hour), Closes: now.AddDate(1, 0, 0),
		})
	}
	p.wave, err = p.store.CreateWave(ctx, identity.Wave{
		Label: fmt.Sprintf("preview-%d", p.scenes), RefFrom: from, RefTo: to, State: "setup", Synthetic: true,
	}, populations)
	if err != nil {
		return "", err
	}
	known, _ := wave.OfficeByCode(previewOffice)
	office := identity.Participant{Population: "office", Code: known.Code, Name: known.Names["de"], Names: known.Names}
	if p.link, err = p.join(ctx, &office); err != nil {
		return "", err
	}
	who := identity.Participant{Population: q.Key, Name: "Muster AG", OfficeID: office.ID, Code: previewOffice}
	if !slices.Contains(wave.Populations, q.Key) {
		who.Population = "employer" // an instrument of its own is answered as employers do
	}
	if q.Key != "office" {
		if p.link, err = p.join(ctx, &who); err != nil {
			return "", err
		}
	}
	for _, name := range wave.Populations {
		if err := p.store.OpenPopulation(ctx, p.wave.ID, name); err != nil {
			return "", err
		}
	}
	return p.link, nil
}

// join brings somebody into the scene and gives their token.
func (p *preview) join(ctx context.Context, who *identity.Participant) (string, error) {
	who.WaveID, who.ID = p.wave.ID, db.NewID()
	population, err := p.store.Identity.Population(ctx, p.wave.ID, who.Population)
	if err != nil {
		return "", err
	}
	token := p.waves.Token(population, *who)
	who.TokenHash = keys.HashToken(token)
	return token, p.store.Identity.AddParticipants(ctx, []identity.Participant{*who})
}
