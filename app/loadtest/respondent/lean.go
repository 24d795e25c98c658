package respondent

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/valyala/fasthttp"
)

// patience is how long a browser waits for an answer.
const patience = 30 * time.Second

// Lean is like Client, for measurements: what n virtual respondents cost is taken from the cores
// of the service, and fasthttp needs neither goroutines nor timers for a connection. A request
// that is under way is not called back when its context ends.
func Lean(n int) *http.Client {
	return &http.Client{Transport: &lean{fasthttp.Client{
		MaxConnsPerHost: n, MaxConnWaitTimeout: patience,
		DisablePathNormalizing: true, // paths are sent as they were written
	}}, CheckRedirect: stay}
}

// lean sends requests of net/http by way of fasthttp.
type lean struct{ client fasthttp.Client }

// RoundTrip sends one request and gives the whole answer.
func (l *lean) RoundTrip(r *http.Request) (*http.Response, error) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	request.SetRequestURI(r.URL.String())
	request.Header.SetMethod(r.Method)
	for name, values := range r.Header {
		for _, value := range values {
			request.Header.Add(name, value)
		}
	}
	if r.Body != nil {
		defer r.Body.Close()
		if _, err := io.Copy(request.BodyWriter(), r.Body); err != nil {
			return nil, err
		}
	}
	if err := l.client.DoTimeout(request, response, patience); err != nil {
		return nil, err
	}
	header := make(http.Header, response.Header.Len())
	for name, value := range response.Header.All() { // fasthttp writes names as net/http does
		header[string(name)] = append(header[string(name)], string(value))
	}
	page := bytes.Clone(response.Body()) // the next request gets the response's memory
	return &http.Response{
		StatusCode: response.StatusCode(), Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader(page)), ContentLength: int64(len(page)),
	}, nil
}
