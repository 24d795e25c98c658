package mail

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// sink is a real SMTP server that keeps what it accepts.
type sink struct {
	mu   sync.Mutex
	mail []string
	to   []string
	fail *smtp.SMTPError // answer to the content
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &sinkSession{sink: s}, nil }

type sinkSession struct {
	sink *sink
	to   []string
}

func (s *sinkSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "nobody@"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user nobody"}
	case strings.HasPrefix(to, "grey@"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
	}
	s.to = append(s.to, to)
	return nil
}
func (s *sinkSession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	if s.sink.fail != nil {
		return s.sink.fail
	}
	s.sink.mail = append(s.sink.mail, string(body))
	s.sink.to = append(s.sink.to, strings.Join(s.to, ","))
	return nil
}
func (s *sinkSession) Reset()        { s.to = nil }
func (s *sinkSession) Logout() error { return nil }

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func startSink(t *testing.T) (*sink, *Relay) {
	t.Helper()
	l, s := listen(t), &sink{}
	server := smtp.NewServer(s)
	server.Domain = "sink.test"
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return s, relayTo(t, l)
}

func relayTo(t *testing.T, l net.Listener) *Relay {
	t.Helper()
	r, err := NewRelay("smtp://"+l.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	r.Timeouts = Timeouts{Connect: time.Minute, Command: time.Minute, DataStart: time.Minute, Chunk: time.Minute, FinalDot: time.Minute}
	return r
}

func composed(t *testing.T, to string) Letter {
	t.Helper()
	m := testMessage()
	m.To = to
	letter, err := testSender("").Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

func goOn() error { return nil }

func TestRelayTakesALetterAsComposed(t *testing.T) {
	s, relay := startSink(t)
	letter := composed(t, "marta@firma.ch")
	if got := relay.Send(context.Background(), letter, goOn); got.Result != Sent {
		t.Fatalf("Send = %v", got)
	}
	if len(s.mail) != 1 || s.mail[0] != string(letter.Body) || s.to[0] != "marta@firma.ch" {
		t.Errorf("the sink holds %q for %q", s.mail, s.to)
	}
}

func TestRepliesAreClassified(t *testing.T) {
	cases := []struct {
		name, to string
		fail     *smtp.SMTPError
		want     Outcome
	}{
		{"unknown recipient is permanent", "nobody@firma.ch", nil, Outcome{Permanent, "rcpt 550 5.1.1", false}},
		{"greylisting is temporary", "grey@firma.ch", nil, Outcome{Temporary, "rcpt 451 4.7.1", false}},
		{"554 after the dot is permanent", "a@firma.ch", &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}, Outcome{Permanent, "dot 554 5.7.1", false}},
		{"451 after the dot is temporary", "a@firma.ch", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "disk"}, Outcome{Temporary, "dot 451 4.3.0", false}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, relay := startSink(t)
			s.fail = c.fail
			if got := relay.Send(context.Background(), composed(t, c.to), goOn); got != c.want {
				t.Errorf("Send = %v, want %v", got, c.want)
			}
			if len(s.mail) != 0 {
				t.Errorf("the sink took %d messages", len(s.mail))
			}
		})
	}
}

// What a server has against the sender's address it often says only at RCPT (smtpd_delay_reject of
// Postfix): then no letter would go out, and none of the recipients is to blame.
func TestOnlyARefusalThatIsAboutTheRecipientSaysThatItsAddressIsWrong(t *testing.T) {
	for said, want := range map[string]struct {
		outcome Outcome
		address bool
	}{
		"550 5.1.1 unknown":               {Outcome{Permanent, "rcpt 550 5.1.1", false}, true},
		"550 no such user":                {Outcome{Permanent, "rcpt 550", false}, true},
		"553 5.1.3 bad syntax":            {Outcome{Permanent, "rcpt 553 5.1.3", false}, true},
		"550 5.2.1 disabled":              {Outcome{Permanent, "rcpt 550 5.2.1", false}, true},
		"556 5.1.10 null MX":              {Outcome{Permanent, "rcpt 556 5.1.10", false}, true},
		"552 5.2.2 mailbox full":          {Outcome{Permanent, "rcpt 552 5.2.2", false}, false},
		"550 5.2.2 over quota":            {Outcome{Permanent, "rcpt 550 5.2.2", false}, false},
		"552 too much mail":               {Outcome{Permanent, "rcpt 552", false}, false},
		"503 5.5.1 MAIL first":            {Outcome{Permanent, "rcpt 503 5.5.1", false}, false},
		"554 5.7.1 relay access denied":   {Outcome{Permanent, "rcpt 554 5.7.1", false}, false},
		"550 5.1.8 sender's domain":       {Outcome{Temporary, "rcpt 550 5.1.8", true}, false},
		"553 5.1.7 sender's address":      {Outcome{Temporary, "rcpt 553 5.1.7", true}, false},
		"450 4.1.8 sender's domain":       {Outcome{Temporary, "rcpt 450 4.1.8", true}, false},
		"503 bad sequence of commands":    {Outcome{Permanent, "rcpt 503", false}, false},
		"530 must issue STARTTLS first":   {Outcome{Temporary, "rcpt 530", true}, false},
		"535 5.7.8 who are you":           {Outcome{Temporary, "rcpt 535 5.7.8", true}, false},
		"550 relay not permitted":         {Outcome{Permanent, "rcpt 550 5.7.1", false}, false},
		"553 sorry, not my host (#5.7.1)": {Outcome{Permanent, "rcpt 553 5.7.1", false}, false},
		"550 Relaying denied for a.b":     {Outcome{Permanent, "rcpt 550 5.7.1", false}, false},
		"550 authentication required":     {Outcome{Permanent, "rcpt 550 5.7.1", false}, false},
		"550 Unrouteable address":         {Outcome{Permanent, "rcpt 550", false}, true},
		"450 4.2.0 greylisted, come back": {Outcome{Temporary, "rcpt 450 4.2.0", false}, false},
	} {
		script := map[string]string{"RCPT": said}
		for _, script := range []map[string]string{script, pipelining(script)} {
			got := scripted(t, script).Send(context.Background(), composed(t, "a@firma.ch"), goOn)
			if got != want.outcome || AddressRefused(got.Code) != want.address {
				t.Errorf("%s: %+v, its address is wrong: %t; want %+v", said, got, AddressRefused(got.Code), want)
			}
		}
	}
}

func TestALetterTakenBackBeforeDataIsNotSent(t *testing.T) {
	s, relay := startSink(t)
	got := relay.Send(context.Background(), composed(t, "a@firma.ch"), func() error { return errors.New("lease lost") })
	if got != withheld || len(s.mail) != 0 {
		t.Errorf("Send = %v, sink %d", got, len(s.mail))
	}
}

// scripted answers line by line; the key is the command the line belongs to.
// "drop" closes the connection, "silence" says nothing more.
func scripted(t *testing.T, script map[string]string) *Relay {
	t.Helper()
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go play(conn, script)
		}
	}()
	return relayTo(t, l)
}

func play(conn net.Conn, script map[string]string) {
	defer conn.Close()
	defaults := map[string]string{"greeting": "220 x", "EHLO": "250-x\r\n250 8BITMIME", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", ".": "250 ok", "QUIT": "221 bye"}
	say := func(key string) bool {
		line, set := script[key]
		if !set {
			line = defaults[key]
		}
		switch line {
		case "drop":
			return false
		case "silence":
			_, _ = io.Copy(io.Discard, conn) // until the other side has had enough
			return false
		case "":
			return true
		}
		_, err := io.WriteString(conn, line+"\r\n")
		return err == nil
	}
	if !say("greeting") {
		return
	}
	lines, content := bufio.NewScanner(conn), false
	for lines.Scan() {
		line := lines.Text()
		switch {
		case content && line == ".":
			content = false
			if !say(".") {
				return
			}
		case content:
			if script["content"] == "drop" {
				return
			}
		default:
			verb := strings.ToUpper(line[:min(4, len(line))])
			if verb == "STAR" {
				verb = "STARTTLS"
			}
			if !say(verb) {
				return
			}
			content = verb == "DATA"
		}
	}
}

func TestOnlyALossAfterTheFinalDotIsUnknown(t *testing.T) {
	cases := []struct {
		name   string
		script map[string]string
		want   Outcome
	}{
		{"silence instead of a greeting", map[string]string{"greeting": "silence"}, Outcome{Temporary, "greeting", true}},
		{"421 at the greeting", map[string]string{"greeting": "421 busy"}, Outcome{Temporary, "greeting 421", true}},
		{"drop at EHLO", map[string]string{"EHLO": "drop"}, Outcome{Temporary, "ehlo", true}},
		{"454 at STARTTLS", map[string]string{"EHLO": "250-x\r\n250 STARTTLS", "STARTTLS": "454 no"}, Outcome{Temporary, "tls 454", true}},
		{"550 at MAIL stops the relay, not the letter", map[string]string{"MAIL": "550 5.7.1 sender"}, Outcome{Temporary, "mail 550 5.7.1", true}},
		{"452 at RCPT", map[string]string{"RCPT": "452 4.5.3 too many"}, Outcome{Temporary, "rcpt 452 4.5.3", false}},
		{"drop at RCPT", map[string]string{"RCPT": "drop"}, Outcome{Temporary, "rcpt", true}},
		{"drop before 354", map[string]string{"DATA": "drop"}, Outcome{Temporary, "data", true}},
		{"drop before 250", map[string]string{".": "drop"}, Outcome{Unknown, "dot", false}},
		{"silence before 250", map[string]string{".": "silence"}, Outcome{Unknown, "dot", false}},
		{"nonsense instead of 250", map[string]string{".": "what?"}, Outcome{Unknown, "dot", false}},
		{"354 instead of 250", map[string]string{".": "354 again"}, Outcome{Unknown, "dot", false}},
		{"251 is taken", map[string]string{".": "251 ok"}, Outcome{Sent, "251", false}},
		{"421 after the dot", map[string]string{".": "421 4.3.2 closing"}, Outcome{Temporary, "dot 421 4.3.2", true}},
		{"many lines and bytes that are no ASCII", map[string]string{".": "250-gr\xfcezi\r\n250 ok"}, Outcome{Sent, "250", false}},
		{"rudeness after 250 changes nothing", map[string]string{"QUIT": "drop"}, Outcome{Sent, "250", false}},
	}
	for _, c := range cases {
		for _, script := range []map[string]string{c.script, pipelining(c.script)} {
			t.Run(c.name, func(t *testing.T) {
				relay := scripted(t, script)
				if c.script["greeting"] == "silence" {
					relay.Timeouts.Command = 100 * time.Millisecond
				}
				if c.script["."] == "silence" {
					relay.Timeouts.FinalDot = 100 * time.Millisecond
				}
				if got := relay.Send(context.Background(), composed(t, "a@firma.ch"), goOn); got != c.want {
					t.Errorf("Send = %v, want %v", got, c.want)
				}
			})
		}
	}
}

// pipelining is a script of a relay that takes commands together, unless it offers something of its own.
func pipelining(script map[string]string) map[string]string {
	out := map[string]string{"EHLO": "250-x\r\n250-PIPELINING\r\n250 8BITMIME"}
	maps.Copy(out, script)
	return out
}

// Each command that is waited for is a way there and back: on a far relay that is most of a session.
func TestARelayThatTakesCommandsTogetherGetsSenderAndRecipientInOneGo(t *testing.T) {
	script := pipelining(map[string]string{"MAIL": "", "RCPT": "250 sender\r\n250 recipient"}) // says nothing before it knows both
	if got := scripted(t, script).Send(context.Background(), composed(t, "a@firma.ch"), goOn); got.Result != Sent {
		t.Errorf("Send = %v", got)
	}
	script = pipelining(map[string]string{"MAIL": "", "RCPT": "550 5.1.8 sender\r\n503 5.5.1 recipient"})
	if got := scripted(t, script).Send(context.Background(), composed(t, "a@firma.ch"), goOn); (got != Outcome{Temporary, "mail 550 5.1.8", true}) {
		t.Errorf("Send with a refused sender = %v", got)
	}
}

func TestNoAddressBeginsACommandOfItsOwn(t *testing.T) {
	for _, script := range []map[string]string{{}, pipelining(nil)} {
		letter := composed(t, "a@firma.ch")
		letter.To = "a@firma.ch>\r\nRCPT TO:<b@firma.ch"
		if got := scripted(t, script).Send(context.Background(), letter, goOn); got.Result == Sent {
			t.Errorf("Send = %v", got)
		}
	}
}

func TestADropInsideALongContentIsTemporary(t *testing.T) {
	relay := scripted(t, map[string]string{"content": "drop"})
	letter := composed(t, "a@firma.ch")
	letter.Body = append(letter.Body, []byte(strings.Repeat("content\r\n", 4<<20/9))...)
	if got := relay.Send(context.Background(), letter, goOn); got.Result != Temporary || got.Code != "content" {
		t.Errorf("Send = %v, want temporary (content)", got)
	}
}

func TestTLSIsRequiredExceptToLoopback(t *testing.T) {
	_, relay := startSink(t)
	relay.Plain = false
	if got := relay.Send(context.Background(), composed(t, "a@firma.ch"), goOn); got.Result != Temporary || !strings.HasPrefix(got.Code, "tls") {
		t.Errorf("Send without TLS = %v, want a refusal at tls", got)
	}
}

func TestNewRelayReadsItsAddress(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, address, file string
		good                func(*Relay) bool
	}{
		{"user and default port", "smtp://anna@relay.example.ch", password, func(r *Relay) bool { return r.Port == "587" && r.Password == "geheim" && !r.Plain }},
		{"implicit TLS", "smtps://anna@relay.example.ch", password, func(r *Relay) bool { return r.Port == "465" && r.Implicit }},
		{"loopback may go without TLS", "smtp://127.0.0.1:2525", "", func(r *Relay) bool { return r.Plain && r.Port == "2525" }},
		{"password in the address", "smtp://anna:geheim@relay.example.ch", password, nil},
		{"user without password", "smtp://anna@relay.example.ch", "", nil},
		{"other scheme", "http://relay.example.ch", "", nil},
		{"no host", "smtp://", "", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewRelay(c.address, c.file)
			if (err == nil) != (c.good != nil) || (err == nil && !c.good(r)) {
				t.Errorf("NewRelay(%q) = %+v, %v", c.address, r, err)
			}
		})
	}
}

func TestFolderWritesWholeFiles(t *testing.T) {
	folder := Folder{Path: filepath.Join(t.TempDir(), "mail")}
	letter := composed(t, "a@firma.ch")
	if got := folder.Send(context.Background(), letter, goOn); got.Result != Sent {
		t.Fatalf("Send = %v", got)
	}
	files, _ := filepath.Glob(filepath.Join(folder.Path, "*.eml"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	if body, _ := os.ReadFile(files[0]); string(body) != string(letter.Body) {
		t.Errorf("file holds %q", body)
	}
	if got := folder.Send(context.Background(), letter, func() error { return errors.New("no") }); got != withheld {
		t.Errorf("Send = %v, want withheld", got)
	}
}
