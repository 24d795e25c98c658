package respond_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/outbox"
	"rondo/app/respond"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// house is the room on a real database behind a real socket, with one office,
// two of its employers and a discussion, all three windows open.
type house struct {
	t     *testing.T
	store *storage.Store
	waves *wave.Service
	url   string
	log   *bytes.Buffer
	wave  identity.Wave
	staff bool
	app   *fiber.App

	participants map[string]identity.Participant // office, employer, other, discussion
	tokens       map[string]string
}

func build(t *testing.T, store *storage.Store) *house {
	t.Helper()
	socket, address := webtest.Listen(t)
	h := &house{
		t: t, store: store, url: address, log: &bytes.Buffer{}, waves: &wave.Service{Store: store, PublicURL: address},
		participants: map[string]identity.Participant{}, tokens: map[string]string{},
	}
	h.makeWave()
	kit, err := web.NewKit(web.Config{
		PublicURL: address, Contact: web.ParseContact("Studienteam BSV | +41 58 000 00 00 | studie@example.ch"),
		Refusals: respond.Refusals, Log: slog.New(slog.NewJSONHandler(h.log, nil)),
		Deadline: time.Minute, // what a page needs is not asked here, and other tests keep the cores busy
	})
	if err != nil {
		t.Fatal(err)
	}
	app := kit.App()
	routes(app, respond.New(kit, store, h.waves, h.box(), func(*fiber.Ctx) bool { return h.staff }))
	app.Get("/office", func(c *fiber.Ctx) error { return c.SendString("office") })
	h.app = app
	webtest.Serve(t, app, socket)
	return h
}

// box sends the house's messages, or rather queues them: nobody is there who takes them away.
func (h *house) box() *outbox.Outbox {
	return &outbox.Outbox{Identity: h.store.Identity, DB: h.store.DB, Secret: h.store.Secret, PublicURL: h.url, Contact: "+41 58 000 00 00"}
}

// routes are the room's rows of the table of URLs.
func routes(app *fiber.App, r *respond.Room) {
	app.Get("/", r.Home)
	app.Get("/privacy", r.Privacy)
	app.Get("/accessibility", r.Accessibility)
	app.Get("/check", r.AskCheck)
	app.Post("/check", r.Check)
	app.Get("/r/:token", r.Landing)
	app.Post("/r/:token", r.Start)
	app.Get("/answer", r.Resume)
	app.Get("/answer/review", r.Review)
	app.Post("/answer/submit", r.Submit)
	app.Get("/answer/done", r.Done)
	app.Get("/answer/own", r.Own)
	app.Post("/answer/panel", r.Panel)
	app.Get("/answer/later", r.Later)
	app.Get("/answer/hand-over", r.AskHandOver)
	app.Post("/answer/hand-over", r.HandOver)
	app.Get("/answer/forward", r.ShowForward)
	app.Post("/answer/forward", r.Forward)
	app.Get("/release", r.ShowRelease)
	app.Post("/release", r.Release)
	app.Get("/release/:token", r.ReleaseLanding)
	app.Post("/release/:token", r.EnterRelease)
	app.Get("/answer/handed-over", r.HandedOver)
	app.Get("/answer/withdraw", r.AskWithdraw)
	app.Post("/answer/withdraw", r.Withdraw)
	app.Post("/answer/sign-out", r.SignOut)
	app.Get("/answer/signed-out", r.SignedOut)
	app.Get("/answer/:page", r.Page)
	app.Post("/answer/:page", r.SavePage)
}

func (h *house) makeWave() {
	h.t.Helper()
	ctx := context.Background()
	now, err := h.store.DB.Now(ctx)
	h.must(err)
	var populations []identity.Population
	for _, key := range wave.Populations {
		q := questionnaires.Newest(key)
		populations = append(populations, identity.Population{
			Name: key, Questionnaire: q.Ref(), Hash: q.Hash, State: "planned", Opens: now.Add(-time.Hour), Closes: now.Add(240 * time.Hour),
		})
	}
	h.wave, err = h.store.CreateWave(ctx, identity.Wave{Label: "2026", RefFrom: 2020, RefTo: 2025, State: "setup"}, populations)
	h.must(err)
	office := h.join("office", identity.Participant{
		Population: "office", Code: "ZH", Name: "SVA Zürich", Email: "marker.office@example.ch", Language: "de",
		Names: map[string]string{"de": "IV-Stelle Zürich", "fr": "Office AI de Zurich", "it": "Ufficio AI di Zurigo", "en": "IV office Zurich"},
	})
	for name, code := range map[string]string{"employer": "A1", "other": "A2"} {
		h.join(name, identity.Participant{
			Population: "employer", Code: code, Name: "Markerfirma " + code, Email: "marker." + name + "@example.ch", Language: "fr",
			OfficeID: office.ID, Stratum: map[string]string{"group": "G1"},
		})
	}
	h.join("discussion", identity.Participant{Population: "discussion", Code: "ZH", Name: "Diskussion", Language: "de", OfficeID: office.ID})
	for _, key := range wave.Populations {
		h.must(h.store.OpenPopulation(ctx, h.wave.ID, key))
	}
}

func (h *house) join(name string, p identity.Participant) identity.Participant {
	h.t.Helper()
	ctx := context.Background()
	p.WaveID, p.ID = h.wave.ID, db.NewID()
	population, err := h.store.Identity.Population(ctx, h.wave.ID, p.Population)
	h.must(err)
	token := h.waves.Token(population, p)
	p.TokenHash = keys.HashToken(token)
	h.must(h.store.Identity.AddParticipants(ctx, []identity.Participant{p}))
	h.participants[name], h.tokens[name] = p, token
	return p
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// start opens the link of a participant in a new browser and presses Start.
func (h *house) start(name string) *webtest.Browser {
	h.t.Helper()
	b := webtest.NewBrowser(h.t)
	b.Open(h.url + "/r/" + h.tokens[name])
	b.Form("form").Submit()
	if name == "office" {
		b.Open("/answer")
	}
	if b.Status != 200 {
		h.t.Fatalf("start %s: %d %s", name, b.Status, b.Text("main"))
	}
	return b
}

// given answers some questions in a fixed way; all others take the first answer.
var given = map[string]string{
	"e_contact": "1", "e_cases": "1", "e_reasons": "hire", "o_fte_total": "12,5", "o_fte_employer": "2", "o_case_days": "10",
	"g_minutes": "90",
}

// fill answers every question of the page shown.
func fill(b *webtest.Browser) *webtest.Form {
	f := b.Form("form#answers")
	rank, points := 0, "100"
	for _, name := range f.Names() {
		switch {
		case strings.HasPrefix(name, "_") || strings.HasSuffix(name, "_other"):
		case given[name] != "":
			f.Fill(name, given[name])
		case strings.HasPrefix(name, "o_type_mix."):
			f.Fill(name, points)
			points = "0"
		case strings.HasSuffix(name, ".day"):
			f.Fill(name, "3")
		case strings.HasSuffix(name, ".month"):
			f.Fill(name, "5")
		case strings.HasSuffix(name, ".year"):
			f.Fill(name, "2026")
		case b.Has(`.kind-ranking select[name="` + name + `"]`):
			if rank++; rank <= 3 {
				f.Fill(name, fmt.Sprint(rank))
			}
		case b.Has(`input[type=text][name="`+name+`"]`) || b.Has(`textarea[name="`+name+`"]`):
			f.Fill(name, "7")
		default:
			options := f.Options(name)
			if options[0] == "" {
				options = options[1:]
			}
			f.Fill(name, options[0])
		}
	}
	return f
}

// toReview answers page after page until the review.
func (h *house) toReview(b *webtest.Browser) {
	h.t.Helper()
	for range 40 {
		if b.URL.Path == "/answer/review" {
			return
		}
		at := b.URL.Path
		fill(b).Submit("_go", "continue")
		if b.Status != 200 {
			h.t.Fatalf("%s: %d %v", at, b.Status, b.Texts(".error-summary li"))
		}
	}
	h.t.Fatalf("no review after 40 pages, at %s", b.URL.Path)
}

// each runs test on both databases.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) { test(t, build(t, s)) })
}

// tables is everything that is stored, table by table.
func (h *house) tables() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	for _, table := range storagetest.Dump(h.t, h.store) {
		all[table.Name] = fmt.Sprint(table.Rows)
	}
	return all
}
