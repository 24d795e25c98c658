package web_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/views"
	"rondo/app/web"
	"rondo/app/web/webtest"
)

var errLate = errors.New("too late")

// house is an app with a few routes that try out the kit.
type house struct {
	*webtest.Browser
	url string
	log *bytes.Buffer
	got web.Form
}

func build(t *testing.T, change func(*web.Config)) *house {
	t.Helper()
	socket, address := webtest.Listen(t)
	h := &house{Browser: webtest.NewBrowser(t), url: address, log: &bytes.Buffer{}}
	config := web.Config{
		PublicURL: address, Contact: web.ParseContact("Study team | +41 58 000 00 00 | study@example.ch"),
		Refusals: []web.Refusal{{Err: errLate, Status: 410}}, Exempt: []string{"/u"}, Uploads: []string{"/office"},
		Log: slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	if change != nil {
		change(&config)
	}
	kit, err := web.NewKit(config)
	if err != nil {
		t.Fatal(err)
	}
	app := kit.App()
	h.routes(kit, app)
	webtest.Serve(t, app, socket)
	return h
}

func (h *house) routes(kit *web.Kit, app *fiber.App) {
	ok := func(c *fiber.Ctx) error { return c.SendString("fine " + web.Language(c)) }
	app.Get("/r/:token", ok)
	app.Get("/answer/:page", ok)
	app.Post("/answer/:page", func(c *fiber.Ctx) error {
		h.got = web.ReadForm(c)
		switch c.Params("page") {
		case "late":
			return fmt.Errorf("save draft: %w", errLate)
		case "broken":
			return errors.New("pq: relation drafts does not exist")
		case "slow":
			<-web.Context(c).Done()
			return fmt.Errorf("save draft: %w", web.Context(c).Err())
		case "panic":
			panic("secret inside")
		}
		return web.SeeOther(c, "/answer/next")
	})
	app.Post("/u/:token", ok)
	app.Post("/office/list", func(c *fiber.Ctx) error {
		name, body, err := web.Upload(c, "file", 4<<20)
		if err != nil {
			return err
		}
		return c.SendString(fmt.Sprintf("%s %d %s", name, len(body), web.ReadForm(c).First("note")))
	})
	app.Get("/cookie", func(c *fiber.Ctx) error {
		kit.SetCookie(c, web.ParticipantCookie, "x")
		return c.SendString("set")
	})
	app.Get("/away", func(c *fiber.Ctx) error { return web.SeeOther(c, "//evil.example") })
	app.Get("/ip", func(c *fiber.Ctx) error { return c.SendString(kit.ClientIP(c).String()) })
}

var always = map[string]string{
	"Content-Security-Policy":      "frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "strict-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=()",
}

func TestEveryResponseCarriesTheSecurityHeaders(t *testing.T) {
	h := build(t, nil)
	requests := []struct {
		method, path string
		status       int
	}{
		{"GET", "/r/abc", 200}, {"HEAD", "/r/abc", 200}, {"GET", "/nowhere", 404}, {"POST", "/answer/p", 303}, {"POST", "/answer/late", 410},
		{"POST", "/answer/broken", 500}, {"POST", "/answer/panic", 500}, {"POST", "/r/abc", 405}, {"DELETE", "/answer/p", 405}, {"TRACE", "/", 405},
		{"NONSENSE", "/answer/p", 405}, {"GET", mustAsset(t), 200}, {"GET", "/away", 500},
	}
	for _, r := range requests {
		h.Fetch(r.method, h.url+r.path, nil)
		if h.Status != r.status {
			t.Errorf("%s %s = %d, want %d", r.method, r.path, h.Status, r.status)
		}
		for name, want := range always {
			if !strings.Contains(h.Header.Get(name), want) {
				t.Errorf("%s %s: %s = %q", r.method, r.path, name, h.Header.Get(name))
			}
		}
		if h.Header.Get("Strict-Transport-Security") != "" || h.Header.Get("Server") != "" {
			t.Errorf("%s %s: HSTS without https, or a Server header", r.method, r.path)
		}
		if cache := h.Header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(r.path, "/assets/") {
			t.Errorf("%s %s: Cache-Control = %q", r.method, r.path, cache)
		}
	}
}

func mustAsset(t *testing.T) string {
	t.Helper()
	at, err := views.Asset("rondo.css")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestCookiesAreBoundToTheHostOverHTTPS(t *testing.T) {
	h := build(t, func(c *web.Config) { c.PublicURL = "https://survey.example.ch" })
	h.Fetch("GET", h.url+"/cookie", nil)
	got := h.Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-rondo=x", "secure", "HttpOnly", "SameSite=Lax", "path=/"} {
		if !strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
			t.Errorf("Set-Cookie %q lacks %s", got, want)
		}
	}
	if h.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
}

func TestPostFromAnotherSiteIsRefusedAndKeepsTheValues(t *testing.T) {
	h := build(t, nil)
	cases := []struct {
		site, mode, origin, referer string
		status                      int
	}{
		{"same-origin", "", "", "", 303}, {"none", "navigate", "", "", 303}, {"none", "cors", "", "", 403},
		{"cross-site", "", "", "", 403}, {"same-site", "", "", "", 403},
		{"", "", h.url, "", 303}, {"", "", "https://evil.example", "", 403}, {"", "", "null", "", 403},
		{"", "", "", h.url + "/answer/p", 303}, {"", "", "", "https://evil.example/", 403}, {"", "", "", "", 303},
		{"cross-site", "", h.url, "", 403},
	}
	for _, c := range cases {
		h.Headers = http.Header{"Sec-Fetch-Site": nil, "Origin": nil}
		for name, v := range map[string]string{"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode, "Origin": c.origin, "Referer": c.referer} {
			if v != "" {
				h.Headers[name] = []string{v}
			}
		}
		h.Fetch("POST", h.url+"/answer/p", url.Values{"e_comment": {"five <years> of good work"}})
		if h.Status != c.status {
			t.Errorf("%+v: status %d", c, h.Status)
		}
		if h.Status == 403 && h.Attr(`form[method=post] [name=e_comment]`, "value") != "five <years> of good work" {
			t.Errorf("%+v: what was typed is lost", c)
		}
	}
	h.Headers = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://mail.example"}}
	if h.Fetch("POST", h.url+"/u/abc", url.Values{"List-Unsubscribe": {"One-Click"}}); h.Status != 200 {
		t.Errorf("one-click stop = %d, want 200", h.Status)
	}
}

func TestRefusedAnswersComeBackAndCanBeSentAgain(t *testing.T) {
	h := build(t, nil)
	long := strings.Repeat("Wir haben gut zusammengearbeitet. ", 10)
	for _, page := range []string{"late", "broken", "panic"} {
		h.Fetch("POST", h.url+"/answer/"+page, url.Values{"e_reasons": {"hire", "trial"}, "e_comment": {long}})
		again := h.Form("form#kept")
		if got := again.Values["e_reasons"]; len(got) != 2 || again.Values.Get("e_comment") != long {
			t.Errorf("%s: kept %v", page, again.Values)
		}
		for _, secret := range []string{"pq:", "drafts", "secret inside", "goroutine"} {
			if strings.Contains(h.Body, secret) {
				t.Errorf("%s: the page shows %q", page, secret)
			}
		}
	}
	if got := h.Attr("main", "data-state"); got != "open" {
		t.Errorf("data-state = %q", got)
	}
	if h.Fetch("POST", h.url+"/answer/late", nil); h.Attr("main", "data-state") != "closed" {
		t.Errorf("data-state of 410 = %q", h.Attr("main", "data-state"))
	}
}

func TestWhatRanOutOfTimeIsAskedForAgainAndIsNoFailure(t *testing.T) {
	h := build(t, func(c *web.Config) { c.Deadline = 20 * time.Millisecond })
	h.Fetch(http.MethodPost, h.url+"/answer/slow", url.Values{"e_size": {"10-49"}})
	if h.Status != http.StatusServiceUnavailable || h.Header.Get("Retry-After") == "" || !h.Has(`input[name="e_size"]`) {
		t.Errorf("status %d", h.Status)
	}
	if strings.Contains(h.log.String(), `"failure"`) {
		t.Errorf("log %s", h.log)
	}
}

func TestFormsHaveLimits(t *testing.T) {
	h := build(t, nil)
	many := url.Values{}
	for i := range 401 {
		many.Add(fmt.Sprintf("f%d", i), "1")
	}
	cases := []struct {
		name   string
		form   url.Values
		status int
	}{
		{"64 KiB", url.Values{"a": {strings.Repeat("x", 65<<10)}}, 413},
		{"fields", many, 413},
		{"not UTF-8", url.Values{"a": {"\xff\xfe"}}, 400},
		{"good", url.Values{"a": {"ä"}}, 303},
	}
	for _, c := range cases {
		if h.Fetch("POST", h.url+"/answer/p", c.form); h.Status != c.status {
			t.Errorf("%s: %d, want %d", c.name, h.Status, c.status)
		}
	}
	if h.got.First("a") != "ä" {
		t.Errorf("read %v", h.got)
	}
	if got := announce(t, h.url, "/answer/p", "application/x-www-form-urlencoded", 300<<10); got != 413 {
		t.Errorf("256 KiB: %d, want 413", got)
	}
	h.Headers.Set("Content-Type", "application/json")
	if h.Fetch("POST", h.url+"/answer/p", url.Values{"a": {"1"}}); h.Status != 415 {
		t.Errorf("JSON = %d, want 415", h.Status)
	}
}

// announce says in its header how long a body is, sends none of it, and gives the status of the
// answer: while the body is under way, a refusal may break the connection before it is read.
func announce(t *testing.T, base, path, kind string, size int) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, kind, size)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestUploadsMayBeLargerOnTheirPathsOnly(t *testing.T) {
	h := build(t, nil)
	raw, kind := multipartOf(t, 1<<20)
	if got := announce(t, h.url, "/answer/p", kind, len(raw)); got != 413 {
		t.Errorf("an upload where none is taken: %d, want 413", got)
	}
	response, err := http.Post(h.url+"/office/list", kind, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 || string(body) != "list.csv 1048576 hello" {
		t.Errorf("an upload: %d %.60s, %v", response.StatusCode, body, err)
	}
}

func multipartOf(t *testing.T, size int) ([]byte, string) {
	t.Helper()
	b := "B0UNDARY"
	return []byte("--" + b + "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--" + b +
		"\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n" +
		strings.Repeat("x", size) + "\r\n--" + b + "--\r\n"), "multipart/form-data; boundary=" + b
}

func TestForeignHostIsMisdirected(t *testing.T) {
	h := build(t, func(c *web.Config) { c.CheckHost = true })
	host := strings.TrimPrefix(h.url, "http://")
	_, port, _ := net.SplitHostPort(host)
	for name, want := range map[string]string{host: "200", "localhost:" + port: "200", "evil.example": "421", "127.0.0.1:1": "421"} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET /r/a HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", name)
		raw, _ := io.ReadAll(conn)
		_ = conn.Close()
		if !strings.HasPrefix(string(raw), "HTTP/1.1 "+want) {
			t.Errorf("Host %s: %.20s, want %s", name, raw, want)
		}
	}
}

func TestAssetsAreFoundByExactNameOnly(t *testing.T) {
	h := build(t, func(c *web.Config) { c.Accent = "#123456" })
	h.Fetch("GET", h.url+mustAsset(t), nil)
	if h.Status != 200 || !strings.Contains(h.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(h.Header.Get("Content-Type"), "text/css") {
		t.Errorf("asset: %d %v", h.Status, h.Header)
	}
	accent := regexp.MustCompile(`/assets/accent-[0-9a-f]+\.css`).FindString(h.Fetch("GET", h.url+"/nothing", nil).Body)
	if h.Fetch("GET", h.url+accent, nil); accent == "" || !strings.Contains(h.Body, "#123456") {
		t.Errorf("accent: %d %q", h.Status, h.Body)
	}
	for _, path := range []string{"/assets/rondo.css", "/assets/", "/assets/..%2fviews.go", "/assets/%252e%252e/views.go", "/assets/..\\views.go", "/assets/a%00b"} {
		if h.Fetch("GET", h.url+strings.ReplaceAll(path, "\\", "%5c"), nil); h.Status != 404 && h.Status != 400 {
			t.Errorf("GET %s = %d", path, h.Status)
		}
	}
}

func TestLanguageIsChosenByLinkThenCookieThenBrowser(t *testing.T) {
	h := build(t, nil)
	h.Headers.Set("Accept-Language", "it-CH,de;q=0.5")
	if h.Open(h.url + "/answer/p"); h.Body != "fine it" {
		t.Errorf("browser's language: %q", h.Body)
	}
	if h.Open(h.url + "/r/abc?lang=fr"); h.Body != "fine fr" || h.Header.Get("Set-Cookie") != "" {
		t.Errorf("landing page: %q, cookie %q", h.Body, h.Header.Get("Set-Cookie"))
	}
	if h.Open(h.url + "/answer/p?lang=fr"); h.Body != "fine fr" {
		t.Errorf("link: %q", h.Body)
	}
	if h.Open(h.url + "/answer/p"); h.Body != "fine fr" {
		t.Errorf("cookie: %q", h.Body)
	}
	if h.Open(h.url + "/answer/p?lang=xx"); h.Body != "fine fr" {
		t.Errorf("unknown language: %q", h.Body)
	}
}

func TestLogHoldsPatternsOnly(t *testing.T) {
	h := build(t, nil)
	h.Headers.Set("User-Agent", "marker-agent")
	h.Fetch("GET", h.url+"/r/markertokenmarkertoken?lang=fr&x=markerquery", nil)
	h.Fetch("POST", h.url+"/answer/late", url.Values{"e_comment": {"markeranswer"}})
	h.Fetch("GET", h.url+"/markerpath", nil)
	got := h.log.String()
	for _, marker := range []string{"marker", "127.0.0.1"} {
		if strings.Contains(got, marker) {
			t.Errorf("log holds %q: %s", marker, got)
		}
	}
	for _, want := range []string{`"route":"/r/:token"`, `"route":"/answer/:page"`, `"route":"unmatched"`, `"status":410`} {
		if !strings.Contains(got, want) {
			t.Errorf("log lacks %s: %s", want, got)
		}
	}
}

func TestClientAddressIsTheRightmostUntrusted(t *testing.T) {
	cases := []struct {
		proxies []string
		header  string
		want    string
	}{
		{nil, "6.6.6.6", "127.0.0.1"},
		{[]string{"127.0.0.1"}, "6.6.6.6, 203.0.113.7", "203.0.113.7"},
		{[]string{"127.0.0.1", "10.0.0.0/8"}, "6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7"},
		{[]string{"127.0.0.1"}, "rubbish", "127.0.0.1"},
		{[]string{"127.0.0.1"}, "", "127.0.0.1"},
	}
	for _, c := range cases {
		h := build(t, func(config *web.Config) { config.TrustedProxies = c.proxies })
		h.Headers.Set("X-Forwarded-For", c.header)
		if h.Fetch("GET", h.url+"/ip", nil); h.Body != c.want {
			t.Errorf("proxies %v, header %q: %s, want %s", c.proxies, c.header, h.Body, c.want)
		}
	}
}
