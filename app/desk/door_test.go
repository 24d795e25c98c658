package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
)

func TestWelcome_is_read_often_and_used_once(t *testing.T) {
	p, b := start(t)
	clear(p.accounts)
	token, err := auth.FirstLink(context.Background(), p)
	if err != nil || token == "" {
		t.Fatalf("FirstLink = %q, %v", token, err)
	}
	path := "/desk/welcome/" + token
	var page answer
	for range 3 {
		if page = b.get(path); page.status != 200 {
			t.Fatalf("GET = %d", page.status)
		}
	}
	good := []string{"_tag", b.tag(page.body), "name", "Vera Muster", "email", "Vera@bsv.example", "password", testPassword, "again", testPassword}
	for field, value := range map[int]string{3: " ", 5: "not an address", 7: "too short", 9: "something else"} {
		bad := append([]string(nil), good...)
		bad[field] = value
		a := b.post(path, bad...)
		if a.status != 422 || !strings.Contains(a.body, "aria-invalid") {
			t.Errorf("%s = %q: %d, want 422 with a problem", good[field-1], value, a.status)
		}
		if strings.Contains(a.body, testPassword) {
			t.Error("a password came back in the page")
		}
	}
	if a := b.post(path, good...); a.status != 303 || a.location != "/desk/sign-in?done=account" {
		t.Fatalf("POST = %d %s", a.status, a.location)
	}
	if a := b.post(path, good...); a.status != 410 {
		t.Errorf("second use = %d, want 410", a.status)
	}
	if a := b.get(path); a.status != 410 {
		t.Errorf("GET after use = %d, want 410", a.status)
	}
	tag := b.tag(b.get("/desk/sign-in").body)
	if a := b.post("/desk/sign-in", "_tag", tag, "email", " VERA@bsv.example", "password", testPassword); a.location != "/desk" {
		t.Errorf("sign-in with the new account = %d", a.status)
	}
	if token, err := auth.FirstLink(context.Background(), p); token != "" || err != nil {
		t.Errorf("FirstLink with an account = %q, %v", token, err)
	}
}

func TestWelcome_ends_after_a_day(t *testing.T) {
	p, b := start(t)
	token, err := auth.NewLink(context.Background(), p, "new@bsv.example", auth.Analyst)
	if err != nil {
		t.Fatal(err)
	}
	p.now = p.now.Add(25 * time.Hour)
	if a := b.get("/desk/welcome/" + token); a.status != 410 {
		t.Errorf("GET after 25 hours = %d, want 410", a.status)
	}
}

func TestWelcome_makes_no_account_for_another_address(t *testing.T) {
	p, b := start(t)
	token, _ := auth.NewLink(context.Background(), p, "new@bsv.example", auth.Analyst)
	path := "/desk/welcome/" + token
	tag := b.tag(b.get(path).body)
	a := b.post(path, "_tag", tag, "name", "Eva", "email", "other@bsv.example", "password", testPassword, "again", testPassword)
	if a.status != 422 {
		t.Errorf("POST = %d, want 422", a.status)
	}
}

func TestSignIn_gives_everyone_the_same_answer(t *testing.T) {
	p, b := start(t)
	p.withPassword(auth.Lead)
	p.withPassword(auth.Analyst)
	for id, a := range p.accounts {
		if a.Role == auth.Analyst {
			a.Disabled = true
			p.accounts[id] = a
		}
	}
	tag := b.tag(b.get("/desk/sign-in").body)
	var first string
	for name, try := range map[string][2]string{
		"unknown": {"nobody@bsv.example", testPassword}, "wrong password": {"lead@bsv.example", "wrong wrong wrong wrong"},
		"disabled": {"analyst@bsv.example", testPassword}, "no password yet": {"admin@bsv.example", ""}, "enormous": {"lead@bsv.example", strings.Repeat("x", 5000)},
	} {
		a := b.post("/desk/sign-in", "_tag", tag, "email", try[0], "password", try[1])
		body := strings.ReplaceAll(a.body, try[0], "")
		if first == "" {
			first = body
		}
		if a.status != 422 || body != first {
			t.Errorf("%s: %d, or another page than the others", name, a.status)
		}
	}
}

func TestSignIn_waits_after_five_failures_and_never_for_good(t *testing.T) {
	p, b := start(t)
	p.withPassword(auth.Lead)
	tag := b.tag(b.get("/desk/sign-in").body)
	try := func(password string) int {
		return b.post("/desk/sign-in", "_tag", tag, "email", "lead@bsv.example", "password", password).status
	}
	for range 5 {
		try("wrong wrong wrong wrong")
	}
	if got := try(testPassword); got != 422 {
		t.Errorf("right password at once after five failures = %d, want 422", got)
	}
	p.now = p.now.Add(16 * time.Second)
	if got := try(testPassword); got != 303 {
		t.Errorf("right password after the wait = %d, want 303", got)
	}
	b.cookies = map[string]string{}
	tag = b.tag(b.get("/desk/sign-in").body)
	if got := try("wrong wrong wrong wrong"); got != 422 {
		t.Errorf("wrong password = %d", got)
	}
	if got := try(testPassword); got != 303 {
		t.Errorf("right password after one failure = %d, want 303: success clears the count", got)
	}
}

func TestSession_ends_when_idle_at_sign_out_and_with_its_account(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		p, b := start(t)
		b.as(p, auth.Lead)
		for range 4 { // each page winds the clock, in the cookie alone
			p.now = p.now.Add(20 * time.Minute)
			if a := b.get("/desk"); a.status != 200 {
				t.Fatalf("after 20 minutes = %d", a.status)
			}
		}
		p.now = p.now.Add(31 * time.Minute)
		if a := b.get("/desk"); a.location != "/desk/sign-in?again=1" {
			t.Errorf("after 31 minutes = %d %s", a.status, a.location)
		}
	})
	t.Run("sign-out", func(t *testing.T) {
		p, b := start(t)
		tag := b.as(p, auth.Lead)
		stolen := b.cookies["rondo-staff"]
		if a := b.post("/desk/sign-out", "_tag", tag); a.status != 303 || a.header.Get("Clear-Site-Data") == "" {
			t.Errorf("sign-out = %d", a.status)
		}
		b.cookies["rondo-staff"] = stolen
		if a := b.get("/desk"); a.status != 303 {
			t.Errorf("the cookie of an ended session = %d, want 303", a.status)
		}
	})
	t.Run("disabled", func(t *testing.T) {
		p, b := start(t)
		b.as(p, auth.Lead)
		admin := &browser{t, b.app, map[string]string{}}
		tag := admin.as(p, auth.Admin)
		if a := admin.post("/desk/staff/a1/disable", "_tag", tag); a.location != "/desk/staff?done=disabled" {
			t.Fatalf("disable = %d", a.status)
		}
		if a := b.get("/desk"); a.status != 303 {
			t.Errorf("a disabled account sees %d, want 303", a.status)
		}
		if a := admin.post("/desk/staff/a0/disable", "_tag", tag); a.status != 403 {
			t.Errorf("disabling oneself = %d, want 403", a.status)
		}
	})
}

func TestSignIn_never_takes_over_a_given_session(t *testing.T) {
	p, b := start(t)
	p.withPassword(auth.Lead)
	page := b.get("/desk/sign-in")
	planted := b.cookies["rondo-staff"]
	b.post("/desk/sign-in", "_tag", b.tag(page.body), "email", "lead@bsv.example", "password", testPassword)
	if b.cookies["rondo-staff"] == planted {
		t.Error("the cookie is the same after sign-in")
	}
	b.cookies["rondo-staff"] = planted
	if a := b.get("/desk"); a.status != 303 {
		t.Errorf("the cookie from before sign-in = %d, want 303", a.status)
	}
}

func TestPresent_is_who_may_and_lives(t *testing.T) {
	p, b := start(t)
	door := testDoor(t, p)
	b.app.Get("/elsewhere", func(c *fiber.Ctx) error { return c.SendString(fmt.Sprint(door.Present(c, auth.Record))) })
	ask := func() string { return b.get("/elsewhere").body }
	if ask() != "false" {
		t.Error("nobody is present and may record")
	}
	b.as(p, auth.Moderator)
	if ask() != "true" {
		t.Error("a moderator may not record")
	}
	for range 3 { // recording takes long and keeps the session
		p.now = p.now.Add(20 * time.Minute)
		if ask() != "true" {
			t.Error("recording does not keep the session")
		}
	}
	p.now = p.now.Add(time.Hour)
	if ask() != "false" {
		t.Error("an idle session is present")
	}
	b.as(p, auth.Analyst)
	if ask() != "false" {
		t.Error("an analyst may record")
	}
}
