package desk

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage/db"
	"rondo/storage/staff"
)

const testPassword = "lampe fluss karton neun"

var testHash = sync.OnceValue(func() string {
	h, err := auth.Hash(context.Background(), testPassword)
	if err != nil {
		panic(err)
	}
	return h
})

// browser keeps cookies and posts forms the way a person's browser does.
type browser struct {
	t       *testing.T
	app     *fiber.App
	cookies map[string]string
}

type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func start(t *testing.T) (*paper, *browser) {
	t.Helper()
	p := newPaper()
	return p, &browser{t, testApp(t, p), map[string]string{}}
}

func testKit(t testing.TB) *web.Kit {
	t.Helper()
	kit, err := web.NewKit(web.Config{PublicURL: "http://127.0.0.1:8080", Uploads: Uploads, Copies: Copies, Refusals: []web.Refusal{
		{Err: auth.ErrDenied, Status: 403, Key: "refusal.denied"}, {Err: auth.ErrTag, Status: 409, Key: "refusal.session"},
		{Err: auth.ErrLink, Status: 410, Key: "refusal.link"}, {Err: auth.ErrBusy, Status: 503},
		{Err: staff.ErrOwn, Status: 403, Key: "refusal.own"}, {Err: db.ErrNotFound, Status: 404},
		{Err: db.ErrState, Status: 409, Key: "refusal.state"}, {Err: db.ErrConflict, Status: 409, Key: "refusal.conflict"}, {Err: questionnaires.ErrUnknown, Status: 404}}})
	if err != nil {
		t.Fatal(err)
	}
	return kit
}

func testDoor(t testing.TB, p *paper) *auth.Door {
	t.Helper()
	return doorWith(t, p, p)
}

// doorWith is a door whose accounts are kept elsewhere than on paper.
func doorWith(t testing.TB, p *paper, records auth.Records) *auth.Door {
	t.Helper()
	door, err := auth.New(auth.Config{Kit: testKit(t), Records: records, Now: func() time.Time { return p.now },
		Derive: func(label string) (key [32]byte) { copy(key[:], label); return key }})
	if err != nil {
		t.Fatal(err)
	}
	return door
}

func testApp(t testing.TB, p *paper) *fiber.App {
	t.Helper()
	return appWith(t, p, testDoor(t, p), p)
}

func appWith(t testing.TB, p *paper, door *auth.Door, journal Journal) *fiber.App {
	t.Helper()
	kit := testKit(t)
	app := kit.App()
	room := New(Config{Kit: kit, Door: door, Waves: p, Lists: p, Mail: p, Schedules: p, Corrections: p, Releases: p, FreeTexts: &texts{p}, Versions: &shelf{p}, Journal: journal, Record: p.record, Print: p.print})
	for _, u := range room.URLs() {
		app.Add(u.Method, u.Path, u.Handler)
		if u.Method == get {
			app.Head(u.Path, u.Handler)
		}
	}
	return app
}

func (b *browser) do(method, path, kind, body string) answer {
	b.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.app.Test(req, -1)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.cookies, c.Name)
		}
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(raw), res.Header}
}

func (b *browser) get(path string) answer { b.t.Helper(); return b.do("GET", path, "", "") }

func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, "application/x-www-form-urlencoded", form.Encode())
}

var tagField = regexp.MustCompile(`name="_tag" value="([^"]+)"`)

// tag takes the form tag out of a page.
func (b *browser) tag(page string) string {
	b.t.Helper()
	found := tagField.FindStringSubmatch(page)
	if found == nil {
		b.t.Fatalf("no form tag in page:\n%s", page)
	}
	return html.UnescapeString(found[1])
}

// as signs in with a role and gives the tag of the session.
func (b *browser) as(p *paper, role auth.Role) string {
	b.t.Helper()
	p.withPassword(role)
	tag := b.tag(b.get("/desk/sign-in").body)
	if a := b.post("/desk/sign-in", "_tag", tag, "email", string(role)+"@bsv.example", "password", testPassword); a.location != "/desk" {
		b.t.Fatalf("sign-in as %s: %d %s", role, a.status, a.body)
	}
	return b.tag(b.get("/desk").body)
}
