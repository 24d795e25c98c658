package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	localID   = "web.id"
	localForm = "web.form"
	localLang = "web.lang"
	localWish = "web.wish"
	localRead = "web.read"
	localAnew = "web.anew"
)

// wrap stands in front of every route: number, headers, deadline, checks,
// panic, error page and one line in the log.
func (k *Kit) wrap(c *fiber.Ctx) error {
	c.Locals(localID, newID())
	ctx, cancel := context.WithTimeout(context.Background(), k.config.Deadline)
	defer cancel()
	c.SetUserContext(ctx)
	start := c.Context().Time()

	k.setHeaders(&c.Response().Header)
	k.chooseLanguage(c)
	err := k.guarded(c)
	if err != nil {
		err = k.fail(c, err)
	}

	k.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("id", RequestID(c)), slog.String("method", c.Method()), slog.String("route", route(c)),
		slog.Int("status", c.Response().StatusCode()), slog.Int64("ms", time.Since(start).Milliseconds()))
	return err
}

// guarded runs the checks and the route, and turns a panic into an error.
func (k *Kit) guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, r, debug.Stack())
		}
	}()
	if err := k.check(c); err != nil {
		return err
	}
	return c.Next()
}

var errPanic = errors.New("panic")

// RequestID gives the number of the request, which error pages and log lines share.
func RequestID(c *fiber.Ctx) string {
	id, _ := c.Locals(localID).(string)
	return id
}

// route gives the pattern of the matched route: it names no token.
func route(c *fiber.Ctx) string {
	if r := c.Route(); r != nil && r.Path != "/" && r.Path != "" {
		return r.Path
	}
	if c.Path() == "/" {
		return "/"
	}
	return "unmatched"
}

func newID() string {
	var raw [6]byte
	if _, err := rand.Read(raw[:]); err != nil {
		panic(err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
}

func shortHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}
