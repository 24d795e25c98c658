package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// Send leads one SMTP session for one letter.
func (r *Relay) Send(ctx context.Context, letter Letter, transmitting func() error) Outcome {
	session, client, outcome := r.open(ctx)
	if client == nil {
		return outcome
	}
	defer session.Close()
	defer context.AfterFunc(ctx, func() { _ = session.Close() })()

	first, second := []string{"MAIL FROM:<" + letter.From + ">"}, []string{"RCPT TO:<" + letter.To + ">"}
	if together, _ := client.Extension("PIPELINING"); together { // RFC 2920: one wait less
		first, second = append(first, second...), nil
	}
	if err := r.step(client, r.Timeouts.Command, func() error { return ask(client.Text, 250, first...) }); err != nil {
		return Outcome{Result: Temporary, Code: code("mail", err), Relay: true}
	}
	if err := r.step(client, r.Timeouts.Command, func() error { return ask(client.Text, anyPositive, second...) }); err != nil {
		return refused("rcpt", err)
	}
	if err := transmitting(); err != nil {
		r.leave(client)
		return withheld
	}
	if outcome = r.data(client, letter.Body); outcome.Result == Sent {
		r.leave(client)
	}
	return outcome
}

// leave says goodbye. How the relay does changes nothing, and is not waited for (as in Postfix:
// smtp_skip_quit_response).
func (r *Relay) leave(client *smtp.Client) {
	_ = r.step(client, time.Second, func() error { return client.Text.PrintfLine("QUIT") })
}

// Check leads a session up to the sign-in and ends it; Sent says that all is well.
func (r *Relay) Check(ctx context.Context) Outcome {
	session, client, outcome := r.open(ctx)
	if client == nil {
		return outcome
	}
	defer session.Close()
	r.leave(client)
	return Outcome{Result: Sent, Code: "250"}
}

// open connects, greets, starts TLS and signs in.
func (r *Relay) open(ctx context.Context) (net.Conn, *smtp.Client, Outcome) {
	failed := func(conn net.Conn, where string, err error) (net.Conn, *smtp.Client, Outcome) {
		if conn != nil {
			_ = conn.Close()
		}
		return nil, nil, Outcome{Result: Temporary, Code: code(where, err), Relay: true}
	}
	conn, err := r.dial(ctx)
	if err != nil {
		return failed(nil, "connect", err)
	}
	deadline, cancel := context.WithTimeout(ctx, r.Timeouts.Command)
	stop := context.AfterFunc(deadline, func() { _ = conn.Close() }) // covers greeting, TLS and sign-in
	defer cancel()
	client, err := smtp.NewClient(conn, r.Host)
	if err != nil {
		return failed(conn, "greeting", err)
	}
	if err := client.Hello(r.Name); err != nil {
		return failed(conn, "ehlo", err)
	}
	if offered, _ := client.Extension("STARTTLS"); !r.Implicit && (offered || !r.Plain) {
		if err := client.StartTLS(r.tls()); err != nil {
			return failed(conn, "tls", err)
		}
	}
	if err := r.signIn(client); err != nil {
		return failed(conn, "auth", err)
	}
	if !stop() {
		return failed(conn, "connect", context.DeadlineExceeded)
	}
	return conn, client, Outcome{}
}

func (r *Relay) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeouts.Connect)
	defer cancel()
	address := net.JoinHostPort(r.Host, r.Port)
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, "tcp", address) // every step has its own limit
	if err != nil {
		return nil, err
	}
	conn = &brief{Conn: conn, left: mostSaid}
	if !r.Implicit {
		return conn, nil
	}
	secured := tls.Client(conn, r.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secured, nil
}

// mostSaid is how much a relay may say in one session; what talks longer is no relay.
const mostSaid = 4 << 20

// brief is a connection that ends once the other side has said too much.
type brief struct {
	net.Conn
	left int
}

// Read reads at most what is left.
func (b *brief) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalks
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

var errTalks = errors.New("the relay says too much")

func (r *Relay) signIn(client *smtp.Client) error {
	if r.User == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	for _, mechanism := range strings.Fields(offered) {
		switch strings.ToUpper(mechanism) {
		case "SCRAM-SHA-256":
			return client.Auth(smtp.ScramSHA256Auth(r.User, r.Password))
		case "PLAIN":
			return client.Auth(smtp.PlainAuth("", r.User, r.Password, r.Host, r.Plain))
		case "LOGIN":
			return client.Auth(smtp.LoginAuth(r.User, r.Password, r.Host, r.Plain))
		}
	}
	return errors.New("no way to sign in that we know")
}

// data hands the content over. The final dot leaves with the last of the content: as long as a write
// fails the relay has not got it all and took nothing; from there on only a reply says what happened.
func (r *Relay) data(client *smtp.Client, body []byte) Outcome {
	if err := r.step(client, r.Timeouts.DataStart, func() error { return ask(client.Text, 354, "DATA") }); err != nil {
		return refused("data", err)
	}
	for rest := dotted(body); len(rest) > 0; {
		n := min(len(rest), 32<<10)
		err := r.step(client, r.Timeouts.Chunk, func() error {
			_, err := client.Text.W.Write(rest[:n])
			return errors.Join(err, client.Text.W.Flush())
		})
		if err != nil {
			return Outcome{Result: Temporary, Code: "content", Relay: true}
		}
		rest = rest[n:]
	}
	if err := r.step(client, r.Timeouts.FinalDot, func() error { return reply(client.Text, 250) }); err != nil {
		return afterDot(err)
	}
	return Outcome{Result: Sent, Code: "250"}
}

// anyPositive is the beginning of every reply that says yes to a recipient: 250, 251, 252.
const anyPositive = 25

var errBreak = errors.New("a command with a line break")

// ask gives commands, all in one go, and reads the reply to the first; without any it reads the reply
// to one that was given before.
func ask(session *textproto.Conn, expected int, commands ...string) error {
	for _, command := range commands {
		if strings.ContainsAny(command, "\r\n") {
			return errBreak
		}
		_, _ = session.W.WriteString(command + "\r\n") // what went wrong says Flush
	}
	if err := session.W.Flush(); err != nil {
		return err
	}
	return reply(session, expected)
}

// reply reads a reply; an error where its code does not begin with what is expected.
func reply(session *textproto.Conn, expected int) error {
	_, _, err := session.ReadResponse(expected)
	return err
}

// dotted is a letter as it stands in a session: the final dot comes after it, and no line of it looks
// like one (RFC 5321 4.5.2). Its first line is a header's.
func dotted(body []byte) []byte {
	const end = ".\r\n"
	out := make([]byte, 0, len(body)+bytes.Count(body, []byte("\n."))+len(end))
	for line := range bytes.Lines(body) {
		if line[0] == '.' {
			out = append(out, '.')
		}
		out = append(out, line...)
	}
	return append(out, end...)
}

func (r *Relay) step(client *smtp.Client, limit time.Duration, do func() error) error {
	if err := client.UpdateDeadline(limit); err != nil {
		return err
	}
	return do()
}

// afterDot classifies what came instead of 250: only a clear no is a no.
func afterDot(err error) Outcome {
	var reply *textproto.Error
	switch {
	case !errors.As(err, &reply) || reply.Code < 200 || reply.Code >= 600 || reply.Code/100 == 3:
		return Outcome{Result: Unknown, Code: "dot"}
	case reply.Code < 300:
		return Outcome{Result: Sent, Code: strconv.Itoa(reply.Code)}
	}
	return refused("dot", err)
}

// refused classifies a reply about this one letter.
func refused(where string, err error) Outcome {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return Outcome{Result: Temporary, Code: where, Relay: true}
	}
	switch {
	case reply.Code == 421: // the relay closes the session: its fault, not the letter's
		return Outcome{Result: Temporary, Code: code(where, err), Relay: true}
	case ofSender.MatchString(reply.Msg): // as at MAIL: many servers say only at RCPT what they have against a sender
		return Outcome{Result: Temporary, Code: code(where, err), Relay: true}
	case reply.Code >= 530 && reply.Code < 540: // we have not signed in, or not begun TLS (RFC 4954 6, RFC 3207 4)
		return Outcome{Result: Temporary, Code: code(where, err), Relay: true}
	case reply.Code >= 500 && reply.Code < 600:
		return Outcome{Result: Permanent, Code: code(where, err)}
	}
	return Outcome{Result: Temporary, Code: code(where, err)}
}

// ofSender are the enhanced codes of a reply that is about the sender's address (RFC 3463, X.1.7 and X.1.8).
var ofSender = regexp.MustCompile(`^[45]\.1\.[78]\b`)

var (
	enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)
	// behind is how qmail says it.
	behind = regexp.MustCompile(`\(#([245]\.\d{1,3}\.\d{1,3})\)`)
	// noRelay is in the words of servers that give no such code, as Exim: they do not relay for us.
	noRelay = regexp.MustCompile(`(?i)\brelay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed)|prohibited)|(?:unable|not allowed) to relay|authentication (?:is )?required`)
)

// statusOf is the enhanced code of a reply; "" where it has none.
func statusOf(reply *textproto.Error) string {
	if status := enhanced.FindString(reply.Msg); status != "" {
		return status
	}
	if found := behind.FindStringSubmatch(reply.Msg); found != nil {
		return found[1]
	}
	if reply.Code >= 500 && noRelay.MatchString(reply.Msg) {
		return "5.7.1"
	}
	return ""
}

// code keeps of a reply its numbers only: "rcpt 550 5.1.1".
func code(where string, err error) string {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return where
	}
	out := where + " " + strconv.Itoa(reply.Code)
	if status := statusOf(reply); status != "" {
		out += " " + status
	}
	return out
}

// AddressRefused reports whether code, as an Outcome has it, says that the
// address itself is wrong, so that only another address helps. What is about the
// sender, a full mailbox (552, X.2.2), a policy (X.7) or a broken session (X.5, 500 to 504, 53x) says nothing of it.
func AddressRefused(code string) bool {
	return addressRefused.MatchString(code) && !otherwiseRefused.MatchString(code)
}

var (
	addressRefused   = regexp.MustCompile(`^rcpt 5`)
	otherwiseRefused = regexp.MustCompile(`^rcpt (552|53\d|50[0234]$|5\d\d 5\.(1\.([78]|90)|2\.2|5\.\d+|7\.\d+)$)`)
)
