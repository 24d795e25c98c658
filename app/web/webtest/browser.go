package webtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Browser is one browser with its own cookies. After each request it holds the
// page that came.
type Browser struct {
	Status  int
	URL     *url.URL
	Header  http.Header
	Body    string
	Headers http.Header // sent along with each request

	t      testing.TB
	client *http.Client
	page   *html.Node
}

// NewBrowser gives a browser without cookies.
func NewBrowser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{
		t: t, Headers: http.Header{},
		client: &http.Client{
			Jar: jar, Timeout: 2 * time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Open fetches address (absolute, or relative to the page shown) and follows
// redirects to the page behind it.
func (b *Browser) Open(address string) *Browser {
	b.t.Helper()
	return b.Fetch(http.MethodGet, address, nil).Follow()
}

// Fetch sends one request and follows nothing.
func (b *Browser) Fetch(method, address string, form url.Values) *Browser {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	return b.send(method, address, "application/x-www-form-urlencoded", body)
}

func (b *Browser) send(method, address, kind string, body io.Reader) *Browser {
	b.t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.URL != nil {
		to = b.URL.ResolveReference(to)
	}
	request, err := http.NewRequest(method, to.String(), body)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", kind)
	}
	if method == http.MethodPost {
		request.Header.Set("Origin", to.Scheme+"://"+to.Host)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, values := range b.Headers {
		request.Header[name] = values
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Status, b.Header, b.Body, b.URL = response.StatusCode, response.Header, string(raw), to
	b.page, err = html.Parse(strings.NewReader(b.Body))
	if err != nil {
		b.t.Fatal(err)
	}
	return b
}

// Follow follows redirects until a page comes.
func (b *Browser) Follow() *Browser {
	b.t.Helper()
	for range 10 {
		if b.Status < 300 || b.Status > 399 {
			return b
		}
		b.Fetch(http.MethodGet, b.Header.Get("Location"), nil)
	}
	b.t.Fatalf("more than ten redirects, last to %s", b.Header.Get("Location"))
	return b
}

// Cookie gives the value of a cookie of the current site, or "".
func (b *Browser) Cookie(name string) string {
	for _, c := range b.client.Jar.Cookies(b.URL) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Has says whether the page has an element that selector fits.
func (b *Browser) Has(selector string) bool { return len(find(b.page, selector)) > 0 }

// Count gives how many elements selector fits.
func (b *Browser) Count(selector string) int { return len(find(b.page, selector)) }

// Text gives the words of the first element selector fits, or "".
func (b *Browser) Text(selector string) string {
	if found := find(b.page, selector); len(found) > 0 {
		return text(found[0])
	}
	return ""
}

// Texts gives the words of each element selector fits.
func (b *Browser) Texts(selector string) []string {
	var all []string
	for _, n := range find(b.page, selector) {
		all = append(all, text(n))
	}
	return all
}

// Attr gives an attribute of the first element selector fits, or "".
func (b *Browser) Attr(selector, name string) string {
	if found := find(b.page, selector); len(found) > 0 {
		value, _ := attr(found[0], name)
		return value
	}
	return ""
}

// Click opens the first link that selector fits.
func (b *Browser) Click(selector string) *Browser {
	b.t.Helper()
	to := b.Attr(selector, "href")
	if to == "" {
		b.t.Fatalf("no link %q on %s (%d)", selector, b.URL.Path, b.Status)
	}
	return b.Open(to)
}
