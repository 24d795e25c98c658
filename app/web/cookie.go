package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Names of the cookies, before the prefix that https adds.
const (
	ParticipantCookie = "rondo"
	HeadCookie        = "rondo-head" // the link of the head of an office
	StaffCookie       = "rondo-staff"
	HandedCookie      = "rondo-handed" // the questionnaire was handed over in this browser; says nothing of whose
)

// cookieName adds the prefix with which a browser binds a cookie to this host
// over https.
func (k *Kit) cookieName(name string) string {
	if k.secure {
		return "__Host-" + name
	}
	return name
}

// SetCookie keeps value in the browser until it is closed, out of reach of
// scripts.
func (k *Kit) SetCookie(c *fiber.Ctx, name, value string) { k.setCookie(c, name, value, 0) }

// ClearCookie takes the cookie away.
func (k *Kit) ClearCookie(c *fiber.Ctx, name string) { k.setCookie(c, name, "", -1) }

// Cookie gives the value of the cookie, or "".
func (k *Kit) Cookie(c *fiber.Ctx, name string) string {
	return strings.Clone(c.Cookies(k.cookieName(name)))
}

func (k *Kit) setCookie(c *fiber.Ctx, name, value string, seconds int) {
	cookie := &fiber.Cookie{
		Name: k.cookieName(name), Value: value, Path: "/", MaxAge: seconds,
		Secure: k.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	}
	if seconds < 0 {
		cookie.MaxAge, cookie.Expires = 0, fasthttp.CookieExpireDelete
	}
	c.Cookie(cookie)
}

// Tag binds a form to the credential in the cookie: it is derived from it and
// says nothing about it.
func Tag(key [32]byte, credential string) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("form\x00" + credential))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:15]))
}

// TagFits says whether a posted tag is the one of credential.
func TagFits(key [32]byte, credential, tag string) bool {
	return hmac.Equal([]byte(Tag(key, credential)), []byte(tag))
}
