package respondent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Respondent is one person with one browser.
type Respondent struct {
	Base  string // public URL, no slash at the end
	HTTP  *http.Client
	Fill  Answerer
	Saved func(page string, sent url.Values, took time.Duration) // after each acknowledged page save; may be nil
	Clock func() time.Time                                       // for durations only

	cookies map[string]string
	at      string // path of the page shown
	page    []byte
}

// ErrStuck is returned when a page is refused or shown again and again.
var ErrStuck = errors.New("the questionnaire does not go on")

// Client is an HTTP client that follows nothing by itself and keeps n connections.
func Client(n int) *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Answer opens a personal link, answers every page and submits. It returns the last page.
func (r *Respondent) Answer(ctx context.Context, link string) ([]byte, error) {
	if err := r.Start(ctx, link); err != nil {
		return nil, err
	}
	last, again := "", 0
	for {
		switch {
		case strings.HasPrefix(r.at, "/office"):
			if err := r.get(ctx, "/answer"); err != nil {
				return nil, err
			}
			continue
		case r.at == "/answer/review":
			return r.page, r.submit(ctx)
		case r.at == "/answer/done":
			return r.page, nil
		case r.at == last:
			if again++; again > 2 {
				return nil, fmt.Errorf("%w: %s", ErrStuck, r.at)
			}
		default:
			last, again = r.at, 0
		}
		if err := r.Save(ctx); err != nil {
			return nil, err
		}
	}
}

// Start opens a link and presses Start.
func (r *Respondent) Start(ctx context.Context, link string) error {
	r.cookies = map[string]string{}
	if err := r.get(ctx, strings.TrimPrefix(link, r.Base)); err != nil {
		return err
	}
	f, ok := r.form(func(f Form) bool { return true })
	if !ok {
		return fmt.Errorf("%w: no form at %s", ErrStuck, "/r/")
	}
	_, err := r.post(ctx, r.action(f), f.Values())
	return err
}

// Save fills in the page shown and presses Continue.
func (r *Respondent) Save(ctx context.Context) error {
	here := r.at
	f, ok := r.form(func(f Form) bool { return f.Has("_revision") })
	if !ok {
		return fmt.Errorf("%w: no questions at %s", ErrStuck, here)
	}
	values := r.Fill(strings.TrimPrefix(here, "/answer/"), f)
	began := r.Clock()
	status, err := r.send(ctx, r.action(f), values)
	if err != nil {
		return err
	}
	took := r.Clock().Sub(began)
	if status == http.StatusSeeOther && r.Saved != nil {
		r.Saved(here, values, took)
	}
	if status == http.StatusUnprocessableEntity {
		return fmt.Errorf("%w: %s has problems: %s", ErrStuck, here, problems(r.page))
	}
	return r.follow(ctx, status)
}

func (r *Respondent) submit(ctx context.Context) error {
	f, ok := r.form(func(f Form) bool { return strings.HasSuffix(f.Action, "/answer/submit") })
	if !ok {
		return fmt.Errorf("%w: nothing to submit: %s", ErrStuck, problems(r.page))
	}
	status, err := r.post(ctx, r.action(f), f.Values())
	if err != nil {
		return err
	}
	if status != http.StatusOK || r.at != "/answer/done" {
		return fmt.Errorf("%w: submit answered %d at %s: %s", ErrStuck, status, r.at, problems(r.page))
	}
	return nil
}

// form is the first form of the page shown that fits.
func (r *Respondent) form(fits func(Form) bool) (Form, bool) {
	for _, f := range forms(r.page) {
		if fits(f) {
			return f, true
		}
	}
	return Form{}, false
}

func (r *Respondent) action(f Form) string {
	if f.Action == "" {
		return r.at
	}
	return f.Action
}

func (r *Respondent) get(ctx context.Context, path string) error {
	status, err := r.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return r.follow(ctx, status)
}

func (r *Respondent) post(ctx context.Context, path string, v url.Values) (int, error) {
	status, err := r.send(ctx, path, v)
	if err != nil {
		return 0, err
	}
	if status != http.StatusSeeOther {
		return status, nil
	}
	return http.StatusOK, r.follow(ctx, status)
}

func (r *Respondent) send(ctx context.Context, path string, v url.Values) (int, error) {
	return r.do(ctx, http.MethodPost, path, strings.NewReader(v.Encode()))
}

// follow opens where the server sent us, until a page is shown.
func (r *Respondent) follow(ctx context.Context, status int) error {
	for range 5 {
		switch {
		case status == http.StatusSeeOther:
			next, err := r.do(ctx, http.MethodGet, r.at, nil)
			if err != nil {
				return err
			}
			status = next
		case status >= 400:
			return fmt.Errorf("%s answered %d: %s", r.at, status, problems(r.page))
		default:
			return nil
		}
	}
	return fmt.Errorf("%w: redirects without end", ErrStuck)
}

// do sends one request; on a redirect at is where it leads, else page is what was shown.
func (r *Respondent) do(ctx context.Context, method, path string, body io.Reader) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.Base+path, body)
	if err != nil {
		return 0, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", r.Base)
	}
	for name, value := range r.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := r.HTTP.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(r.cookies, c.Name)
		} else {
			r.cookies[c.Name] = c.Value
		}
	}
	if response.StatusCode == http.StatusSeeOther {
		r.at = strings.TrimPrefix(response.Header.Get("Location"), r.Base)
	} else {
		r.page = page
		if method == http.MethodGet {
			r.at = path
		}
	}
	return response.StatusCode, nil
}

// problems is what a page says went wrong, shortened for a message.
func problems(page []byte) string {
	s := string(page)
	if i := strings.Index(s, "<main"); i >= 0 {
		s = s[i:]
	}
	var b strings.Builder
	inside := false
	for _, c := range s {
		switch {
		case c == '<':
			inside = true
		case c == '>':
			inside = false
			b.WriteByte(' ')
		case !inside:
			b.WriteRune(c)
		}
		if b.Len() > 600 {
			break
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
