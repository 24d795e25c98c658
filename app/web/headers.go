package web

import "github.com/valyala/fasthttp"

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

const noPermissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), " +
	"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), " +
	"publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"

// setHeaders sets what every response carries. The referrer policy is
// strict-origin because with no-referrer a browser sends "Origin: null" on our
// own forms, and with same-origin the token of a link would reach our own logs.
func (k *Kit) setHeaders(h *fasthttp.ResponseHeader) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", noPermissions)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	if k.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}
