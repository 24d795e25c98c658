package office

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/app/web/webtest"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// house is the room behind a real server, with a wave in the field.
type house struct {
	*webtest.Browser
	*storage.Store
	box      *outbox.Outbox
	service  *wave.Service
	wave     identity.Wave
	zh, be   identity.Participant
	employer identity.Participant
	standing string
	tokens   map[string]string
	url      string
}

// service is app/wave but for what the answer side holds, which is not the matter here.
type service struct {
	*wave.Service
	h *house
}

// OfficeState answers for app/wave.
func (s service) OfficeState(ctx context.Context, o identity.Holder) (string, time.Time, error) {
	return s.h.OfficeState(ctx, o)
}

func (h *house) OfficeState(ctx context.Context, _ identity.Holder) (string, time.Time, error) {
	now, err := h.DB.Now(ctx)
	return h.standing, now, err
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) { test(t, build(t, s)) })
}

func build(t *testing.T, s *storage.Store) *house {
	t.Helper()
	h := &house{Browser: webtest.NewBrowser(t), Store: s, standing: "not_started", tokens: map[string]string{}}
	h.fill(t)
	socket, address := webtest.Listen(t)
	kit, err := web.NewKit(web.Config{
		PublicURL: address, Refusals: Refusals, Keeps: Keeps, Uploads: Uploads, Exempt: Exempt,
		Contact: web.ParseContact("BSV, Studie|+41 58 000 00 00|studie@example.ch"),
	})
	if err != nil {
		t.Fatal(err)
	}
	h.url = address
	h.box = &outbox.Outbox{Identity: s.Identity, DB: s.DB, Secret: s.Secret, PublicURL: address, Contact: "+41 58 000 00 00"}
	app := kit.App()
	h.service = &wave.Service{Store: s, PublicURL: address}
	New(kit, service{h.service, h}, h.box, func(c *fiber.Ctx, o identity.Holder) error { return c.SendString("questionnaire for " + o.Code) }).Routes(app)
	app.Get("/enter/:token", func(c *fiber.Ctx) error {
		kit.SetCookie(c, web.ParticipantCookie, c.Params("token"))
		return web.SeeOther(c, "/office")
	})
	webtest.Serve(t, app, socket)
	return h
}

func (h *house) fill(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	now, err := h.DB.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.wave, err = h.Identity.CreateWave(ctx, identity.Wave{Label: "2026", State: "running"}, []identity.Population{
		{Name: "office", State: "open", Opens: now.Add(-24 * time.Hour), Closes: now.Add(20 * 24 * time.Hour)},
		{Name: "employer", State: "planned", Opens: now.Add(24 * time.Hour), Closes: now.Add(30 * 24 * time.Hour)},
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(p identity.Participant) identity.Participant {
		pop, err := h.Identity.Population(ctx, h.wave.ID, p.Population)
		if err != nil {
			t.Fatal(err)
		}
		p.WaveID, p.ID = h.wave.ID, strings.Repeat(strings.ToLower(p.Code[:1]), 26)
		token := h.Secret.Link(pop.LinkSalt, p.ID, 0)
		p.TokenHash = keys.HashToken(token)
		if err := h.Identity.AddParticipants(ctx, []identity.Participant{p}); err != nil {
			t.Fatal(err)
		}
		h.tokens[p.Code] = token
		return p
	}
	h.zh = add(identity.Participant{Population: "office", Code: "ZH", Name: "IV-Stelle Zürich", Email: "zh@iv.example.ch", Language: "de", Quota: 3})
	h.be = add(identity.Participant{Population: "office", Code: "BE", Name: "IV-Stelle Bern", Email: "be@iv.example.ch", Language: "fr", Quota: 3,
		Names: map[string]string{"fr": "Office AI de Berne"}})
	for _, office := range []identity.Participant{h.zh, h.be} { // both pick
		if err := h.Identity.Select(ctx, identity.Selection{OfficeID: office.ID, WaveID: h.wave.ID, Mode: "picked", Firms: 340}); err != nil {
			t.Fatal(err)
		}
	}
	h.employer = add(identity.Participant{Population: "employer", Code: "E1", Name: "Alte Firma", Email: "alt@firma.example.ch", Language: "de", OfficeID: h.be.ID})
}

func (h *house) enter(code string) *webtest.Browser {
	return h.Open(h.url + "/enter/" + h.tokens[code])
}

func (h *house) nominations(t *testing.T) []identity.Nomination {
	t.Helper()
	all, err := h.Identity.Nominations(context.Background(), h.wave.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func propose(h *house, name, email string) *webtest.Browser {
	h.Open("/office/nominations/new")
	return h.Form("main form").Fill("name", name).Fill("email", email).Fill("language", "de").
		Fill("size", "10-49").Fill("branch", "be").Fill("town", "Uster").Submit()
}

func TestAnOfficeNominatesOneByOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		if h.Status != 200 || h.Text("h1") != "IV-Stelle Zürich" || h.Attr("main", "data-state") != "open" || !h.Has(`a[href="/answer"]`) {
			t.Fatalf("home: %d %q", h.Status, h.Body)
		}
		if propose(h, "Muster AG", "Marta@Muster.ch"); h.Status != 200 || !strings.Contains(h.Text(".notice"), "gespeichert") {
			t.Fatalf("after nominating: %d %q", h.Status, h.Text("main"))
		}
		if strings.Contains(strings.ToLower(h.Body), "marta@") || !strings.Contains(h.Body, "M…@muster.ch") || !strings.Contains(h.Body, "1 von 3") {
			t.Errorf("home shows %q", h.Text("main"))
		}
		all := h.nominations(t)
		if len(all) != 1 || all[0].Size != "10-49" || all[0].Branch != "be" || all[0].State != "proposed" || all[0].OfficeID != h.zh.ID {
			t.Errorf("kept %+v", all)
		}
		h.Form(`form[action="/office/nominations/withdraw"]`).Submit()
		if h.Status != 200 || h.nominations(t)[0].State != "withdrawn" || !strings.Contains(h.Body, "0 von 3") {
			t.Errorf("after withdrawing: %d, %s", h.Status, h.nominations(t)[0].State)
		}
	})
}

func TestProblemsStandBesideTheirFieldAndValuesStay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("BE")
		h.Open("/office/nominations/new")
		h.Form("main form").Fill("name", "Boulangerie <Rochat>").Fill("email", "kontakt(at)rochat.ch").Fill("language", "fr").Submit()
		if h.Status != 422 || len(h.nominations(t)) != 0 {
			t.Fatalf("status %d", h.Status)
		}
		if h.Attr("#email", "value") != "kontakt(at)rochat.ch" || h.Attr("#name", "value") != "Boulangerie <Rochat>" || !h.Has(`#language-fr[checked]`) {
			t.Errorf("values are lost: %q", h.Body)
		}
		if !strings.Contains(h.Text("#error-email"), "adresse e-mail") || h.Attr("#email", "aria-describedby") == "" || h.Text("#error-size") == "" || h.Text("#error-branch") == "" {
			t.Errorf("problems: %q", h.Texts(".error"))
		}
		if !strings.HasPrefix(h.Text("title"), "Erreur") || !h.Has(`.error-summary a[href="#email"]`) {
			t.Errorf("title %q", h.Text("title"))
		}
	})
}

func TestTheWaveHasItsSay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Eins", "eins@eins.ch")
		for _, c := range []struct{ name, email, want string }{
			{"Nochmals", "EINS@eins.ch", "schon vorgeschlagen"},
		} {
			if propose(h, c.name, c.email); h.Status != 422 || !strings.Contains(h.Text("#error-email"), c.want) {
				t.Errorf("%s: %d %q", c.name, h.Status, h.Text("#error-email"))
			}
		}
		propose(h, "Zwei", "zwei@zwei.ch")
		if propose(h, "Drei", "drei@drei.ch"); h.Has(`a[href="/office/nominations/new"]`) {
			t.Error("a full office may still nominate")
		}
		if propose(h, "Vier", "vier@vier.ch"); h.Status != 422 || !strings.Contains(h.Text(".error-summary"), "Mehr als 3") {
			t.Errorf("over quota: %d %q", h.Status, h.Text(".error-summary"))
		}
		if n := len(h.nominations(t)); n != 3 {
			t.Errorf("%d nominations", n)
		}
	})
}

const twoLines = "Firma;E-Mail;Sprache;Grösse;Branche;Ort\nMüller AG;info@mueller.ch;de;37;C;Zürich\n\"Rochat; Fils\";contact@rochat.ch;fr;250+;gi;Bienne\n"

func TestAListIsShownThenKeptWhole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		for name, fill := range map[string]func(*webtest.Form) *webtest.Form{
			"pasted": func(f *webtest.Form) *webtest.Form { return f.Fill("list", twoLines) },
			"file": func(f *webtest.Form) *webtest.Form {
				return f.Attach("file", "liste.csv", []byte("\xef\xbb\xbf"+twoLines))
			},
		} {
			h.Open("/office/nominations/list")
			if fill(h.Form("main form")).Submit(); h.Status != 200 || len(h.nominations(t)) != 0 {
				t.Fatalf("%s: %d, %d kept: %q", name, h.Status, len(h.nominations(t)), h.Text("main"))
			}
			if h.Count("tbody tr") != 2 || !strings.Contains(h.Text("tbody"), "10 bis 49") {
				t.Errorf("%s: %q", name, h.Texts("tbody tr"))
			}
		}
		h.Form("main form").Submit()
		all := h.nominations(t)
		if h.Status != 200 || len(all) != 2 || !strings.Contains(h.Text(".notice"), "2 Vorschläge") {
			t.Fatalf("after keeping: %d, %+v", h.Status, all)
		}
		if all[1].Name != "Rochat; Fils" || all[1].Language != "fr" || all[1].Branch != "gi" {
			t.Errorf("second %+v", all[1])
		}
	})
}

func TestAListWithABadLineKeepsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		h.Open("/office/nominations/list")
		h.Form("main form").Fill("list", twoLines+"Drei;drei(at)drei.ch;de;5;A;\n").Submit()
		if h.Status != 422 || len(h.nominations(t)) != 0 || h.Count("tr.wrong") != 1 || h.Has(`input[value="keep"]`) {
			t.Fatalf("%d %q", h.Status, h.Text("main"))
		}
		if !strings.Contains(h.Text("textarea"), "drei(at)drei.ch") {
			t.Error("what was pasted is lost")
		}
		for list, want := range map[string]string{"": "fügen", "Firma;Sprache\nA;de\n": "E-Mail", "\x00\x01": ""} {
			h.Open("/office/nominations/list")
			h.Form("main form").Attach("file", "x", []byte(list)).Submit()
			if h.Status != 422 || !strings.Contains(strings.ToLower(h.Text(".error-summary")), strings.ToLower(want)) {
				t.Errorf("%q: %d %q", list, h.Status, h.Text(".error-summary"))
			}
		}
	})
}

func TestNominatingEndsSevenDaysBeforeTheEmployersEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Eins", "eins@eins.ch")
		h.Open("/office/nominations/new")
		form := h.Form("main form").Fill("name", "Zwei").Fill("email", "zwei@zwei.ch").Fill("language", "de").Fill("size", "1-9").Fill("branch", "a")
		h.DB.SetOffset(23*24*time.Hour + time.Second)
		if form.Submit(); h.Status != 410 || len(h.nominations(t)) != 1 {
			t.Errorf("late nomination: %d", h.Status)
		}
		h.Open("/office")
		if h.Status != 200 || h.Has(`a[href="/office/nominations/new"]`) || h.Has(`form[action="/office/nominations/withdraw"]`) || !strings.Contains(h.Text("main"), "Vorschläge waren bis") {
			t.Errorf("home after the end: %d %q", h.Status, h.Text("main"))
		}
	})
}

func TestOnlyOfficesFindTheRoom(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, token := range map[string]string{"employer": h.tokens["E1"], "nobody": strings.Repeat("0", 32), "mangled": "x"} {
			for _, path := range []string{"/office", "/office/nominations/new", "/office/nominations/list", "/office/selection", "/office/tell", "/office/nominations/correct"} {
				h.Fetch("GET", h.url+"/enter/"+token, nil)
				if h.Fetch("GET", path, nil); h.Status != 404 {
					t.Errorf("%s at %s: %d", name, path, h.Status)
				}
			}
		}
	})
}

func TestAFormOfAnotherLinkIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Eins", "eins@eins.ch")
		id := h.nominations(t)[0].ID
		h.Open("/office/nominations/new")
		form := h.Form("main form").Fill("name", "Zwei").Fill("email", "zwei@zwei.ch")
		h.enter("BE")
		if form.Submit(); h.Status != 409 || !strings.Contains(h.Body, "zwei@zwei.ch") {
			t.Errorf("other link's form: %d", h.Status)
		}
		h.enter("ZH")
		h.Open("/office/nominations/list")
		form = h.Form("main form").Fill("list", twoLines)
		h.enter("BE")
		if form.Submit(); h.Status != 409 || !strings.Contains(h.Body, "contact@rochat.ch") {
			t.Errorf("a list of another link: %d", h.Status)
		}
		h.Open("/office/nominations/new")
		tag := h.Attr(`input[name="_tag"]`, "value")
		if h.Fetch("POST", "/office/nominations/withdraw", url.Values{"_tag": {tag}, "id": {id}}); h.Status != 404 {
			t.Errorf("withdrawing another office's nomination: %d", h.Status)
		}
		if h.nominations(t)[0].State != "proposed" {
			t.Error("it was withdrawn")
		}
	})
}

func TestAStopLinkActsOnPostOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		hash := outbox.EmailHash(h.Secret, h.employer.Email)
		stopped := func() bool {
			is, err := h.Identity.Suppressed(ctx, hash)
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		address := h.box.StopURL(h.employer)
		for range 3 {
			h.Fetch("GET", address, nil)
		}
		h.Fetch("HEAD", address, nil)
		for _, form := range []url.Values{{}, {"_go": {"stop"}}, {"sure": {""}}, {"sure": {"no"}}, {"List-Unsubscribe": {"no"}}} {
			if h.Fetch("POST", address, form); h.Status != 422 || stopped() || !h.Has(`a[href="#sure"]`) || !h.Has("#error-sure") {
				t.Errorf("POST %v: %d, stopped %t", form, h.Status, stopped())
			}
		}
		if h.Open(address); h.Status != 200 || stopped() || !strings.Contains(h.Body, "a…@firma.example.ch") {
			t.Fatalf("looking stopped it: %d", h.Status)
		}
		if h.Form("main form").Submit(); h.Status != 422 || stopped() { // as a mail scanner submits it
			t.Fatalf("the form as it stands stopped it: %d", h.Status)
		}

		h.Headers.Set("Sec-Fetch-Site", "cross-site")
		if h.Fetch("POST", address, url.Values{"List-Unsubscribe": {"One-Click"}}); h.Status != 200 || !stopped() {
			t.Errorf("one click: %d", h.Status)
		}
		h.Headers.Del("Sec-Fetch-Site")
		if h.Open(address); h.Attr("main", "data-state") != "done" || h.Has("main form") {
			t.Errorf("afterwards: %q", h.Text("main"))
		}
		if h.Fetch("GET", h.url+"/u/"+strings.Repeat("a", 58), nil); h.Status != 404 {
			t.Errorf("forged link: %d", h.Status)
		}
	})
}

func TestATickAndTheButtonStopMessages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		address := h.box.StopURL(h.employer)
		for _, lang := range []string{"de", "fr", "it", "en"} {
			h.Open(address + "?lang=" + lang)
			if h.Text(`label[for="sure"]`) == "" || !h.Has(`input[required]`) || h.Has(`input[checked]`) || strings.Contains(h.Body, "office.stop") {
				t.Errorf("%s: %q", lang, h.Text("main"))
			}
		}
		h.Form("main form").Fill("sure", "yes").Submit()
		stopped, err := h.Identity.Suppressed(context.Background(), outbox.EmailHash(h.Secret, h.employer.Email))
		if err != nil || h.Status != 200 || !stopped || h.Attr("main", "data-state") != "done" {
			t.Errorf("ticked: %d, stopped %t, %v", h.Status, stopped, err)
		}
		if h.Fetch("POST", address, url.Values{}); h.Status != 200 || h.Attr("main", "data-state") != "done" {
			t.Errorf("afterwards: %d", h.Status)
		}
	})
}

func TestThePagesSpeakFourLanguages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("BE")
		if h.Text("h1") != "Office AI de Berne" {
			t.Errorf("h1 %q", h.Text("h1"))
		}
		for _, lang := range []string{"de", "fr", "it", "en"} {
			for _, path := range []string{"/office", "/office/nominations/new", "/office/nominations/list", "/office/selection", "/office/tell"} {
				if h.Open(fmt.Sprintf("%s?lang=%s", path, lang)); h.Status != 200 || h.Attr("html", "lang") != lang || strings.Contains(h.Body, "office.") {
					t.Errorf("%s in %s: %d", path, lang, h.Status)
				}
			}
		}
	})
}
