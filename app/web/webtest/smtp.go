package webtest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Letter is a message as the mail server took it.
type Letter struct {
	From string
	To   []string
	Raw  []byte
}

// Mailbox is a mail server on this machine that keeps everything.
type Mailbox struct {
	Addr string // host:port

	// Refuse, Answer and Hold change how the server behaves; set them before
	// mail is sent. A nil function lets everything through.
	Refuse func(recipient string) error // answer to RCPT TO
	Answer func(Letter) error           // answer after the final dot
	Hold   time.Duration                // wait before that answer

	mutex   sync.Mutex
	letters []Letter
}

// SMTP starts a mail server that ends with the test.
func SMTP(t testing.TB) *Mailbox {
	t.Helper()
	box := &Mailbox{}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box.Addr = socket.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: box}, nil }))
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(socket) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return box
}

// Letters gives what has been taken so far, in order.
func (m *Mailbox) Letters() []Letter {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return append([]Letter(nil), m.letters...)
}

type session struct {
	box    *Mailbox
	letter Letter
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.letter = Letter{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.box.Refuse != nil {
		if err := s.box.Refuse(to); err != nil {
			return err
		}
	}
	s.letter.To = append(s.letter.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.letter.Raw = raw
	time.Sleep(s.box.Hold)
	if s.box.Answer != nil {
		if err := s.box.Answer(s.letter); err != nil {
			return err
		}
	}
	s.box.mutex.Lock()
	s.box.letters = append(s.box.letters, s.letter)
	s.box.mutex.Unlock()
	return nil
}

func (s *session) Reset() { s.letter = Letter{} }

func (s *session) Logout() error { return nil }
