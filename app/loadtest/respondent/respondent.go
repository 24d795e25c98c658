package respondent

import (
	"bytes"
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
	Base   string // where the service listens, no slash at the end
	Public string // public URL, where it differs from Base
	HTTP   *http.Client
	Fill   Answerer
	Clock  func() time.Time // for durations and the age of cookies

	// Called at each acknowledgement (303), before anything else is asked; may be nil.
	Saved     func(page string, sent url.Values, took time.Duration)
	Submitted func()

	cookies map[string]string
	at      string // path of the page shown, or of the one a redirect leads to; no query
	query   string // with its question mark, or empty
	page    []byte
}

// ErrStuck is returned when a page is refused or shown again and again.
var ErrStuck = errors.New("the questionnaire does not go on")

// Client is an HTTP client that follows nothing by itself and keeps n connections.
func Client(n int) *http.Client {
	return &http.Client{
		Timeout:       patience,
		Transport:     &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, DisableCompression: true},
		CheckRedirect: stay,
	}
}

// stay is the rule of a client that leaves redirects to the Respondent.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Answer opens a personal link, answers every page and submits. It returns the last page.
func (r *Respondent) Answer(ctx context.Context, link string) ([]byte, error) {
	if err := r.Start(ctx, link); err != nil {
		return nil, err
	}
	if r.Done() {
		return r.page, nil
	}
	last, again := "", 0
	for {
		switch {
		case strings.HasPrefix(r.at, "/office"):
			if err := r.Open(ctx, "/answer"); err != nil {
				return nil, err
			}
			continue
		case r.Reviewing():
			return r.page, r.Submit(ctx)
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

// Reviewing says whether the page shown is the review, from where answers are submitted.
func (r *Respondent) Reviewing() bool { return r.at == "/answer/review" }

// Done says whether the page shown says that everything was submitted.
func (r *Respondent) Done() bool { return bytes.Contains(r.page, []byte(`data-state="done"`)) }

// Start opens a link in a fresh browser and presses Start, unless all is Done.
func (r *Respondent) Start(ctx context.Context, link string) error {
	r.cookies = map[string]string{}
	if err := r.Open(ctx, strings.TrimPrefix(link, r.public())); err != nil || r.Done() {
		return err
	}
	f, ok := r.form(func(f Form) bool { return true })
	if !ok {
		return fmt.Errorf("%w: no form at %s", ErrStuck, "/r/")
	}
	status, err := r.send(ctx, r.action(f), f.Values())
	if err != nil {
		return err
	}
	return r.follow(ctx, status)
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

// Submit presses Submit on the review.
func (r *Respondent) Submit(ctx context.Context) error {
	f, ok := r.form(func(f Form) bool { return strings.HasSuffix(f.Action, "/answer/submit") })
	if !ok {
		return fmt.Errorf("%w: nothing to submit: %s", ErrStuck, problems(r.page))
	}
	status, err := r.send(ctx, r.action(f), f.Values())
	if err != nil {
		return err
	}
	if status == http.StatusSeeOther && r.at == "/answer/done" && r.Submitted != nil {
		r.Submitted()
	}
	if err := r.follow(ctx, status); err != nil {
		return err
	}
	if r.at != "/answer/done" {
		return fmt.Errorf("%w: submit answered %d and showed %s: %s", ErrStuck, status, r.at, problems(r.page))
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
		return r.at + r.query
	}
	return f.Action
}

// Open opens a page of the service by its path.
func (r *Respondent) Open(ctx context.Context, path string) error {
	status, err := r.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return r.follow(ctx, status)
}

// Look asks for the page shown once more and gives the status of the answer.
func (r *Respondent) Look(ctx context.Context) (int, error) {
	return r.do(ctx, http.MethodGet, r.at+r.query, nil)
}

func (r *Respondent) send(ctx context.Context, path string, v url.Values) (int, error) {
	return r.do(ctx, http.MethodPost, path, strings.NewReader(v.Encode()))
}

// follow opens where the server sent us, until a page is shown.
func (r *Respondent) follow(ctx context.Context, status int) error {
	for range 5 {
		switch {
		case status == http.StatusSeeOther:
			next, err := r.do(ctx, http.MethodGet, r.at+r.query, nil)
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
		request.Header.Set("Origin", r.public())
	}
	for name, value := range r.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := r.HTTP.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var page bytes.Buffer
	if n := response.ContentLength; n > 0 {
		page.Grow(int(n) + bytes.MinRead) // in one piece: growing bit by bit copies a page many times
	}
	if _, err := page.ReadFrom(response.Body); err != nil {
		return 0, err
	}
	r.remember(response.Cookies())
	if response.StatusCode == http.StatusSeeOther {
		r.stand(strings.TrimPrefix(response.Header.Get("Location"), r.public()))
	} else {
		r.page = page.Bytes()
		if method == http.MethodGet {
			r.stand(path)
		}
	}
	return response.StatusCode, nil
}

// stand notes where the browser is now.
func (r *Respondent) stand(address string) {
	path, query, has := strings.Cut(address, "?")
	r.at, r.query = path, ""
	if has {
		r.query = "?" + query
	}
}

// remember keeps cookies; one that has expired, by age or date, is forgotten.
func (r *Respondent) remember(cookies []*http.Cookie) {
	for _, c := range cookies {
		if c.MaxAge < 0 || c.MaxAge == 0 && !c.Expires.IsZero() && c.Expires.Before(r.Clock()) {
			delete(r.cookies, c.Name)
		} else {
			r.cookies[c.Name] = c.Value
		}
	}
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

// public is the URL that links begin with and that a browser would name as the origin.
func (r *Respondent) public() string {
	if r.Public != "" {
		return r.Public
	}
	return r.Base
}
