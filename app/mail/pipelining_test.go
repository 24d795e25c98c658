package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// What is offered and then not done, or done by halves, is the relay's fault, and nothing has left.
func TestARelayThatAnswersCommandsTogetherByHalvesIsAtFault(t *testing.T) {
	for name, script := range map[string]map[string]string{
		"one reply to both":           {"MAIL": ""},
		"one reply, then nothing":     {"RCPT": "silence"},
		"one reply, then it closes":   {"RCPT": "drop"},
		"half a reply, then nothing":  {"MAIL": "", "RCPT": "250 sender\r\n250-recipient\r\n250-"},
		"nothing":                     {"MAIL": "", "RCPT": "silence"},
		"no sender, but a recipient":  {"MAIL": "451 4.3.0 later"},
		"both at once, and they fail": {"MAIL": "", "RCPT": "421 4.3.2 closing"},
	} {
		t.Run(name, func(t *testing.T) {
			relay := scripted(t, pipelining(script))
			relay.Timeouts.Command = 300 * time.Millisecond
			got := relay.Send(context.Background(), composed(t, "a@firma.ch"), func() error {
				t.Error("it is about to be transmitted")
				return nil
			})
			if got.Result != Temporary || !got.Relay {
				t.Errorf("Send = %v", got)
			}
		})
	}
}

func TestASessionThatWaitsForTheSecondReplyEndsWithTheService(t *testing.T) {
	script := pipelining(map[string]string{"RCPT": "silence"})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if got := scripted(t, script).Send(ctx, composed(t, "a@firma.ch"), goOn); got.Result != Temporary || ctx.Err() == nil {
		t.Errorf("Send = %v", got)
	}
}

// What was said in the clear counts no more once TLS has begun (RFC 3207 4.2).
func TestWhatARelayOffersBeforeTLSOnlyIsNotUsed(t *testing.T) {
	l := listen(t)
	pair := certificate(t)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		say := func(lines string) { _, _ = io.WriteString(conn, lines+"\r\n") }
		lines := bufio.NewReader(conn)
		say("220 x")
		secured := false
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			switch {
			case strings.HasPrefix(line, "EHLO") && secured:
				say("250-x\r\n250 8BITMIME")
			case strings.HasPrefix(line, "EHLO"):
				say("250-x\r\n250-PIPELINING\r\n250 STARTTLS")
			case strings.HasPrefix(line, "STARTTLS"):
				say("220 go\r\n250-slipped\r\n250 PIPELINING") // and what somebody puts in between
				conn, secured = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{pair}}), true
				lines = bufio.NewReader(conn)
			case strings.HasPrefix(line, "MAIL") && lines.Buffered() > 0:
				say("503 5.5.0 one at a time")
				return
			case strings.HasPrefix(line, "DATA"):
				say("354 go")
				for line != ".\r\n" && err == nil {
					line, err = lines.ReadString('\n')
				}
				say("250 ok")
			default:
				say("250 ok")
			}
		}
	}()
	relay := relayTo(t, l)
	relay.TLS = &tls.Config{InsecureSkipVerify: true} // this is about the words only
	if got := relay.Send(t.Context(), composed(t, "a@firma.ch"), goOn); got.Result != Sent {
		t.Errorf("Send = %v", got)
	}
}

// certificate is one for a server of a test.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
