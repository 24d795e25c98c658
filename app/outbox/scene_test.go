package outbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-smtp"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// scene is a wave in the field with one office and some employers.
type scene struct {
	*Outbox
	wave      identity.Wave
	office    identity.Participant
	employers []identity.Participant
}

const public = "https://rondo.example.ch"

func newScene(t testing.TB, o *Outbox, employers int) *scene {
	t.Helper()
	ctx := context.Background()
	o.PublicURL, o.Contact = public, "+41 58 000 00 00 · studie@example.ch"
	o.Sender = NewSender("BSV Studie <studie@example.ch>", "bounce.example.ch", o.Secret)
	now, err := o.DB.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	opens, closes := now.Add(-time.Hour), now.Add(30*24*time.Hour)
	s := &scene{Outbox: o}
	s.wave, err = o.Identity.CreateWave(ctx, identity.Wave{Label: "2026", RefFrom: 2021, RefTo: 2026, State: "running"}, []identity.Population{
		{Name: "office", Questionnaire: "office/2", State: "open", Opens: opens, Closes: closes},
		{Name: "employer", Questionnaire: "employer/2", State: "open", Opens: opens, Closes: closes},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.office = s.add(t, identity.Participant{Population: "office", Code: "VD", Name: "Office AI Vaud", Email: "vd@ai.example.ch", Language: "fr",
		Names: map[string]string{"de": "IV-Stelle Waadt", "fr": "Office AI Vaud", "it": "Ufficio AI Vaud", "en": "IV office Vaud"}})
	pop, err := o.Identity.Population(ctx, s.wave.ID, "employer")
	if err != nil {
		t.Fatal(err)
	}
	for i := range employers {
		lang, id := []string{"de", "fr", "it", "en"}[i%4], db.NewID()
		s.employers = append(s.employers, identity.Participant{
			ID: id, WaveID: s.wave.ID, Population: "employer", Code: fmt.Sprintf("E%04d", i), Name: fmt.Sprintf("Firma %d AG", i), Email: fmt.Sprintf("e%d@firma.example.ch", i),
			Language: lang, OfficeID: s.office.ID, Epoch: 1, TokenHash: keys.HashToken(o.Secret.Link(pop.LinkSalt, id, 1)),
		})
	}
	if err := o.Identity.AddParticipants(ctx, s.employers); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *scene) add(t testing.TB, p identity.Participant) identity.Participant {
	t.Helper()
	ctx := context.Background()
	pop, err := s.Identity.Population(ctx, s.wave.ID, p.Population)
	if err != nil {
		t.Fatal(err)
	}
	p.WaveID = s.wave.ID
	list := []identity.Participant{p}
	if err := s.Identity.AddParticipants(ctx, list); err != nil {
		t.Fatal(err)
	}
	hash := keys.HashToken(s.Secret.Link(pop.LinkSalt, list[0].ID, 1))
	if err := s.Identity.Reissue(ctx, list[0].ID, hash, 1); err != nil {
		t.Fatal(err)
	}
	list[0].TokenHash, list[0].Epoch = hash, 1
	return list[0]
}

func (s *scene) queue(t testing.TB, population, kind string, want int) {
	t.Helper()
	added, plan, err := s.Queue(context.Background(), s.wave, population, kind)
	if err != nil || added != want {
		t.Fatalf("Queue(%s, %s) = %d, %+v, %v, want %d", population, kind, added, plan, err, want)
	}
}

// states counts the messages of a kind by state.
func (s *scene) states(t *testing.T, kind string) map[string]int {
	t.Helper()
	counts, err := s.Identity.MessageCounts(context.Background(), s.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	return counts[kind]
}

// nobody has answered.
func nobody(context.Context, identity.Population, []identity.Participant) (map[string]bool, error) {
	return nil, nil
}

func (s *scene) worker(transport mail.Transport) *Worker {
	return &Worker{Outbox: s.Outbox, Transport: transport, Rate: 1000,
		Done: nobody}
}

// run lets workers send until settled says so.
func run(t *testing.T, workers []*Worker, settled func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() {
			if err := w.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	for range 3600 {
		if settled() {
			cancel()
			all.Wait()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	cancel()
	all.Wait()
	t.Fatal("not settled within 3 minutes")
}

// idleNow reports whether nothing waits but retries.
func (s *scene) idleNow(t *testing.T) bool {
	t.Helper()
	pending, retry, err := s.Pending(context.Background(), s.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	return pending == retry
}

// sink is a real SMTP server. What it does with a recipient depends on the
// first letters of the address: nobody, grey, spam, lost.
type sink struct {
	mu       sync.Mutex
	received []received
}

type received struct{ from, to, body string }

func (s *sink) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.received...)
}

func (s *sink) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{sink: s, conn: c}, nil }

type session struct {
	sink *sink
	conn *smtp.Conn
	got  received
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.got.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.got.to += to
	switch {
	case strings.HasPrefix(to, "nobody"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown"}
	case strings.HasPrefix(to, "grey"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
	}
	return nil
}
func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.got.body = string(body)
	if strings.HasPrefix(s.got.to, "spam") {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}
	}
	s.sink.mu.Lock()
	s.sink.received = append(s.sink.received, s.got)
	s.sink.mu.Unlock()
	if strings.HasPrefix(s.got.to, "lost") {
		_ = s.conn.Conn().Close() // taken, but nobody is told
	}
	return nil
}
func (s *session) Reset()        { s.got = received{} }
func (s *session) Logout() error { return nil }

func startSink(t *testing.T) (*sink, *mail.Relay) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{}
	server := smtp.NewServer(s)
	server.ErrorLog = silent{}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	relay, err := mail.NewRelay("smtp://"+l.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	return s, relay
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// text is the decoded text part of a received message.
func (r received) text(t *testing.T) string {
	t.Helper()
	entity, err := message.Read(bufio.NewReader(strings.NewReader(r.body)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := entity.MultipartReader().NextPart()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(part.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(body), "\r\n", "\n")
}
