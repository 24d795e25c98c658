package desk

import (
	"net"
	"os"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"rondo/app/auth"
)

func TestZZServe(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		return
	}
	p := newPaper()
	for _, r := range auth.Roles {
		p.withPassword(r)
	}
	app := testApp(t, p)
	b := &browser{t, app, map[string]string{}}
	b.as(p, auth.Role(os.Getenv("ZZ")))
	p.Note(nil, "lead@bsv.example", "population.open", "2026/employer", "")
	cookie := b.cookies["rondo-staff"]
	outer := fiber.New(fiber.Config{Immutable: true})
	outer.Use(func(c *fiber.Ctx) error {
		c.Request().Header.SetCookie("rondo-staff", cookie)
		app.Handler()(c.Context())
		return nil
	})
	ln, err := net.Listen("tcp", "127.0.0.1:18431")
	if err != nil {
		t.Fatal(err)
	}
	go outer.Listener(ln)
	time.Sleep(400 * time.Second)
}
