package respondent

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exchange is what a client makes of one request: what was asked and what came back.
type exchange struct {
	Asked, Page, Location, Origin string
	Cookies                       []string
	Status                        int
	Length                        int64
}

func TestLeanIsAsGoodAsNetHTTP(t *testing.T) {
	long := strings.Repeat("a page of some length ", 3000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, _ := io.ReadAll(r.Body)
		http.SetCookie(w, &http.Cookie{Name: "one", Value: "1", HttpOnly: true})
		http.SetCookie(w, &http.Cookie{Name: "two", MaxAge: -1})
		w.Header().Set("X-Asked", r.Method+" "+r.RequestURI+" "+r.Header.Get("Cookie")+" "+r.Header.Get("Content-Type")+" "+string(said))
		w.Header().Set("X-Origin", r.Header.Get("Origin"))
		if r.Method == http.MethodPost {
			http.Redirect(w, r, "/next?x=%2F", http.StatusSeeOther)
			return
		}
		_, _ = io.WriteString(w, long)
	}))
	defer server.Close()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		usual, lean := ask(t, Client(1), method, server.URL), ask(t, Lean(1), method, server.URL)
		usual.Length, lean.Length = 0, lean.Length-int64(len(lean.Page)) // net/http may not know
		if diff := cmp.Diff(usual, lean); diff != "" {
			t.Error(method, diff)
		}
	}
}

func ask(t *testing.T, client *http.Client, method, base string) exchange {
	t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader("a=1&b=%26")
	}
	r, err := http.NewRequestWithContext(t.Context(), method, base+"/a/../b%2Fc?d=%20", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	r.AddCookie(&http.Cookie{Name: "k", Value: "v"})
	r.AddCookie(&http.Cookie{Name: "l", Value: "w"})
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return exchange{
		Asked: response.Header.Get("X-Asked"), Origin: response.Header.Get("X-Origin"), Location: response.Header.Get("Location"),
		Cookies: response.Header.Values("Set-Cookie"), Status: response.StatusCode, Page: string(page), Length: response.ContentLength,
	}
}

func TestLeanSaysWhenAPageBreaksOff(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "less")
	}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := Lean(1).Do(r)
	if err == nil {
		response.Body.Close()
		t.Error("half a page was taken for a whole one")
	}
}
