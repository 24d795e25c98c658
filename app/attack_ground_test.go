package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rondo/app/loadtest/respondent"
	"rondo/app/respond"
	"rondo/app/wave"
	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// ground is a wave in the field on a real store, with the whole service behind a socket.
type ground struct {
	*House
	t      *testing.T
	url    string
	room   *respond.Room
	book   *questionnaires.Questionnaire // of the employers
	people []identity.Participant        // the employers
}

// serveStore puts the whole service on a store behind a socket.
func serveStore(t *testing.T, s *storage.Store) *ground {
	t.Helper()
	socket, address := webtest.Listen(t)
	c := &Config{PublicURL: address, MailFolder: t.TempDir(), MailRate: 2000, MailPerDomain: 2, MailFrom: "Study <study@localhost.localdomain>", Contact: "+41 58 000 00 00|study@example.org"}
	g := &ground{House: newHouse(c, s, slog.New(slog.DiscardHandler)), t: t, url: address}
	g.deadline = time.Minute // what a page needs is not asked here, and other tests keep the cores busy
	r, _, err := g.rooms()
	g.must(err)
	g.room = r.respond
	app, err := g.app()
	g.must(err)
	webtest.Serve(t, app, socket)
	return g
}

// fieldOn opens a wave for some offices and so many employers of each, and invites them.
func fieldOn(t *testing.T, s *storage.Store, offices, each int) *ground {
	t.Helper()
	g, ctx := serveStore(t, s), t.Context()
	now, err := s.DB.Now(ctx)
	g.must(err)
	_, err = g.Waves.Create(ctx, wave.Plan{Label: "2026", RefFrom: 2021, RefTo: 2026, Opens: now.AddDate(0, 0, -20), Closes: now.AddDate(0, 1, 0)})
	g.must(err)
	var houses []identity.Participant
	for i, o := range wave.Offices[:offices] {
		houses = append(houses, identity.Participant{Code: o.Code, Name: "Nameofoffice " + o.Code, Language: "de", Email: fmt.Sprintf("canary.office%d@office.example", i)})
	}
	g.must(g.Waves.AddOffices(ctx, "2026", houses))
	g.must(g.Waves.Open(ctx, "2026", "office"))
	kept, err := s.Identity.Participants(ctx, g.wave().ID, "office")
	g.must(err)
	var firms []identity.Participant
	for i := range offices * each {
		firms = append(firms, identity.Participant{
			Name: fmt.Sprintf("Canaryfirm %04d", i), Email: fmt.Sprintf("canary.firm%04d@firm.example", i), Town: "Canarytown",
			Language: questionnaires.Languages[i%4], OfficeID: kept[i%offices].ID,
		})
	}
	g.must(g.Waves.AddEmployers(ctx, "2026", firms))
	g.must(g.Waves.Open(ctx, "2026", "employer"))
	g.people, err = s.Identity.Participants(ctx, g.wave().ID, "employer")
	g.must(err)
	g.book, err = g.Waves.Questionnaire(g.population("employer").Questionnaire, "")
	g.must(err)
	g.send("invitation")
	return g
}

func (g *ground) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *ground) wave() identity.Wave {
	g.t.Helper()
	w, err := g.Waves.ByLabel(g.t.Context(), "2026")
	g.must(err)
	return w
}

func (g *ground) population(name string) identity.Population {
	g.t.Helper()
	p, err := g.Store.Identity.Population(g.t.Context(), g.wave().ID, name)
	g.must(err)
	return p
}

func (g *ground) offices() []identity.Participant {
	g.t.Helper()
	all, err := g.Store.Identity.Participants(g.t.Context(), g.wave().ID, "office")
	g.must(err)
	return all
}

// send hands over a kind of message to all employers.
func (g *ground) send(kind string) {
	g.t.Helper()
	g.must((&demo{House: g.House}).mail(g.t.Context(), "2026", "employer", kind))
}

// token is the secret of somebody's link.
func (g *ground) token(one identity.Participant) string {
	g.t.Helper()
	return g.Waves.Token(g.population(one.Population), one)
}

// answers makes up a whole set of an employer's answers that ends in a comment.
func (g *ground) answers(r *rand.Rand, comment string) questionnaires.Answers {
	s := questionnaires.Setting{RefFrom: 2021, RefTo: 2026}
	a := g.book.Random(r, s, map[string]map[string]float64{"e_contact": {"1": 1}})
	a["e_comment"] = questionnaires.Value{Text: comment}
	return a
}

// person is somebody with a browser who gives these answers.
func (g *ground) person(a questionnaires.Answers) *respondent.Respondent {
	return &respondent.Respondent{Base: g.url, HTTP: respondent.Client(1), Fill: respondent.From(a), Clock: time.Now}
}

// toReview answers page after page until the review is shown.
func (g *ground) toReview(p *respondent.Respondent, link string) {
	g.t.Helper()
	ctx := g.t.Context()
	g.must(p.Start(ctx, link))
	g.must(p.Open(ctx, "/answer"))
	for range 40 {
		if p.Reviewing() {
			return
		}
		g.must(p.Save(ctx))
	}
	g.t.Fatal("no review after 40 pages")
}

// responses opens all responses of the employers, by id; only who has the secret can.
func (g *ground) responses(ctx context.Context) map[string]questionnaires.Record {
	g.t.Helper()
	w, err := g.Store.Answers.Window(ctx, g.wave().ID, "employer")
	g.must(err)
	sealer, err := g.Store.Secret.Sealer(w.AnswerSalt)
	g.must(err)
	all := map[string]questionnaires.Record{}
	g.must(g.Store.Answers.Responses(ctx, w.WaveID, "employer", func(id string, body []byte) error {
		plain, err := sealer.Open(body, []byte(id))
		if err != nil {
			return err
		}
		var record questionnaires.Record
		err = json.Unmarshal(plain, &record)
		all[id] = record
		return err
	}))
	return all
}

// tablesOf is everything that is stored, with what the database notes about each row.
func tablesOf(t *testing.T, s *storage.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range storagetest.Dump(t, s) {
		var b strings.Builder
		for _, row := range table.Rows {
			fmt.Fprintf(&b, "%q\n", row)
		}
		all[table.Name] = b.String()
	}
	return all
}

// sameTables fails for each table that is not as it was.
func sameTables(t *testing.T, s *storage.Store, before map[string]string, after string) {
	t.Helper()
	now := tablesOf(t, s)
	for name, rows := range before {
		if now[name] != rows {
			t.Errorf("after %s the table %s is not as it was", after, name)
		}
	}
	if len(now) != len(before) {
		t.Errorf("after %s there are %d tables, before %d", after, len(now), len(before))
	}
}
