package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"rondo/app/views"
)

// Limits of a request.
const (
	MaxForm   = 64 << 10  // bytes of a form of answers
	MaxFields = 400       // values in a form
	MaxBody   = 256 << 10 // bytes of any other body
	MaxUpload = 8 << 20   // bytes of a body on an upload path
	deadline  = 5 * time.Second
)

// Config is what the wiring tells the kit. Only PublicURL is required.
type Config struct {
	PublicURL      string   // https://survey.example.ch: origin check, cookies, HSTS
	CheckHost      bool     // answer 421 to a Host that is not that of PublicURL
	TrustedProxies []string // addresses or prefixes whose X-Forwarded-For counts
	Contact        Contact
	Product        string                   // name at the top of each page; empty: the study
	Accent         string                   // #rrggbb; empty: the built-in colour
	Logo           []byte                   // SVG or PNG shown at the top; empty: none
	Synthetic      bool                     // mark every page as an exercise
	Refusals       []Refusal                // sentinel errors and what they answer
	Keeps          []string                 // path prefixes whose refused POSTs come back with their values; nil: /answer
	Copies         func(*fiber.Ctx) Reading // how forms are read whose refused POSTs come back to be copied; nil for other paths
	Exempt         []string                 // path prefixes without a check of the site (one-click stop of mails)
	Uploads        []string                 // path prefixes that take files
	Deadline       time.Duration            // how long a request may take; 0: 5 s
	Bar            func(c *fiber.Ctx) *Bar  // strip above every page; nil: none
	Log            *slog.Logger
}

// Kit makes the Fiber app and shows pages. It holds no state of a request.
type Kit struct {
	config   Config
	origin   string
	host     string
	secure   bool
	proxies  []netip.Prefix
	extra    map[string]views.File
	accent   string
	logo     string
	contacts sync.Map // language → template.HTML
	log      *slog.Logger
}

// NewKit checks the configuration and makes the kit.
func NewKit(config Config) (*Kit, error) {
	base, err := url.Parse(config.PublicURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("public URL %q is no http or https address", config.PublicURL)
	}
	k := &Kit{
		config: config, origin: base.Scheme + "://" + base.Host, host: base.Host,
		secure: base.Scheme == "https", extra: map[string]views.File{}, log: config.Log,
	}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	if config.Deadline == 0 {
		k.config.Deadline = deadline
	}
	if config.Keeps == nil {
		k.config.Keeps = []string{"/answer"}
	}
	for _, raw := range config.TrustedProxies {
		prefix, err := parsePrefix(raw)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is no address or prefix", raw)
		}
		k.proxies = append(k.proxies, prefix)
	}
	return k, k.addExtras()
}

// addExtras makes assets of the configured colour and logo.
func (k *Kit) addExtras() error {
	if k.config.Accent != "" {
		css, err := accentCSS(k.config.Accent)
		if err != nil {
			return err
		}
		k.accent = "/assets/accent-" + shortHash(css) + ".css"
		k.extra[k.accent] = views.File{Type: "text/css; charset=utf-8", Body: css}
	}
	if len(k.config.Logo) > 0 {
		kind, ext := "image/png", ".png"
		if !strings.HasPrefix(string(k.config.Logo), "\x89PNG") {
			kind, ext = "image/svg+xml", ".svg"
		}
		k.logo = "/assets/logo-" + shortHash(k.config.Logo) + ext
		k.extra[k.logo] = views.File{Type: kind, Body: k.config.Logo}
	}
	return nil
}

// PublicURL gives the base of every link, without a slash at its end.
func (k *Kit) PublicURL() string { return k.origin }

// Secure says whether the public address is https.
func (k *Kit) Secure() bool { return k.secure }

// App makes the Fiber app with everything in front of the rooms' routes.
func (k *Kit) App() *fiber.App {
	app := fiber.New(fiber.Config{
		Immutable:               true,
		BodyLimit:               MaxBody,
		ReadTimeout:             15 * time.Second,
		WriteTimeout:            60 * time.Second,
		IdleTimeout:             30 * time.Second,
		ReadBufferSize:          8 << 10,
		Concurrency:             2000,
		EnableTrustedProxyCheck: true,
		EnableIPValidation:      true,
		DisableStartupMessage:   true,
		RequestMethods:          []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodPost},
		ErrorHandler:            func(c *fiber.Ctx, err error) error { return k.fail(c, err) },
	})
	server := app.Server()
	server.HeaderReceived = k.limit
	server.Handler = k.onlyKnownMethods(server.Handler)

	app.Use(k.wrap)
	app.Get("/assets/*", k.asset)
	return app
}

// limit raises the size of a body on the paths that take files.
func (k *Kit) limit(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if hasPrefix(string(header.RequestURI()), k.config.Uploads) {
		return fasthttp.RequestConfig{MaxRequestBodySize: MaxUpload}
	}
	return fasthttp.RequestConfig{}
}

// onlyKnownMethods answers 405 to what Fiber would call a bad request.
func (k *Kit) onlyKnownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(r *fasthttp.RequestCtx) {
		switch string(r.Method()) {
		case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost:
			next(r)
		default:
			r.Response.Header.Set(fiber.HeaderAllow, "GET, HEAD, POST")
			k.setHeaders(&r.Response.Header)
			r.SetStatusCode(fiber.StatusMethodNotAllowed)
		}
	}
}

func (k *Kit) asset(c *fiber.Ctx) error {
	file, ok := k.extra[c.Path()]
	if !ok {
		file, ok = views.AssetFile(c.Path())
	}
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if len(file.Gzip) > 0 && len(file.Gzip) < len(file.Body) && c.AcceptsEncodings("gzip") != "" && c.Get(fiber.HeaderAcceptEncoding) != "" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.Gzip)
	}
	return c.Send(file.Body)
}

// Context gives the context of the request: a deadline, nothing else.
// It must not outlive the handler.
func Context(c *fiber.Ctx) context.Context { return c.UserContext() }

// SeeOther sends the browser to path with a GET.
func SeeOther(c *fiber.Ctx, path string) error {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return errors.New("redirect to something that is not a path of ours")
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

func hasPrefix(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if path == p || strings.HasPrefix(path, strings.TrimSuffix(p, "/")+"/") || strings.HasPrefix(path, p+"?") {
			return true
		}
	}
	return false
}
