package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"rondo/app/loadtest/respondent"
	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// site is a fresh database and a mail server, worked with as operators and people do: by
// commands, pages and messages.
type site struct {
	t        *testing.T
	database string
	secret   string
	url      string
	mail     *webtest.Mailbox
	said     *transcript // what serve printed
	more     []string    // settings of this test
}

// newSite gives a site on a fresh database; the working folder is a temporary one until the
// test ends.
func newSite(t *testing.T, dialect string) *site {
	t.Helper()
	t.Chdir(t.TempDir())
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := socket.Addr().String()
	must(t, socket.Close())
	s := &site{
		t: t, database: storagetest.URL(t, dialect), secret: storagetest.SecretFile(t),
		url: "http://" + address, mail: webtest.SMTP(t), said: &transcript{},
	}
	s.do("migrate")
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// flags are the settings of the site.
func (s *site) flags() []string {
	return append([]string{
		"--database=" + s.database, "--secret-file=" + s.secret, "--listen=" + strings.TrimPrefix(s.url, "http://"),
		"--smtp=smtp://" + s.mail.Addr, "--mail-rate=1000", "--log=warn",
	}, s.more...)
}

// run runs one command in this process.
func (s *site) run(args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), append(s.flags(), args...), nil, Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

// do runs a command that has to succeed and gives what it printed.
func (s *site) do(args ...string) string {
	s.t.Helper()
	code, out, err := s.run(args...)
	if code != 0 {
		s.t.Fatalf("rondo %s: exit %d\n%s%s", strings.Join(args, " "), code, out, err)
	}
	return out
}

// refused runs a command that has to be refused with exit 1 and one sentence; it gives the
// sentence and what was printed before it.
func (s *site) refused(args ...string) (sentence, out string) {
	s.t.Helper()
	code, out, err := s.run(args...)
	if code != 1 {
		s.t.Errorf("rondo %s: exit %d, want 1\n%s%s", strings.Join(args, " "), code, out, err)
	}
	if text, ok := strings.CutPrefix(err, "rondo: "); !ok || strings.Count(err, "\n") != 1 || len(text) < 15 {
		s.t.Errorf("rondo %s: standard error is not one sentence: %q", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(strings.TrimPrefix(err, "rondo: ")), out
}

// serve runs the service until the test ends.
func (s *site) serve() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve"}, s.flags()...), nil, Streams{Out: s.said, Err: s.said})
	}()
	s.t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 || s.t.Failed() {
			s.t.Errorf("serve ended with %d:\n%s", code, s.said)
		}
	})
	eventually(s.t, "serve is ready", func() bool {
		response, err := http.Get(s.url + "/readyz")
		if err == nil {
			response.Body.Close()
		}
		return err == nil && response.StatusCode == http.StatusOK
	})
}

// transcript is what a running command has printed so far.
type transcript struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (w *transcript) Write(b []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.text.Write(b)
}

func (w *transcript) String() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.text.String()
}

// file writes a file into the working folder and gives its name.
func (s *site) file(name, content string) string {
	s.t.Helper()
	must(s.t, os.WriteFile(name, []byte(content), 0o600))
	path, err := filepath.Abs(name)
	must(s.t, err)
	return path
}

// soon is a point in time from now as commands take it.
func soon(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }

// createWave makes the wave 2026, which may be answered now.
func (s *site) createWave() {
	s.t.Helper()
	s.do("wave", "create", "2026", "--ref-from=2021", "--ref-to=2026", "--opens="+soon(-time.Hour), "--closes="+soon(60*24*time.Hour))
}

// posting is a message as its reader sees it.
type posting struct{ to, subject, text, link string }

// letters are the messages taken since a number of them, decoded.
func (s *site) letters(since int) []posting {
	s.t.Helper()
	var all []posting
	for _, l := range s.mail.Letters()[since:] {
		all = append(all, s.read(l))
	}
	return all
}

func (s *site) read(l webtest.Letter) posting {
	s.t.Helper()
	entity, err := message.Read(bufio.NewReader(bytes.NewReader(l.Raw)))
	must(s.t, err)
	part := entity
	if parts := entity.MultipartReader(); parts != nil {
		part, err = parts.NextPart()
		must(s.t, err)
	}
	body, err := io.ReadAll(part.Body)
	must(s.t, err)
	subject, err := entity.Header.Text("Subject")
	must(s.t, err)
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/r/[0-9a-z]{32}`).FindString(string(body))
	return posting{to: strings.Join(l.To, ","), subject: subject, text: string(body), link: link}
}

// links gives the personal link of each address that got one message since a number of them.
func (s *site) links(since int) map[string]string {
	s.t.Helper()
	links := map[string]string{}
	for _, l := range s.letters(since) {
		if links[l.to] != "" || l.link == "" {
			s.t.Errorf("%s has more than one message or no link in it:\n%s", l.to, l.text)
		}
		links[l.to] = l.link
	}
	return links
}

// answer answers the questionnaire behind a link as a person without JavaScript does, and
// gives the last page.
func (s *site) answer(link string, a questionnaires.Answers) (string, error) {
	person := respondent.Respondent{Base: s.url, HTTP: respondent.Client(1), Fill: respondent.From(a), Clock: time.Now}
	page, err := person.Answer(context.Background(), link)
	return string(page), err
}

// madeUp are answers to the newest questionnaire of a kind that nothing speaks against.
func madeUp(key string, seed uint64, office string, forced map[string]map[string]float64) questionnaires.Answers {
	setting := questionnaires.Setting{RefFrom: 2021, RefTo: 2026, Today: time.Now().Format(time.DateOnly), Prefill: map[string]string{"o_canton": office}}
	if key == "discussion" {
		setting.Offices = []string{office}
	}
	return questionnaires.Newest(key).Random(rand.New(rand.NewPCG(seed, 26)), setting, forced)
}

// open opens a link in a fresh browser and presses Start; the first page of questions comes,
// or an office's own page.
func (s *site) open(link string) *webtest.Browser {
	s.t.Helper()
	b := webtest.NewBrowser(s.t)
	b.Open(link)
	b.Form("form#start").Submit()
	if b.Status != http.StatusOK {
		s.t.Fatalf("start: %d %s", b.Status, b.Text("main"))
	}
	return b
}

// walk answers pages until want is on the path, at most 40 of them.
func (s *site) walk(b *webtest.Browser, a questionnaires.Answers, want string) {
	s.t.Helper()
	for range 40 {
		if b.URL.Path == want {
			return
		}
		s.page(b, a).Submit("_go", "continue")
		if b.Status != http.StatusOK {
			s.t.Fatalf("%s: %d %v", b.URL.Path, b.Status, b.Texts(".error-summary li"))
		}
	}
	s.t.Fatalf("%s is never reached; now at %s", want, b.URL.Path)
}

// page fills in the page of questions shown.
func (s *site) page(b *webtest.Browser, a questionnaires.Answers) *webtest.Form {
	s.t.Helper()
	f := b.Form("form#answers")
	form := respondent.Form{}
	for _, name := range f.Names() {
		field := respondent.Field{Name: name, Value: f.Values.Get(name)}
		if strings.HasPrefix(name, "_") {
			field.Type = "hidden"
		}
		form.Fields = append(form.Fields, field)
	}
	f.Values = respondent.From(a)(strings.TrimPrefix(b.URL.Path, "/answer/"), form)
	return f
}

// passphrase of every account the tests make.
const passphrase = "korrekte Pferde stapeln Heftklammern"

// account makes a staff account behind a one-time link and signs in.
func (s *site) account(welcome, name, email string) *webtest.Browser {
	s.t.Helper()
	b := webtest.NewBrowser(s.t)
	b.Open(welcome)
	b.Form("main form").Fill("name", name).Fill("email", email).Fill("password", passphrase).Fill("again", passphrase).Submit()
	b.Form(`form[action="/desk/sign-in"]`).Fill("email", email).Fill("password", passphrase).Submit()
	if b.Status != http.StatusOK || b.URL.Path != "/desk" {
		s.t.Fatalf("sign in as %s: %d at %s: %s", email, b.Status, b.URL.Path, b.Text("main"))
	}
	return b
}

// welcome is the one-time link in what a command printed.
func (s *site) welcome(printed string) string {
	s.t.Helper()
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/desk/welcome/\S+`).FindString(printed)
	if link == "" {
		s.t.Fatalf("no one-time link in:\n%s", printed)
	}
	return link
}

// shows fails the test unless the browser shows a page of a status that says all of the words.
func shows(t testing.TB, b *webtest.Browser, status int, words ...string) {
	t.Helper()
	if b.Status != status {
		t.Errorf("%s: %d, want %d: %s", b.URL.Path, b.Status, status, b.Text("main"))
	}
	for _, w := range words {
		if !strings.Contains(b.Text("main"), w) {
			t.Errorf("%s does not say %q: %s", b.URL.Path, w, b.Text("main"))
		}
	}
}

// namesOf gives the keys of a map in order.
func namesOf[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// in says in which folder of the site something lies.
func (s *site) in(format string, args ...any) string {
	s.t.Helper()
	path, err := filepath.Abs(fmt.Sprintf(format, args...))
	must(s.t, err)
	return path
}
