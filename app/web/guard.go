package web

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// check refuses what no route shall see: a foreign host, a POST from another
// site, a form beyond its limits.
func (k *Kit) check(c *fiber.Ctx) error {
	if k.config.CheckHost && !k.ownHost(string(c.Request().Host())) && c.Path() != "/healthz" && c.Path() != "/readyz" {
		return ErrHost
	}
	if c.Method() != fiber.MethodPost {
		return nil
	}
	if !hasPrefix(c.Path(), k.config.Exempt) && !k.sameSite(c) {
		return ErrForeign
	}
	err := readForm(c)
	k.hear(c)
	return err
}

// ownHost says whether host is that of the public address; on a machine of
// one's own all its loopback names are.
func (k *Kit) ownHost(host string) bool {
	if strings.EqualFold(host, k.host) {
		return true
	}
	ours, port := splitHost(k.host)
	theirs, theirPort := splitHost(host)
	return port == theirPort && loopback(ours) && loopback(theirs)
}

func splitHost(host string) (name, port string) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return host, ""
	}
	return name, port
}

func loopback(name string) bool {
	if name == "localhost" {
		return true
	}
	at, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && at.IsLoopback()
}

// sameSite says whether a POST comes from a page of ours, or from a program.
func (k *Kit) sameSite(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin":
		return true
	case "none":
		return c.Get("Sec-Fetch-Mode") == "navigate"
	case "":
	default:
		return false
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		return k.ownOrigin(origin)
	}
	if referer := c.Get(fiber.HeaderReferer); referer != "" {
		return k.ownOrigin(referer)
	}
	return true
}

func (k *Kit) ownOrigin(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return false
	}
	return strings.HasPrefix(k.origin, u.Scheme+"://") && k.ownHost(u.Host)
}
